"""Things of stations in and out of Excel: planned first, every bad cell named, good rows kept only when asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from os import PathLike
from typing import Any, BinaryIO

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.people.roster.columns import HEADER_WITHIN, normalise_heading
from jiamenkou.foundation.refusals import Refused as ActionRefused
from jiamenkou.foundation.sheets import Fault as BadCell
from jiamenkou.foundation.sheets import Refused, read
from jiamenkou.foundation.sheets.writing import Column, Value, template
from jiamenkou.services.stations.actions.stations import add_thing, kind_named
from jiamenkou.services.stations.models import Help, Station, Thing
from jiamenkou.services.stations.states import ThingState

MOST_ROWS = 2_000
HEADINGS = {
    "station": "驿站",
    "kind": "东西",
    "number": "编号",
    "condition": "成色",
    "days": "借几天",
    "need": "急需的先借",
    "source": "来历",
}
LONGEST = {"kind": 20, "number": 20, "condition": 60, "source": 60}
COLUMNS = [*(Column(heading, 16) for heading in HEADINGS.values()), Column("状态"), Column("哪天还")]
HOURS_COLUMNS = [Column(h, 14) for h in ("日期", "谁帮的", "帮了谁", "做了什么", "分钟", "依据", "状态", "驿站")]


@dataclass(frozen=True, slots=True)
class Planned:
    number: int
    values: dict[str, str]
    problems: tuple[tuple[str, str, str], ...]  # heading, what stood there, why


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


def rows_of(things: QuerySet[Thing]) -> Iterator[list[Value]]:
    for one in things.iterator(500):
        yield [
            one.station.name,
            one.kind.name,
            one.number,
            one.condition,
            one.kind.loan_days,
            "是" if one.kind.by_need else "",
            one.from_whom,
            str(ThingState(one.state).label),
            one.due_on,
        ]


def hours_rows(helps: QuerySet[Help]) -> Iterator[list[Value]]:
    for one in helps.iterator(500):
        yield [
            one.on,
            one.giver_called,
            one.helped_called,
            one.what,
            one.minutes,
            str(one.get_way_display()),
            str(one.get_state_display()),
            one.station.name if one.station else "",
        ]


def write_template(target: str | PathLike[str] | BinaryIO) -> None:
    notes = {
        "station": ("和“驿站”列表里的名称一样。", "3 栋楼道驿站"),
        "kind": ("", "轮椅"),
        "number": ("不填就接着编。", "轮椅-3"),
        "days": ("数字。", "7"),
        "need": ("填“是”。", "是"),
    }
    columns = [
        Column(
            heading, 16, (), *notes.get(ours, ("", "")), required=ours in {"station", "kind"}, as_text=ours != "days"
        )
        for ours, heading in HEADINGS.items()
    ]
    template(columns, "东西", target)


def plan_file(path: str | PathLike[str], stations: QuerySet[Station]) -> Plan:
    """Read and check every row. Raises :class:`Refused` for a file that is no list of things."""
    known = {heading: ours for ours, heading in HEADINGS.items()}
    columns: dict[int, str] = {}
    plan, rows = Plan(), read(path, heading="").rows
    for row in rows:
        names = [normalise_heading(cell) if isinstance(cell, str) else "" for cell in row.cells]
        columns = {at: known[name] for at, name in enumerate(names) if name in known}
        if {"station", "kind"} <= set(columns.values()):
            plan.ignored = [scrub(name, 40) for at, name in enumerate(names) if name and at not in columns]
            break
        if row.number >= HEADER_WITHIN:
            columns = {}
            break
    if not {"station", "kind"} <= set(columns.values()):
        raise Refused("前 8 行里没有找到“驿站”和“东西”两列，请对照模板检查表头。")
    found: list[tuple[int, dict[str, str]]] = []
    for row in rows:
        cells = {ours: row.cells[at] for at, ours in columns.items() if at < len(row.cells)}
        if all(value is None or not str(value).strip() for value in cells.values()):
            continue
        if len(found) >= MOST_ROWS:
            raise Refused(f"一次最多导入 {MOST_ROWS:,} 行，请拆成几个文件。")
        found.append((row.number, {ours: _text(value) for ours, value in cells.items()}))
    if not found:
        raise Refused("表里没有东西。")
    plan.rows = _checked(found, stations)
    return plan


def plan_stored(stored: list[list[Any]], stations: QuerySet[Station]) -> Plan:
    return Plan(_checked([(int(number), dict(values)) for number, values in stored], stations))


def _text(value: object) -> str:
    if isinstance(value, BadCell):
        return "#"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\x00", "").strip()


def _checked(rows: list[tuple[int, dict[str, str]]], stations: QuerySet[Station]) -> list[Planned]:
    names = set(stations.order_by("name").values_list("name", flat=True))
    there = {
        (station, number)
        for station, number in Thing.objects.filter(station__in=stations)
        .order_by("id")
        .values_list("station__name", "number")
    }
    seen: set[tuple[str, str]] = set()
    found = []
    for number, values in rows:
        problems = []
        for name, longest in LONGEST.items():
            if len(values.get(name, "")) > longest:
                problems.append((name, f"太长，最多 {longest} 个字。"))
        if values.get("station", "") not in names:
            problems.append(("station", "没有这个驿站，先在“驿站”里登记。"))
        if not values.get("kind"):
            problems.append(("kind", "请写什么东西。"))
        if values.get("days") and not (values["days"].isdigit() and 1 <= int(values["days"][:6]) <= 180):
            problems.append(("days", "借几天在 1 到 180 之间。"))
        if values.get("need", "") not in {"", "是", "否"}:
            problems.append(("need", "填“是”或空着。"))
        key = (values.get("station", ""), values.get("number", ""))
        if key[1] and (key in there or key in seen):
            problems.append(("number", "这个编号已经有了。"))
        seen.add(key)
        cells = tuple((HEADINGS[name], scrub(values.get(name, ""), 40), why) for name, why in problems)
        found.append(Planned(number, values, cells))
    return found


def apply_plan(plan: Plan, stations: QuerySet[Station], *, by: Actor, now: datetime, reason: str) -> int:
    """Write the good rows. Returns how many."""
    by_name = {station.name: station for station in stations.order_by("id")}
    made = 0
    for row in plan.good:
        values = row.values
        days = int(values["days"]) if values.get("days") else None
        kind = kind_named(
            by_name[values["station"]],
            values["kind"],
            loan_days=days,
            by_need=values.get("need") == "是",
            by=by,
            reason=reason,
        )
        try:
            add_thing(
                kind,
                values.get("number", ""),
                condition=values.get("condition", ""),
                from_whom=values.get("source", ""),
                by=by,
                now=now,
                reason=reason,
            )
        except ActionRefused:
            continue
        made += 1
    return made
