"""The outside of an xls file: an OLE compound document, checked by its directory and its first records."""

from __future__ import annotations

import struct
from pathlib import Path

from jiamenkou.foundation.sheets.cells import Refused
from jiamenkou.foundation.sheets.inspection import NOT_A_TABLE

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_FILEPASS, _EOF = 0x2F, 0x0A
_BROKEN = "文件已损坏或不完整，请用 Excel 重新保存后再导入。"
_LOCKED = "文件加了密码，请去掉密码另存后再导入。"


def check_compound(path: Path) -> None:
    """Refuse what is encrypted, carries macros or is no workbook. Format: [MS-CFB] and [MS-XLS]."""
    try:
        document = _Document(path.read_bytes())
    except (struct.error, IndexError, ValueError):
        raise Refused(_BROKEN) from None
    names = set(document.streams)
    if "EncryptedPackage" in names:
        raise Refused(_LOCKED)
    if any("_VBA_PROJECT" in name or name == "Macros" for name in names):
        raise Refused("文件带有宏，不能导入；请另存为不带宏的 xlsx。")
    if not names & {"Workbook", "Book"}:
        raise Refused(NOT_A_TABLE)
    try:
        locked = document.is_locked("Workbook" if "Workbook" in names else "Book")
    except (struct.error, IndexError, ValueError):
        raise Refused(_BROKEN) from None
    if locked:
        raise Refused(_LOCKED)


class _Document:
    """Just enough of a compound file: the names in its directory, and the head of one stream."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sector: int = 1 << struct.unpack_from("<H", data, 30)[0]
        if self._sector not in {512, 4096}:
            raise ValueError
        directory, self._cutoff = struct.unpack_from("<I4xI", data, 48)
        heads = struct.unpack_from("<109I", data, 76)
        self._fat = [number for head in heads if head < _END for number in self._numbers(head)]
        self.streams: dict[str, tuple[int, int]] = {}
        for sector in self._chain(directory, limit=4096):
            for start in range(self._at(sector), self._at(sector) + self._sector, 128):
                (length,) = struct.unpack_from("<H", data, start + 64)
                name = data[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                if name:
                    self.streams[name] = struct.unpack_from("<II", data, start + 116)

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._sector

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{self._sector // 4}I", self._data, self._at(sector))

    def _chain(self, sector: int, limit: int) -> list[int]:
        chain: list[int] = []
        while sector < _END and len(chain) < limit:
            chain.append(sector)
            sector = self._fat[sector] if sector < len(self._fat) else _END
        return chain

    def is_locked(self, stream: str) -> bool:
        """True if a FILEPASS record stands in the workbook's globals."""
        first, size = self.streams[stream]
        if size < self._cutoff:  # in the mini stream: smaller than any real workbook; the parser will judge
            return False
        head = b"".join(self._data[self._at(s) : self._at(s) + self._sector] for s in self._chain(first, limit=64))
        at = 0
        while at + 4 <= len(head):
            kind, length = struct.unpack_from("<HH", head, at)
            if kind == _FILEPASS:
                return True
            if kind == _EOF:
                return False
            at += 4 + length
        return False
