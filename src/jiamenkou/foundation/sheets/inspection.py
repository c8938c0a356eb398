"""Look at a file before anything heavy touches it.

Every refusal here costs at most one streamed pass over the bytes: no parser is started, nothing is unpacked
to disk, memory stays at a few chunks. Limits are those of contracts.md, "Rosters".
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jiamenkou.foundation.sheets.cells import Refused

MAX_BYTES = 200 * 1024 * 1024  # unpacked, and for a file that is not packed its own size
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000

_ZIP = b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (
    *(b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"<table", b"<style", b"<div"),
    *(b"<?xml", b"<!--", b"mime-version:"),
)

NOT_A_TABLE = "这不是表格文件，请用 Excel 打开后另存为 xlsx 或 CSV 再导入。"


def no_heading(heading: str) -> Refused:
    """The refusal of a sheet that lacks a column it cannot do without."""
    return Refused(f"表里没有“{heading}”这一列，请对照模板检查表头。")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the child process needs to know to parse a file that passed."""

    format: Literal["xlsx", "xls", "csv"]
    sheet_part: str = ""  # xlsx: the part of the first sheet
    encoding: str = ""  # csv
    delimiter: str = ","  # csv


def inspect(path: str | os.PathLike[str], *, heading: str = "") -> Inspected:
    """Decide by content what ``path`` is, or raise :class:`Refused`.

    ``heading`` names a column without which the sheet is of no use: where not even its first character occurs,
    the file is refused here, without waiting for a parser.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Refused("没有找到这个文件，或它不是普通文件。")
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        raise Refused("没有找到这个文件，或没有权限读取。") from None
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused("文件是空的，里面没有任何内容。")
    if size > MAX_BYTES:
        raise Refused("文件超过 200 MB，请拆成几个文件再导入。")
    if head.startswith((_ZIP, _ZIP_EMPTY)):
        # imported late: a CSV needs no zip reader, a workbook no CSV reader, and starting fast is part of the promise
        from jiamenkou.foundation.sheets.zipped import first_sheet_part

        return Inspected("xlsx", sheet_part=first_sheet_part(path, heading))
    if head.startswith(_OLE):
        from jiamenkou.foundation.sheets.compound import check_compound

        check_compound(path)
        return Inspected("xls")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise Refused("这是网页或 XML 文件，只是名字像表格；请用 Excel 打开后另存为 xlsx 再导入。")
    from jiamenkou.foundation.sheets.delimited import check_delimited

    encoding, delimiter = check_delimited(path, heading)
    return Inspected("csv", encoding=encoding, delimiter=delimiter)
