"""Working minutes against counting them, and the laws of deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.engines.workdays import CHINA, BeyondCalendar, OfficeHours, WorkClock, from_chinesecalendar

CLOCK = WorkClock(from_chinesecalendar())
# around the National Day of 2025 with its make-up Sunday and Saturday, to the second
moments = st.integers(0, 40 * 86_400).map(lambda s: datetime(2025, 9, 15, tzinfo=CHINA) + timedelta(seconds=s))
minutes = st.integers(0, 4000)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2025-09-15 09:00", 180, "2025-09-15 12:00"),  # a span used up ends at its closing
        ("2025-09-15 09:00", 181, "2025-09-15 14:01"),
        ("2025-09-15 12:30", 0, "2025-09-15 14:00"),  # outside hours: the next opening
        ("2025-09-15 18:00", 0, "2025-09-16 09:00"),
        ("2025-10-01 10:00", 10, "2025-10-09 09:10"),
        ("2025-09-30 17:20", 20, "2025-10-09 09:10"),
        ("2025-09-27 10:00", 1, "2025-09-28 09:01"),  # Saturday off, Sunday made up
        ("2025-09-15 17:30", 0, "2025-09-15 17:30"),
    ],
)
def test_deadlines(start: str, count: int, due: str) -> None:
    assert CLOCK.add_minutes(at(start), count) == at(due)


@given(moments, st.integers(0, 900))
def test_adding_agrees_with_counting_minutes(start: datetime, count: int) -> None:
    """Minute by minute: each one counts if it begins inside office hours of a working day."""
    moment = start.replace(second=0)
    left = count
    while left:
        of_day = moment.hour * 60 + moment.minute
        left -= CLOCK.calendar.is_workday(moment.date()) and any(a <= of_day < b for a, b in CLOCK.hours.spans)
        moment += timedelta(minutes=1)
    due = CLOCK.add_minutes(start.replace(second=0), count)
    assert due == moment or count == 0
    assert CLOCK.working_minutes(start.replace(second=0), due) == count


@given(moments, minutes, minutes, st.integers(0, 10**6))
def test_due_is_open_adds_up_and_is_monotone(start: datetime, a: int, b: int, later: int) -> None:
    due = CLOCK.add_minutes(start, a)
    assert CLOCK.is_open(due) and due >= start
    assert CLOCK.add_minutes(due, b) == CLOCK.add_minutes(start, a + b)
    assert due <= CLOCK.add_minutes(start, a + b)
    assert due <= CLOCK.add_minutes(start + timedelta(seconds=later), a)


@given(moments, st.integers(1, 3000), moments, moments)
def test_a_pause_moves_a_deadline_by_its_working_time(
    start: datetime, count: int, one: datetime, two: datetime
) -> None:
    due = CLOCK.add_minutes(start, count)
    begin, end = (max(moment.replace(second=0), start) for moment in sorted((one, two)))
    paused = CLOCK.add_minutes(start, count, [(begin, end)])
    if begin >= due:
        assert paused == due
    elif start.second == 0:
        assert paused == CLOCK.add_minutes(due, CLOCK.working_minutes(begin, end))
    assert paused == CLOCK.add_minutes(start, count, [(begin, end), (begin, end), (start, start)])


@given(moments, st.integers(1, 2000), st.lists(st.tuples(moments, moments), max_size=4))
def test_pauses_in_any_order_and_overlap(start: datetime, count: int, pairs: list[tuple[datetime, datetime]]) -> None:
    pauses = [(min(pair), max(pair)) for pair in pairs]
    due = CLOCK.add_minutes(start, count, pauses)
    assert due == CLOCK.add_minutes(start, count, pauses[::-1])
    # walk the line: time counts outside every pause
    edges = sorted({start, due, *(edge for pause in pauses for edge in pause if start < edge < due)})
    worked = sum(
        (CLOCK._place(b) - CLOCK._place(a))
        for a, b in pairwise(edges)
        if not any(first <= a and b <= last for first, last in pauses)
    )
    assert worked == count * 60_000_000


def test_other_time_zones_and_bad_values() -> None:
    assert CLOCK.add_minutes(datetime(2025, 9, 15, 1, 0, tzinfo=UTC), 60) == at("2025-09-15 10:00")
    with pytest.raises(ValueError, match="time zone"):
        CLOCK.add_minutes(datetime(2025, 9, 15), 1)
    with pytest.raises(ValueError, match="not taken away"):
        CLOCK.add_minutes(at("2025-09-15 09:00"), -1)
    with pytest.raises(ValueError, match="before"):
        CLOCK.working_minutes(at("2025-09-15 09:00"), at("2025-09-14 09:00"))
    with pytest.raises(ValueError, match="backwards"):
        CLOCK.add_minutes(at("2025-09-15 09:00"), 1, [(at("2025-09-16 09:00"), at("2025-09-15 09:00"))])
    for spans in ((), ((540, 540),), ((540, 720), (700, 800)), ((-1, 5),), ((0, 1441),)):
        with pytest.raises(ValueError, match="office hours"):
            OfficeHours(spans)
    with pytest.raises(BeyondCalendar):
        CLOCK.add_minutes(datetime(CLOCK.calendar.through.year, 12, 31, 17, tzinfo=CHINA), 600)
