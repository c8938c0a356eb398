"""What the closed loop brings: it belongs to the house, and hangs in like a room."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.models.case import CaseQuerySet
from jiamenkou.foundation.cases.permissions import GRANTS, CasesPermission
from jiamenkou.foundation.events.contributions import Door, Hit, MenuItem, Room
from jiamenkou.fronts.cases.desk.urls import urlpatterns as desk_urls
from jiamenkou.fronts.cases.due import DUE
from jiamenkou.fronts.cases.phone.entries import TIMELINE
from jiamenkou.fronts.cases.phone.urls import urlpatterns as phone_urls

GROUP = "办件"


def _open(by: Actor) -> CaseQuerySet:
    return cases_for(by).open()


def _found(by: Actor, word: str) -> list[Hit]:
    """By number or title; at most ten, the newest first."""
    if not by.may(CasesPermission.VIEW):
        return []
    rows = cases_for(by).filter(number__istartswith=word) | cases_for(by).filter(title__icontains=word)
    return [Hit(case.title, case.number, case.href, "inbox") for case in rows.order_by("-pk")[:10]]


def _load_demo(say: Any) -> None:
    from jiamenkou.foundation.cases.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def room() -> Room:
    return Room(
        name="cases",
        label="办事帮助",
        phone_prefix="help/",
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        permissions=CasesPermission,
        grants=GRANTS,
        demo=_load_demo,
        demo_order=20,
        due=DUE,
        timeline=TIMELINE,
        desk_search=[_found],
        doors=[Door(60, "办事帮助", "/help/", "hand-helping", "teal", "拍张照，说一句")],
        menu=[
            MenuItem(GROUP, 10, "诉求办件", "/desk/cases/", "inbox", CasesPermission.VIEW, _open),
            MenuItem(GROUP, 12, "督办和审批", "/desk/cases/decisions/", "scale", CasesPermission.VIEW),
            MenuItem(GROUP, 15, "回访", "/desk/cases/round/", "phone-call", CasesPermission.CALLBACK),
            MenuItem(GROUP, 17, "上级工单", "/desk/cases/hotline/", "phone", CasesPermission.DISPATCH),
            MenuItem(GROUP, 18, "派单目录", "/desk/cases/catalogue/", "list", CasesPermission.VIEW),
            MenuItem(GROUP, 20, "工作日历", "/desk/cases/calendar/", "calendar-days", CasesPermission.VIEW),
            MenuItem(GROUP, 22, "上班时间", "/desk/cases/hours/", "clock", CasesPermission.VIEW),
            MenuItem("看板", 28, "逾期在哪里", "/desk/cases/street/", "map", CasesPermission.VIEW),
            MenuItem("看板", 30, "办件三率", "/desk/cases/figures/", "chart-column", CasesPermission.VIEW),
        ],
    )
