"""The child process that parses: ``python -m …sheets.parsing PATH FORMAT PART ENCODING DELIMITER``.

Bounded before a parser is loaded; writes one JSON document a line: the head, batches of ``[number, cells]``, and
``"end"`` or ``{"refused": …}``. A cell is null, text, number, boolean, ``["d", "1985-03-02"]``, with an hour
``["d", "1985-03-02T09:30"]``, or ``["f", fault]``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

from jiamenkou.foundation.sheets.cells import Fault, Refused

MEMORY = 1536 * 1024 * 1024  # address space, which is well above what is resident
CPU_SECONDS = 100
_BATCH = 500
_BROKEN = "文件已损坏或不完整，请用 Excel 重新保存后再导入。"

Rows = Iterator[tuple[int, list[Any]]]
Merges = list[tuple[int, int, int, int]]


def main(arguments: list[str]) -> int:
    bound_ourselves()
    path, kind, part, encoding, delimiter = arguments
    try:
        if kind == "xlsx":
            name, merges, rows = _xlsx(Path(path), part)
        elif kind == "xls":
            name, merges, rows = _xls(Path(path))
        else:
            name, merges, rows = _csv(Path(path), encoding, delimiter)
        _say({"name": name, "merges": merges})
        for batch in _batches(rows):
            _say(batch)
        _say("end")
    except Refused as refusal:
        _say({"refused": refusal.message})
    except MemoryError:
        _say({"refused": "文件内容太多，内存不够；请拆成几个文件再导入。"})
    except Exception:  # a parser may fail in any way on a broken file; the parent must hear one plain line
        _say({"refused": _BROKEN})
    sys.stdout.flush()
    return 0


def bound_ourselves() -> None:
    """For child processes only: little memory and CPU, no core file."""
    with suppress(ImportError, ValueError, OSError):  # no rlimits on this system: the parent's deadline remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(message: Any) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")) + "\n")


def _batches(rows: Rows) -> Iterator[list[tuple[int, list[Any]]]]:
    batch: list[tuple[int, list[Any]]] = []
    for number, cells in rows:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        batch.append((number, cells))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _day(value: date) -> list[str]:
    """To the minute where there is an hour: a fraction of a day is stored a few microseconds off."""
    if isinstance(value, datetime):
        value += timedelta(seconds=30)
        if (value.hour, value.minute) != (0, 0):
            return ["d", value.isoformat(timespec="minutes")]
    return ["d", value.isoformat()[:10]]


def _fault(fault: Fault) -> list[str]:
    return ["f", fault.value]


# --- xlsx: calamine for the values, our own scan for what it folds into an empty cell ------------------------------


def _xlsx(path: Path, part: str) -> tuple[str, Merges, Rows]:
    import python_calamine

    faults = _xlsx_faults(path, part)
    with path.open("rb") as file:  # by path, calamine would go by the name's ending
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
    first = next(
        index
        for index, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    )
    sheet = workbook.get_sheet_by_index(first)
    merges = [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    return sheet.name, merges, _xlsx_rows(sheet, faults)


def _xlsx_rows(sheet: Any, faults: dict[int, dict[int, Fault]]) -> Rows:
    offset = sheet.start[1] if sheet.start else 0
    pad: list[Any] = [None] * offset
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = pad + [None if value == "" else value if type(value) is str else _folded(value) for value in values]
        _set_faults(cells, faults.pop(number, None))
        yield number, cells
    for number in sorted(faults):  # below the last row with a value
        cells = []
        _set_faults(cells, faults[number])
        yield number, cells


def _folded(value: Any) -> Any:
    """Days as days; what is only a time of day or a duration goes back to the number that it is in the file."""
    if isinstance(value, (int, float)):
        return value if isfinite(value) else _fault(Fault.ERROR)
    if isinstance(value, date):  # a datetime is one, too
        return _day(value)
    if isinstance(value, time):
        return round((value.hour * 3600 + value.minute * 60 + value.second) / 86400, 9)
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    return str(value)


def _set_faults(cells: list[Any], faults: dict[int, Fault] | None) -> None:
    for column, fault in (faults or {}).items():
        cells.extend([None] * (column - len(cells)))
        if cells[column - 1] is None:
            cells[column - 1] = _fault(fault)


_CELL_WITHOUT_VALUE = re.compile(
    rb"<(?:\w+:)?c(?=[\s>])(?P<head>[^>]*)>\s*<(?:\w+:)?f(?=[\s/>])(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL_WITH_ERROR = re.compile(rb"<(?:\w+:)?c(?=\s)(?P<head>[^>]*?\bt=[\"']e[\"'][^>]*)>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")


def _xlsx_faults(path: Path, part: str) -> dict[int, dict[int, Fault]]:
    """Cells that show an error, or whose formula has no stored result, by row and column (1-based)."""
    faults: dict[int, dict[int, Fault]] = {}
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        rest = b""
        while chunk := sheet.read(1 << 20):
            window = rest + chunk
            whole = window.rfind(b"</row>") + 6 if b"</row>" in window else max(0, len(window) - 65_536)
            window, rest = window[:whole], window[whole:]
            _scan_faults(window, faults)
        _scan_faults(rest, faults)
    return faults


def _scan_faults(window: bytes, faults: dict[int, dict[int, Fault]]) -> None:
    searches = []
    if b"<f" in window or b":f" in window:
        searches.append((_CELL_WITHOUT_VALUE, Fault.FORMULA))
    if b't="e"' in window or b"t='e'" in window:
        searches.append((_CELL_WITH_ERROR, Fault.ERROR))
    for pattern, fault in searches:
        for match in pattern.finditer(window):
            # t="str" with an empty result is a formula that says "nothing": a stored value
            if fault is Fault.FORMULA and re.search(rb"\bt=[\"']str[\"']", match["head"]):
                continue
            reference = _REFERENCE.search(match["head"])
            if reference:
                faults.setdefault(int(reference[2]), {})[_column(reference[1])] = fault


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- xls: xlrd, which keeps the types that calamine folds away -----------------------------------------------------


def _xls(path: Path) -> tuple[str, Merges, Rows]:
    import xlrd

    with open(os.devnull, "w") as nowhere:
        book = xlrd.open_workbook(str(path), logfile=nowhere, formatting_info=True, on_demand=True)
    sheet = book.sheet_by_index(0)
    merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    return sheet.name, merges, _xls_rows(sheet, book.datemode)


def _xls_rows(sheet: Any, datemode: int) -> Rows:
    import xlrd

    def value(cell: Any) -> Any:
        kind, content = cell.ctype, cell.value
        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or content == "":
            return None
        if kind == xlrd.XL_CELL_DATE:
            with suppress(xlrd.XLDateError, ValueError):
                if content >= 1:
                    moment: datetime = xlrd.xldate_as_datetime(content, datemode)
                    return _day(moment)
            return content
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(content)
        if kind == xlrd.XL_CELL_ERROR:
            return _fault(Fault.ERROR)
        return _folded(content) if kind == xlrd.XL_CELL_NUMBER else content

    for index in range(sheet.nrows):
        yield index + 1, [value(cell) for cell in sheet.row(index)]


# --- CSV -----------------------------------------------------------------------------------------------------------


def _csv(path: Path, encoding: str, delimiter: str) -> tuple[str, Merges, Rows]:
    from jiamenkou.foundation.sheets.delimited import records

    return path.stem, [], _csv_rows(records(path, encoding, delimiter))


def _csv_rows(rows: Iterable[list[str]]) -> Rows:
    for number, cells in enumerate(rows, start=1):
        yield number, [_unquoted(cell) if cell else None for cell in cells]


def _unquoted(cell: str) -> str:
    """``="0123"`` is how a spreadsheet is told to keep the zeros: the text inside is meant."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        return cell[2:-1].replace('""', '"')
    return cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
