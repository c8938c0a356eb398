"""The outside of a CSV file: its encoding, its delimiter and its size, by reading it once as a stream."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from jiamenkou.foundation.sheets.cells import Refused
from jiamenkou.foundation.sheets.inspection import MAX_COLUMNS, MAX_ROWS, NOT_A_TABLE, no_heading

MAX_FIELD = 131_072  # characters in one cell; beyond it a quote was never closed
_CHUNK = 1 << 20
# no text holds it; the other control characters come from old systems and are taken out of the values
_BINARY = "\0"
# GB18030 is the superset of GBK that Windows writes for rare characters; big5 text would rarely survive it strictly
_ENCODINGS = ("utf-8-sig", "gb18030")


def check_delimited(path: Path, heading: str = "") -> tuple[str, str]:
    """The encoding and the delimiter of a text table, or :class:`Refused`."""
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    rows = 0
    filled = False
    named = not heading
    for cells in records(path, encoding, delimiter):
        rows += 1
        if rows > MAX_ROWS:
            raise Refused(f"行数超过 {MAX_ROWS:,}，请拆成几个文件再导入。")
        if len(cells) > MAX_COLUMNS:
            raise Refused(f"列数超过 {MAX_COLUMNS:,}，请删除多余的列再导入。")
        filled = filled or any(cell.strip() for cell in cells)
        named = named or (rows <= 8 and any(heading[:1] in cell for cell in cells))
        if rows == 8 and not named:
            break
    if not filled and rows < 8:
        raise Refused("文件是空的，里面没有任何内容。")
    if not named:
        raise no_heading(heading)
    return encoding, delimiter


def records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV file; a blank line is a row without cells, as a spreadsheet shows it."""
    csv.field_size_limit(MAX_FIELD)
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error:
            raise Refused("CSV 里有引号没有成对，或某个单元格太长，请用 Excel 另存为 xlsx 再导入。") from None


def _encoding(path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while text := file.read(_CHUNK):
                    if _BINARY in text:
                        raise Refused(NOT_A_TABLE)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused(NOT_A_TABLE)


def _delimiter(path: Path, encoding: str) -> str:
    """A comma, unless the first lines hold only tabs or semicolons."""
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(8192)
    return max(",\t;", key=lambda mark: (head.count(mark), mark == ","))
