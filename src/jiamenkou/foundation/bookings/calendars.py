"""Reading calendars: what is open, what is free, the week of many resources. Sees holds, never who they are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

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
    last = first + timedelta(days=days - 1)
    weekly: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for hours in OpeningHours.objects.filter(resource__in=found).order_by("id"):
        weekly[hours.resource_id][hours.weekday].append((hours.start_minute, hours.end_minute))
    others: dict[tuple[int, date], list[Span | None]] = defaultdict(list)
    for one in DayException.objects.filter(resource__in=found, day__range=(first, last)).order_by("id"):
        span = None if one.start_minute is None or one.end_minute is None else (one.start_minute, one.end_minute)
        others[one.resource_id, one.day].append(span)
        if one.why:
            found[one.resource_id].whys[one.day] = one.why
    for resource, calendar in found.items():
        for step in range(days):
            on = first + timedelta(days=step)
            calendar.days[on] = Day(on, weekly[resource][on.weekday()], others.get((resource, on), ()))
    zone = timezone.get_current_timezone()
    begin, end = moment(first, 0, zone), moment(last, 1440, zone)
    for hold in Hold.objects.filter(resource__in=found, during__overlap=(begin, end)).order_by("during", "id"):
        found[hold.resource_id].holds.append(hold)
    return found


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
