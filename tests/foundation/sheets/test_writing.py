"""What we write stays what it was: text is text, days are days, and every page says who took it."""

from __future__ import annotations

import io
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jiamenkou.foundation.people.roster import read_roster
from jiamenkou.foundation.people.roster.columns import COLUMNS
from jiamenkou.foundation.people.roster.template import write_template
from jiamenkou.foundation.sheets import Refused
from jiamenkou.foundation.sheets.writing import Column, Value, Watermark, WorkbookWriter, safe_text


def written(rows: list[list[Value]], watermark: Watermark | None = None) -> io.BytesIO:
    target = io.BytesIO()
    writer = WorkbookWriter(watermark)
    assert writer.sheet("居民", [Column("甲", width=30), Column("乙")], rows) == len(rows)
    writer.save(target)
    target.seek(0)
    return target


@given(st.lists(st.tuples(st.sampled_from(["", *"=+-@\t\r＝＋－＠"]), st.text(max_size=20)), min_size=1, max_size=10))
def test_text_never_becomes_a_formula(texts: list[tuple[str, str]]) -> None:
    values = [head + tail for head, tail in texts]
    sheet = load_workbook(written([[value] for value in values])).worksheets[0]
    for value, (cell,) in zip(values, sheet.iter_rows(min_row=2, max_col=1), strict=True):
        assert cell.data_type in ("s", "inlineStr", "n")
        kept = safe_text(value).replace("\r\n", "\n").replace("\r", "\n")
        assert (cell.value or "").replace("_x000D_", "\n").replace("\r", "\n") == kept or "_x" in kept
        if kept and kept[0] in "=+-@＝＋－＠":
            assert cell.quotePrefix


def test_days_numbers_and_looks() -> None:
    book = load_workbook(written([[date(1985, 3, 2), 320402195203298946], [datetime(2026, 11, 22, 9), 1.5]]))
    sheet = book.worksheets[0]
    assert sheet["A2"].value == datetime(1985, 3, 2)
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    assert sheet["B2"].value == "320402195203298946"
    assert sheet["B3"].value == 1.5
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet["A1"].font.bold


def test_an_export_says_who_took_it() -> None:
    mark = Watermark("王丽&李", datetime(2026, 11, 22, 9, 5), "E17")
    book = load_workbook(written([["a", "b"]], mark))
    assert book.sheetnames == ["居民", "导出说明"]
    assert [cell.value for cell in book["导出说明"]["B"]] == ["王丽&李", "2026-11-22 09:05", "E17"]
    for sheet in book.worksheets:
        assert "王丽" in sheet.oddHeader.center.text
        assert "E17" in sheet.oddFooter.left.text


def test_the_template_lists_columns_and_values_and_imports_nobody(tmp_path: object) -> None:
    target = io.BytesIO()
    write_template(target, ["东网格", "西网格"])
    book = load_workbook(target)
    assert [cell.value for cell in book.worksheets[0][1]] == ["*姓名", *list(COLUMNS)[1:]]
    values = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["取值"].columns}
    assert values["网格"] == ["东网格", "西网格"]
    assert values["残疾等级"] == ["一级", "二级", "三级", "四级"]
    assert "失业" in values["就业状态"]
    lists = {
        str(rule.sqref).split("2")[0]: rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation
    }
    assert lists["H"] == "'取值'!$B$2:$B$3"
    assert "R" not in lists  # 残疾类别 holds several values
    path = tmp_path / "t.xlsx"  # type: ignore[operator]
    path.write_bytes(target.getvalue())
    try:
        read_roster(path, date(2026, 11, 22))
    except Refused as refusal:
        assert "没有任何人" in refusal.message
    else:
        raise AssertionError("the template holds somebody")
