"""Working days against the decrees, and the laws of adding."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.engines.workdays import BeyondCalendar, Calendar, DayKind, from_chinesecalendar, from_holiday_cn
from tests.shared import shared

CALENDAR = from_chinesecalendar()
days = st.dates(date(2004, 1, 1), date(2024, 12, 31))
counts = st.integers(0, 200)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday made up for the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),  # over the festival
        ("2026-02-27", 1, "2026-02-28"),  # another make-up Saturday
        ("2026-02-28", 1, "2026-03-02"),
        ("2026-02-18", 0, "2026-02-18"),  # nothing added, even from a holiday
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-28", 2, "2025-09-30"),  # a make-up Sunday is not counted as the start
        ("2025-03-07", 5, "2025-03-14"),
    ],
)
def test_days_of_the_decrees(day: str, count: int, expected: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), count) == date.fromisoformat(expected)


@given(days, counts)
def test_adding_agrees_with_counting(day: date, count: int) -> None:
    expected, left = day, count
    while left:
        expected += timedelta(days=1)
        left -= CALENDAR.is_workday(expected)
    assert CALENDAR.add(day, count) == expected
    assert CALENDAR.between(day, expected) == count


@given(days, counts, counts)
def test_adding_adds_up_and_is_monotone(day: date, a: int, b: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, a), b) == CALENDAR.add(day, a + b)
    assert CALENDAR.add(day, a) <= CALENDAR.add(day, a + b)
    assert CALENDAR.add(day, a) <= CALENDAR.add(day + timedelta(days=1), a)


@given(days)
def test_next_workday_is_the_first_not_before(day: date) -> None:
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    assert not any(CALENDAR.is_workday(day + timedelta(days=n)) for n in range((found - day).days))


def test_beyond_the_end_nothing_is_guessed() -> None:
    last = CALENDAR.through
    assert (last.month, last.day) == (12, 31)
    for ask in (
        lambda: CALENDAR.add(last, 1),
        lambda: CALENDAR.add(last - timedelta(days=30), 10**9),
        lambda: CALENDAR.is_workday(last + timedelta(days=1)),
        lambda: CALENDAR.add(last + timedelta(days=1), 0),
        lambda: CALENDAR.between(last, last + timedelta(days=1)),
        lambda: CALENDAR.is_workday(date(2003, 12, 31)),
    ):
        with pytest.raises(BeyondCalendar, match=str(last)):
            ask()
    assert CALENDAR.days_left(last - timedelta(days=60)) == 60


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="not taken away"):
        CALENDAR.add(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="before"):
        CALENDAR.between(date(2026, 1, 6), date(2026, 1, 5))
    with pytest.raises(ValueError, match="backwards"):
        Calendar("1", {}, date(2025, 1, 1), date(2025, 1, 2))
    with pytest.raises(ValueError, match="outside"):
        Calendar("1", {date(2026, 1, 1): DayKind.OFF}, date(2025, 12, 31))


def test_an_edit_is_a_new_version_and_leaves_the_old() -> None:
    day = date(2026, 6, 3)
    storm = CALENDAR.edited({day: DayKind.OFF}, "2026 年第 2 版")
    assert not storm.is_workday(day)
    assert CALENDAR.is_workday(day)
    assert storm.edited({day: None}, "2026 年第 3 版").is_workday(day)
    assert storm != CALENDAR and len({storm, CALENDAR}) == 2
    year = CALENDAR.through.year + 1
    longer = CALENDAR.edited({date(year, 1, 1): DayKind.OFF}, "下一年", date(year, 12, 31))
    assert longer.next_workday(date(year, 1, 1)) > date(year, 1, 1)
    with pytest.raises(TypeError):
        CALENDAR.days[day] = DayKind.OFF  # type: ignore[index]


def year_file(year: int, **marks: bool) -> dict[str, object]:
    return {"year": year, "days": [{"date": day.replace("_", "-")[1:], "isOffDay": off} for day, off in marks.items()]}


def test_year_files_are_read_and_checked() -> None:
    found = from_holiday_cn([year_file(2031, d2031_01_01=True, d2031_01_04=False, d2030_12_31=True), year_file(2032)])
    assert found.through == date(2032, 12, 31)
    assert not found.is_workday(date(2031, 1, 1))
    assert found.is_workday(date(2031, 1, 4))  # a Saturday
    for bad in ([], [year_file(2031), year_file(2033)], [{"year": 2031}], [{"year": "x", "days": []}], [[]]):
        with pytest.raises(ValueError, match="year"):
            from_holiday_cn(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="both"):
        from_holiday_cn([year_file(2031, d2032_01_02=True), year_file(2032, d2032_01_02=False)])


def test_both_sources_agree_on_every_day() -> None:
    files = sorted(shared("cn_holiday").glob("20*.json"))
    other = from_holiday_cn([json.loads(file.read_text(encoding="utf-8")) for file in files])
    day = other.since
    while day <= min(other.through, CALENDAR.through):
        assert other.is_workday(day) == CALENDAR.is_workday(day), day
        day += timedelta(days=1)
