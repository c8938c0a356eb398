"""Files that must be refused, made on the spot: nothing hostile lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    '{kind}" Target="{target}"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="花名册" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEADER = row(1, text_cell("A1", "姓名"), text_cell("B1", "性别"))
PERSON = row(2, text_cell("A2", "郭佳"), text_cell("B2", "男"))


def sheet(*rows: str) -> str:
    return HEAD + "".join(rows or (HEADER, PERSON)) + TAIL


def workbook(sheet_xml: str | bytes | None = None, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A small xlsx file by hand; ``more`` adds or replaces parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet() if sheet_xml is None else sheet_xml,
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def compound(*streams: tuple[str, bytes]) -> bytes:
    """A compound document with these streams, each in sectors of its own (512 bytes)."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [fat_mark, end]
    body = b""
    entries = [_entry("Root Entry", 5, end, 0)]
    for name, content in streams:
        content = content.ljust(4096, b"\0")
        content += b"\0" * (-len(content) % 512)
        first, count = len(fat), len(content) // 512
        fat += [*range(first + 1, first + count), end]
        body += content
        entries.append(_entry(name, 2, first, len(content)))
    entries += [bytes(128)] * (-len(entries) % 4)
    if len(entries) > 4 or len(fat) > 128:
        raise ValueError("too much for one directory and one allocation sector")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    allocation = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    return header + allocation + b"".join(entries) + body


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(raw), kind, 1, *[0xFFFFFFFF] * 3)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def lying_sizes(honest: bytes, claimed: int = 1000) -> bytes:
    """The same zip, whose directory claims that every large part is small."""
    data = bytearray(honest)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        if struct.unpack_from("<I", data, at + 24)[0] > 100_000:
            struct.pack_into("<I", data, at + 24, claimed)
        at += 4
    return bytes(data)


def zip_flagged_encrypted() -> bytes:
    data = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            data[at + offset] |= 1
            at += 4
    return bytes(data)


def bomb() -> bytes:
    """210 MB of blanks, honestly declared, written in pieces so that making it stays small."""
    buffer = io.BytesIO(workbook(more={"xl/worksheets/sheet1.xml": sheet()}))
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _ in range(210):
            part.write(b" " * (1024 * 1024))
    return buffer.getvalue()


def doctype(inside: str) -> str:
    return inside.replace(
        '<?xml version="1.0"?>', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>', 1
    )


def long_csv() -> bytes:
    return "姓名,性别\n".encode() + "郭佳,男\n".encode() * 200_000


def long_sheet() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 200_003))
    return workbook(sheet(HEADER, rows))


def wide_sheet() -> bytes:
    cells = "".join(text_cell(f"{_letters(n)}1", "姓名" if n == 1 else "x") for n in range(1, 1_002))
    return workbook(sheet(row(1, cells), PERSON))


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def far(reference: str, number: int) -> bytes:
    return workbook(sheet(HEADER, PERSON, row(number, text_cell(reference, "x"))))


BOF_FILEPASS = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0) + struct.pack("<HHH", 0x2F, 2, 0)
HTML = "<html><meta charset=utf-8><table><tr><td>姓名<td>性别<tr><td>郭佳<td>男</table>".encode()

# name -> (file name, bytes, a part of the message)
CORPUS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a picture": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "不是表格"),
    "a PDF": ("a.csv", lambda: b"%PDF-1.7\n\x00\x01\x02" + bytes(500), "不是表格"),
    "a text document": ("a.xlsx", lambda: _zip({"word/document.xml": "<x/>"}), "不是表格"),
    "an empty zip": ("a.xlsx", lambda: b"PK\x05\x06" + bytes(18), "不是表格"),
    "half a workbook": ("a.xlsx", lambda: workbook()[:700], "损坏"),
    "binary workbook": ("a.xlsb", lambda: workbook(more={"xl/workbook.bin": "x"}), "xlsb"),
    "encrypted workbook": ("a.xlsx", lambda: compound(("EncryptedPackage", b"x"), ("EncryptionInfo", b"x")), "密码"),
    "encrypted xls": ("a.xls", lambda: compound(("Workbook", BOF_FILEPASS)), "密码"),
    "encrypted zip": ("a.xlsx", zip_flagged_encrypted, "密码"),
    "macro in xlsx": ("a.xlsx", lambda: workbook(more={"xl/vbaProject.bin": b"x"}), "宏"),
    "macro in xls": ("a.xls", lambda: compound(("Workbook", b"x"), ("_VBA_PROJECT_CUR", b"x")), "宏"),
    "half an xls": ("a.xls", lambda: compound(("Workbook", b"x"))[:600], "损坏"),
    "an xls of nonsense": ("a.xls", lambda: compound(("Workbook", b"\xff" * 5000)), "损坏"),
    "bomb": ("a.xlsx", bomb, "200 MB"),
    "lying sizes": ("a.xlsx", lambda: lying_sizes(workbook(HEAD + HEADER + " " * 30_000_000 + TAIL)), "大小"),
    "DOCTYPE in sheet": ("a.xlsx", lambda: workbook(doctype(sheet())), "DOCTYPE"),
    "DOCTYPE in workbook": ("a.xlsx", lambda: workbook(more={"xl/workbook.xml": doctype(WORKBOOK)}), "DOCTYPE"),
    "DOCTYPE in strings": (
        "a.xlsx",
        lambda: workbook(more={"xl/sharedStrings.xml": doctype('<?xml version="1.0"?><sst/>')}),
        "DOCTYPE",
    ),
    "DOCTYPE in UTF-16": ("a.xlsx", lambda: workbook(doctype(sheet()).encode("utf-16")), "损坏"),
    "too many rows": ("a.xlsx", long_sheet, "行数超过"),
    "too many lines": ("a.csv", long_csv, "行数超过"),
    "too many columns": ("a.xlsx", wide_sheet, "列数超过"),
    "too many fields": ("a.csv", lambda: ("姓名" + "," * 1_000 + "\n郭佳\n").encode(), "列数超过"),
    "one far cell": ("a.xlsx", lambda: far("XFD1048576", 1_048_576), "太远"),
    "one far row": ("a.xlsx", lambda: far("A150000", 150_000), "太远"),
    "one far column": ("a.xlsx", lambda: workbook(sheet(HEADER, PERSON, row(3, text_cell("XFD3", "x")))), "列数超过"),
    "a far cell in a near row": ("a.xlsx", lambda: far("A1048576", 3), "行数超过"),
    "no 姓名": (
        "a.xlsx",
        lambda: workbook(sheet(row(1, text_cell("A1", "名称")), PERSON.replace("A2", "B2"))),
        "姓名",
    ),
    "姓 only in the data": (
        "a.xlsx",
        lambda: workbook(sheet(row(1, text_cell("A1", "名称")), row(2, text_cell("A2", "姓张")))),
        "姓名",
    ),
    "no 姓名 in CSV": ("a.csv", lambda: "名称,性别\n郭佳,男\n".encode("gbk"), "姓名"),
    "no 姓名, but control and bidi": (
        "a.csv",
        lambda: "姓\u202e\u2066,\x1b[31m名\n1,2\n".encode(),
        "姓名",
    ),
    "nothing in the file": ("a.xlsx", lambda: b"", "空"),
    "nothing in the sheet": ("a.xlsx", lambda: workbook(HEAD + TAIL), "空"),
    "blank lines": ("a.csv", lambda: b"\r\n\r\n,,\r\n", "空"),
    "a header and nobody": ("a.xlsx", lambda: workbook(sheet(HEADER)), "没有任何人"),
    "HTML named xls": ("a.xls", lambda: HTML, "网页"),
    "HTML named csv": ("a.csv", lambda: b"\xef\xbb\xbf \r\n" + HTML, "网页"),
    "XML spreadsheet": ("a.xls", lambda: b'<?xml version="1.0"?><Workbook/>', "网页或 XML"),
    "a quote that never closes": ("a.csv", lambda: ('姓名,性别\n"' + "郭佳,男\n" * 40_000).encode(), "引号"),
    "UTF-16 text": ("a.csv", lambda: "姓名,性别\n郭佳,男\n".encode("utf-16"), "不是表格"),
    "a sheet that ends early": ("a.xlsx", lambda: workbook(HEAD + HEADER + "<row r='2'><c"), "损坏"),
}


def _zip(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
