"""Extension and suspension: asked by the holder, approved one level up, the reporters told. Only this moves a due time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import granted
from jiamenkou.foundation.cases import clocks, notices
from jiamenkou.foundation.cases.actions.handling import _only_holder, rule_of
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.permissions import RANK, CasesPermission
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.states import EventKind, WaitReason
from jiamenkou.foundation.cases.telling import tell_followers
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

MOST_EXTENSIONS = 2
MOST_DAYS = 30


def ask_extension(case: Case, days: int, why: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """So many more working days, asked before the due time. At most two in a case."""
    moment = now or timezone.now()
    locked = lock(case)
    _only_holder(locked, by)
    _nothing_asked(locked)
    if not why.strip():
        raise Refused("为什么要延？上级和报的人都会看到。", field="why", code="required")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"一次可以延 1 到 {MOST_DAYS} 个工作日。", field="days", code="range")
    if locked.extensions >= MOST_EXTENSIONS:
        raise Conflict(f"已经延过 {MOST_EXTENSIONS} 次，不能再延。可以申请挂账，或如实说办不了。", code="most")
    if locked.due_at is None:
        raise Conflict("这一件还没有期限：请先导入下一年的放假安排。", code="no_due")
    if moment > locked.due_at:
        raise Conflict("已经过期，延期要在到期前申请。", code="too_late")
    # asked for now, so that whoever approves is not the one who learns that the calendar ends
    clocks.after_working_days(clocks.clock_for(locked.community), locked.due_at, days)
    record(locked, EventKind.EXTENSION_ASKED, by=by, at=moment, data={"days": days}, text=why)
    return locked


def ask_suspension(
    case: Case, why: WaitReason, text: str, *, by: Actor, reason: str, now: datetime | None = None
) -> Case:
    """挂账: a declared wait stops the case clock until it is taken up again."""
    locked = lock(case)
    _only_holder(locked, by)
    _nothing_asked(locked)
    if not text.strip():
        raise Refused("在等什么？报的人会看到。", field="text", code="required")
    record(locked, EventKind.SUSPENSION_ASKED, by=by, at=now, data={"reason": str(why)}, text=text)
    return locked


def decide(case: Case, yes: bool, text: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """What was asked for, approved or not, by somebody above who asked. Raises NotAllowed, Conflict, Refused."""
    moment = now or timezone.now()
    locked = lock(case)
    if not locked.asking:
        raise Conflict("没有等着批的申请，可能别人刚批过。", code="changed")
    _one_level_up(locked, by)
    asked = CaseEvent.objects.filter(case=locked, kind=locked.asking).order_by("-seq").first()
    assert asked is not None
    extension = locked.asking == EventKind.EXTENSION_ASKED
    if not yes:
        if not text.strip():
            raise Refused("为什么不同意？经办人要知道。", field="text", code="required")
        kind = EventKind.EXTENSION_REFUSED if extension else EventKind.SUSPENSION_REFUSED
        record(locked, kind, by=by, at=moment, text=text)
        return locked
    if extension:
        _extend(locked, asked, by, moment, text)
    else:
        record(
            locked, EventKind.SUSPENDED, by=by, at=moment, data={"reason": asked.data["reason"]}, text=text, told=True
        )
        tell_followers(locked, notices.EXTENDED, text=asked.text[:200], due="等到能办的时候，我们再告诉您")
    return locked


def resume(case: Case, *, by: Actor, reason: str, text: str = "", now: datetime | None = None) -> Case:
    """The wait is over: the due time moves by the working time that went by."""
    moment = now or timezone.now()
    locked = lock(case)
    if locked.paused_at is None:
        raise Conflict("这一件没有挂账。", code="no_such_move")
    due = locked.due_at
    if due is not None:
        clock = clocks.clock_for(locked.community)
        due = clocks.shifted(clock, due, locked.paused_at, moment, rule_of(locked).handle.working)
    record(
        locked, EventKind.RESUMED, by=by, at=moment, data={"due": due.isoformat() if due else None}, text=text,
    )  # fmt: skip
    return locked


def _extend(case: Case, asked: CaseEvent, by: Actor, now: datetime, text: str) -> None:
    if case.due_at is None:
        raise Conflict("这一件还没有期限：请先导入下一年的放假安排。", code="no_due")
    clock = clocks.clock_for(case.community)
    due = clocks.after_working_days(clock, case.due_at, int(asked.data["days"]))
    data = {"due": due.isoformat()}
    record(case, EventKind.EXTENSION_GRANTED, by=by, at=now, data=data, text=text, told=True)
    words = f"{timezone.localtime(due):%-m月%-d日}"
    tell_followers(case, notices.EXTENDED, text=asked.text[:200], due=words)


def _nothing_asked(case: Case) -> None:
    if case.asking:
        raise Conflict("已经有一个申请在等上级批。", code="asking")


def _one_level_up(case: Case, by: Actor) -> None:
    """Never one's own; and a role that approves here, above the desk that has the case."""
    if by.account is not None and case.asked_by_id == by.account.pk:
        raise NotAllowed("自己申请的要由上一级批。", code="own_request")
    rank = max(
        (
            RANK.get(held.role, 0)
            for held in by.roles
            if CasesPermission.APPROVE in granted(held.role) and case.community_id in held.communities
        ),
        default=-1,
    )
    if rank <= RANK.get(case.holder_role, 0) and rank < RANK["district_officer"]:
        raise NotAllowed("要由经办岗的上一级来批。", code="not_above")
