"""上岗率 (jobs) = people with a confirmed start within 90 days of being recommended ÷ people recommended.

Each person counts once. Kept at 7, 30 and 90 days stands beside it: of the starts old enough, how many still work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.access import applications_for, follow_ups_for
from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.models.application import FOLLOW_UP_DAYS
from jiamenkou.services.jobs.states import FollowUpOutcome

WITHIN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Kept:
    """Of ``asked`` people asked after ``day`` days, ``working`` still worked."""

    day: int
    asked: int
    working: int


@dataclass(frozen=True, slots=True)
class Rate:
    """``people`` recommended in the period, ``placed`` of them within 90 days; None percent for nobody."""

    people: int
    placed: int
    kept: tuple[Kept, ...]

    @property
    def percent(self) -> int | None:
        return percent(self.placed, self.people)

    @property
    def words(self) -> str:
        return f"{self.placed} / {self.people}"


def recommended_people(
    by: Actor, since: datetime, *, placed: bool | None = None, permission: str = Permission.FIGURES_VIEW
) -> QuerySet[Resident]:
    """People recommended since then, each once, with ``placed``; ``placed`` keeps only those (not)."""
    recommended = applications_for(by, permission).filter(recommended_at__gte=since)
    started = Application.objects.filter(
        resident=OuterRef("pk"), placement__isnull=False, recommended_at__gte=since
    ).annotate(day=Cast("recommended_at", DateField())).filter(
        placement__started_on__gte=F("day"), placement__started_on__lte=F("day") + timedelta(days=WITHIN_DAYS)
    )  # fmt: skip
    people = Resident.objects.filter(pk__in=recommended.order_by().values("resident_id"))
    if placed is not None:
        people = people.filter(Exists(started) if placed else ~Exists(started))
    return people.annotate(placed=Exists(started))


def midnight(today: date, days: int) -> datetime:
    """The local midnight so many days before."""
    return timezone.make_aware(datetime.combine(today - timedelta(days=days), time.min))


def placed_people(by: Actor, today: date, days: int) -> tuple[int, int]:
    """How many were recommended, and how many of them started within 90 days. One query."""
    found = recommended_people(by, midnight(today, days)).aggregate(
        people=Count("id"), with_work=Count("id", filter=Q(placed=True))
    )
    return found["people"], found["with_work"]


def percent(part: int, whole: int) -> int | None:
    """Of nobody there is no share."""
    return round(100 * part / whole) if whole else None


def placement_rate(by: Actor, today: date, days: int) -> Rate:
    people, placed = placed_people(by, today, days)
    rows = (
        follow_ups_for(by, Permission.FIGURES_VIEW)
        .filter(done_at__isnull=False)
        .exclude(outcome=FollowUpOutcome.UNREACHED)
        .values("day")
        .annotate(asked=Count("id"), working=Count("id", filter=Q(outcome=FollowUpOutcome.WORKING)))
        .order_by("day")
    )
    kept = {row["day"]: Kept(row["day"], row["asked"], row["working"]) for row in rows}
    return Rate(people, placed, tuple(kept.get(day, Kept(day, 0, 0)) for day in FOLLOW_UP_DAYS))
