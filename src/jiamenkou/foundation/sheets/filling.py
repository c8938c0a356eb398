"""Somebody's own form filled: their sheet with its look, our values as plain text.

openpyxl loads a stranger's workbook whole here, so it happens in a child process that bounds itself first:
``python -m …sheets.filling SOURCE TARGET`` with the rows as JSON on stdin.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

from jiamenkou.foundation.sheets.cells import Refused
from jiamenkou.foundation.sheets.inspection import inspect

SECONDS = 60.0
MOST_BYTES = 2 * 1024 * 1024
_BROKEN = "这张表填不进去：文件已损坏，或太复杂；请用 Excel 另存为简单的 xlsx 再试。"


def fill(source: Path, after: int, rows: Sequence[Mapping[int, str | int | date | None]], mark: str) -> bytes:
    """The workbook at ``source`` with ``rows`` under row ``after`` (1-based); values by column, 0-based.

    What stood below, such as 填表人, moves down. ``mark`` goes into the head of the printed page.
    Raises :class:`Refused`.
    """
    if inspect(source).format != "xlsx":
        raise Refused("只能填 xlsx 表，请用 Excel 打开后另存为 xlsx 再上传。")
    if source.stat().st_size > MOST_BYTES:
        raise Refused("空表超过 2 MB，请去掉里面的图片再上传。")
    values = [{str(column): _plain(value) for column, value in row.items()} for row in rows]
    order = json.dumps({"after": after, "rows": values, "mark": mark}).encode()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "filled.xlsx"
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module; the paths are arguments
                [sys.executable, "-m", "jiamenkou.foundation.sheets.filling", str(source), str(target)],
                input=order,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                env=environment,
            )
        except subprocess.TimeoutExpired:
            raise Refused(_BROKEN) from None
        if done.returncode or not target.exists():
            raise Refused(_BROKEN)
        return target.read_bytes()


def _plain(value: str | int | date | None) -> str | int | list[str] | None:
    return [value.isoformat()] if isinstance(value, date) else value


def main(arguments: list[str]) -> int:
    """The child."""
    from jiamenkou.foundation.sheets.parsing import bound_ourselves

    bound_ourselves()
    order = json.load(sys.stdin)
    from openpyxl import load_workbook

    with open(arguments[0], "rb") as file:  # as a file: openpyxl goes by the ending of a name
        book = load_workbook(file, keep_links=False)
    _fill(book.worksheets[0], order["after"], order["rows"])
    sheets: list[Any] = book.worksheets
    for sheet in sheets:
        sheet.oddHeader.center.text = order["mark"].replace("&", "&&")
    book.save(arguments[1])
    return 0


def _fill(sheet: Any, after: int, rows: Sequence[Mapping[str, Any]]) -> None:
    from jiamenkou.foundation.sheets.writing import set_safely

    blank = _blank_rows(sheet, after)
    model = [copy(cell._style) for cell in sheet[after + 1]] if blank else []
    missing = len(rows) - blank
    if missing > 0 and sheet.max_row > after + blank:
        _make_room(sheet, after + blank + 1, missing)
    for number, row in enumerate(rows, start=after + 1):
        for at, style in enumerate(model, start=1):
            sheet.cell(number, at)._style = copy(style)
        for column, value in row.items():
            given = date.fromisoformat(value[0]) if isinstance(value, list) else value
            set_safely(sheet.cell(number, int(column) + 1), given)


def _blank_rows(sheet: Any, after: int) -> int:
    """How many rows under the header hold nothing, or nothing but a running number."""
    count = 0
    for row in sheet.iter_rows(min_row=after + 1, values_only=True):
        filled = [str(value).strip() for value in row if value not in (None, "")]
        if filled and not (len(filled) == 1 and filled[0].isdigit()):
            break
        count += 1
    return count


def _make_room(sheet: Any, at: int, count: int) -> None:
    """Insert rows; merged ranges below move along, which openpyxl leaves to us."""
    below = [merged for merged in sheet.merged_cells.ranges if merged.min_row >= at]
    for merged in below:
        sheet.merged_cells.remove(merged)
    sheet.insert_rows(at, count)
    for merged in below:
        merged.shift(row_shift=count)
        sheet.merge_cells(merged.coord)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
