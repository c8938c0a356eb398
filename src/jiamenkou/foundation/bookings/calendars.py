"""Reading calendars: what is open, what is free, the week of many resources. Sees holds, never who they are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.bookings.models import DayException, Hold, OpeningHours, Resource
from jiamenkou.foundation.bookings.slots import Day, Moments, Slot, Span, moment, slots_of

LOOK_AHEAD_DAYS = 21


@dataclass(slots=True)
class Calendar:
    """One resource over some days: its opening spans by day, why it is closed, and its holds."""

    resource: Resource
    days: dict[date, Day] = field(default_factory=dict)
    whys: dict[date, str] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)

    def slots(self, on: date, now: datetime, minutes: int = 0) -> list[Slot]:
        """The day's slots, full ones too; none where the day was not read."""
        if on not in self.days:
            return []
        return slots_of(
            self.days[on],
            minutes or self.resource.slot_minutes,
            self.resource.capacity,
            self.moments,
            zone=timezone.get_current_timezone(),
            not_before=now,
        )

    @property
    def moments(self) -> list[Moments]:
        return [span_of(hold.during) for hold in self.holds]


def span_of(during: Any) -> Moments:
    return during.lower, during.upper


def calendars(resources: Iterable[Resource], first: date, days: int) -> dict[int, Calendar]:
    """Resource id → its calendar from ``first``. Three queries for any number of resources."""
    found = {resource.pk: Calendar(resource) for resource in resources}
    for pk, (spans, whys) in opening(found, first, days).items():
        found[pk].days, found[pk].whys = spans, whys
    for hold in holds_of(found, first, days):
        found[hold.resource_id].holds.append(hold)
    return found


def opening(resources: Iterable[int], first: date, days: int) -> dict[int, tuple[dict[date, Day], dict[date, str]]]:
    """Resource id → what is known of its days from ``first``, and why some differ. Two queries, no row kept."""
    ids = list(resources)
    weekly: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    spans = OpeningHours.objects.filter(resource__in=ids).order_by("id")
    for resource, weekday, start, end in spans.values_list("resource_id", "weekday", "start_minute", "end_minute"):
        weekly[resource][weekday].append((start, end))
    others: dict[tuple[int, date], list[Span | None]] = defaultdict(list)
    whys: dict[int, dict[date, str]] = defaultdict(dict)
    last = first + timedelta(days=days - 1)
    changed = DayException.objects.filter(resource__in=ids, day__range=(first, last)).order_by("id")
    for resource, day, begins, ends, why in changed.values_list(
        "resource_id", "day", "start_minute", "end_minute", "why"
    ):
        others[resource, day].append(None if begins is None or ends is None else (begins, ends))
        if why:
            whys[resource][day] = why
    all_days = [first + timedelta(days=step) for step in range(days)]
    return {
        pk: ({on: Day(on, weekly[pk][on.weekday()], others.get((pk, on), ())) for on in all_days}, whys[pk])
        for pk in ids
    }


def holds_of(resources: Iterable[int], first: date, days: int) -> QuerySet[Hold]:
    """What is held on these days, in order of time."""
    zone = timezone.get_current_timezone()
    between = moment(first, 0, zone), moment(first + timedelta(days=days - 1), 1440, zone)
    return Hold.objects.filter(resource__in=list(resources), during__overlap=between).order_by("during", "id")


def calendar_of(resource: Resource, first: date, days: int = 1) -> Calendar:
    return calendars([resource], first, days)[resource.pk]


def next_free(resource: Resource, after: datetime, minutes: int = 0) -> datetime | None:
    """When the next slot of this length begins that nobody has, within three weeks. Three queries."""
    first = timezone.localdate(after)
    calendar = calendar_of(resource, first, LOOK_AHEAD_DAYS)
    for step in range(LOOK_AHEAD_DAYS):
        for slot in calendar.slots(first + timedelta(days=step), after, minutes):
            if slot.is_free:
                return slot.start
    return None


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Open at this moment; the calendar holds the day."""
    local = timezone.localtime(now)
    minute = local.hour * 60 + local.minute
    day = calendar.days.get(local.date())
    return day is not None and any(a <= minute < b for a, b in day.open)
