"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import MenuItem, ResidentAct, Room
from jiamenkou.services.visits.access import conflicts_for, facts_for, plans_for
from jiamenkou.services.visits.desk.urls import urlpatterns
from jiamenkou.services.visits.due import DUE, entries
from jiamenkou.services.visits.figures import INDICATORS
from jiamenkou.services.visits.models import Plan, ProposedFact, VisitConflict
from jiamenkou.services.visits.permissions import GRANTS, VisitsPermission

GROUP = "帮扶"


def _open_plans(by: Actor) -> QuerySet[Plan]:
    return plans_for(by).open()


def _open_facts(by: Actor) -> QuerySet[ProposedFact]:
    return facts_for(by, VisitsPermission.DECIDE).filter(state="open")


def _open_conflicts(by: Actor) -> QuerySet[VisitConflict]:
    return conflicts_for(by).filter(settled_at__isnull=True)


def _load_demo(say: Any) -> None:
    from jiamenkou.services.visits.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def _record(resident: int) -> ResidentAct:
    return ResidentAct("记走访", f"/desk/visits/new/{resident}/", "door-open", VisitsPermission.RECORD)


def room() -> Room:
    record, decide = VisitsPermission.RECORD, VisitsPermission.DECIDE
    return Room(
        name="visits",
        label="入户走访",
        permissions=VisitsPermission,
        grants=GRANTS,
        desk_urls=urlpatterns,
        due=DUE,
        resident_tabs=[entries],
        matters=(("visits_plan", "resident_id"), ("visits_visit", "resident_id")),
        resident_acts=[_record],
        people_acts=[ResidentAct("排走访", "/desk/visits/plans/new/", "calendar-plus", decide)],
        indicators=INDICATORS,
        retention=[("visits_visit", "figures", "走访记录留作统计，个人的话随本人删除")],
        demo=_load_demo,
        demo_order=30,
        menu=[
            MenuItem(GROUP, 10, "走访", "/desk/visits/", "footprints", VisitsPermission.VIEW),
            MenuItem(GROUP, 11, "走访安排", "/desk/visits/plans/", "route", VisitsPermission.VIEW, _open_plans),
            MenuItem(GROUP, 12, "变动待确认", "/desk/visits/facts/", "user-round-check", decide, _open_facts),
            MenuItem(GROUP, 13, "两份走访", "/desk/visits/conflicts/", "git-merge", decide, _open_conflicts),
            MenuItem(GROUP, 14, "上门（手机）", "/desk/visits/door/", "smartphone", record),
        ],
    )
