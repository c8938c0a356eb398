"""From a sheet to people: the header, nobody-rows, merged cells, errors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiamenkou.foundation.people.roster import read_roster
from jiamenkou.foundation.people.roster.columns import COLUMNS
from jiamenkou.foundation.people.roster.identity import check_digit
from jiamenkou.foundation.sheets import Cell, Fault, Merge, Refused
from tests.foundation.people.sheets_by_hand import TODAY, roster_of

MAN = "32040219520329893" + check_digit("32040219520329893")


def test_every_name_of_every_column_is_known() -> None:
    for name, aliases in COLUMNS.items():
        for alias in (name, *aliases):
            for written in (alias, f"*{alias}", f" {alias[0]} {alias[1:]}（选填）\n(18位)", f"＊{alias}[见说明]"):
                headings = ["姓名", written] if name != "姓名" else [written]
                assert roster_of(headings, ["郭佳", "x"]).columns == list(dict.fromkeys(["姓名", name]))


def test_unknown_columns_are_listed_and_kept_on_request() -> None:
    rows = (["序号", "姓名", "民\n族", "年龄", ""], [1.0, "郭佳", "汉", Fault.FORMULA, "x"])
    roster = roster_of(*rows)
    assert roster.ignored == ["序号", "民 族", "年龄"]
    assert roster.rows[0].extra is None
    assert roster_of(*rows, keep_extra=True).rows[0].extra == {"民 族": "汉"}


def test_the_header_may_stand_below_titles() -> None:
    roster = roster_of(["登记表（姓名）"], [], ["填报单位"], ["备注", "姓名", "生日"], ["", "郭佳", "1959.3.22"])
    assert [(row.row, row.facts.name, row.facts.birth_date) for row in roster.rows] == [(5, "郭佳", date(1959, 3, 22))]


def test_two_header_rows_with_a_group_of_the_head() -> None:
    roster = roster_of(
        ["户主", None, "本人", None, "手机号"],
        ["姓名", "身份证号", "姓名", "身份证号", None],
        ["郭佳", MAN, "任静", None, "13800001234"],
        merges=[Merge(1, 1, 1, 2), Merge(1, 3, 1, 4), Merge(1, 5, 2, 5)],
    )
    facts = roster.rows[0].facts
    assert (facts.name, facts.number, facts.head_number, facts.phones) == ("任静", None, MAN, ("13800001234",))
    assert roster.ignored == ["户主姓名"]


@pytest.mark.parametrize("rows", [(["名称"], ["郭佳"]), ([],) * 8 + (["姓名"], ["郭佳"]), (["姓名", "性别"],)])
def test_no_header_or_nobody_is_refused(rows: tuple[list[str], ...]) -> None:
    with pytest.raises(Refused):
        roster_of(*rows)


def test_rows_that_are_nobody() -> None:
    roster = roster_of(
        ["序号", "姓名", "性别", "备注"],
        [1.0, "郭佳", "男"],
        [2.0],
        [None, " ", "\u3000"],
        ["合 计", "共1人"],
        [None, "总计：1"],
        [3.0, None, None, None],
        ["序号", "姓 名", "性别", "备注"],
        ["填表人：     审核人："],
        [None, "填表人：王丽"],
        ["说明", None],
        [4.0, None, "女"],
        [5.0, "合欢"],
    )
    assert [row.row for row in roster.rows] == [2, 12, 13]
    assert [error.column for error in roster.rows[1].errors] == ["姓名"]


def test_merged_cells_are_filled_down_and_blanks_are_not() -> None:
    roster = roster_of(
        ["姓名", "居住地址", "网格"],
        ["郭佳", "兰翔二村20幢", "第三网格"],
        ["任静"],
        [None, None, None],
        ["许生"],
        merges=[Merge(2, 2, 4, 2)],
    )
    assert [(row.facts.address, row.facts.grid) for row in roster.rows] == [
        ("兰翔二村20幢", "第三网格"),
        ("兰翔二村20幢", None),
        (None, None),
    ]


def test_masked_and_empty_cells_say_nothing() -> None:
    roster = roster_of(
        ["编号", "姓名", "身份证号", "手机号", "技能", "备注"],
        ["R12", "郭佳", "3204**********8515", "138****1234", "无", "—"],
    )
    row = roster.rows[0]
    assert row.code == "R12"
    assert not row.errors
    assert (row.facts.number, row.facts.phones, row.facts.skills, row.facts.note) == (None, (), (), None)
    assert roster.ignored == []


def test_a_running_number_called_code_is_not_ours() -> None:
    roster = roster_of(["编号", "姓名"], [1.0, "郭佳"])
    assert roster.rows[0].code is None
    assert roster.ignored == ["编号"]


def test_both_phone_columns_are_read() -> None:
    roster = roster_of(["姓名", "手机号", "联系电话"], ["郭佳", "13800001234", "0519-85719983"])
    assert roster.rows[0].facts.phones == ("13800001234", "0519-85719983")


def test_birth_date_and_sex_come_from_the_number_or_must_agree() -> None:
    roster = roster_of(
        ["姓名", "身份证号", "性别", "出生日期"],
        ["郭佳", MAN],
        ["任静", MAN, "女", "1959-03-22"],
    )
    first, second = roster.rows
    assert (first.facts.sex, first.facts.birth_date) == ("男", date(1952, 3, 29))
    assert [(error.column, error.problem) for error in second.errors] == [
        ("出生日期", "与身份证号里的出生日期不一致"),
        ("性别", "与身份证号里的性别不一致"),
    ]


def test_faults_count_only_in_known_columns() -> None:
    roster = roster_of(["姓名", "备注", "年龄"], ["郭佳", Fault.FORMULA, Fault.FORMULA], ["任静", Fault.ERROR, None])
    assert [(error.row, error.column) for row in roster.rows for error in row.errors] == [(2, "备注"), (3, "备注")]


def test_what_is_too_long_is_an_error() -> None:
    roster = roster_of(["姓名", "备注", "技能"], ["郭" * 61, "长" * 501, "技" * 61])
    assert [error.column for error in roster.rows[0].errors] == ["姓名", "备注", "技能"]


def test_an_edit_takes_the_place_of_a_cell() -> None:
    rows = (["姓名", "手机号"], ["郭佳", "1380000"])
    assert roster_of(*rows).rows[0].errors
    edited = roster_of(*rows, edits={(2, "手机号"): "13800001234"})
    assert not edited.rows[0].errors
    assert edited.rows[0].facts.phones == ("13800001234",)


def test_the_report_never_shows_a_full_number() -> None:
    roster = roster_of(
        ["姓名", "身份证号", "手机号", "残疾等级"],
        ["郭佳", MAN[:17], "1380000123x", f"听力 {MAN}"],
        ["任静", float(MAN), "13800001234x", "13800001234"],
    )
    shown = "".join(error.value for row in roster.rows for error in row.errors)
    assert "1380000" not in shown
    assert MAN[:12] not in shown
    assert len([error for row in roster.rows for error in row.errors]) == 6


@pytest.mark.parametrize("cell", ["3", 3, 3.0, " 12 "])
def test_a_running_number_that_slipped_under_the_name_is_nobody(cell: Cell) -> None:
    roster = roster_of(["姓名", "手机号"], [cell, None], ["苏映禾", None])
    assert [row.facts.name for row in roster.rows] == ["苏映禾"]


def test_a_control_character_of_an_old_system_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "老系统.csv"
    path.write_bytes("姓名,备注\n苏\x07映禾,每周\u202e回访\n".encode() + b"\x1a")
    rows = read_roster(path, TODAY).rows
    assert [row.facts.name for row in rows] == ["苏映禾"]
    path.write_bytes("姓名\n苏映\0禾\n".encode())
    with pytest.raises(Refused):
        read_roster(path, TODAY)
