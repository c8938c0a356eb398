"""Reading keeps what a cell is: its kind, its place, and that it has no value."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from jiamenkou.foundation.sheets import Cell, Fault, Kind, Merge, Refused, kind_of, read
from tests.foundation.sheets.hostile import HEAD, TAIL, row, text_cell, workbook


def rows_of(path: Path) -> dict[int, list[Cell]]:
    return {row.number: row.cells for row in read(path).rows}


def test_kinds_places_and_merges_of_xlsx(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for reference, value in {
        "B3": "文",
        "C3": True,
        "D3": 1.5,
        "E3": date(1985, 3, 2),
        "F3": datetime(1985, 3, 2, 9, 30),
        "G3": "=1+1",
        "H3": "#N/A",
        "B6": "下",
    }.items():
        sheet[reference] = value
    sheet.row_dimensions[6].hidden = True
    sheet.merge_cells("B6:C8")
    path = tmp_path / "a.xls"  # the content decides, not the name
    book.save(path)
    read_sheet = read(path)
    assert read_sheet.merges == (Merge(6, 2, 8, 3),)
    rows = {row.number: row.cells for row in read_sheet.rows}
    day = date(1985, 3, 2)
    assert rows == {3: [None, "文", True, 1.5, day, day, Fault.FORMULA, Fault.ERROR], 6: [None, "下"]}
    assert [kind_of(cell) for cell in rows[3]] == [
        *(Kind.EMPTY, Kind.TEXT, Kind.BOOLEAN, Kind.NUMBER, Kind.DATE, Kind.DATE, Kind.FORMULA, Kind.ERROR)
    ]


def test_hours_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(
        [datetime(2026, 3, 10, 17, 30), datetime(2026, 3, 10), datetime(2026, 3, 10, 23, 59, 59, 999_000)]
    )
    path = tmp_path / "a.xlsx"
    book.save(path)
    [kept] = [row.cells for row in read(path, moments=True).rows]
    assert kept == [datetime(2026, 3, 10, 17, 30), date(2026, 3, 10), date(2026, 3, 11)]
    assert [type(cell) for cell in kept] == [datetime, date, date]
    assert [row.cells for row in read(path).rows] == [[date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 11)]]


def test_a_formula_that_says_nothing_has_said_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cells = (
        '<c r="A1" t="str"><f>IF(1,"")</f><v></v></c>',
        '<c r="B1"><f>1+1</f><v>2</v></c>',
        '<c r="C1" s="0"><f t="shared" si="0"/></c>',
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="E1"><v>1e999</v></c>',
        text_cell("F1", "姓名"),
    )
    path.write_bytes(workbook(HEAD + row(1, *cells) + TAIL))
    assert rows_of(path)[1][:4] == [None, 2.0, Fault.FORMULA, Fault.ERROR]
    assert rows_of(path)[1][4] in (Fault.ERROR, "1e999", None)


def test_prefixed_names_and_rows_without_numbers(tmp_path: Path) -> None:
    xml = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(xml))
    assert rows_of(path) == {1: ["姓名"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.xlsx"
    lines = [["姓名", "备注"], ["郭佳", '"两\n行"'], [], ['="0123"', "x"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert rows_of(path) == {1: ["姓名", "备注"], 2: ["郭佳", "两\n行"], 4: ["0123", "x"]}


def test_rows_stream_and_the_child_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 50_000)
    sheet = read(path)
    assert next(sheet.rows).number == 1
    assert sum(1 for _ in sheet.rows) == 49_999


def test_a_heading_that_occurs_nowhere_is_refused_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,性别\n".encode())
    assert rows_of(path) == {1: ["名称", "性别"]}
    with pytest.raises(Refused, match="姓名"):
        read(path, heading="姓名")
