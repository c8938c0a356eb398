"""What the desk does with a case: take it, write, ask for help, hand over, finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks, notices
from jiamenkou.foundation.cases.actions.opening import hand_to
from jiamenkou.foundation.cases.catalogue import Rule
from jiamenkou.foundation.cases.models import Case, CaseEvent, CaseFile, Follower
from jiamenkou.foundation.cases.recording import derive, lock, record
from jiamenkou.foundation.cases.routing import Desk, catalogue, path_to
from jiamenkou.foundation.cases.states import CaseState, EventKind, ExclusionReason, Moment, Outcome
from jiamenkou.foundation.cases.telling import followers_of, tell_desk, tell_followers
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import CaseClosed, CaseHandled, CaseReopened
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

if TYPE_CHECKING:
    from jiamenkou.foundation.files.models import StoredFile

UNDO_MINUTES = 10
UNDOABLE = frozenset(
    {
        EventKind.ASSIGNED, EventKind.SIGNED, EventKind.CONTACTED, EventKind.NOTED, EventKind.HELPER_ASKED,
        EventKind.HELPER_DONE, EventKind.EXTENSION_ASKED, EventKind.SUSPENSION_ASKED, EventKind.RETURNED,
        EventKind.HANDLED, EventKind.URGED, EventKind.EXCLUDED, EventKind.INCLUDED, EventKind.REPEATED,
    }
)  # fmt: skip


def rule_of(case: Case) -> Rule:
    """The rule a case goes by now. Raises Refused where the catalogue has none any more."""
    path = path_to(case.place or case.community)
    return catalogue().rule(case.category, path.codes)


def sign(case: Case, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """签收. Who reported it does not handle it: the answer to "解决了吗" would be their own."""
    locked = lock(case)
    _not_own(locked, by)
    account = by.account.pk if by.account else None
    record(locked, EventKind.SIGNED, by=by, at=now, data={"account": account})
    return locked


def contact(case: Case, *, by: Actor, reason: str, text: str = "", now: datetime | None = None) -> Case:
    """The first real word with those who reported: it answers the response clock."""
    locked = lock(case)
    record(locked, EventKind.CONTACTED, by=by, at=now, text=text)
    return locked


def write(
    case: Case, text: str, *, by: Actor, reason: str, tell: bool = False, files: Sequence[StoredFile] = (),
    moment: Moment = Moment.EVIDENCE, now: datetime | None = None,
) -> Case:  # fmt: skip
    """Progress. Told to all who reported if ``tell``. Raises Refused at ``text``."""
    if not text.strip() and not files:
        raise Refused("写一句进展。", field="text", code="required")
    locked = lock(case)
    if locked.state in {CaseState.CLOSED, CaseState.MERGED, CaseState.WITHDRAWN, CaseState.DECLINED}:
        raise Conflict("这一件已经结束了，不能再写。", code="no_such_move")
    record(locked, EventKind.NOTED, by=by, at=now, text=text, told=tell)
    _attach(locked, files, moment, now)
    if tell:
        tell_followers(locked, notices.PROGRESS, text=text[:200])
    return locked


def assign(
    case: Case, desk: Desk, *, by: Actor, reason: str, account: Account | None = None, text: str = "",
    now: datetime | None = None,
) -> Case:  # fmt: skip
    """派单, 改派. After two returns only a ruling moves it."""
    moment = now or timezone.now()
    locked = lock(case)
    if locked.state == CaseState.RETURNED and locked.returns >= 2:
        raise Conflict("已经退了两次，请街道裁定由谁来办。", code="needs_ruling")
    if account is not None and _reported(locked, account):
        raise Refused("这位同事自己报了这件事，请派给别人。", field="account", code="own_report")
    hand_to(locked, desk, by=by, at=moment, due=holder_due(locked, moment), text=text, account=account)
    tell_desk(locked, notices.ASSIGNED)
    return locked


def holder_due(case: Case, now: datetime) -> datetime | None:
    """The end of a hand-over that begins now; None beyond the calendar or outside the catalogue."""
    try:
        rule = rule_of(case)
    except Refused:
        return None
    return clocks.due_or_none(clocks.clock_for(case.community), now, rule.holder)


def ask_helper(case: Case, desk: Desk, what: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """协办: the lead keeps the case and cannot finish it before the helper has."""
    if not what.strip():
        raise Refused("请写清请他们做什么。", field="what", code="required")
    locked = lock(case)
    _only_holder(locked, by)
    data = {"place": desk.place.pk, "role": str(desk.role), "what": what[:200]}
    record(locked, EventKind.HELPER_ASKED, by=by, at=now, data=data, text=what)
    return locked


def finish_help(
    case: Case, helper: int, *, by: Actor, reason: str, text: str = "", now: datetime | None = None
) -> Case:
    """A helper is done; ``helper`` is the step at which it was asked."""
    locked = lock(case)
    if helper not in derive(locked).helpers:
        raise Conflict("这个协办已经办完了。", code="changed")
    record(locked, EventKind.HELPER_DONE, by=by, at=now, data={"helper": helper}, text=text)
    return locked


def handle(
    case: Case, outcome: Outcome, text: str, *, by: Actor, reason: str, who_could: str = "",
    files: Sequence[StoredFile] = (), now: datetime | None = None,
) -> Case:  # fmt: skip
    """报办好, or honestly: 办不了, why, and who could. Those who reported are asked next. Publishes CaseHandled."""
    if not text.strip():
        words = (
            "为什么办不了？请写清楚，对方会看到。" if outcome == Outcome.CANNOT else "怎么办好的？写一句，对方会看到。"
        )
        raise Refused(words, field="text", code="required")
    if outcome == Outcome.CANNOT and not who_could.strip():
        raise Refused("谁能办？写个单位或办法，别让人白等。", field="who_could", code="required")
    locked = lock(case)
    _only_holder(locked, by)
    if locked.open_helpers:
        raise Conflict(f"还有 {locked.open_helpers} 个协办没办完，办完了才能报办好。", code="open_helpers")
    data = {
        "outcome": str(outcome),
        "handler": by.account.pk if by.account else None,
        "who_could": who_could[:200],
    }
    record(locked, EventKind.HANDLED, by=by, at=now, data=data, text=text, told=True)
    _attach(locked, files, Moment.AFTER, now)
    new_round(locked)
    publish(CaseHandled(locked.pk, locked.source_room, locked.source_id, locked.outcome))
    words = f"{text[:200]}。能办的是：{who_could[:80]}" if who_could else text[:200]
    tell_followers(locked, notices.CANNOT if outcome == Outcome.CANNOT else notices.HANDLED, text=words)
    if not any(follower.can_be_asked for follower in followers_of(locked)):
        close(locked, by=Actor(None), now=now, text="没有留下联系方式，无法回访")
    return locked


def new_round(case: Case) -> None:
    """Everybody is asked anew; what was answered before stands in the log."""
    for follower in followers_of(case):
        follower.asked, follower.reached, follower.answered_at = 0, None, None
        follower.solved = follower.satisfaction = follower.proof = ""
        follower.save()


def close(case: Case, *, by: Actor, now: datetime | None = None, text: str = "") -> None:
    """The end, on a locked case. Publishes CaseClosed."""
    record(case, EventKind.CLOSED, by=by, at=now, text=text)
    publish(CaseClosed(case.pk, case.source_room, case.source_id, case.state, case.outcome))


def decline(case: Case, text: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """不受理, with the reason the person reads."""
    if not text.strip():
        raise Refused("为什么不受理？对方会看到。", field="text", code="required")
    locked = lock(case)
    record(locked, EventKind.DECLINED, by=by, at=now, text=text, told=True)
    publish(CaseClosed(locked.pk, locked.source_room, locked.source_id, locked.state, locked.outcome))
    tell_followers(locked, notices.DECLINED, text=text[:200])
    return locked


def exclude(
    case: Case, why: ExclusionReason | None, text: str, *, by: Actor, reason: str, now: datetime | None = None
) -> Case:
    """剔除 from the figures, or (None) back in. The handler cannot take out what they handled."""
    if not text.strip():
        raise Refused("请写依据，剔除会列在报表里。", field="text", code="required")
    locked = lock(case)
    if by.account is not None and by.account.pk in derive(locked).touched:
        raise NotAllowed("您经手过这一件，剔除要由别人批。", code="own_case")
    if why is None:
        record(locked, EventKind.INCLUDED, by=by, at=now, text=text)
    else:
        record(locked, EventKind.EXCLUDED, by=by, at=now, data={"reason": str(why)}, text=text)
    return locked


def undo(case: Case, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """Take back one's own last step within minutes. The step stays in the log, struck through."""
    moment = now or timezone.now()
    locked = lock(case)
    last = last_undoable(locked, by, moment)
    if last is None:
        raise Conflict(f"只能撤销自己 {UNDO_MINUTES} 分钟内的上一步。", code="too_late")
    record(locked, EventKind.UNDONE, by=by, at=moment, data={"undoes": last.seq})
    if last.kind == EventKind.HANDLED:
        publish(CaseReopened(locked.pk, locked.source_room, locked.source_id))
    return locked


def last_undoable(case: Case, by: Actor, now: datetime) -> CaseEvent | None:
    """The step ``by`` may take back now."""
    last = CaseEvent.objects.filter(case=case).order_by("-seq").first()
    if (
        last is None
        or by.account is None
        or last.by_id != by.account.pk
        or last.kind not in UNDOABLE
        or now - last.at > timedelta(minutes=UNDO_MINUTES)
    ):
        return None
    return last


def _attach(case: Case, files: Sequence[StoredFile], moment: Moment, at: datetime | None) -> None:
    for file in files:
        CaseFile.objects.create(case=case, file=file, moment=moment, at=at or timezone.now())


def _reported(case: Case, account: Account) -> bool:
    own = account.links.filter(ended_at__isnull=True, relation="self").values("resident")
    return Follower.objects.filter(case=case, account=account).exists() or (
        Follower.objects.filter(case=case, resident__in=own).exists()
    )


def _not_own(case: Case, by: Actor) -> None:
    if by.account is not None and _reported(case, by.account):
        raise Refused("这是您自己报的事，请让别的同事经办。", code="own_report")


def _only_holder(case: Case, by: Actor) -> None:
    if case.holder_id is not None and by.account is not None and case.holder_id == by.account.pk:
        return
    who = case.holder.display_name if case.holder else ""
    raise NotAllowed(f"这一件在{who}手里，由经手人来报。" if who else "还没有人签收，请先签收。", code="not_holder")
