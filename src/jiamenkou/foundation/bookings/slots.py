"""Arithmetic of opening hours and slots: values in, values out. Minutes of the local day; spans are half open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

Span = tuple[int, int]
Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day of one resource. ``exceptions`` (span or None for closed) replace the ``weekly`` spans."""

    on: date
    weekly: Sequence[Span]
    exceptions: Sequence[Span | None] = ()

    @property
    def open(self) -> list[Span]:
        """The spans it is open, in order, those that touch joined. A closed exception closes the whole day."""
        if self.exceptions:
            if any(span is None for span in self.exceptions):
                return []
            return _joined(span for span in self.exceptions if span is not None)
        return _joined(self.weekly)


@dataclass(frozen=True, slots=True)
class Slot:
    """``free`` of ``capacity`` seats are free from ``start`` to ``end``."""

    start: datetime
    end: datetime
    free: int

    @property
    def is_free(self) -> bool:
        return self.free > 0


def moment(on: date, minute: int, zone: tzinfo) -> datetime:
    """Minute 1440 is midnight at the end of the day."""
    return datetime.combine(on, time(0), zone) + timedelta(minutes=minute)


def fits(spans: Iterable[Span], start: datetime, end: datetime, on: date, zone: tzinfo) -> bool:
    """Whether start–end lies inside one open span of the day: never over a pause, a closing day or midnight."""
    return any(moment(on, a, zone) <= start and end <= moment(on, b, zone) for a, b in spans)


def slots_of(
    day: Day, minutes: int, capacity: int, holds: Sequence[Moments], *, zone: tzinfo, not_before: datetime
) -> list[Slot]:
    """Every slot of the day that begins at or after ``not_before``, full ones included (with ``free`` 0).

    ``holds`` are taken seats, one entry a seat. A seat counts as taken in a slot if it is held for any part of it.
    """
    found = []
    for first, last in day.open:
        at = first
        while at + minutes <= last:
            start, end = moment(day.on, at, zone), moment(day.on, at + minutes, zone)
            at += minutes
            if start < not_before:
                continue
            taken = sum(begins < end and start < ends for begins, ends in holds)
            found.append(Slot(start, end, max(0, capacity - taken)))
    return found


def words_of(spans: Sequence[Span]) -> str:
    """``9:00–12:00、14:00–18:00``; 休息 for none."""
    return "、".join(f"{clock(a)}–{clock(b)}" for a, b in spans) or "休息"


def clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
