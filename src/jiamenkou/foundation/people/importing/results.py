"""What the desk shows of a run: every number masked, kept sealed beside the file so that a page need not read it again.

A result is made when the file is looked at and after every correction. It decides nothing: writing plans afresh.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from jiamenkou.foundation.people.importing.register import CommunityRegister
from jiamenkou.foundation.people.importing.runs import edits_of, file_beside, write_private
from jiamenkou.foundation.people.masking import mask_id, mask_phone, scrub
from jiamenkou.foundation.people.models import ImportRun, ImportState, Resident
from jiamenkou.foundation.people.roster import Action, Facts, Known, Plan, Step
from jiamenkou.foundation.people.roster.register import NameBirth, NameText
from jiamenkou.foundation.people.roster.rows import FIELDS
from jiamenkou.foundation.vault.crypto import seal, unseal
from jiamenkou.foundation.vault.service import ensure_keys

RESULT_FIELD = "import.result"
KEPT = 2_000  # rows kept of each kind where nothing is wrong; of errors and corrections all
PAIRS = 100
PAIRED = ("身份证号", "出生日期", "手机号", "居住地址")

Cell = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row: masked ``cells`` by column; ``bad`` holds (masked value, problem), ``fixed`` the masked value before."""

    row: int
    action: str
    cells: dict[str, str]
    bad: dict[str, tuple[str, str]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person: the row, and a stored person (``other`` None) or another row.

    ``lines`` are (column, here, there), masked.
    """

    row: int
    name: str
    action: str
    other: int | None
    lines: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Result:
    """``counts`` as in contracts.md, "Rosters"; ``seconds`` how long the look took."""

    counts: dict[str, int]
    ignored: list[str]
    grids: list[str]
    rows: list[ShownRow]
    pairs: list[Pair]
    seconds: float = 0.0

    @property
    def bad_cells(self) -> int:
        return sum(len(row.bad) for row in self.rows)

    def alike_cells(self, row: int, column: str) -> list[int]:
        """The other rows whose ``column`` is wrong in the same spelling."""
        value = next((shown.bad[column][0] for shown in self.rows if shown.row == row and column in shown.bad), None)
        if not value:
            return []
        return [s.row for s in self.rows if s.row != row and column in s.bad and s.bad[column][0] == value]


def make_result(run: ImportRun, plan: Plan, seconds: float, before: Result | None = None) -> Result:
    """The result of ``plan``; what stood in corrected cells is carried over from the result ``before``."""
    was: dict[Cell, str] = {}
    for shown in before.rows if before else ():
        was.update({(shown.row, column): value for column, value in shown.fixed.items()})
        was.update(
            {(shown.row, column): value for column, (value, _) in shown.bad.items() if (shown.row, column) not in was}
        )
    fixed: dict[int, list[str]] = defaultdict(list)
    for row, column in edits_of(run):
        fixed[row].append(column)
    register = CommunityRegister(run.community)
    kept: Counter[str] = Counter()
    rows = []
    for step in plan.steps:
        mended = fixed.get(step.row.row, [])
        if step.action is not Action.ERROR and not mended:
            kept[step.action] += 1
            if kept[step.action] > KEPT:
                continue
        rows.append(_shown(step, {column: was.get((step.row.row, column), "") for column in mended}))
    summary = plan.summary()
    return Result(
        counts={key: summary[key] for key in ("rows", *map(str, Action), "possible_duplicates")},
        ignored=plan.ignored,
        grids=list(register.grids()),
        rows=rows,
        pairs=_pairs(plan.steps, register),
        seconds=round(seconds, 1),
    )


def keep_result(run: ImportRun, result: Result) -> None:
    """Seal the result under the run's key; it goes with the run's other files."""
    key = ensure_keys([run.uid])[run.uid]
    plain = json.dumps(asdict(result), ensure_ascii=False).encode()
    path = file_beside(run, "result")
    fresh = path.with_suffix(".fresh")
    write_private(fresh, seal(key, plain, f"{RESULT_FIELD}:{run.uid}"))
    fresh.replace(path)


def result_of(run: ImportRun) -> Result | None:
    """The latest result, or None where the file has not been looked at yet, or is forgotten."""
    if run.state != ImportState.OPEN:
        return None
    try:
        sealed = file_beside(run, "result").read_bytes()
    except FileNotFoundError:
        return None
    key = ensure_keys([run.uid])[run.uid]
    raw: dict[str, Any] = json.loads(unseal(key, sealed, f"{RESULT_FIELD}:{run.uid}"))
    rows = [
        ShownRow(**(row | {"bad": {column: (value, problem) for column, (value, problem) in row["bad"].items()}}))
        for row in raw.pop("rows")
    ]
    pairs = [
        Pair(**(pair | {"lines": [(name, here, there) for name, here, there in pair["lines"]]}))
        for pair in raw.pop("pairs")
    ]
    return Result(rows=rows, pairs=pairs, **raw)


def _shown(step: Step, fixed: dict[str, str]) -> ShownRow:
    return ShownRow(
        row=step.row.row,
        action=str(step.action),
        cells=masked_cells(step.row.facts),
        bad={error.column: (error.value, error.problem) for error in step.row.errors},
        fixed=fixed,
        alike=step.looks_like,
    )


def masked_cells(facts: Facts) -> dict[str, str]:
    """What a row says, by known column, as it may be shown."""
    cells = {}
    for column, name in FIELDS.items():
        value = getattr(facts, name)
        if not value:
            continue
        if name in {"number", "head_number"}:
            cells[column] = mask_id(value)
        elif name == "phones":
            cells[column] = "、".join(map(mask_phone, value))
        elif isinstance(value, tuple):
            cells[column] = scrub("、".join(value))
        else:
            cells[column] = scrub(str(value))
    return cells


# --- who may be who ------------------------------------------------------------------------------------------------


def _pairs(steps: Sequence[Step], register: CommunityRegister) -> list[Pair]:
    alike = [step for step in steps if step.looks_like][:PAIRS]
    if not alike:
        return []
    stored = _stored(alike, register)
    people = Resident.objects.in_bulk([known.ref for known in stored.values()])
    nearby = _in_file(alike, steps)
    pairs = []
    for step in alike:
        number, here = step.row.row, masked_cells(step.row.facts)
        other: int | None = None
        if number in stored and stored[number].ref in people:
            there = _stored_cells(people[stored[number].ref])
        elif number in nearby:
            other, there = nearby[number].row.row, masked_cells(nearby[number].row.facts)
        else:
            continue
        lines = [(column, here.get(column, ""), there.get(column, "")) for column in PAIRED]
        pairs.append(Pair(number, step.row.facts.name or "", str(step.action), other, lines))
    return pairs


def _stored(alike: Sequence[Step], register: CommunityRegister) -> dict[int, Known]:
    """The registered person that each row looks like: the one it met, else one of its name and birth date or phone."""
    births: dict[int, NameBirth] = {}
    phones: dict[int, list[NameText]] = {}
    for step in alike:
        facts = step.row.facts
        if facts.name and facts.birth_date:
            births[step.row.row] = (facts.name, facts.birth_date)
        phones[step.row.row] = [(facts.name or "", register.token("phone", phone)) for phone in facts.phones]
    by_birth = register.by_name_and_birth(set(births.values()))
    by_phone = register.by_name_and_phone({key for keys in phones.values() for key in keys})
    found = {}
    for step in alike:
        row = step.row.row
        similar = [
            *(by_birth.get(births[row], ()) if row in births else ()),
            *(known for key in phones[row] for known in by_phone.get(key, ())),
        ]
        others = [known for known in similar if step.known is None or known.ref != step.known.ref]
        if others or step.known:
            found[row] = step.known if step.known and not others else others[0]
    return found


def _in_file(alike: Sequence[Step], steps: Sequence[Step]) -> dict[int, Step]:
    """For each row another row of the file with the same name and birth date, or name and phone."""
    by_key: dict[tuple[str, object], list[Step]] = defaultdict(list)
    names = {step.row.facts.name for step in alike}
    for step in steps:
        if step.row.facts.name in names:
            for key in _likeness(step.row.facts):
                by_key[key].append(step)
    found = {}
    for step in alike:
        others = (other for key in _likeness(step.row.facts) for other in by_key[key] if other is not step)
        if (other := next(others, None)) is not None:
            found[step.row.row] = other
    return found


def _likeness(facts: Facts) -> Iterable[tuple[str, object]]:
    name = facts.name or ""
    return [(name, value) for value in (facts.birth_date, *facts.phones) if value]


def _stored_cells(person: Resident) -> Mapping[str, str]:
    return {
        "身份证号": person.identity_masked,
        "出生日期": person.birth_date.isoformat() if person.birth_date else "",
        "手机号": person.phone_masked,
        "居住地址": scrub(person.address or ""),
    }
