"""The columns a roster may have, the names they go by, and how the header is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jiamenkou.commandline import plain
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.sheets.cells import Cell, Merge, Refused, Row
from jiamenkou.foundation.sheets.tables import HEADER_WITHIN, normalise_heading

CODE = "编号"  # what our own exports carry; not asked for in the template

# Known name -> the other names it goes by (contracts.md, "Rosters").
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "姓名": ("居民姓名",),
    "身份证号": ("身份证号码", "公民身份号码", "证件号码", "身份证"),
    "性别": (),
    "出生日期": ("出生年月日", "生日"),
    "手机号": ("手机号码", "电话", "联系电话", "联系方式", "手机"),
    "户籍地": ("户籍地址", "户口所在地"),
    "居住地址": ("现住址", "住址", "现居住地址"),
    "网格": ("所属网格", "网格名称"),
    "楼栋": ("楼号", "楼幢"),
    "单元": ("单元号",),
    "房号": ("室号", "门牌号"),
    "与户主关系": ("户主关系",),
    "户主身份证号": ("户主身份证号码",),
    "就业状态": ("就业情况",),
    "技能": ("技能特长",),
    "兴趣": ("兴趣爱好",),
    "培训需求": ("培训意愿",),
    "残疾类别": ("残疾类型",),
    "残疾等级": (),
    "人员类别": ("人员类型",),
    "备注": (),
}
RUNNING_NUMBERS = frozenset({"序号", "编号", "号", "no", "no."})

_KNOWN = {alias: name for name, aliases in COLUMNS.items() for alias in (name, *aliases)} | {CODE: CODE}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends and what stands in which column (0-based)."""

    last_row: int
    known: dict[int, str]
    unknown: dict[int, str]

    @property
    def ignored(self) -> list[str]:
        """The names of the columns that were not known, as the file has them, once each."""
        return list(dict.fromkeys(name for name in self.unknown.values() if name))


def find_header(rows: Iterable[Row], merges: Iterable[Merge]) -> Header:
    """The header of one or two rows that knows most columns, among rows 1 to 8. Raises :class:`Refused`."""
    top = {row.number: [_text(cell) for cell in row.cells] for row in rows if row.number <= HEADER_WITHIN}
    if not top:
        raise Refused("表里没有内容。")
    groups = _groups(top, merges)
    best: Header | None = None
    for number in sorted(top):
        for header in (_header(number, top[number]), _two_rows(number, top, groups)):
            if header and "姓名" in header.known.values() and (best is None or len(header.known) > len(best.known)):
                best = header
    if best is None:
        raise Refused(f"前 {HEADER_WITHIN} 行里没有找到“姓名”这一列，请对照模板检查表头。")
    return best


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""


def _groups(top: dict[int, list[str]], merges: Iterable[Merge]) -> dict[int, dict[int, str]]:
    """The upper of two header rows with merged groups spread over their columns."""
    spread = {number: dict(enumerate(cells)) for number, cells in top.items()}
    for merge in merges:
        cells = spread.get(merge.top)
        if cells and merge.right > merge.left:
            for column in range(merge.left, min(merge.right, merge.left + 200)):
                cells[column] = cells.get(merge.left - 1, "")
    return spread


def _two_rows(number: int, top: dict[int, list[str]], groups: dict[int, dict[int, str]]) -> Header | None:
    lower = top.get(number + 1)
    if lower is None or number + 1 > HEADER_WITHIN:
        return None
    upper, group = top[number], groups[number]
    headings = []
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        # a group 户主 over 姓名, 身份证号: those are the head's, not the person's
        if below and normalise_heading(group.get(column, "")) in {"户主", "户主信息", "户主情况"}:
            below = below if "户主" in below else f"户主{below}"
        headings.append(below or above)
    return _header(number + 1, headings)


def _header(last_row: int, headings: list[str]) -> Header:
    known: dict[int, str] = {}
    unknown: dict[int, str] = {}
    names = [normalise_heading(heading) for heading in headings]
    exact = {name for name in names if name in COLUMNS}
    for column, (heading, name) in enumerate(zip(headings, names, strict=True)):
        target = _KNOWN.get(name)
        taken = target in known.values() or (target != name and target in exact)
        if target and (not taken or target == "手机号"):  # 手机号 beside 联系电话: both are read
            known[column] = target
        elif name:
            unknown[column] = scrub(plain(heading, 40), 40)
    return Header(last_row, known, unknown)
