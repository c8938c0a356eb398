"""Opening hours and slots, against a brute-force reading minute by minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.foundation.bookings.slots import Day, fits, moment, slots_of, words_of

ZONE = ZoneInfo("Asia/Shanghai")
ON = date(2026, 11, 30)
minute = st.integers(0, 288).map(lambda n: n * 5)
span = st.tuples(minute, minute).map(sorted).filter(lambda s: s[0] < s[1]).map(tuple)
holds = st.lists(span, max_size=8)


@given(st.lists(span, max_size=4), holds, st.sampled_from([15, 30, 60]), st.integers(1, 3))
def test_slots_are_what_a_minute_by_minute_reading_finds(
    weekly: list[tuple[int, int]], held: list[tuple[int, int]], length: int, capacity: int
) -> None:
    day = Day(ON, weekly)
    moments = [(moment(ON, a, ZONE), moment(ON, b, ZONE)) for a, b in held]
    found = slots_of(day, length, capacity, moments, zone=ZONE, not_before=moment(ON, 0, ZONE))
    open_minutes = {m for a, b in weekly for m in range(a, b)}
    for slot in found:
        first = int((slot.start - moment(ON, 0, ZONE)).total_seconds()) // 60
        inside = range(first, first + length)
        assert all(m in open_minutes for m in inside)
        taken = sum(any(a <= m < b for m in inside) for a, b in held)
        assert slot.free == max(0, capacity - taken)
    covered = {m for slot in found for m in range(_minute(slot.start), _minute(slot.start) + length)}
    for a, b in day.open:
        assert len(covered & set(range(a, b))) == (b - a) // length * length


def _minute(at: datetime) -> int:
    return int((at - moment(ON, 0, ZONE)).total_seconds()) // 60


@given(span, span)
def test_an_exception_replaces_the_week_and_closed_closes(weekly: tuple[int, int], other: tuple[int, int]) -> None:
    assert Day(ON, [weekly], [other]).open == [other]
    assert Day(ON, [weekly], [None]).open == []
    assert Day(ON, [weekly], [other, None]).open == []


def test_a_booking_never_crosses_a_pause_or_midnight() -> None:
    spans = Day(ON, [(540, 720), (840, 1440)]).open
    at = lambda m: moment(ON, m, ZONE)  # noqa: E731
    assert fits(spans, at(540), at(720), ON, ZONE)
    assert fits(spans, at(1380), at(1440), ON, ZONE)
    assert not fits(spans, at(690), at(870), ON, ZONE)
    assert not fits(spans, at(1410), at(1440) + timedelta(minutes=30), ON, ZONE)


def test_words() -> None:
    assert words_of(Day(ON, [(840, 1080), (540, 720), (720, 750)]).open) == "9:00–12:30、14:00–18:00"
    assert words_of([]) == "休息"
