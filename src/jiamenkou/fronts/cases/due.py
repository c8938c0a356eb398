"""What cases put on 今天: late and due, to sign for, to decide, to call back. Indexed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import NOW, Ask, Counted
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.actions.returning import MOST_RETURNS
from jiamenkou.foundation.cases.models import Case, CaseQuerySet
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.foundation.events.contributions import Due

KIND = "办件"
SHOWN = 30
# a case has sixty columns; a row of 今天 is made of these
_SHOWN = (
    "number", "title", "state", "supervised", "asking", "returns", "due_at", "place__name", "holder__display_name",
)  # fmt: skip
AHEAD = timedelta(days=3)
_ACTS = {
    CaseState.SUBMITTED: "派单",
    CaseState.RETURNED: "定给谁",
    CaseState.ASSIGNED: "签收",
    CaseState.WORKING: "接着办",
}


def _above(by: Actor) -> CaseQuerySet | None:
    """What waits for a decision one level up."""
    if not by.may(CasesPermission.APPROVE):
        return None
    return _few(cases_for(by, CasesPermission.APPROVE).open().filter(~Q(asking="") | Q(state=CaseState.RETURNED)))


def _near(by: Actor) -> CaseQuerySet | None:
    if not by.may(CasesPermission.VIEW):
        return None
    return _few(cases_for(by).open().filter(paused_at__isnull=True, due_at__lt=NOW + AHEAD))


def _running(by: Actor, above: list[Case], near: list[Case]) -> Iterable[Due]:
    deciding = {case.pk for case in above}
    yield from (_row(case) for case in near if case.pk not in deciding)
    yield from map(_decision, above)


def _done(by: Actor) -> Counted | None:
    if not by.may(CasesPermission.CALLBACK):
        return None
    return Counted(cases_for(by, CasesPermission.CALLBACK).to_call_back())


def _to_call_back(by: Actor, waiting: int) -> Iterable[Due]:
    if waiting:
        yield Due(
            "回访", "phone-call", "violet", f"{waiting} 件办好了，等回访", "由没有经手的人打", "", "",
            "/desk/cases/round/", "开始打电话", None,
        )  # fmt: skip


def _calendar(by: Actor) -> QuerySet[Any] | None:
    return clocks.newest() if by.may(CasesPermission.VIEW) else None


def _ending(by: Actor, newest: list[Mapping[str, int]]) -> Iterable[Due]:
    if not by.may(CasesPermission.VIEW):
        return
    if words := clocks.alarm(known=clocks.calendar_of(newest[0]["pk"] if newest else None)):
        yield Due(
            KIND,
            "calendar-days",
            "red",
            words,
            "到头以后新办件没有期限",
            "",
            "",
            "/desk/cases/calendar/",
            "导入",
            None,
        )


# late and due with what waits for a decision, to call back, the calendar that ends
DUE = [Ask((_above, _near), _running), Ask((_done,), _to_call_back), Ask((_calendar,), _ending)]


def _few(rows: CaseQuerySet) -> CaseQuerySet:
    return rows.select_related("place", "holder").only(*_SHOWN).order_by("due_at", "pk")[:SHOWN]


def _decision(case: Case) -> Due:
    """What somebody above has to say, each once, whether it is late or not."""
    if case.asking:
        return _row(case, act="批一下", why="等您批延期或挂账")
    if case.returns >= MOST_RETURNS:
        return _row(case, act="去裁定", why="退了两次，等街道裁定由谁办")
    return _row(case, act="定给谁", why="退单了，等您定给谁")


def _row(case: Case, act: str = "", why: str = "") -> Due:
    state = CaseState(case.state)
    return Due(
        kind=KIND,
        icon="megaphone" if case.supervised else "inbox",
        tone="red" if case.supervised else state.tone,
        title=case.title,
        why=why or f"{case.number} · {state.label}",
        who=case.holder.display_name if case.holder else "",
        where=case.place.name if case.place else "",
        href=case.href,
        act=act or _ACTS.get(state, "打开"),
        due=case.due_at,
    )
