"""Do the hours of a post fit into the free time of a week?

What is not stated can only refuse where no way of filling it in would fit:
hours without days need one day that fits, days without hours need some free
time on each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jiamenkou.engines.matching.model import EVERY_DAY, MINUTES_A_DAY, Opening, Window

DAY_NAMES = "一二三四五六日"
# a probe (lo, hi) is covered by a span when span.start <= lo and span.end >= hi
ANY_TIME = (2 * MINUTES_A_DAY, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Free time that touches one day, in minutes after its midnight; ``end`` may lie on the next day."""

    start: int
    end: int
    since: str
    until: str

    def covers(self, probe: tuple[int, int]) -> bool:
        return self.start <= probe[0] and self.end >= probe[1]


Week = tuple[tuple[Span, ...], ...]


@lru_cache(maxsize=65536)
def week(windows: tuple[Window, ...]) -> Week:
    """Seven tuples of spans, Monday first: windows that touch or overlap are one. No windows: free all week."""
    if not windows:
        return ((Span(0, 2 * MINUTES_A_DAY, "", ""),),) * 7
    whole = 7 * MINUTES_A_DAY
    # the week is a circle: laid out three times, the middle one sees both its neighbours
    laid = sorted(
        (
            Span(midnight + w.start, midnight + _end(w.start, w.end), w.since, w.until)
            for w in windows
            for day in range(7)
            if w.days >> day & 1
            for midnight in (day * MINUTES_A_DAY - whole, day * MINUTES_A_DAY, day * MINUTES_A_DAY + whole)
        ),
        key=lambda span: (span.start, span.end),
    )
    merged = [laid[0]]
    for span in laid[1:]:
        last = merged[-1]
        if span.start > last.end:
            merged.append(span)
        elif span.end > last.end:
            merged[-1] = Span(last.start, span.end, last.since, span.until)
    return tuple(
        tuple(
            Span(max(0, s.start - midnight), min(s.end - midnight, 2 * MINUTES_A_DAY), s.since, s.until)
            for s in merged
            if s.start < midnight + MINUTES_A_DAY and s.end > midnight
        )
        for midnight in range(0, whole, MINUTES_A_DAY)
    )


@dataclass(frozen=True, slots=True)
class Shift:
    """What is known of a post's hours: any of ``probes`` must be covered, on every day or on one.

    ``days`` is never empty; ``every`` is false when the days were not stated.
    """

    days: int
    every: bool
    probes: tuple[tuple[int, int], ...]
    known: bool

    def fits_on(self, spans: tuple[Span, ...]) -> bool:
        return any(span.covers(probe) for span in spans for probe in self.probes)

    def fits(self, free: Week) -> bool:
        on_days = (self.fits_on(free[day]) for day in range(7) if self.days >> day & 1)
        return all(on_days) if self.every else any(on_days)


def shift(opening: Opening) -> Shift:
    """The hours of an opening as far as they are stated."""
    return _shift(opening.days, opening.start, opening.end)


@lru_cache(maxsize=65536)
def fits(hours: Shift, windows: tuple[Window, ...]) -> bool:
    """Whether the hours lie in the windows; a city has few shifts and few weeks."""
    return hours.fits(week(windows))


@lru_cache(maxsize=65536)
def _shift(days: int | None, start: int | None, end: int | None) -> Shift:
    if start is not None and end is not None:
        probes: tuple[tuple[int, int], ...] = ((start, _end(start, end)),)
    elif start is not None:
        probes = ((start, start + 1),)
    elif end is not None:
        # the end alone may be this evening's or tomorrow morning's
        late = end or MINUTES_A_DAY
        probes = ((late - 1, late), (end + MINUTES_A_DAY - 1, end + MINUTES_A_DAY))
    else:
        probes = (ANY_TIME,)
    return Shift(
        days=EVERY_DAY if days is None else days,
        every=days is not None,
        probes=probes,
        known=days is not None and start is not None and end is not None,
    )


def minutes_a_week(opening: Opening) -> int | None:
    """Paid minutes a week, or None where days or hours are not stated."""
    a_day = minutes_a_shift(opening)
    return None if a_day is None or opening.days is None else a_day * opening.days.bit_count()


def minutes_a_shift(opening: Opening) -> int | None:
    if opening.start is None or opening.end is None:
        return None
    return max(_end(opening.start, opening.end) - opening.start - opening.break_min, 1)


def shortfall(hours: Shift, free: Week) -> str:
    """Why the hours do not fit, in a few words; call it only when they do not."""
    days = [day for day in range(7) if hours.days >> day & 1]
    off = [day for day in days if not free[day]]
    if off and hours.every:
        names = "、".join("周" + DAY_NAMES[day] for day in off)
        return f"{names}要上班，您没空"
    misses = [
        miss
        for day in days
        if not hours.fits_on(free[day])
        for miss in [min((_miss(span, probe) for span in free[day] for probe in hours.probes), default=None)]
        if miss is not None
    ]
    # with stated days all must fit, so the worst counts; without, the best day would be chosen
    return (max if hours.every else min)(misses)[1]


def _miss(span: Span, probe: tuple[int, int]) -> tuple[int, str]:
    early, late = max(span.start - probe[0], 0), max(probe[1] - span.end, 0)
    if late >= early:
        words = f"差 {late} 分钟，赶不上{span.until}" if span.until else f"下班晚 {late} 分钟，您没空"
    else:
        words = f"差 {early} 分钟，来不及{span.since}" if span.since else f"上班早 {early} 分钟，您没空"
    return early + late, words


def _end(start: int, end: int) -> int:
    return end if end > start else end + MINUTES_A_DAY
