"""A year's holidays as people have them: a sheet copied from the notice, or the usual JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.models import CalendarVersion
from jiamenkou.foundation.cases.yearfile import document_of, write_template
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets.tables import normalise_heading
from tests.foundation.cases.make import Office

HEAD = ("从哪天", "到哪天", "休或班", "什么节")


def book(folder: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> Path:
    workbook, path = Workbook(), folder / "year.xlsx"
    sheet = workbook.worksheets[0]
    sheet.append(["2027年放假安排"])
    for row in (head, *rows):
        sheet.append(row)
    workbook.save(path)
    return path


def test_a_sheet_says_spans_and_days(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        (date(2027, 1, 1), None, "放假", "元旦"),
        ("2027年2月5日（周五）", "2027/2/7", "休", "春节"),
        ("20270221", "", "上班", ""),
    )
    assert document_of(path) == {
        "year": 2027,
        "days": [
            {"date": "2027-01-01", "isOffDay": True},
            {"date": "2027-02-05", "isOffDay": True},
            {"date": "2027-02-06", "isOffDay": True},
            {"date": "2027-02-07", "isOffDay": True},
            {"date": "2027-02-21", "isOffDay": False},
        ],
    }


def test_a_csv_and_the_json_of_others(tmp_path: Path) -> None:
    table, text = tmp_path / "year.csv", tmp_path / "year.json"
    table.write_text("日期,怎么算\n2027-05-01,休\n2027-05-08,班\n", encoding="gb18030")
    known = {
        "year": 2027,
        "days": [{"date": "2027-05-01", "isOffDay": True}, {"date": "2027-05-08", "isOffDay": False}],
    }
    text.write_text("\ufeff" + json.dumps(known), encoding="utf-8")
    assert document_of(table) == known == document_of(text)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("2027-13-01", "", "休", "")], "第 3 行：日期“2027-13-01”看不懂"),
        ([("明天", "", "休", "")], "看不懂"),
        ([("2027-01-01", "", "也许", "")], "第 3 行：“也许”看不懂"),
        ([("2027-02-10", "2027-02-05", "休", "")], "不像一个假期"),
        ([("2027-02-10", "2027-12-05", "休", "")], "不像一个假期"),
        ([("2027-01-01", "", "休", ""), ("2027-01-02", "", "休", ""), ("2029-10-01", "", "休", "")], "一次导入一年"),
        ([], "一天都没有"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, rows: list[tuple[str, ...]], said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        document_of(book(tmp_path, *rows))
    assert caught.value.field == "file"


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 9000, b"PK\x03\x04nothing", b"\x00" * 50, b"x" * 300_000])
def test_files_that_are_none_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)
    with pytest.raises(Refused):
        document_of(path)


def test_the_template_has_the_columns_that_are_read(tmp_path: Path) -> None:
    target = BytesIO()
    write_template(target)
    sheet = load_workbook(BytesIO(target.getvalue())).worksheets[0]
    assert tuple(normalise_heading(cell.value) for cell in sheet[1]) == HEAD


def test_the_page_takes_it_and_open_cases_are_reckoned_anew(
    office: Office, client_for: Callable[[Any], Any], tmp_path: Path
) -> None:
    desk = client_for(office.lead.account)
    through = clocks.calendar().through
    year = through.year + 1
    assert "/desk/cases/calendar/template/" in desk.get("/desk/cases/calendar/").content.decode()
    with book(tmp_path, (date(year, 5, 1), date(year, 5, 3), "休", "劳动节"), (date(year, 5, 8), None, "班", "")).open(
        "rb"
    ) as file:
        answer = desk.post("/desk/cases/calendar/", {"file": file})
    assert answer.status_code == 302
    assert clocks.calendar().through == date(year, 12, 31) and CalendarVersion.objects.count() == 1
    assert not clocks.calendar().is_workday(date(year, 5, 3))
    with book(tmp_path, ("下周", None, "休", "")).open("rb") as file:
        refused = desk.post("/desk/cases/calendar/", {"file": file})
    assert refused.status_code == 422 and "第 3 行" in refused.content.decode()
    assert CalendarVersion.objects.count() == 1
