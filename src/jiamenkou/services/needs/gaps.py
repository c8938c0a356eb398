"""The gap list: how many ask for what, how many can be served, and what to open next. Names are not part of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Supply, rooms
from jiamenkou.services.needs.access import communities_of, needs_for
from jiamenkou.services.needs.models import Category, LocalSupply
from jiamenkou.services.needs.models.need import NeedQuerySet
from jiamenkou.services.needs.states import Group, NeedState, ProjectKind

WEEKS = 4
# what to open, by the group of the need
_OPENS = {
    Group.LEARN: ProjectKind.CLASS,
    Group.WORK: ProjectKind.POST,
    Group.SERVICE: ProjectKind.SERVICE,
    Group.ELDER: ProjectKind.SERVICE,
    Group.CHILD: ProjectKind.CLASS,
    Group.SPACE: ProjectKind.ROOM,
    Group.HEALTH: ProjectKind.EVENT,
    Group.ERRAND: ProjectKind.SERVICE,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that answers a need: so many people at a time, and the list behind it."""

    label: str
    people: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One line. ``asked``: people whose need is open; ``planned``: those something is being arranged for."""

    category: Category
    asked: int
    planned: int
    weeks: tuple[int, ...]
    offers: tuple[Offer, ...] = field(default_factory=tuple)

    @property
    def served(self) -> int:
        return sum(offer.people for offer in self.offers)

    @property
    def gap(self) -> int:
        """People asking whom nothing serves; never below 0."""
        return max(0, self.asked - self.served)

    @property
    def opens(self) -> ProjectKind:
        return _OPENS[Group(self.category.group)]

    @property
    def rising(self) -> bool:
        """More asked in the newer half of the weeks than in the older."""
        half = len(self.weeks) // 2
        return sum(self.weeks[half:]) > sum(self.weeks[:half])


def gaps(by: Actor, now: datetime, *, grid: int | None = None) -> list[Gap]:
    """Every category somebody asks for, the widest gap first. A constant number of queries beside the rooms' own."""
    needs = needs_for(by).counted()
    if grid is not None:
        needs = needs.filter(grid_id=grid)
    counted = {
        row["category"]: row
        for row in needs.filter(state__in=[NeedState.OPEN, NeedState.PLANNED])
        .order_by()
        .values("category")
        .annotate(
            asked=Sum("heads", filter=Q(state=NeedState.OPEN), default=0),
            planned=Sum("heads", filter=Q(state=NeedState.PLANNED), default=0),
        )
    }
    trend = _weeks(needs, now)
    offers = _offers(by, timezone.localdate(now)) if grid is None else {}
    found = [
        Gap(
            category,
            counted[category.pk]["asked"],
            counted[category.pk]["planned"],
            tuple(trend[category.pk]),
            tuple(offers.get(category.pk, ())),
        )
        for category in Category.objects.filter(pk__in=counted)
    ]
    return sorted(found, key=lambda line: (-line.gap, -line.asked, line.category.order, line.category.pk))


def _weeks(needs: NeedQuerySet, now: datetime) -> dict[int, list[int]]:
    """People who said it in each of the last weeks, the oldest first."""
    first = datetime.combine(timezone.localdate(now), time.min, timezone.get_current_timezone()) - timedelta(
        days=7 * WEEKS - 1
    )
    found: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    rows = needs.filter(at__gte=first).order_by().values_list("category", "at__date").annotate(n=Sum("heads"))
    for category, day, number in rows:
        week = min(WEEKS - 1, max(0, (day - first.date()).days // 7))
        found[category][week] += number
    return found


def _offers(by: Actor, today: date) -> dict[int, list[Offer]]:
    """By category: what rooms say under its key, and what was noted by hand."""
    by_key: dict[str, list[Offer]] = defaultdict(list)
    for room in rooms():
        for supply in room.supply:
            people = supply.people(by)
            if people:
                by_key[supply.key].append(Offer(supply.label, people, supply.href))
    found: dict[int, list[Offer]] = defaultdict(list)
    for category in Category.objects.exclude(supply=""):
        found[category.pk] += by_key.get(category.supply, [])
    local = LocalSupply.objects.filter(community_id__in=communities_of(by)).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    for row in local.order_by("id"):
        found[row.category_id].append(Offer(row.words, row.people))
    return found


def known_keys() -> list[Supply]:
    """What a category can be tied to."""
    return sorted((supply for room in rooms() for supply in room.supply), key=lambda supply: supply.key)


def met_within(by: Actor, now: datetime, days: int = 30) -> tuple[int, int]:
    """Of the needs said in the 90 days before the last ``days``: how many were met within ``days``, and how many there were.

    A need too young to have had its days is not counted; withdrawn ones are nobody's any more.
    """
    row = ripe(by, now, days).aggregate(all=Count("id"), met=Count("id", filter=_in_time(days)))
    return row["met"], row["all"]


def ripe(by: Actor, now: datetime, days: int = 30) -> NeedQuerySet:
    """The needs that :func:`met_within` looks at."""
    until = now - timedelta(days=days)
    said = needs_for(by).counted().filter(at__gte=until - timedelta(days=90), at__lt=until)
    return said.exclude(state=NeedState.WITHDRAWN)


def met_in_time(by: Actor, now: datetime, days: int = 30) -> NeedQuerySet:
    """Those of them that were met within ``days``."""
    return ripe(by, now, days).filter(_in_time(days))


def _in_time(days: int) -> Q:
    return Q(met_at__isnull=False, met_at__lte=F("at") + timedelta(days=days))
