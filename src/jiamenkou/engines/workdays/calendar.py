"""Which days are worked in China: weekdays, less holidays, plus make-up days (调休), as far as they are decreed.

The State Council announces each year's holidays late in the year before.
Beyond the last announced year nothing is known, so nothing is answered:
every question about a day outside ``since`` … ``through`` raises
``BeyondCalendar``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

_SATURDAY = 5


class DayKind(StrEnum):
    """What a decree makes of a day, against the rule of the weekday."""

    OFF = "off"
    WORK = "work"


class BeyondCalendar(LookupError):
    """The answer lies outside the days the calendar knows; it is never guessed."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(f"工作日历只有 {calendar.since} 到 {calendar.through}，请先导入之后的放假安排")
        self.since, self.through = calendar.since, calendar.through


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version of the table: ``days`` are the exceptions, all other days go by their weekday.

    Both ends are inside. Values never change; ``edited`` gives the next version.
    Raises ValueError when an exception lies outside or the ends are reversed.
    """

    version: str
    days: Mapping[date, DayKind]
    through: date
    since: date = date(2004, 1, 1)
    _worked: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.since > self.through:
            raise ValueError(f"a calendar from {self.since} to {self.through} runs backwards")
        outside = [day for day in self.days if not self.since <= day <= self.through]
        if outside:
            raise ValueError(f"{min(outside)} lies outside the calendar, {self.since} to {self.through}")
        # frozen, but for what __init__ itself works out
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        worked = (n for n in range(self.since.toordinal(), self.through.toordinal() + 1) if self._is_worked(n))
        object.__setattr__(self, "_worked", tuple(worked))

    def __hash__(self) -> int:
        return hash((self.version, self.since, self.through))

    def _is_worked(self, ordinal: int) -> bool:
        day = date.fromordinal(ordinal)
        kind = self.days.get(day)
        return day.weekday() < _SATURDAY if kind is None else kind is DayKind.WORK

    def is_workday(self, day: date) -> bool:
        self.check(day)
        return self._is_worked(day.toordinal())

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``day`` itself is not counted, whether worked or not.

        Zero gives ``day`` itself, so that ``add(add(d, a), b) == add(d, a + b)``
        holds always. Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError(f"working days are added, not taken away: {count}")
        self.check(day)
        if count == 0:
            return day
        return self.workday(self.worked_through(day) + count - 1)

    def next_workday(self, day: date) -> date:
        """``day`` if it is worked, else the first working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``: the inverse of ``add``. ValueError if end < start."""
        if end < start:
            raise ValueError(f"{end} is before {start}")
        self.check(start)
        self.check(end)
        return self.worked_through(end) - self.worked_through(start)

    def days_left(self, today: date) -> int:
        """Days from ``today`` to the end of the calendar, negative after it; an alarm goes off at 60."""
        return (self.through - today).days

    def edited(self, changes: Mapping[date, DayKind | None], version: str, through: date | None = None) -> Calendar:
        """The next version: None takes an exception out; with a later ``through`` comes the new year's list."""
        days = {day: kind for day, kind in {**self.days, **changes}.items() if kind is not None}
        return Calendar(version, days, through or self.through, self.since)

    def check(self, day: date) -> None:
        if not self.since <= day <= self.through:
            raise BeyondCalendar(self)

    def worked_before(self, day: date) -> int:
        """How many working days of the calendar lie before ``day``."""
        return bisect_left(self._worked, day.toordinal())

    def worked_through(self, day: date) -> int:
        """How many working days of the calendar lie before ``day`` or on it."""
        return bisect_right(self._worked, day.toordinal())

    def workday(self, place: int) -> date:
        """The working day at a place counted from 0 at the start of the calendar."""
        if place >= len(self._worked):
            raise BeyondCalendar(self)
        return date.fromordinal(self._worked[place])


def from_chinesecalendar() -> Calendar:
    """The table of the ``chinesecalendar`` package: 2004 to the end of the last year it knows."""
    import chinese_calendar  # it reads its tables on import; only who needs them pays

    off, work = chinese_calendar.constants.holidays, chinese_calendar.constants.workdays
    days = dict.fromkeys(off, DayKind.OFF) | dict.fromkeys(work, DayKind.WORK)
    # every holiday of a year is announced at once, so the year of the last one is known to its end
    last = max(days).year
    return Calendar(f"自带的放假安排，到 {last} 年", days, date(last, 12, 31), date(min(days).year, 1, 1))


def from_holiday_cn(documents: Iterable[Mapping[str, Any]]) -> Calendar:
    """Year files of the holiday-cn form: ``{"year", "days": [{"date", "isOffDay"}]}``.

    Years must follow one another; a day that two files name must be the same in
    both. Raises ValueError with the place otherwise.
    """
    days: dict[date, DayKind] = {}
    years = []
    for document in documents:
        try:
            years.append(int(document["year"]))
            entries = [(date.fromisoformat(entry["date"]), entry["isOffDay"]) for entry in document["days"]]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a year of holidays: {error}") from error
        for day, off in entries:
            kind = DayKind.OFF if off else DayKind.WORK
            if days.setdefault(day, kind) is not kind:
                raise ValueError(f"{day} is both off and worked")
    years.sort()
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise ValueError(f"years must follow one another: {years}")
    since, through = date(years[0], 1, 1), date(years[-1], 12, 31)
    # a file may name the last days of the year before or the first of the next
    inside = {day: kind for day, kind in days.items() if since <= day <= through}
    return Calendar(f"holiday-cn {years[0]}–{years[-1]} 年", inside, through, since)
