"""A year's holidays from a file: a sheet as somebody copies it from the notice, or the JSON of holiday-cn."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets import Refused as FileRefused
from jiamenkou.foundation.sheets.tables import Numbered, Table
from jiamenkou.foundation.sheets.writing import Column, template

MOST_BYTES = 200_000
LONGEST = timedelta(days=31)  # no holiday is longer
HEADINGS = {"day": "从哪天", "until": "到哪天", "kind": "休或班", "name": "什么节"}
TABLE = Table(
    HEADINGS,
    (("day",), ("kind",)),
    "表里一天都没有。",
    {"day": ("日期", "日子", "开始"), "until": ("结束",), "kind": ("怎么算", "放假或上班"), "name": ("节日", "名称")},
)
_OFF, _WORK = ("休", "放假", "休息", "假"), ("班", "上班", "补班", "调休上班")
_DAY = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D{0,9}")


def write_template(target: BinaryIO) -> None:
    """The blank sheet, as the notice is read: 从 … 到 … 放假, and the days that are worked instead."""
    columns = [
        Column(HEADINGS["day"], 14, (), "这一段的第一天。", "2027-02-05", required=True),
        Column(HEADINGS["until"], 14, (), "只有一天就不填。", "2027-02-12"),
        Column(
            HEADINGS["kind"], 10, ("休", "班"), "放假写“休”，调休上班写“班”。平常的周末不用写。", "休", required=True
        ),
        Column(HEADINGS["name"], 14, (), "写给自己看的。", "春节"),
    ]
    template(columns, "放假安排", target)


def document_of(path: Path) -> Any:
    """``{"year", "days": [{"date", "isOffDay"}]}`` as ``import_year`` takes it. Raises Refused at file."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("文件太大，不像一年的放假安排。", field="file", code="size")
    data = path.read_bytes()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        try:
            return json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Refused("打不开这个文件。", field="file", code="form") from error
    try:
        rows, _ignored = TABLE.read(path)
    except FileRefused as refused:
        raise Refused(refused.message, field="file", code="form") from refused
    days = [entry for row in rows for entry in _entries(row)]
    year, _count = Counter(day.year for day, _off in days).most_common(1)[0]
    for day, _off in days:
        if not date(year, 1, 1) - LONGEST <= day <= date(year, 12, 31) + LONGEST:
            raise Refused(f"文件里有 {year} 年的，也有 {day.year} 年的；一次导入一年。", field="file", code="years")
    return {"year": year, "days": [{"date": day.isoformat(), "isOffDay": off} for day, off in days]}


def _entries(row: Numbered) -> Iterator[tuple[date, bool]]:
    number, values = row
    kind = values.get("kind", "")
    if kind not in _OFF + _WORK:
        raise _bad(number, f"“{scrub(kind, 10)}”看不懂，写“休”或者“班”")
    first = _day(number, values.get("day", ""))
    last = _day(number, values["until"]) if values.get("until") else first
    if not timedelta() <= last - first <= LONGEST:
        raise _bad(number, f"从 {first} 到 {last} 不像一个假期")
    for after in range((last - first).days + 1):
        yield first + timedelta(days=after), kind in _OFF


def _day(number: int, said: str) -> date:
    found = _DAY.fullmatch(said)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(said)
    except ValueError as error:
        raise _bad(number, f"日期“{scrub(said, 20)}”看不懂，写成 2027-02-05") from error


def _bad(number: int, why: str) -> Refused:
    return Refused(f"第 {number} 行：{why}。", field="file", code="cell")
