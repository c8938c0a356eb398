"""What cases put on 今天: late and due, to sign for, to decide, to call back. At most five queries, indexed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.actions.returning import MOST_RETURNS
from jiamenkou.foundation.cases.models import Case, CaseQuerySet
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.foundation.events.contributions import Due

KIND = "办件"
SHOWN = 30
AHEAD = timedelta(days=3)
_ACTS = {
    CaseState.SUBMITTED: "派单",
    CaseState.RETURNED: "定给谁",
    CaseState.ASSIGNED: "签收",
    CaseState.WORKING: "接着办",
}


def due(by: Actor) -> Iterable[Due]:
    """Nothing for those who do not see cases."""
    if not by.may(CasesPermission.VIEW):
        return
    now = timezone.now()
    deciding: dict[int, Case] = {}
    if by.may(CasesPermission.APPROVE):
        above = cases_for(by, CasesPermission.APPROVE).open()
        deciding = {case.pk: case for case in _few(above.filter(~Q(asking="") | Q(state=CaseState.RETURNED)))}
    running = cases_for(by).open().filter(paused_at__isnull=True)
    for case in _few(running.filter(due_at__lt=now + AHEAD)):
        if case.pk not in deciding:
            yield _row(case)
    for case in deciding.values():
        yield _decision(case)
    if by.may(CasesPermission.CALLBACK):
        waiting = cases_for(by, CasesPermission.CALLBACK).to_call_back().count()
        if waiting:
            yield Due(
                "回访", "phone-call", "violet", f"{waiting} 件办好了，等回访", "由没有经手的人打", "", "",
                "/desk/cases/round/", "开始打电话", None,
            )  # fmt: skip
    if words := clocks.alarm():
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


def _few(rows: CaseQuerySet) -> list[Case]:
    return list(rows.select_related("place", "holder").order_by("due_at", "pk")[:SHOWN])


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
