"""Sheets out: whatever people typed stays text, and every export says who took it and when.

openpyxl in write-only mode stands behind it and nowhere else in the house.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from os import PathLike
from typing import Any, BinaryIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

Value = str | int | float | bool | date | datetime | time | None

_LEADING = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet could take for a formula (CWE-1236)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST = 32_767
_HEADER_FILL = PatternFill("solid", fgColor="FFE8EEF4")
_TITLE = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a written sheet. ``width`` in characters; ``values`` become a drop-down list unless ``many``."""

    heading: str
    width: float = 14
    values: Sequence[str] = ()
    note: str = ""  # how to fill it in, for a template
    example: str = ""
    required: bool = False
    many: bool = False  # several values in one cell: a drop-down would forbid them
    as_text: bool = False  # the whole column is text, so that typed numbers keep all their digits


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who took an export, when, and the number under which it is logged."""

    who: str
    when: datetime
    export_id: str

    @property
    def line(self) -> str:
        return f"{self.who} {self.when:%Y-%m-%d %H:%M} 导出，编号 {self.export_id}，内部资料，请勿外传"


class WorkbookWriter:
    """Writes one workbook, sheet after sheet, row after row; memory does not grow with the rows.

    >>> writer = WorkbookWriter(Watermark("王丽", datetime(2026, 11, 22, 9), "E17"))
    >>> writer.sheet("居民", [Column("姓名"), Column("出生日期")], [("郭佳", date(1959, 3, 22))])
    1
    """

    def __init__(self, watermark: Watermark | None = None) -> None:
        self._book = Workbook(write_only=True)
        self._watermark = watermark
        self._lists: dict[str, Sequence[str]] = {}

    def sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]] = ()) -> int:
        """Add a sheet with a styled, frozen header and a filter. Returns the number of rows written."""
        sheet = self._book.create_sheet(safe_title(title))
        sheet.freeze_panes = "A2"
        for index, column in enumerate(columns, start=1):
            dimension = sheet.column_dimensions[get_column_letter(index)]
            dimension.width = column.width
            if column.as_text:
                dimension.number_format = "@"
        sheet.append([self._heading(sheet, column) for column in columns])
        count = 0
        for row in rows:
            sheet.append([safe_cell(sheet, value) for value in row])
            count += 1
        last = get_column_letter(max(len(columns), 1))
        sheet.auto_filter.ref = f"A1:{last}{count + 1}"
        self._add_lists(sheet, columns)
        self._mark(sheet)
        return count

    def values_sheet(self, lists: Mapping[str, Sequence[str]], title: str = "取值") -> None:
        """Add the sheet of allowed values, one list a column."""
        sheet = self._book.create_sheet(safe_title(title))
        sheet.freeze_panes = "A2"
        for index in range(1, len(lists) + 1):
            sheet.column_dimensions[get_column_letter(index)].width = 16
        sheet.append([self._heading(sheet, Column(heading)) for heading in lists])
        for line in range(max(map(len, lists.values()), default=0)):
            sheet.append([safe_cell(sheet, items[line]) if line < len(items) else None for items in lists.values()])
        self._mark(sheet)

    def save(self, target: str | PathLike[str] | BinaryIO) -> None:
        """Finish the workbook. With a watermark a last sheet 导出说明 tells who, when and the number."""
        if self._watermark:
            mark = self._watermark
            sheet = self._book.create_sheet("导出说明")
            sheet.column_dimensions["B"].width = 40
            when = f"{mark.when:%Y-%m-%d %H:%M}"
            for name, value in (("导出人", mark.who), ("导出时间", when), ("导出编号", mark.export_id)):
                sheet.append([safe_cell(sheet, name), safe_cell(sheet, value)])
            self._mark(sheet)
        self._book.save(target)

    def _heading(self, sheet: Any, column: Column) -> Any:
        cell = safe_cell(sheet, f"*{column.heading}" if column.required else column.heading)
        cell.font = Font(bold=True)
        cell.fill = _HEADER_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        return cell

    def _add_lists(self, sheet: Any, columns: Sequence[Column]) -> None:
        for position, (index, column) in enumerate((i, c) for i, c in enumerate(columns, start=1) if c.values):
            if column.many:
                continue
            source = get_column_letter(position + 1)
            rule = DataValidation(
                type="list",
                formula1=f"{quote_sheetname('取值')}!${source}$2:${source}${len(column.values) + 1}",
                allow_blank=True,
                showErrorMessage=True,
                error="请从列表中选择，或照“取值”表填写。",
            )
            letter = get_column_letter(index)
            rule.add(f"{letter}2:{letter}10000")
            sheet.data_validations.append(rule)

    def _mark(self, sheet: Any) -> None:
        if self._watermark:
            sheet.oddHeader.center.text = _escaped(self._watermark.line)
            sheet.oddFooter.left.text = _escaped(f"导出编号 {self._watermark.export_id}")
        sheet.oddFooter.right.text = "第 &P 页，共 &N 页"


def template(columns: Sequence[Column], title: str, target: str | PathLike[str] | BinaryIO) -> None:
    """An empty form: the columns with drop-downs, the sheet 取值, and 填写说明 with one example a column.

    The example stands on its own sheet, so that nobody imports it.
    """
    writer = WorkbookWriter()
    writer.sheet(title, columns)
    writer.values_sheet({column.heading: column.values for column in columns if column.values})
    writer.sheet(
        "填写说明",
        [Column("列"), Column("是否必填", 10), Column("怎么填", 60), Column("例", 28)],
        [(column.heading, "必填" if column.required else "选填", column.note, column.example) for column in columns],
    )
    writer.save(target)


def safe_cell(sheet: Any, value: Value) -> Any:
    """A cell that holds ``value`` as data: text never becomes a formula, long numbers keep their digits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**15:
        value = str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = timezone.make_naive(value)  # a sheet knows no zone: it says what a clock on the wall did
    if isinstance(value, time) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # the stubs forget dates
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return cell
    text = safe_text(value)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # after the value: openpyxl would read "=…" as a formula and "#N/A" as an error
    cell.number_format = "@"
    if text.startswith(_LEADING):
        cell.quotePrefix = True
    return cell


def set_safely(cell: Any, value: Value) -> None:
    """Put ``value`` as data into a cell of a workbook that was loaded; its look stays."""
    if (
        isinstance(value, (str, int))
        and not isinstance(value, bool)
        and (isinstance(value, str) or abs(value) >= 10**15)
    ):
        text = safe_text(str(value))
        cell.value = text or None
        if text:
            cell.data_type = "s"
            cell.number_format = "@"
        if text.startswith(_LEADING):
            cell.quotePrefix = True
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def safe_text(text: str) -> str:
    """Text that a workbook can hold: no illegal or bidirectional control characters, not too long."""
    return _BIDI.sub("", _ILLEGAL.sub("", text))[:_LONGEST]


def safe_title(title: str) -> str:
    """A sheet title that Excel accepts: at most 31 characters, none of ``[]:*?/\\``."""
    return _TITLE.sub(" ", safe_text(title)).strip("' ")[:31] or "表"


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
