"""Needs from Excel: planned first, every bad cell named, good rows kept only when asked, the same file twice counted once.

A row names a person (编号, or 姓名 with 门牌 where the name is not the only one), or says 人数 without a name.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from os import PathLike
from typing import Any, BinaryIO

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.people.roster.columns import HEADER_WITHIN, normalise_heading
from jiamenkou.foundation.people.roster.identity import Unreadable
from jiamenkou.foundation.people.roster.values import parse_birth_date
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused as ActionRefused
from jiamenkou.foundation.sheets import Fault as BadCell
from jiamenkou.foundation.sheets import Refused, read
from jiamenkou.foundation.sheets.writing import Column, template
from jiamenkou.services.needs.actions.needs import file_need
from jiamenkou.services.needs.actions.tallies import tally
from jiamenkou.services.needs.models import Category
from jiamenkou.services.needs.states import Channel, FiledBy

MOST_ROWS = 2_000
OLDEST = date(2015, 1, 1)
HEADINGS = {
    "number": "编号",
    "name": "姓名",
    "door": "门牌",
    "category": "需要什么",
    "words": "原话",
    "day": "哪天说的",
    "heads": "人数",
}
_NUMBER = re.compile(r"[Rr]?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Planned:
    """One row; ``resident`` or ``heads``, ``day`` and ``category`` are what it means where nothing is wrong."""

    number: int
    values: dict[str, str]
    problems: tuple[tuple[str, str, str], ...]  # heading, what stood there, why
    resident: int | None = None
    category: int | None = None
    heads: int = 0
    day: date | None = None


@dataclass(slots=True)
class Plan:
    rows: list[Planned] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def good(self) -> list[Planned]:
        return [row for row in self.rows if not row.problems]

    @property
    def bad(self) -> list[Planned]:
        return [row for row in self.rows if row.problems]

    @property
    def stored(self) -> list[list[Any]]:
        return [[row.number, row.values] for row in self.rows]


def write_template(target: str | PathLike[str] | BinaryIO) -> None:
    notes = {
        "number": ("居民名单里的编号，填了最准。", "R1024"),
        "name": ("没记名字就空着，填人数。", "苏映禾"),
        "door": ("有同名的要填。", "3 栋 2 单元 501"),
        "category": ("和“改分类”里的名称一样。", "上门剪发"),
        "day": ("", "2026-11-03"),
        "heads": ("没记名字时有多少人说。", "12"),
    }
    columns = [
        Column(heading, 16, (), *notes.get(ours, ("", "")), required=ours == "category", as_text=ours != "heads")
        for ours, heading in HEADINGS.items()
    ]
    template(columns, "需求", target)


def plan_file(path: str | PathLike[str], by: Actor, today: date) -> Plan:
    """Read and check every row. Raises :class:`Refused` for a file that is no list of needs."""
    known = {heading: ours for ours, heading in HEADINGS.items()}
    columns: dict[int, str] = {}
    plan, rows = Plan(), read(path, heading="").rows
    for row in rows:
        names = [normalise_heading(cell) if isinstance(cell, str) else "" for cell in row.cells]
        columns = {at: known[name] for at, name in enumerate(names) if name in known}
        if "category" in columns.values() and {"name", "number", "heads"} & set(columns.values()):
            plan.ignored = [scrub(name, 40) for at, name in enumerate(names) if name and at not in columns]
            break
        columns = {}
        if row.number >= HEADER_WITHIN:
            break
    if not columns:
        raise Refused("前 8 行里没有找到“姓名”和“需要什么”两列，请对照模板检查表头。")
    found: list[tuple[int, dict[str, str]]] = []
    for row in rows:
        cells = {ours: row.cells[at] for at, ours in columns.items() if at < len(row.cells)}
        if all(value is None or not str(value).strip() for value in cells.values()):
            continue
        if len(found) >= MOST_ROWS:
            raise Refused(f"一次最多导入 {MOST_ROWS:,} 行，请拆成几个文件。")
        found.append((row.number, {ours: _text(value) for ours, value in cells.items()}))
    if not found:
        raise Refused("表里没有需求。")
    plan.rows = _checked(found, by, today)
    return plan


def plan_stored(stored: list[list[Any]], by: Actor, today: date) -> Plan:
    """The rows of a dry run checked anew: somebody may have moved or been merged since."""
    return Plan(_checked([(int(number), dict(values)) for number, values in stored], by, today))


def _text(value: object) -> str:
    if isinstance(value, BadCell):
        return "#"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\x00", "").strip()


def _checked(rows: list[tuple[int, dict[str, str]]], by: Actor, today: date) -> list[Planned]:
    """Three queries however many rows."""
    categories = {one.label: one for one in Category.objects.all()}
    people = residents_for(by).present()
    numbers = {int(m[1]) for _, v in rows if (m := _NUMBER.fullmatch(v.get("number", "")))}
    names = {v["name"] for _, v in rows if v.get("name")}
    by_number = {one.pk: one for one in people.filter(pk__in=numbers)}
    by_name: dict[str, list[Resident]] = {}
    for one in people.filter(name__in=names).select_related("household").order_by("id"):
        by_name.setdefault(one.name, []).append(one)
    return [_one(number, values, categories, by_number, by_name, today) for number, values in rows]


def _one(
    number: int,
    values: dict[str, str],
    categories: dict[str, Category],
    by_number: dict[int, Resident],
    by_name: dict[str, list[Resident]],
    today: date,
) -> Planned:
    problems: list[tuple[str, str]] = []
    category = categories.get(values.get("category", ""))
    if category is None:
        problems.append(("category", "没有这一类，照“改分类”里的名称写。"))
    elif not category.is_active:
        problems.append(("category", "这一类已经停用。"))
    if len(values.get("words", "")) > 300:
        problems.append(("words", "太长，最多 300 个字。"))
    day = _day(values.get("day", ""), today, problems)
    heads, resident = 0, None
    if values.get("number") or values.get("name"):
        resident = _who(values, by_number, by_name, problems)
    elif values.get("heads", "").isdecimal() and 1 <= int(values["heads"][:6]) <= 9999:
        heads = int(values["heads"][:6])
    else:
        problems.append(("heads" if values.get("heads") else "name", "写姓名；没记名字就写人数，1 到 9999。"))
    cells = tuple((HEADINGS[name], scrub(values.get(name, ""), 40), why) for name, why in problems)
    return Planned(number, values, cells, resident, category.pk if category else None, heads, day)


def _day(text: str, today: date, problems: list[tuple[str, str]]) -> date | None:
    if not text:
        return today
    try:
        day = parse_birth_date(text, today)
    except Unreadable:
        day = None
    if day is None or not OLDEST <= day <= today:
        problems.append(("day", "写成 2026-11-03 这样，不晚于今天。"))
        return None
    return day


def _who(
    values: dict[str, str],
    by_number: dict[int, Resident],
    by_name: dict[str, list[Resident]],
    problems: list[tuple[str, str]],
) -> int | None:
    text, name, door = values.get("number", ""), values.get("name", ""), values.get("door", "")
    if text:
        match = _NUMBER.fullmatch(text)
        one = by_number.get(int(match[1])) if match else None
        if one is None:
            problems.append(("number", "没有这个编号，或者不在您负责的范围。"))
        elif name and name != one.name:
            problems.append(("name", "和编号不是同一个人。"))
        return one.pk if one is not None else None
    found = by_name.get(name, [])
    if len(found) > 1 and door:
        found = [one for one in found if one.household is not None and _door(one.household.door) == _door(door)]
    if len(found) == 1:
        return found[0].pk
    why = "没有这位居民，先到居民里登记。" if not found else f"有 {len(found)} 位同名，请填编号或门牌。"
    problems.append(("name", why))
    return None


def _door(text: str) -> str:
    return "".join(text.split())


def apply_plan(plan: Plan, community: Place, *, by: Actor, reason: str) -> int:
    """File the good rows. Returns how many; what somebody had said already is the same need still."""
    categories = {one.pk: one for one in Category.objects.all()}
    people = {one.pk: one for one in residents_for(by).filter(pk__in=[row.resident for row in plan.good])}
    filed = 0
    for row in plan.good:
        assert row.category is not None and row.day is not None
        category, words = categories[row.category], row.values.get("words", "")
        at = timezone.make_aware(datetime.combine(row.day, time(12)))
        try:
            if row.resident is not None:
                file_need(
                    people[row.resident], category, by=by, channel=Channel.SHEET, filed_by=FiledBy.WORKER,
                    words=words, at=min(at, timezone.now()), reason=reason,
                )  # fmt: skip
            else:
                tally(
                    category, community, row.heads, by=by, channel=Channel.SHEET, source=_source(row, community),
                    words=words, reason=reason,
                )  # fmt: skip
        except ActionRefused:
            continue
        filed += 1
    return filed


def _source(row: Planned, community: Place) -> str:
    """The same row of the same file is the same count."""
    said = f"{community.pk}|{row.number}|{row.category}|{row.day}|{row.values.get('words', '')}"
    return f"sheet:{hashlib.sha256(said.encode()).hexdigest()[:24]}"
