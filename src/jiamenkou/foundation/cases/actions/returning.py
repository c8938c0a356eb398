"""退单: with a reason and evidence, soon after the hand-over, at most twice; then a binding ruling from above."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from jiamenkou.engines.workdays import BeyondCalendar
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks, notices
from jiamenkou.foundation.cases.actions.handling import holder_due, rule_of
from jiamenkou.foundation.cases.actions.opening import hand_to
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.cases.states import EventKind, ReturnReason
from jiamenkou.foundation.cases.telling import tell_desk
from jiamenkou.foundation.refusals import Conflict, Refused

MOST_RETURNS = 2
# working hours after the hand-over within which a return is still a return
RETURN_WITHIN_HOURS = 8
SHORTEST_EVIDENCE = 6


def give_back(
    case: Case, why: ReturnReason, evidence: str, *, by: Actor, reason: str, now: datetime | None = None
) -> Case:
    """The case clock runs on; whoever sends cases out decides what now. Raises Conflict, Refused at evidence."""
    moment = now or timezone.now()
    locked = lock(case)
    if locked.ruled:
        raise Conflict("已经裁定由这里办，不能再退。", code="ruled")
    if locked.returns >= MOST_RETURNS:
        raise Conflict(f"已经退过 {MOST_RETURNS} 次，请街道裁定。", code="most")
    if not rule_of(locked).may_return:
        raise Conflict("这一类不能退单，请先接着办，再请上级定。", code="may_not")
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        raise Refused("退单要写依据：哪条规定、查了什么、该归谁。", field="evidence", code="required")
    if locked.holder_since is not None and too_late(locked, moment):
        raise Conflict(f"派来超过 {RETURN_WITHIN_HOURS} 个工作小时，不能再退。", code="too_late")
    record(locked, EventKind.RETURNED, by=by, at=moment, data={"reason": str(why)}, text=evidence)
    return locked


def too_late(case: Case, now: datetime) -> bool:
    """Whether the time to give a case back is over. Beyond the calendar it never is: nobody can say."""
    if case.holder_since is None:
        return False
    try:
        spent = clocks.clock_for(case.community).working_minutes(case.holder_since, now)
    except BeyondCalendar:
        return False
    return spent > RETURN_WITHIN_HOURS * 60


def rule(case: Case, desk: Desk, text: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """裁定: binding, with the ground of it. It cannot be given back again."""
    moment = now or timezone.now()
    if not text.strip():
        raise Refused("裁定要写理由，双方都会看到。", field="text", code="required")
    locked = lock(case)
    due = holder_due(locked, moment)
    hand_to(locked, desk, by=by, at=moment, due=due, text=text, kind=EventKind.RULED)
    tell_desk(locked, notices.ASSIGNED)
    return locked
