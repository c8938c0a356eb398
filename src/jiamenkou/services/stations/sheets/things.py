"""Things of stations in and out of Excel: planned first, every bad cell named, good rows kept only when asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from os import PathLike
from typing import Any, BinaryIO

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.sheets.tables import Checked, Numbered, Plan, Problem, Table, Values, checked, restored
from jiamenkou.foundation.sheets.uploads import write_rows
from jiamenkou.foundation.sheets.writing import Column, Value, template
from jiamenkou.services.stations.actions.stations import add_thing, kind_named
from jiamenkou.services.stations.models import Help, Station, Thing
from jiamenkou.services.stations.states import ThingState

HEADINGS = {
    "station": "驿站",
    "kind": "东西",
    "number": "编号",
    "condition": "成色",
    "days": "借几天",
    "need": "急需的先借",
    "source": "来历",
}
TABLE = Table(HEADINGS, (("station",), ("kind",)), "表里没有东西。")
LONGEST = {"kind": 20, "number": 20, "condition": 60, "source": 60}
COLUMNS = [*(Column(heading, 16) for heading in HEADINGS.values()), Column("状态"), Column("哪天还")]
HOURS_COLUMNS = [Column(h, 14) for h in ("日期", "谁帮的", "帮了谁", "做了什么", "分钟", "依据", "状态", "驿站")]


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


def plan_file(path: str | PathLike[str], stations: QuerySet[Station]) -> Plan[None]:
    """Read and check every row. Raises the sheets' ``Refused`` for a file that is no list of things."""
    rows, ignored = TABLE.read(path)
    return Plan(_checked(rows, stations), ignored)


def plan_stored(stored: Sequence[Sequence[Any]], stations: QuerySet[Station]) -> Plan[None]:
    return Plan(_checked(restored(stored), stations))


def _checked(rows: list[Numbered], stations: QuerySet[Station]) -> list[Checked[None]]:
    names = set(stations.order_by("name").values_list("name", flat=True))
    there = {
        (station, number)
        for station, number in Thing.objects.filter(station__in=stations)
        .order_by("id")
        .values_list("station__name", "number")
    }

    def check(values: Values) -> tuple[None, list[Problem]]:
        problems = [
            (name, f"太长，最多 {longest} 个字。")
            for name, longest in LONGEST.items()
            if len(values.get(name, "")) > longest
        ]
        if values.get("station", "") not in names:
            problems.append(("station", "没有这个驿站，先在“驿站”里登记。"))
        if not values.get("kind"):
            problems.append(("kind", "请写什么东西。"))
        if values.get("days") and not (values["days"].isdigit() and 1 <= int(values["days"][:6]) <= 180):
            problems.append(("days", "借几天在 1 到 180 之间。"))
        if values.get("need", "") not in {"", "是", "否"}:
            problems.append(("need", "填“是”或空着。"))
        key = (values.get("station", ""), values.get("number", ""))
        if key[1] and key in there:
            problems.append(("number", "这个编号已经有了。"))
        there.add(key)
        return None, problems

    return checked(rows, HEADINGS, check)


def apply_plan(
    plan: Plan[None],
    stations: QuerySet[Station],
    skipping: bool = False,
    *,
    by: Actor,
    now: datetime,
    reason: str,
) -> int:
    """Write the good rows. Returns how many."""
    by_name = {station.name: station for station in stations.order_by("id")}

    def add(row: Checked[None]) -> None:
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
        add_thing(
            kind,
            values.get("number", ""),
            condition=values.get("condition", ""),
            from_whom=values.get("source", ""),
            by=by,
            now=now,
            reason=reason,
        )

    return write_rows(plan, add, skipping)
