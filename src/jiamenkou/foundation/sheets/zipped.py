"""The outside of an xlsx file: a zip of XML parts, checked as a stream of bytes before any parser sees it."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from jiamenkou.foundation.sheets.cells import Refused
from jiamenkou.foundation.sheets.inspection import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, NOT_A_TABLE, no_heading

MAX_PARTS = 5_000
MAX_GAP = 10_000  # blank rows between two rows: more is a stray cell, not a list
MAX_AREA = 12_000_000  # rows × columns; parsers lay a sheet out densely, and no real one of 200 MB has more

_CHUNK = 1 << 20
_OVERLAP = 512  # longer than any tag we look for
_BROKEN = "文件已损坏或不完整，请用 Excel 重新保存后再导入。"
_DOCTYPE = "文件里含有不允许的 XML 声明（DOCTYPE），不能导入。"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_FAR = "有单元格离数据太远（多半是误填），请删除多余的行列后再导入。"
_TOO_MANY_ROWS = f"行数超过 {MAX_ROWS:,}，请拆成几个文件再导入。"
_TOO_MANY_COLUMNS = f"列数超过 {MAX_COLUMNS:,}，请删除多余的列再导入。"


def first_sheet_part(path: Path, heading: str = "") -> str:
    """Check every part of the workbook and name the part that holds its first sheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, heading)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Refused(_BROKEN) from None


def _check(archive: zipfile.ZipFile, heading: str) -> str:
    infos = archive.infolist()
    _check_directory(infos)
    sheet = _locate_first_sheet(archive, {info.filename for info in infos})
    watch = _SheetWatch()
    mark = _mark_of(heading)
    marked = mark is None
    for info in sorted(infos, key=lambda info: info.filename == sheet):  # the small parts first
        is_sheet = info.filename == sheet
        is_text = is_sheet or info.filename.lower().endswith("sharedstrings.xml")
        for window in _windows(archive, info):
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise Refused(_DOCTYPE)
            if is_sheet:
                watch.see(window)
            if is_text and mark is not None and not marked:
                marked = mark.search(window) is not None
    watch.done()
    if not marked:
        raise no_heading(heading)
    return sheet


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    """What the list of parts alone tells."""
    names = {info.filename for info in infos}
    lowered = {name.lower() for name in names}
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_BYTES:
        raise Refused("文件解压后超过 200 MB，不能导入；请只保留需要的工作表另存一份。")
    if len(names) != len(infos) or any(info.compress_type not in _METHODS for info in infos):
        raise Refused(_BROKEN)
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("文件加了密码，请去掉密码另存后再导入。")
    if any(posixpath.basename(name).startswith("vbaproject") for name in lowered):
        raise Refused("文件带有宏，不能导入；请另存为不带宏的 xlsx。")
    if "xl/workbook.bin" in lowered:
        raise Refused("这是 xlsb 格式，请用 Excel 另存为 xlsx 再导入。")
    if "xl/workbook.xml" not in names:
        raise Refused(NOT_A_TABLE)


def _mark_of(heading: str) -> re.Pattern[bytes] | None:
    """Finds the first character of ``heading`` in XML, raw or as a character reference."""
    if not heading:
        return None
    code = ord(heading[0])
    return re.compile(chr(code).encode() + b"|&#0*%d;|&#[xX]0*(?i:%x);" % (code, code))


def _windows(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of a part in overlapping windows; a part larger than it says is refused."""
    declared = info.file_size
    info.file_size = MAX_BYTES + 1  # else zipfile stops silently at the size the file claims for itself
    size, tail = 0, b""
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            if not size and (chunk[:2] in {b"\xfe\xff", b"\xff\xfe"} or b"\0" in chunk[:4]) and _is_xml(info.filename):
                raise Refused(_BROKEN)  # UTF-16 would hide a DOCTYPE from us
            size += len(chunk)
            if size > declared:
                raise Refused("文件里写的大小与实际不符（疑似压缩炸弹），不能导入。")
            yield tail + chunk
            tail = chunk[-_OVERLAP:]
    if size != declared:
        raise Refused("文件里写的大小与实际不符，不能导入。")
    info.file_size = declared


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _locate_first_sheet(archive: zipfile.ZipFile, names: set[str]) -> str:
    """Follow workbook.xml and its relations to the first worksheet."""
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

    try:
        workbook = fromstring(_small(archive, "xl/workbook.xml"))
        relations = fromstring(_small(archive, "xl/_rels/workbook.xml.rels"))
    except (KeyError, ParseError, LookupError):
        raise Refused(_BROKEN) from None
    except DefusedXmlException:
        raise Refused(_DOCTYPE) from None
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in relations
        if relation.get("Type", "").endswith("/worksheet")
    }
    for sheet in workbook.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        key = next((value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id"), None)
        if key in targets:
            target = targets[key]
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if part in names:
                return part
    raise Refused("文件里没有工作表。")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _CHUNK:
        raise Refused(_BROKEN)
    return archive.read(name)


class _SheetWatch:
    """Watches the bytes of a worksheet go by and refuses what a dense parser could not hold."""

    # columns from BA on, and rows with six or more digits: few in a real roster, so the search is nearly free
    _REF = re.compile(rb'[ \t\r\n]r="(?:([A-Z]{3,}|[B-Z][A-Z])\d|[A-Z]+(\d{6,})")')

    def __init__(self) -> None:
        self.rows = 0  # rows that hold a cell
        self.last = 0  # highest row number so far
        self.columns = 52
        self._row: re.Pattern[bytes] | None = None

    def see(self, window: bytes) -> None:
        if self._row is None:
            found = re.search(rb"<([A-Za-z0-9_]+:)?worksheet[\s>]", window)
            prefix = found[1] or b"" if found else b""
            self._row = re.compile(rb"<" + prefix + rb"row(?=[\s>])([^>]*)(?<!/)>")
        for match in self._row.finditer(window):
            number = re.search(rb'[ \t\r\n]r="(\d+)"', match[1])
            self._at_row(int(number[1][:9]) if number else self.last + 1)
        letters = set()
        for match in self._REF.finditer(window):
            if match[1]:
                letters.add(match[1])
            elif int(match[2][:9]) > MAX_ROWS:
                raise Refused(_TOO_MANY_ROWS)
        for name in letters:
            self.columns = max(self.columns, _column_number(name))
        if self.columns > MAX_COLUMNS:
            raise Refused(_TOO_MANY_COLUMNS)

    def _at_row(self, number: int) -> None:
        if number <= self.last:  # the overlap shows a row twice
            return
        if number > MAX_ROWS:
            # a list that reaches this far row by row is too long; one stray cell out there is something else
            raise Refused(_TOO_MANY_ROWS if self.rows > MAX_ROWS // 2 else _FAR)
        if number - self.last > MAX_GAP and self.rows:
            raise Refused(_FAR)
        self.rows += 1
        self.last = number

    def done(self) -> None:
        if not self.rows:
            raise Refused("工作表是空的，里面没有任何内容。")
        if self.last * self.columns > MAX_AREA:
            raise Refused(_FAR)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
