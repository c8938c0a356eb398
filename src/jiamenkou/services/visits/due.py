"""What this room puts on 今天 and on a resident's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import TODAY, Ask, Counted, together
from jiamenkou.foundation.events.contributions import Due, TimelineEntry
from jiamenkou.services.visits.access import conflicts_for, facts_for, plans_for
from jiamenkou.services.visits.models import Plan, Visit
from jiamenkou.services.visits.models.plan import PlanQuerySet
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.states import FactState, Outcome, PlanState, Why

KIND, ICON, TONE = "走访", "footprints", "teal"
SHOWN = 20
MOST = 50


def _doors(by: Actor) -> PlanQuerySet | None:
    if not by.may(VisitsPermission.RECORD):
        return None
    plans = plans_for(by, VisitsPermission.RECORD).due_by(TODAY).with_people()
    return plans.order_by("due_on", "id")[:SHOWN]


def _to_knock_at(by: Actor, plans: list[Plan]) -> Iterable[Due]:
    for plan in plans:
        yield Due(
            kind=KIND,
            icon=ICON,
            tone=TONE,
            title=f"走访 {plan.resident.name}",
            why=plan.word or str(Why(plan.why).label),
            who=plan.resident.name,
            where=(plan.household.door if plan.household else "") or (plan.grid.name if plan.grid else ""),
            href=f"/desk/visits/new/{plan.resident_id}/",
            act="记走访",
            due=_end_of(plan.due_on),
            mine=plan.assigned_id is None or plan.assigned_id == (by.account.pk if by.account else 0),
        )


def _conflicts(by: Actor) -> QuerySet[Any] | None:
    if not by.may(VisitsPermission.DECIDE):
        return None
    open_ones = conflicts_for(by).filter(settled_at__isnull=True)
    return together(open_ones, n=Count("id"), one=Max("id"), at=Min("opened_at"))


def _to_decide(by: Actor, found: list[Mapping[str, Any]]) -> Iterable[Due]:
    for two in (one for one in found if one["n"]):
        only = f"{two['one']}/" if two["n"] == 1 else ""
        yield Due(
            KIND, "git-merge", "orange", f"{two['n']} 户有两份走访，要定一份", "两部手机同时记了一户", "", "",
            f"/desk/visits/conflicts/{only}", "对一对", two["at"], group=two["n"] > 1,
        )  # fmt: skip


def _facts(by: Actor) -> Counted | None:
    if not by.may(VisitsPermission.DECIDE):
        return None
    return Counted(facts_for(by, VisitsPermission.DECIDE).filter(state=FactState.OPEN))


def _to_confirm(by: Actor, facts: int) -> Iterable[Due]:
    if facts:
        yield Due(
            KIND, "user-round-check", "blue", f"走访说有 {facts} 处变动，等确认", "电话、工作、家里的人", "", "",
            "/desk/visits/facts/", "确认", None, group=True,
        )  # fmt: skip


# doors to knock at by today, and what was said there and waits to be confirmed
DUE = [Ask((_doors,), _to_knock_at), Ask((_conflicts,), _to_decide), Ask((_facts,), _to_confirm)]


def entries(resident: int) -> list[TimelineEntry]:
    """Visits and open plans on a resident's file. Two queries."""
    visits = Visit.objects.filter(resident_id=resident).newest_first().select_related("by")[:MOST]
    plans = Plan.objects.filter(resident_id=resident, state=PlanState.OPEN).order_by("due_on", "id")
    return [*map(_plan, plans), *map(_visit, visits)]


def _visit(visit: Visit) -> TimelineEntry:
    outcome = Outcome(visit.outcome)
    who = (visit.by.display_name or visit.by.username) if visit.by else ""
    return TimelineEntry(
        at=visit.received_at,
        icon=ICON,
        tone=outcome.tone,
        title=f"走访：{outcome.label}",
        state=who,
        place=KIND,
        next="手机时间不准" if visit.clock_wrong else "",
        href=f"/desk/visits/{visit.pk}/",
        done=True,
    )


def _plan(plan: Plan) -> TimelineEntry:
    return TimelineEntry(
        at=plan.made_at,
        icon="route",
        tone=TONE,
        title=f"要走访：{plan.word or Why(plan.why).label}",
        state=f"最晚 {plan.due_on.month}月{plan.due_on.day}日",
        place=KIND,
        next=f"去过 {plan.tries} 次没见到" if plan.tries else "",
        href="/desk/visits/plans/",
    )


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18)))
