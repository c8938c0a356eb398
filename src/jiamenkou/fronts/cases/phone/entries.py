"""What was reported, as sentences on 我的事: who acts next, by when, and what we do if they do not."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.asking import Ask
from jiamenkou.foundation.cases.models import Case, Follower, ProtectedSource
from jiamenkou.foundation.cases.states import CaseState, Outcome
from jiamenkou.foundation.events.contributions import TimelineEntry, Told

SHOWN = 50


def _reported(residents: list[int]) -> QuerySet[Follower]:
    return _newest(Follower.objects.filter(resident_id__in=residents))


def _protected(residents: list[int]) -> QuerySet[Follower]:
    """Those whose source is kept apart: this is the person's own page."""
    hidden = ProtectedSource.objects.filter(resident_id__in=residents).order_by().values("follower_id")
    return _newest(Follower.objects.filter(pk__in=hidden))


def _newest(rows: QuerySet[Follower]) -> QuerySet[Follower]:
    return rows.select_related("case__place", "case__merged_into").order_by("-case__moved_at", "-pk")[:SHOWN]


def _sentences(residents: Sequence[int], reported: list[Follower], protected: list[Follower]) -> list[TimelineEntry]:
    """The newest fifty of both, each once."""
    found = {follower.pk: follower for follower in [*reported, *protected]}.values()
    newest = sorted(found, key=lambda one: (one.case.moved_at or one.joined_at, one.pk), reverse=True)
    return [entry_of(follower) for follower in newest[:SHOWN]]


_WHERE = (("cases_follower", "resident_id"), ("cases_protectedsource", "resident_id"))
TIMELINE = [Told(Ask((_reported, _protected), _sentences), _WHERE)]


def entry_of(follower: Follower) -> TimelineEntry:
    case = follower.case
    matter: Case = case.merged_into or case
    state = CaseState(matter.state)
    said, following, waits = sentence(matter, state, follower)
    return TimelineEntry(
        at=matter.moved_at or follower.joined_at,
        icon="inbox",
        tone="teal",
        title=case.title,
        state=said,
        place=case.place.name if case.place else "",
        next=following,
        href=f"/help/{case.pk}/",
        waits_for_me=waits,
        done=state in {CaseState.CLOSED, CaseState.DECLINED, CaseState.WITHDRAWN},
    )


def sentence(case: Case, state: CaseState, follower: Follower) -> tuple[str, str, bool]:
    """State, what is next, whether it waits for the person."""
    by_when = ""
    if case.due_at is not None:
        local = timezone.localtime(case.due_at)
        by_when = f"{local.month}月{local.day}日前"
    match state:
        case CaseState.SUBMITTED | CaseState.RETURNED:
            return "收到了", "正在定由谁来办，定下来就告诉您", False
        case CaseState.ASSIGNED:
            return "派给人了", f"{by_when}给您办好或说清楚，不办我们去催", False
        case CaseState.WORKING:
            return "在办", f"{by_when}给您办好或说清楚，不办我们去催", False
        case CaseState.WAITING:
            return "先等一等", "能办的时候接着办，到时告诉您", False
        case CaseState.HANDLED if case.outcome == Outcome.CANNOT:
            return "这里办不了", "看看谁能办，也说说您满不满意", follower.answered_at is None
        case CaseState.HANDLED:
            waits = follower.answered_at is None
            return "说是办好了", "您说一句：解决了没有，满不满意" if waits else "谢谢您，都记下了", waits
        case CaseState.DECLINED:
            return "不归这里办", "点开看该找谁", False
        case CaseState.WITHDRAWN:
            return "您撤回了", "", False
        case _:
            return "办完了", "", False
