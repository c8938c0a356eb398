"""Money, days and times as the files write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.engines.statement.cells import clock, fen, moment, serial

AMOUNTS = st.integers(-(10**12), 10**12)


@given(AMOUNTS, st.booleans(), st.sampled_from(["", "¥", "￥"]), st.sampled_from(["", " ", "元"]))
def test_an_amount_survives_the_ways_files_write_it(amount: int, comma: bool, sign: str, tail: str) -> None:
    digits = f"{abs(amount) // 100:,}" if comma else str(abs(amount) // 100)
    text = f"{'-' if amount < 0 else ''}{sign}{digits}.{abs(amount) % 100:02d}{tail}"
    assert fen(text) == amount


@given(AMOUNTS)
def test_the_binary_float_of_a_workbook_is_the_same_amount(amount: int) -> None:
    assert fen(repr(round(amount / 100, 6))) == amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+4,800.00", 480000),
        ("¥-12.5", -1250),
        ("-¥12.5", -1250),
        ("(3.00)", -300),
        ("１２．３０", 1230),
        ("5", 500),
        (".5", 50),
        ("32.990000000000002", 3299),
        ("1.005", None),
        ("12a", None),
        ("--", None),
        ("", None),
        ("1,23", None),
        ("2025-01-03", None),
        ("6222****0001", None),
        ("1e9", None),
        ("99999999999999999999", None),
    ],
)
def test_what_is_an_amount_and_what_is_none(text: str, value: int | None) -> None:
    assert fen(text) == value


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("2025-01-03", date(2025, 1, 3), None),
        ("2025/1/3  09:40:03", date(2025, 1, 3), time(9, 40, 3)),
        ("20250103", date(2025, 1, 3), None),
        ("2025年1月3日", date(2025, 1, 3), None),
        ("2025.1.3 9:40", date(2025, 1, 3), time(9, 40)),
        ("20250103094003", date(2025, 1, 3), time(9, 40, 3)),
        ("2025-01-03 09:40:03", date(2025, 1, 3), time(9, 40, 3)),
    ],
)
def test_days_and_times(text: str, day: date, hour: time | None) -> None:
    assert moment(text) == (day, hour)


@pytest.mark.parametrize("text", ["2025-02-30", "20251301", "1889-01-01", "12345678901", "合计", "", "3.5", "2025-01"])
def test_what_is_no_day(text: str) -> None:
    assert moment(text) is None


def test_packed_times_and_the_serials_of_sheets() -> None:
    assert clock("94003") == time(9, 40, 3)
    assert clock("246000") is None
    assert serial("45660.5") == (date(2025, 1, 3), time(12))
    assert serial("45660") == (date(2025, 1, 3), None)
    assert serial("20250103") is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers_of_cells(text: str) -> None:
    fen(text)
    moment(text)
    clock(text)
    serial(text)
