"""Cells as values: what is mended, what is refused, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.foundation.people.masking import is_masked, mask_id, mask_phone, scrub, scrub_sentence
from jiamenkou.foundation.people.roster import values
from jiamenkou.foundation.people.roster.identity import (
    Unreadable,
    check_digit,
    parse_identity,
    read_number_cell,
    upgrade,
)
from jiamenkou.foundation.sheets import Cell

TODAY = date(2026, 11, 22)
GOOD = "32040219520329894" + check_digit("32040219520329894")


def number_for(region: str, born: date, serial: int) -> str:
    first17 = f"{region}{born:%Y%m%d}{serial:03d}"
    return first17 + check_digit(first17)


births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(number_for, st.integers(110000, 659999).map(str), births, st.integers(0, 999))


@given(numbers)
def test_a_number_is_the_same_however_it_is_written(number: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in number)
    spaced = f"{number[:6]} {number[6:14]}\u3000{number[14:]}\t"
    for written in (number, number.lower(), wide, spaced, f"'{number}", f"\u00a0{number} ", f"\u202d{number}\u202c"):
        identity = parse_identity(written, TODAY)
        assert identity.number == number
        assert identity.kind == "id_card"
        assert identity.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        assert identity.sex == ("男" if int(number[16]) % 2 else "女")


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, at: int, shift: int) -> None:
    digit = "X0123456789".index(number[at]) if at == 17 else int(number[at])
    wrong = (
        number[:at]
        + (str((digit + shift) % 10) if at < 17 else "0123456789X"[(digit + shift) % 11])
        + number[at + 1 :]
    )
    if wrong != number:
        with pytest.raises(Unreadable):
            parse_identity(wrong, TODAY)


@given(st.builds(number_for, st.just("320402"), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999)))
def test_fifteen_digits_become_eighteen(number: str) -> None:
    old = number[:6] + number[8:17]
    assert upgrade(old) == number
    assert parse_identity(old, TODAY).number == number


@pytest.mark.parametrize(
    ("written", "kind", "number"),
    [
        ("H50055503", "hk_macau", "H50055503"),
        ("m 41495497", "hk_macau", "M41495497"),
        ("24315060", "taiwan", "24315060"),
        ("E86555176", "passport", "E86555176"),
        ("EA1234567", "passport", "EA1234567"),
        ("911840195011131448", "permanent", "911840195011131448"),
        ("CAN110085030212", "permanent", "CAN110085030212"),
        ("810000198604040976", "id_card", "810000198604040976"),
    ],
)
def test_other_papers_pass(written: str, kind: str, number: str) -> None:
    identity = parse_identity(written, TODAY)
    assert (identity.kind, identity.number) == (kind, number)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (GOOD[:17], "17 位"),
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), "校验位"),
        ("320411197413090436", "出生日期不存在"),
        (number_for("320402", TODAY + timedelta(days=1), 1), "不可能"),
        ("3.20404E+17", "丢掉"),
        ("不详", "看不出"),
        ("12345", "看不出"),
    ],
)
def test_a_bad_number_says_why(written: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem) as caught:
        parse_identity(written, TODAY)
    assert written not in str(caught.value)


@pytest.mark.parametrize("cell", [3.20404197308255e17, 1e15, 320402195203298946.0])
def test_a_number_cell_of_sixteen_digits_has_lost_some(cell: float) -> None:
    with pytest.raises(Unreadable, match="丢掉"):
        read_number_cell(cell)


def test_a_number_cell_of_fifteen_digits_is_whole() -> None:
    assert read_number_cell(320404561228235.0) == "320404561228235"


@given(st.dates(date(1900, 1, 1), TODAY))
def test_a_date_is_the_same_however_it_is_written(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    written: list[Cell] = [
        day,
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{y}-{m:02d}-{d:02d}",
        f"{y}/{m}/{d}",
        f"{day:%Y%m%d}",
    ]
    written += [int(f"{day:%Y%m%d}"), f"{day} 00:00:00", f" {y}．{m}．{d} "]
    serial = (day - date(1899, 12, 30)).days
    if serial > 10_000:
        written += [float(serial), serial + 0.5, str(serial)]
    for cell in written:
        assert values.parse_birth_date(cell, TODAY) == day


@pytest.mark.parametrize(
    "cell",
    [
        "1990年13月5日",
        "1985-02-30",
        "2062-05-01",
        "1985",
        1985.0,
        "1985年3月",
        "去年",
        "85.3.2",
        -1.0,
        1e300,
        0.25,
        True,
    ],
)
def test_a_bad_date_is_an_error(cell: Cell) -> None:
    with pytest.raises(Unreadable):
        values.parse_birth_date(cell, TODAY)


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("138 0000 1234", ("13800001234",)),
        ("138-0000-1234", ("13800001234",)),
        ("+86 13800001234", ("13800001234",)),
        ("86-13800001234", ("13800001234",)),
        ("008613800001234", ("13800001234",)),
        ("１３８００００１２３４", ("13800001234",)),
        (13800001234.0, ("13800001234",)),
        ("0519 85719983", ("0519-85719983",)),
        ("(0519)85719983", ("0519-85719983",)),
        ("051985719983", ("0519-85719983",)),
        (51985719983.0, ("0519-85719983",)),
        ("010-88000000转12", ("010-88000000-12",)),
        ("13800001234/15200006970", ("13800001234", "15200006970")),
        ("13800001234 15200006970", ("13800001234", "15200006970")),
        ("0519-85719983、13800001234", ("13800001234", "0519-85719983")),
        ("13800001234；13800001234", ("13800001234",)),
        ("13800001234（儿子）", ("13800001234",)),
        ("+852 9123 0000", ("+852-91230000",)),
        ("无", ()),
        ("/", ()),
        ("—", ()),
        ("138****1234", None),
    ],
)
def test_phones(cell: Cell, phones: tuple[str, ...] | None) -> None:
    assert values.parse_phones(cell) == phones


@pytest.mark.parametrize(
    "cell",
    [
        "1780000452",
        "130000098567",
        "1810000l0O2",
        "12800001234",
        "85719983",
        "不详",
        "138****1234、15200006970",
        1.5,
        1e16,
    ],
)
def test_a_bad_phone_is_an_error(cell: Cell) -> None:
    with pytest.raises(Unreadable):
        values.parse_phones(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("董\u3000𬭎", "董𬭎"),
        (" 尹月英\t", "尹月英"),
        ("古力米热•艾合买提", "古力米热·艾合买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("JOHN  MILLER A", "JOHN MILLER A"),
        ("郭\u202e佳", "郭佳"),
        ("无", ""),
    ],
)
def test_names(cell: str, name: str) -> None:
    assert values.parse_name(cell) == name


def test_values_are_sets() -> None:
    assert (
        values.split_values("会计、烹饪") == values.split_values("烹饪;会计") == values.split_values("烹饪／会计，无")
    )
    assert values.grid_key("第 12 网格") == values.grid_key("第十二网格")
    assert values.door_key("building", "33幢") == values.door_key("building", "３３栋") == "33"


def test_choices() -> None:
    assert values.parse_employment("在业") == "在职"
    assert values.parse_level("2级") == "二级"
    assert values.parse_kinds("肢体残疾、视力") == ("肢体", "视力")
    for parse, text in (
        (values.parse_employment, "忙"),
        (values.parse_level, "五级"),
        (values.parse_kinds, "五级"),
        (values.parse_sex, "中"),
    ):
        with pytest.raises(Unreadable, match="只能填"):
            parse(text)


cells = st.one_of(
    st.none(), st.text(max_size=40), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.dates()
)


@given(cells)
def test_no_cell_makes_a_traceback(cell: Cell) -> None:
    for parse in (values.parse_name, values.parse_phones, lambda c: values.parse_birth_date(c, TODAY), values.as_text):
        try:
            parse(cell)
        except Unreadable as problem:
            assert 0 < len(str(problem)) <= 80


@given(st.text(max_size=30))
def test_no_text_makes_a_traceback_as_a_number(text: str) -> None:
    try:
        assert parse_identity(text, TODAY).number.isascii()
    except Unreadable as problem:
        assert str(problem)


# --- masking -------------------------------------------------------------------------------------------------------


def test_masks() -> None:
    assert mask_id("320402195203298515") == "3204**********8515"
    assert mask_id("E86555176") == "E8*****76"
    assert mask_phone("13800000000") == "138****0000"
    assert mask_phone("0519-85211214") == "0519-****1214"
    assert all(map(is_masked, ["3204**********8515", "138****0000", "0519-****1214", "E8*****76"]))
    assert not any(map(is_masked, ["", "*", "郭佳", "重要*"]))


@given(numbers, st.sampled_from(["", " ", "-", "\u3000"]))
def test_nothing_scrubbed_holds_a_number(number: str, apart: str) -> None:
    for secret in (number, "13800001234"):
        text = f"网格{secret[:6]}{apart}{secret[6:]}号"
        assert secret not in scrub(text).replace(" ", "").replace("-", "")
        assert secret not in scrub_sentence(text).replace(" ", "").replace("-", "")
    assert scrub("1985-02-30") == "1985-02-30"


def test_a_sentence_keeps_its_punctuation_and_loses_its_numbers() -> None:
    said = scrub_sentence("清单上没写，到了又要；打１３８００００１２３４，没人接！")
    assert said == "清单上没写，到了又要；打138****1234，没人接！"
