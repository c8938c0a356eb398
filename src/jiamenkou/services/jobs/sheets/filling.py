"""The street's own form: its headings are matched with the roster's and the intentions' columns, and it is filled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.exporting import Value, buildings_of, resident_values, residents_for_sheet
from jiamenkou.foundation.people.roster.columns import RUNNING_NUMBERS, find_header
from jiamenkou.foundation.sheets import Refused, read
from jiamenkou.foundation.sheets.filling import fill
from jiamenkou.foundation.sheets.tables import HEADER_WITHIN, normalise_heading
from jiamenkou.foundation.sheets.writing import Watermark
from jiamenkou.services.jobs.access import intentions_for
from jiamenkou.services.jobs.sheets.exporting import intention_values

MOST_ROWS = 5_000
RUNNING = "序号"
_INTENTION = {
    "想做什么": ("求职意向", "意向岗位", "期望岗位", "期望工种", "择业意向", "就业意向", "意向工种"),
    "形式": ("用工形式", "工作形式"),
    "工资至少": ("期望工资", "期望月薪", "期望薪资", "薪资要求", "最低工资"),
    "学历": ("文化程度", "最高学历"),
    "最近确认": ("登记日期", "登记时间", "确认日期"),
    "到期再问": ("有效期",),
    "哪几天": ("上班日",),
    "补充": ("求职说明",),
}
_NAMES = {alias: name for name, aliases in _INTENTION.items() for alias in (name, *aliases)}
INTENTION_NAMES = frozenset(_INTENTION)


@dataclass(frozen=True, slots=True)
class Match:
    """What stands in which column (0-based), where the header ends, and the headings nobody knows."""

    columns: dict[int, str]
    last_row: int
    unknown: list[str]

    @property
    def wants_intentions(self) -> bool:
        return bool(INTENTION_NAMES & set(self.columns.values()))


def match_form(path: Path) -> Match:
    """Look at the form. Raises :class:`Refused` where there is no 姓名."""
    sheet = read(path, heading="姓名")
    header = find_header(list(islice(sheet.rows, HEADER_WITHIN)), sheet.merges)
    columns, unknown = dict(header.known), []
    for at, heading in header.unknown.items():
        name = normalise_heading(heading)
        if name in _NAMES:
            columns[at] = _NAMES[name]
        elif name.lower() in RUNNING_NUMBERS:
            columns[at] = RUNNING
        elif heading:
            unknown.append(heading)
    return Match(columns, header.last_row, unknown)


def fill_form(path: Path, match: Match, *, by: Actor, only_seekers: bool, mark: Watermark) -> tuple[bytes, int]:
    """The form filled with the residents in the actor's scope, by name. Returns the file and how many rows."""
    wishes = dict(intention_values(intentions_for(by, Permission.RESIDENTS_EXPORT).open().order_by("id")))
    people = residents_for(by, Permission.RESIDENTS_EXPORT).present()
    if only_seekers:
        people = people.filter(pk__in=wishes)
    residents = list(residents_for_sheet(people).by_name()[: MOST_ROWS + 1])
    if len(residents) > MOST_ROWS:
        raise Refused(f"超过 {MOST_ROWS:,} 人，请让各网格分别填。")
    buildings = buildings_of(residents)
    rows: list[dict[int, Value]] = []
    for number, resident in enumerate(residents, start=1):
        values: dict[str, object] = {**resident_values(resident, buildings), RUNNING: number}
        wish = wishes.get(resident.pk, {})
        values |= {name: wish.get(name) for name in INTENTION_NAMES}
        rows.append({at: _cell(values.get(name)) for at, name in match.columns.items()})
    return fill(path, match.last_row, rows, mark.line), len(rows)


def _cell(value: object) -> Value:
    """Amounts with half a yuan become text: a filled form is read, not calculated with."""
    return str(value) if isinstance(value, float) else value  # type: ignore[return-value]
