"""Putting people on the list of visits, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Account, Household, Membership, Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.visits.models import Plan, Visit
from jiamenkou.services.visits.states import Outcome, PlanState, Why

OLD_AGE = 80
SILENT_DAYS = 90
MOST = 500


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes 1 March, as the age of majority is counted."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def candidates(people: QuerySet[Resident], why: Why, today: date, days: int = SILENT_DAYS) -> QuerySet[Resident]:
    """Those of ``people`` whom a rule would put on the list; who stands on it already is left out."""
    waiting = Plan.objects.filter(resident=OuterRef("pk"), state=PlanState.OPEN)
    people = people.exclude(Exists(waiting))
    if why is Why.OLD:
        return people.filter(birth_date__lte=years_before(today, OLD_AGE))
    if why is Why.ALONE:
        others = Membership.objects.filter(household=OuterRef("household"), until__isnull=True).exclude(
            resident=OuterRef("pk")
        )
        return people.filter(~Exists(others), household__isnull=False)
    if why is Why.SILENT:
        recent = Visit.objects.filter(
            Q(household=OuterRef("household")) | Q(resident=OuterRef("pk")),
            outcome=Outcome.MET,
            received_at__date__gt=today - timedelta(days=days),
        )
        return people.exclude(Exists(recent))
    return people


def plan_visits(
    people: Sequence[Resident],
    *,
    why: Why,
    word: str,
    due_on: date,
    assigned: Account | None,
    by: Actor,
    today: date,
    reason: str,
) -> int:
    """Plan a visit to each; who stands on the list already stays as they are. Returns how many were added."""
    if not people:
        raise Refused("还没有选人。", field="chosen", code="nobody")
    if len(people) > MOST:
        raise Refused(f"一次最多排 {MOST} 位。", field="chosen", code="many")
    if due_on < today:
        raise Refused("最晚那天不能是过去。", field="due_on", code="past")
    rows = [
        Plan(
            resident=person,
            household_id=person.household_id,
            community_id=person.community_id,
            grid_id=person.grid_id,
            why=why,
            word=word,
            due_on=due_on,
            assigned=assigned,
            made_by=by.account,
        )
        for person in people
    ]
    open_plans = Plan.objects.filter(resident__in=people).open()
    before = open_plans.count()
    Plan.objects.bulk_create(rows, ignore_conflicts=True)
    return open_plans.count() - before


def heads_of(households: QuerySet[Household]) -> list[Resident]:
    """Whom to ask for at each door: the head, else the member longest there."""
    found = []
    for household in households.select_related("head").order_by("id"):
        head = household.head or household.residents.present().order_by("id").first()
        if head is not None:
            found.append(head)
    return found


def drop_plan(plan: Plan, *, by: Actor, now: datetime, reason: str) -> None:
    if not Plan.objects.filter(pk=plan.pk, state=PlanState.OPEN).update(state=PlanState.DROPPED, ended_at=now):
        raise Conflict("这次走访已经结束了。", code="ended")
