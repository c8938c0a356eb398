"""The figures of this room; each opens its list. A household counts once a month, however often it was visited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import MONTH
from jiamenkou.foundation.events.contributions import Indicator
from jiamenkou.services.visits.access import plans_for, visits_for
from jiamenkou.services.visits.models import Plan, Visit
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.states import Outcome, PlanState

# closed doors after which somebody counts as not reached
UNREACHED_TRIES = 2


@dataclass(frozen=True, slots=True)
class Month:
    """``households``: visited and met; ``planned``: doors that were or are to be visited in the month."""

    households: int
    planned: int
    done: int
    unreached: int
    late: int


def month_start(today: date) -> datetime:
    return timezone.make_aware(datetime.combine(today.replace(day=1), time.min))


def _next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def unreached(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    return plans.filter(state=PlanState.OPEN, tries__gte=UNREACHED_TRIES)


def this_month(by: Actor, today: date) -> Month:
    """Three queries."""
    start = month_start(today)
    households = doors_met(by, month_start(today)).count()
    planned = plans_for(by).exclude(state=PlanState.DROPPED).filter(
        due_on__gte=start.date(), due_on__lt=_next_month(today)
    )  # fmt: skip
    counts = planned.aggregate(n=Count("id"), done=Count("id", filter=Q(state=PlanState.DONE)))
    open_ones = plans_for(by).aggregate(
        unreached=Count("id", filter=Q(state=PlanState.OPEN, tries__gte=UNREACHED_TRIES)),
        late=Count("id", filter=Q(state=PlanState.OPEN, due_on__lt=today)),
    )
    return Month(households, counts["n"], counts["done"], open_ones["unreached"], open_ones["late"])


def doors_met(by: Actor, since: datetime) -> QuerySet[Visit, Any]:
    """Households met since then, each once."""
    met = visits_for(by).filter(outcome=Outcome.MET, received_at__gte=since).order_by()
    # people without a household stand for themselves: their number is negative, so that it is no household's
    return met.values(door=Coalesce("household_id", -1 * F("resident_id"))).distinct()


def _households(by: Actor) -> QuerySet[Visit, Any]:
    return doors_met(by, MONTH)


def _unreached(by: Actor) -> QuerySet[Plan]:
    return unreached(plans_for(by))


INDICATORS = [
    Indicator(
        "visits.month",
        "本月走访到的家庭",
        "户",
        _households,
        "/desk/visits/?only=month",
        "一户一月只算一次",
        VisitsPermission.VIEW,
    ),
    Indicator(
        "visits.unreached",
        "几次没见到的",
        "位",
        _unreached,
        "/desk/visits/plans/?only=unreached",
        "去过两次以上",
        VisitsPermission.VIEW,
    ),
]
