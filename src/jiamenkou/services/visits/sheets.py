"""Lists of this room as workbooks: what the list shows, numbers masked, no answers and no notes."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.visits.models.plan import PlanQuerySet
from jiamenkou.services.visits.models.visit import VisitQuerySet
from jiamenkou.services.visits.states import NeedKind, Outcome, PlanState, Why

VISIT_COLUMNS = [
    *(Column(heading) for heading in ("编号", "姓名", "网格")),
    Column("门牌", 24),
    *(Column(heading) for heading in ("结果", "谁去的", "收到时间", "手机上的时间", "手机时间")),
    Column("说的需要", 40),
]
PLAN_COLUMNS = [
    *(Column(heading) for heading in ("编号", "姓名", "年龄", "手机号", "网格")),
    Column("门牌", 24),
    Column("为什么去", 20),
    *(Column(heading) for heading in ("最晚", "谁去", "去过几次没见到", "状态")),
]


def visit_rows(visits: VisitQuerySet) -> Iterator[list[Value]]:
    for visit in visits.with_people().prefetch_related("needs"):
        yield [
            visit.resident.number,
            visit.resident.name,
            visit.grid.name if visit.grid else "",
            visit.door,
            str(Outcome(visit.outcome).label),
            (visit.by.display_name or visit.by.username) if visit.by else "",
            timezone.localtime(visit.received_at),
            timezone.localtime(visit.device_at),
            "不准" if visit.clock_wrong else "",
            "；".join(f"{NeedKind(need.kind).label}：{need.words}" for need in visit.needs.all()),
        ]


def plan_rows(plans: PlanQuerySet) -> Iterator[list[Value]]:
    today = timezone.localdate()
    for plan in plans.with_people():
        yield [
            plan.resident.number,
            plan.resident.name,
            plan.resident.age(today),
            plan.resident.phone_masked,
            plan.grid.name if plan.grid else "",
            (plan.household.door if plan.household else "") or plan.resident.address,
            plan.word or str(Why(plan.why).label),
            plan.due_on,
            (plan.assigned.display_name or plan.assigned.username) if plan.assigned else "",
            plan.tries or None,
            str(PlanState(plan.state).label),
        ]
