"""Tickets of the 12345 hotline and other platforms above, as their tables have them: read by the names of the columns.

Values only. The line stays whole beside the ticket, so that the reply goes back in the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from jiamenkou.engines.workdays import CHINA

# our word → what the platforms call it
NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("工单编号", "工单号", "受理编号", "诉求编号", "流水号", "编号", "单号"),
    "title": ("诉求标题", "标题", "主题", "事项名称"),
    "words": ("诉求内容", "问题描述", "内容", "主要内容", "反映内容"),
    "name": ("来电人", "诉求人", "反映人", "联系人", "姓名"),
    "phone": ("联系电话", "来电号码", "联系方式", "手机号", "电话"),
    "door": ("地址", "问题地址", "诉求地址", "事发地址"),
    "due": ("办理时限", "截止时间", "办结时限", "处理期限", "要求办结时间"),
}
# what a reply fills where the platform's table has the column; else it is added at the end
REPLY: Mapping[str, tuple[str, ...]] = {
    "state": ("办理状态", "处理状态"),
    "outcome": ("办理结果", "是否解决"),
    "text": ("办理情况", "处理情况", "答复内容", "回复内容"),
    "done": ("办结时间", "办理时间", "处理时间"),
}
HEAD_WITHIN = 8
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:\D+(\d{1,2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One line that could be read. ``row``: its number in the sheet, or in what was pasted, from 1."""

    row: int
    number: str
    title: str
    words: str
    name: str
    phone: str
    door: str
    due: datetime | None
    line: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    problem: str


class Line(NamedTuple):
    """A line that is not blank. ``number`` is the sheet's own, blank lines above it counted."""

    number: int
    cells: Sequence[str]


def key(heading: str) -> str:
    """A heading without what platforms put around it: brackets, stars, white space."""
    return re.sub(r"[（(].*?[)）]|[*＊\s:：]", "", heading)


def cells_of(text: str) -> list[Line]:
    """Lines copied out of a table: cells apart by tabs."""
    return [
        Line(number, [cell.strip() for cell in line.split("\t")])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]


def read(lines: Sequence[Line]) -> tuple[list[Ticket], list[Fault]]:
    """The tickets and the lines that are none. Without a heading for the number nothing is read.

    The heading may stand below a title, within the first lines.
    """
    if not lines:
        return [], [Fault(1, "什么都没有贴进来。")]
    head = next(
        (at for at, line in enumerate(lines[:HEAD_WITHIN]) if _where(line.cells).get("number") is not None), None
    )
    if head is None:
        return [], [Fault(lines[0].number, "第一行要是表头，而且要有“工单编号”这一栏。")]
    heading, where = lines[head].cells, _where(lines[head].cells)
    tickets: list[Ticket] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, cells in lines[head + 1 :]:
        told = {ours: cells[at].strip() if at < len(cells) else "" for ours, at in where.items()}
        fault = _fault(told, seen)
        if fault:
            faults.append(Fault(number, fault))
            continue
        seen.add(told["number"])
        words = told.get("words", "")
        tickets.append(
            Ticket(
                number, told["number"], told.get("title", "") or words[:30], words, told.get("name", ""),
                re.sub(r"[\s-]", "", told.get("phone", "")), told.get("door", ""), moment(told.get("due", "")),
                _whole(heading, cells),
            )
        )  # fmt: skip
    return tickets, faults


def _whole(heading: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Their line with every column of the heading: a sheet leaves out what is empty at the end."""
    return {head: cells[at] if at < len(cells) else "" for at, head in enumerate(heading) if head}


def _where(cells: Sequence[str]) -> dict[str, int]:
    """Our words for the columns of a heading, and where they stand."""
    heads = [key(cell) for cell in cells]
    return {ours: at for ours, names in NAMES.items() if (at := _column(heads, names)) is not None}


def _column(heads: Sequence[str], names: Sequence[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)


def _fault(told: Mapping[str, str], seen: set[str]) -> str:
    if not told["number"]:
        return "没有工单编号。"
    if told["number"] in seen:
        return "这个编号上面已经有一行了。"
    if not (told.get("title") or told.get("words")):
        return "没有写什么事。"
    if told.get("due") and moment(told["due"]) is None:
        return f"看不懂的办理时限：{told['due'][:20]}，要写成 2026-03-10 18:00 这样。"
    return ""


def moment(text: str) -> datetime | None:
    """``2026-03-10 18:00``, ``2026/3/10``, ``2026年3月10日``; a day alone is its end. None for anything else."""
    found = _DATE.search(text)
    if found is None:
        return None
    year, month, day, hour, minute = found.groups()
    try:
        return datetime(int(year), int(month), int(day), int(hour or 23), int(minute or 59), tzinfo=CHINA)
    except ValueError:
        return None


def reply(line: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Their line with our answer in their columns; what they have no column for comes at the end."""
    filled = dict(line)
    for ours, names in REPLY.items():
        heading = next((head for head in filled if key(head) in names), names[0])
        filled[heading] = told.get(ours, "")
    return filled
