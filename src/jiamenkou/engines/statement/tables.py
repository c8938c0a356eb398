"""The edge: bytes of a file become rows of plain text cells. Content decides what a file is, never its name.

Everything hostile is refused here, before a parser that could be made to allocate sees it: archives that unpack
to too much, document types in XML, macros, cells far outside a table.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

MAX_BYTES = 60_000_000  # of a file as it is stored
MAX_UNPACKED = 100_000_000  # of a workbook, all parts together
MAX_STRINGS = 40_000_000  # of its table of texts, which is held in memory whole
MAX_ROWS = 200_000
MAX_COLUMNS = 78  # A to BZ; no bank needs more than thirty
MAX_CELL = 2_000
MAX_SHEETS = 4

Row = list[str]

_PADDING = " \t\r\n\u3000\ufeff\xa0"
_DELIMITERS = (",", "\t", ";", "|")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x7fELF", b"MZ\x90")
# each begins with plain letters: over megabytes of XML a search for those is several times faster
_REFERENCE = re.compile(rb"""r=["'][A-Za-z]{0,7}(\d{1,12})["']""")
_ROW_TAG = re.compile(rb"<row[\s/>]")
_PREFIXED_ROW_TAG = re.compile(rb"<\w+:row[\s/>]")
_FAR_COLUMN = re.compile(rb"""r=["'](?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z])\d""")


class Unreadable(Exception):
    """The file cannot be a statement; the message is one plain Chinese line."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sheet or text. ``ends_clean`` is False where a text breaks off inside its last line; ``full`` says
    that a row has all its cells, blank ones too, as separated text does and a sheet does not.
    """

    rows: list[Row]
    ends_clean: bool = True
    full: bool = False


def read_tables(path: Path) -> Iterator[Table]:
    """The readings of a file, likeliest first: one per sheet of a workbook, one per delimiter for text.

    Raises :class:`Unreadable` where the file is no table at all.
    """
    data = _bytes_of(path)
    if data.startswith(_ZIP):
        _inspect_workbook(data)
        yield from map(Table, _modern_workbook(data))
    elif data.startswith(_OLE):
        yield Table(_old_workbook(data))
    else:
        text = _decode(data)
        for delimiter in _DELIMITERS:
            if delimiter in text and (rows := _split(text, delimiter)):
                yield Table(rows, text.endswith("\n"), full=True)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Unreadable("找不到这个文件")
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"文件超过{MAX_BYTES // 1_000_000}兆，不像一份流水")
        data = path.read_bytes()
    except OSError:
        raise Unreadable("文件打不开") from None
    if not data.strip():
        raise Unreadable("文件是空的")
    if data.startswith(_FOREIGN):
        raise Unreadable("不是表格文件，请从银行、微信或支付宝导出CSV或Excel")
    return data


# --- text ---------------------------------------------------------------------------------------------------------


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Unreadable("文字编码认不出，文件可能不完整或不是表格")
    if "\0" in text or sum(ch < " " and ch not in "\t\r\n\f\v" for ch in text[:4096]) > 8:
        raise Unreadable("不是表格文件，请从银行、微信或支付宝导出CSV或Excel")
    head = text[:2048].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise Unreadable("这是网页，不是表格；请重新导出CSV或Excel")
    return text


def _split(text: str, delimiter: str) -> list[Row] | None:
    """The rows under one delimiter, None where they are too wide for it to be the right one."""
    rows: list[Row] = []
    tidy = '="' not in text  # then padding is all that a cell can have around it
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= MAX_ROWS:
                raise Unreadable(f"超过{MAX_ROWS}行，请分段导出")
            if len(row) > MAX_COLUMNS:
                return None
            if tidy and sum(map(len, row)) <= MAX_CELL:
                rows.append([cell.strip(_PADDING) for cell in row])
            else:
                rows.append([clean(cell) for cell in row])
    except csv.Error:
        raise Unreadable("表格结构损坏，请重新导出") from None
    return rows


def clean(cell: str) -> str:
    """The text of a cell without padding, tabs and the ``="…"`` that keeps Excel from guessing."""
    cell = cell.strip(_PADDING)
    if cell[:2] == '="' and cell[-1] == '"':
        cell = cell[2:-1].strip()
    return cell if len(cell) <= MAX_CELL else cell[:MAX_CELL]


# --- workbooks ----------------------------------------------------------------------------------------------------


def _inspect_workbook(data: bytes) -> None:
    """Refuse what could hurt the parser. Reads every XML part in pieces, never whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if not any(name.startswith("xl/") for name in names):
                raise Unreadable("压缩包里没有表格")
            if any(name.endswith("vbaproject.bin") for name in names):
                raise Unreadable("表格带有宏，不予打开")
            if len(parts) > 500 or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable("表格解开后太大，不予打开")
            for part in parts:
                name = part.filename.lower()
                if name.endswith("sharedstrings.xml") and part.file_size > MAX_STRINGS:
                    raise Unreadable("表格解开后太大，不予打开")
                if name.endswith((".xml", ".rels")):
                    _inspect_part(archive, part, sheet="worksheets/" in name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise Unreadable("表格文件损坏或加了密码，请重新导出") from None


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, sheet: bool) -> None:
    rows = farthest = 0
    tail = b""
    with archive.open(part) as stream:
        first = True
        while piece := stream.read(1 << 20):
            if first and piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Unreadable("表格的内部编码不合规范")
            first = False
            window = tail + piece
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise Unreadable("表格里有外部定义，不予打开")
            if sheet:
                if _FAR_COLUMN.search(window):
                    raise Unreadable("表格里有离得很远的单元格，不像一份流水")
                rows += len(_ROW_TAG.findall(piece))
                if b":row" in piece:
                    rows += len(_PREFIXED_ROW_TAG.findall(piece))
                farthest = max(farthest, _last_row(window))
            tail = window[-64:]
    if farthest > MAX_ROWS or rows > MAX_ROWS or farthest > rows * 4 + 1_000:
        raise Unreadable("表格行数太多或有离得很远的单元格，不像一份流水")


def _last_row(piece: bytes) -> int:
    """The highest row that a piece of a sheet refers to: ``r="12"`` of a row, ``r="B12"`` of a cell."""
    return max(map(int, set(_REFERENCE.findall(piece))), default=0)


def _modern_workbook(data: bytes) -> Iterator[list[Row]]:
    """The sheets in turn: some exports begin with a cover sheet."""
    import python_calamine  # only where it is needed: text files start faster without it

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names[:MAX_SHEETS]:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield [[clean(cell) if type(cell) is str else _text(cell) for cell in row] for row in cells]
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        raise Unreadable("表格文件损坏或加了密码，请重新导出") from None


def _old_workbook(data: bytes) -> list[Row]:
    import xlrd

    try:
        # ragged rows: a far cell allocates one row, not a rectangle
        book = xlrd.open_workbook(file_contents=data, ragged_rows=True, on_demand=True, logfile=io.StringIO())
        sheet = book.sheet_by_index(0)
        if sheet.ncols > 256 or sheet.nrows > MAX_ROWS:
            raise Unreadable("表格太大，不像一份流水")
        rows = []
        for index in range(sheet.nrows):
            row = []
            for kind, value in zip(sheet.row_types(index), sheet.row_values(index), strict=True):
                if kind == xlrd.XL_CELL_DATE:
                    row.append(_serial(value, book.datemode))
                elif kind in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_BOOLEAN):
                    row.append("")
                else:
                    row.append(_text(value))
            if len(row) > MAX_COLUMNS:
                raise Unreadable("列数太多，不像一份流水")
            rows.append(row)
    except Unreadable:
        raise
    except Exception:  # xlrd lets struct, assertion, index and unicode errors of damaged files through
        raise Unreadable("表格文件损坏或加了密码，请重新导出") from None
    return rows


def _serial(value: float, datemode: int) -> str:
    import xlrd

    try:
        return _text(xlrd.xldate_as_datetime(value, datemode))
    except (ValueError, OverflowError):
        return _text(value)


def _text(value: object) -> str:
    """A typed cell as the text a CSV would carry."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 6))
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        return f"{value.seconds // 3600:02d}:{value.seconds // 60 % 60:02d}:{value.seconds % 60:02d}"
    return clean(str(value))
