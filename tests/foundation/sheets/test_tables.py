"""Lists from a sheet: where the header is, what a cell says, and that a broken formula stays broken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from jiamenkou.foundation.sheets import Refused
from jiamenkou.foundation.sheets.tables import MOST_ROWS, Plan, Problem, Table, Values, checked, restored

HEADINGS = {"what": "东西", "count": "数量", "day": "日期", "new": "全新"}
TABLE = Table(HEADINGS, (("what", "count"), ("day",)), "表里没有东西。", {"what": ("物品", "品名")})


def sheet(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def check(values: Values) -> tuple[int, list[Problem]]:
    count = values.get("count", "")
    return int(count) if count.isdecimal() else 0, [] if count.isdecimal() else [("count", "写数字。")]


def test_a_row_is_text_under_our_names_with_the_number_it_has_in_the_sheet(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["仓库盘点"],
        ["品名*", "数量（个）", "日期", "全新", "谁点的", ""],
        [" 雨伞 ", 12.0, date(2026, 3, 4), True],
        [None, "  "],
        ["梯子", 1.5, "随便", False, "邻居"],
    )
    rows, ignored = TABLE.read(path)
    assert rows == [
        (3, {"what": "雨伞", "count": "12", "day": "2026-03-04", "new": "是"}),
        (5, {"what": "梯子", "count": "1.5", "day": "随便", "new": "否"}),
    ]
    assert ignored == ["谁点的"]


def test_bad_cells_are_named_without_anybodys_number_and_a_look_comes_back_the_same() -> None:
    rows = checked([(3, {"count": "打 13800001234"}), (4, {"count": "7"})], HEADINGS, check)
    plan = Plan(rows)
    assert [(row.number, row.meant) for row in plan.good] == [(4, 7)]
    assert [(f.column, f.value, f.problem) for row in plan.bad for f in row.faults] == [
        ("数量", "打 138****1234", "写数字。")
    ]
    assert checked(restored(json.loads(json.dumps(plan.stored))), HEADINGS, check) == rows


def test_a_formula_without_a_result_is_bad_before_and_after_it_was_kept(tmp_path: Path) -> None:
    rows, _ignored = TABLE.read(sheet(tmp_path, ["东西", "日期", "数量"], ["雨伞", "=1/0", 3]))
    first = checked(rows, HEADINGS, check)
    assert [(f.field, f.value) for f in first[0].faults] == [("day", "")]
    assert "公式" in first[0].faults[0].problem
    assert checked(restored(Plan(first).stored), HEADINGS, check) == first


def test_what_is_no_such_list_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for rows, said in (
        ([["东西", "数量"], ["雨伞", 1]], "“东西”和“日期”两列"),
        ([["日期", "全新"]], "“东西”和“日期”两列"),
        ([*([["说明"]] * 8), ["东西", "日期"], ["雨伞", "今天"]], "前 8 行"),
        ([["东西", "日期"]], "表里没有东西。"),
        ([["东西", "日期"], *([["雨伞", "今天"]] * (MOST_ROWS + 1))], "最多导入 2,000 行"),
    ):
        with pytest.raises(Refused) as refused:
            TABLE.read(sheet(tmp_path, *rows))
        assert said in refused.value.message
