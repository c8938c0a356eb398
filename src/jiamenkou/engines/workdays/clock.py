"""Working minutes: what a deadline in office hours means, to the microsecond and without drift.

An instant is a place on the line of working time; adding is moving along that
line. So sums add up, later starts are never due earlier, and a pause moves a
deadline by exactly the working time in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from jiamenkou.engines.workdays.calendar import BeyondCalendar, Calendar

CHINA = ZoneInfo("Asia/Shanghai")
_MINUTE = timedelta(minutes=1)
_TICK = timedelta(microseconds=1)
_MINUTE_TICKS = _MINUTE // _TICK


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans of the working day in minutes after midnight, in order and apart, such as 9:00–12:00 and 14:00–17:30."""

    spans: tuple[tuple[int, int], ...] = ((9 * 60, 12 * 60), (14 * 60, 17 * 60 + 30))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges[0] < 0 or edges[-1] > 24 * 60 or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"office hours must be in order and within a day: {self.spans}")

    @property
    def minutes(self) -> int:
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class WorkClock:
    """Office hours on the working days of a calendar, in China's time. Takes aware datetimes only (ValueError)."""

    calendar: Calendar
    hours: OfficeHours = OfficeHours()

    def add_minutes(self, start: datetime, minutes: int, pauses: Iterable[tuple[datetime, datetime]] = ()) -> datetime:
        """The instant after ``minutes`` of working time, less the ``pauses`` (from, to), which may overlap.

        Zero minutes from outside office hours is the next opening; a span that
        is used up ends at its closing, not at the next opening. Raises
        ValueError for negative minutes or a pause that ends before it begins.
        """
        if minutes < 0:
            raise ValueError(f"working minutes are added, not taken away: {minutes}")
        begin = self._place(start)
        due = begin + minutes * _MINUTE_TICKS
        reached = begin
        for pause_from, pause_to in sorted(self._pause(pause) for pause in pauses):
            if pause_from >= due:
                break
            # what an earlier pause or the time before the start covers does not count twice
            due += max(pause_to - max(pause_from, reached), 0)
            reached = max(reached, pause_to)
        return self._open_at(start) if due == begin else self._instant(due)

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """Whole minutes of working time from ``start`` to ``end``. Raises ValueError if the end is earlier."""
        if end < start:
            raise ValueError(f"{end} is before {start}")
        return (self._place(end) - self._place(start)) // _MINUTE_TICKS

    def is_open(self, moment: datetime) -> bool:
        """Whether this is an instant of office hours, closing included."""
        local = self._local(moment)
        return self.calendar.is_workday(local.date()) and any(
            _at(local.date(), first) <= local <= _at(local.date(), last) for first, last in self.hours.spans
        )

    def _pause(self, pause: tuple[datetime, datetime]) -> tuple[int, int]:
        if pause[1] < pause[0]:
            raise ValueError(f"a pause from {pause[0]} to {pause[1]} runs backwards")
        return self._place(pause[0]), self._place(pause[1])

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone is not known")
        local = moment.astimezone(CHINA)
        self.calendar.check(local.date())
        return local

    def _place(self, moment: datetime) -> int:
        """Working time from the start of the calendar to this moment, in microseconds."""
        local = self._local(moment)
        day = local.date()
        place = self.calendar.worked_before(day) * self.hours.minutes * _MINUTE_TICKS
        if self.calendar.is_workday(day):
            for first, last in self.hours.spans:
                place += max(min(local, _at(day, last)) - _at(day, first), timedelta()) // _TICK
        return place

    def _instant(self, place: int) -> datetime:
        """The first moment at a place > 0 of the line."""
        before, ticks = divmod(place - 1, self.hours.minutes * _MINUTE_TICKS)
        day = self.calendar.workday(before)
        ticks += 1
        for first, last in self.hours.spans:
            if ticks <= (last - first) * _MINUTE_TICKS:
                return _at(day, first) + ticks * _TICK
            ticks -= (last - first) * _MINUTE_TICKS
        raise BeyondCalendar(self.calendar)  # not reached: a day's ticks lie within its spans

    def _open_at(self, moment: datetime) -> datetime:
        """The moment itself if open, else the next opening."""
        if self.is_open(moment):
            return self._local(moment)
        local = self._local(moment)
        day = self.calendar.next_workday(local.date())
        openings = [_at(day, first) for first, _ in self.hours.spans if _at(day, first) >= local]
        return openings[0] if openings else _at(self.calendar.add(day, 1), self.hours.spans[0][0])


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minutes)
