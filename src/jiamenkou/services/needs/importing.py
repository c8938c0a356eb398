"""Needs from Excel: planned first, every bad cell named, good rows kept only when asked, the same file twice counted once.

A row names a person (编号, or 姓名 with 门牌 where the name is not the only one), or says 人数 without a name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from os import PathLike
from typing import Any, BinaryIO

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.people.roster.identity import Unreadable
from jiamenkou.foundation.people.roster.values import parse_birth_date
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.sheets.tables import Checked, Numbered, Plan, Problem, Table, Values, checked, restored
from jiamenkou.foundation.sheets.uploads import write_rows
from jiamenkou.foundation.sheets.writing import Column, template
from jiamenkou.services.needs.actions.needs import file_need
from jiamenkou.services.needs.actions.tallies import tally
from jiamenkou.services.needs.models import Category
from jiamenkou.services.needs.states import Channel, FiledBy

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
TABLE = Table(HEADINGS, (("name", "number", "heads"), ("category",)), "表里没有需求。")
_NUMBER = re.compile(r"[Rr]?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Meaning:
    """``resident`` or ``heads``, ``day`` and ``category`` are there where nothing is wrong."""

    resident: int | None
    category: int | None
    heads: int
    day: date | None


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


def plan_file(path: str | PathLike[str], by: Actor, today: date) -> Plan[Meaning]:
    """Read and check every row. Raises the sheets' ``Refused`` for a file that is no list of needs."""
    rows, ignored = TABLE.read(path)
    return Plan(_checked(rows, by, today), ignored)


def plan_stored(stored: Sequence[Sequence[Any]], by: Actor, today: date) -> Plan[Meaning]:
    """The rows of a dry run checked anew: somebody may have moved or been merged since."""
    return Plan(_checked(restored(stored), by, today))


def _checked(rows: list[Numbered], by: Actor, today: date) -> list[Checked[Meaning]]:
    """Three queries however many rows."""
    categories = {one.label: one for one in Category.objects.all()}
    people = residents_for(by).present()
    numbers = {int(m[1]) for _, v in rows if (m := _NUMBER.fullmatch(v.get("number", "")))}
    names = {v["name"] for _, v in rows if v.get("name")}
    by_number = {one.pk: one for one in people.filter(pk__in=numbers)}
    by_name: dict[str, list[Resident]] = {}
    for one in people.filter(name__in=names).select_related("household").order_by("id"):
        by_name.setdefault(one.name, []).append(one)
    return checked(rows, HEADINGS, lambda values: _one(values, categories, by_number, by_name, today))


def _one(
    values: Values,
    categories: dict[str, Category],
    by_number: dict[int, Resident],
    by_name: dict[str, list[Resident]],
    today: date,
) -> tuple[Meaning, list[Problem]]:
    problems: list[Problem] = []
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
    return Meaning(resident, category.pk if category else None, heads, day), problems


def _day(text: str, today: date, problems: list[Problem]) -> date | None:
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
    values: Values,
    by_number: dict[int, Resident],
    by_name: dict[str, list[Resident]],
    problems: list[Problem],
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


def apply_plan(plan: Plan[Meaning], community: Place, skipping: bool = False, *, by: Actor, reason: str) -> int:
    """File the good rows. Returns how many; what somebody had said already is the same need still."""
    categories = {one.pk: one for one in Category.objects.all()}
    people = {one.pk: one for one in residents_for(by).filter(pk__in=[row.meant.resident for row in plan.good])}

    def file(row: Checked[Meaning]) -> None:
        meant, words = row.meant, row.values.get("words", "")
        assert meant.category is not None and meant.day is not None
        category = categories[meant.category]
        at = timezone.make_aware(datetime.combine(meant.day, time(12)))
        if meant.resident is not None:
            file_need(
                people[meant.resident], category, by=by, channel=Channel.SHEET, filed_by=FiledBy.WORKER,
                words=words, at=min(at, timezone.now()), reason=reason,
            )  # fmt: skip
        else:
            tally(
                category, community, meant.heads, by=by, channel=Channel.SHEET, source=_source(row, community),
                words=words, reason=reason,
            )  # fmt: skip

    return write_rows(plan, file, skipping)


def _source(row: Checked[Meaning], community: Place) -> str:
    """The same row of the same file is the same count."""
    said = f"{community.pk}|{row.number}|{row.meant.category}|{row.meant.day}|{row.values.get('words', '')}"
    return f"sheet:{hashlib.sha256(said.encode()).hexdigest()[:24]}"
