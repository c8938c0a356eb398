"""Due times from the current calendar and the office hours of a place. What lies beyond the calendar has no due time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.engines.workdays import (
    CHINA,
    BeyondCalendar,
    Calendar,
    DayKind,
    OfficeHours,
    WorkClock,
    from_chinesecalendar,
)
from jiamenkou.foundation.cases.catalogue import Limit
from jiamenkou.foundation.cases.models import CalendarVersion, OfficeHoursOf
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused

ALARM_DAYS = 60
Pauses = Iterable[tuple[datetime, datetime]]


@lru_cache(maxsize=1)
def standard_calendar() -> Calendar:
    """What the package knows; used until somebody writes a version of their own."""
    return from_chinesecalendar()


@lru_cache(maxsize=4)
def _calendar(pk: int) -> Calendar:
    row = CalendarVersion.objects.get(pk=pk)
    days = {date.fromisoformat(day): DayKind(kind) for day, kind in row.days.items()}
    return Calendar(row.label, days, row.through, row.since)


def newest() -> QuerySet[Any]:
    """The id of the current version, as a list of at most one ``{"pk": …}``."""
    return CalendarVersion.objects.order_by("-pk").values("pk")[:1]


def calendar_of(version: int | None) -> Calendar:
    return _calendar(version) if version is not None else standard_calendar()


def calendar() -> Calendar:
    """The current version. One small query; the table itself is kept by the process."""
    return calendar_of(next((row["pk"] for row in newest()), None))


def hours_of(place: Place | None) -> OfficeHours:
    """Office hours of a place, else of the nearest above it, else the usual ones. At most one query."""
    if place is None:
        return OfficeHours()
    above = [place.ancestor_path(depth) for depth in range(1, place.depth + 1)]
    row = OfficeHoursOf.objects.filter(place__path__in=above).order_by("-place__depth").first()
    return OfficeHours(tuple((a, b) for a, b in row.spans)) if row is not None else OfficeHours()


def clock_for(place: Place | None) -> WorkClock:
    return WorkClock(calendar(), hours_of(place))


def due(clock: WorkClock, start: datetime, limit: Limit, pauses: Pauses = ()) -> datetime:
    """When ``limit`` is up. Raises BeyondCalendar.

    A working day is a day's worth of office hours, so that sums add up; calendar hours and days run through the night.
    """
    match limit.unit:
        case "hours":
            return start + timedelta(hours=limit.amount) + _length(start, pauses)
        case "days":
            return start + timedelta(days=limit.amount) + _length(start, pauses)
        case "working_hours":
            return clock.add_minutes(start, limit.amount * 60, pauses)
        case _:
            return clock.add_minutes(start, limit.amount * clock.hours.minutes, pauses)


def _length(start: datetime, pauses: Pauses) -> timedelta:
    """How much of the pauses lies after the start, overlaps counted once."""
    total, reached = timedelta(), start
    for begin, end in sorted(pauses):
        total += max(end - max(begin, reached), timedelta())
        reached = max(reached, end)
    return total


def due_or_none(clock: WorkClock, start: datetime, limit: Limit, pauses: Pauses = ()) -> datetime | None:
    """None where the calendar ends before: a report is taken all the same, and the desk says so loudly."""
    try:
        return due(clock, start, limit, pauses)
    except BeyondCalendar:
        return None


def after_working_days(clock: WorkClock, moment: datetime, days: int) -> datetime:
    """``moment`` moved by so many working days. Raises Refused at ``days`` where the calendar ends before."""
    try:
        return clock.add_minutes(moment, days * clock.hours.minutes)
    except BeyondCalendar as error:
        raise Refused(
            f"{error}。期限定不下来，请先到“工作日历”导入。", field="days", code="beyond_calendar"
        ) from error


def shifted(clock: WorkClock, due_at: datetime, start: datetime, end: datetime, working: bool) -> datetime | None:
    """A due time after a pause from ``start`` to ``end``: later by the working time in it. None beyond the calendar."""
    if not working:
        return due_at + (end - start)
    try:
        minutes = clock.working_minutes(start, end)
        return clock.add_minutes(due_at, minutes) if minutes else due_at
    except BeyondCalendar:
        return None


def alarm(today: date | None = None, *, known: Calendar | None = None) -> str:
    """What to say when the calendar ends within sixty days, else ''. Asks the current version where none is given."""
    known = known or calendar()
    left = known.days_left(today or timezone.localdate())
    if left > ALARM_DAYS:
        return ""
    if left < 0:
        return f"工作日历 {known.through} 就到头了，新的期限定不下来，请马上导入放假安排"
    return f"工作日历还有 {left} 天到头（{known.through}），请导入下一年的放假安排"


def working_words(clock: WorkClock, start: datetime, end: datetime) -> str:
    """How long, in working time: 1 天 4 小时, 45 分钟. Beyond the calendar in plain days."""
    try:
        minutes = clock.working_minutes(start, end)
    except BeyondCalendar:
        return f"{(end - start).days} 天"
    days, rest = divmod(minutes, clock.hours.minutes)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} 天" if days else "", f"{hours} 小时" if hours else ""]
    words = " ".join(part for part in parts if part)
    return words or f"{minutes} 分钟"


def today_in_china(now: datetime) -> date:
    return now.astimezone(CHINA).date()
