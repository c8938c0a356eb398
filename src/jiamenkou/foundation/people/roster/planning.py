"""Who is who, and what an import would do: nothing here writes.

By 编号, else by number of identity; a row without a number by name and birth date, else by name and phone or
address; one that says nothing but a name by that, if its place does not contradict. Each registered person is met
by one row at most, so that importing the same file again finds each row the person it made. A row with a number
also meets a person who was registered without one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from jiamenkou.foundation.people.masking import mask_id, scrub
from jiamenkou.foundation.people.roster.register import ELSEWHERE, Known, Register
from jiamenkou.foundation.people.roster.rows import CellError, Facts, Roster, RosterRow, with_errors
from jiamenkou.foundation.people.roster.values import door_key, fold, grid_key

BATCH = 2000
T = TypeVar("T")


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one row. ``changed`` names the fields of :class:`Facts` (and extra columns) that differ."""

    row: RosterRow
    action: Action
    known: Known | None = None
    changed: tuple[str, ...] = ()
    looks_like: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row once, in the order of the file."""

    steps: list[Step]
    ignored: list[str]
    new_grids: list[str]

    @property
    def errors(self) -> list[CellError]:
        return [error for step in self.steps for error in step.row.errors]

    def summary(self) -> dict[str, Any]:
        """The JSON of ``residents import`` (contracts.md, "Rosters"); holds no full number."""
        counts = Counter(step.action for step in self.steps)
        return {
            "rows": len(self.steps),
            **{action.value: counts[action] for action in Action},
            "possible_duplicates": sum(step.looks_like for step in self.steps),
            "ignored": self.ignored,
            "errors": [
                {"row": error.row, "column": error.column, "value": error.value, "problem": error.problem}
                for error in self.errors
            ],
        }


def make_plan(roster: Roster, register: Register) -> Plan:
    """What importing ``roster`` would do to ``register``."""
    rows, new_grids = _checked(roster.rows, register)
    matches = _Matches(register)
    good = [row for row in rows if not row.errors]
    for batch in batched(good, BATCH):
        matches.meet_by_code_and_number(batch)
    for batch in batched([row for row in good if row.row not in matches.found], BATCH):
        matches.meet_by_name(batch)
    alike = _alike_in_file(good, register)
    steps = [_step(row, matches, alike, register) for row in rows]
    return Plan(steps, roster.ignored, new_grids)


def _checked(rows: list[RosterRow], register: Register) -> tuple[list[RosterRow], list[str]]:
    """Rows with what only the whole file and the community can tell: unknown grids, numbers that come again."""
    names = {grid_key(name): name for name in register.grids()}
    grids: dict[str, str] | None = names or None
    seen: dict[str, int] = {}
    fresh: dict[str, str] = {}
    checked = []
    for row in rows:
        errors = []
        facts = row.facts
        if facts.grid is not None:
            key = grid_key(facts.grid)
            if grids is None:
                fresh.setdefault(key, facts.grid)
            elif key not in grids:
                errors.append(CellError(row.row, "网格", scrub(facts.grid), "没有这个网格，可选的见模板的“取值”表"))
        if facts.number is not None:
            first = seen.setdefault(facts.number, row.row)
            if first != row.row:
                errors.append(CellError(row.row, "身份证号", mask_id(facts.number), f"与第 {first} 行的号码相同"))
        checked.append(with_errors(row, errors) if errors else row)
    return checked, list(fresh.values())


class _Matches:
    """The registered person of each row, and who looks like one."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.found: dict[int, Known] = {}  # spreadsheet row -> person
        self.elsewhere: set[int] = set()
        self.conflicting: set[int] = set()
        self.alike: set[int] = set()
        self._taken: set[int] = set()

    def meet_by_code_and_number(self, rows: Sequence[RosterRow]) -> None:
        tokens = {row.row: self._register.token("identity", row.facts.number) for row in rows if row.facts.number}
        by_code = self._register.by_code({row.code for row in rows if row.code})
        by_number = self._register.by_number(set(tokens.values()))
        for row in rows:
            coded = by_code.get(row.code or "")
            numbered = by_number.get(tokens.get(row.row, ""))
            if numbered is ELSEWHERE:
                self.elsewhere.add(row.row)
            elif coded and numbered and coded.ref != numbered.ref:
                self.conflicting.add(row.row)
            elif known := coded or numbered:
                if known.ref in self._taken:
                    self.conflicting.add(row.row)
                else:
                    self._take(row, known)

    def _take(self, row: RosterRow, known: Known) -> None:
        self._taken.add(known.ref)
        self.found[row.row] = known

    def meet_by_name(self, rows: Sequence[RosterRow]) -> None:
        rows = [row for row in rows if row.row not in self.elsewhere | self.conflicting]
        names = {row.row: row.facts.name or "" for row in rows}
        births = {row.row: (names[row.row], row.facts.birth_date) for row in rows if row.facts.birth_date}
        phones = {
            row.row: [(names[row.row], self._register.token("phone", phone)) for phone in row.facts.phones]
            for row in rows
        }
        doors = {row.row: (names[row.row], fold(row.facts.address)) for row in rows if row.facts.address}
        by_birth = self._register.by_name_and_birth(set(births.values()))
        by_phone = self._register.by_name_and_phone({key for keys in phones.values() for key in keys})
        by_door = self._register.by_name_and_address(set(doors.values()))
        by_name = self._register.by_name({names[row.row] for row in rows if not row.facts.tells_who})
        for row in rows:
            tiers = (
                by_birth.get(births[row.row], ()) if row.row in births else (),
                [known for key in phones[row.row] for known in by_phone.get(key, ())],
                by_door.get(doors[row.row], ()) if row.row in doors else (),
                [known for known in by_name.get(names[row.row], ()) if self._agrees(row, known)]
                if not row.facts.tells_who
                else (),
            )
            self._choose(row, tiers)
            if _looks_like(row.facts, self.found.get(row.row), [*tiers[0], *tiers[1]]):
                self.alike.add(row.row)

    def _agrees(self, row: RosterRow, known: Known) -> bool:
        """Whether the place that the row says is not another one than what is stored."""
        changed = set(changed_fields(row, known, self._register))
        return not any(name in changed and getattr(known.facts, name) for name in _PLACE_FIELDS)

    def _choose(self, row: RosterRow, tiers: Iterable[Sequence[Known]]) -> None:
        for tier in tiers:
            free = [known for known in tier if known.ref not in self._taken and _may_be(row.facts, known.facts)]
            if free:
                # without a number before with one, then the one that says most of the same; the order decides the rest
                best = min(
                    free,
                    key=lambda known: (
                        known.facts.number is not None,
                        len(changed_fields(row, known, self._register)),
                        known.ref,
                    ),
                )
                self._take(row, best)
                return


def _looks_like(said: Facts, met: Known | None, similar: Iterable[Known]) -> bool:
    """Whether somebody should look: a number is missing on one side, and it is not simply the same record."""
    for known in similar:
        if said.number is not None and known.facts.number is not None:
            continue  # two numbers, two people
        if met is None or known.ref != met.ref or (known.facts.number is None) != (said.number is None):
            return True
    return False


def _may_be(said: Facts, known: Facts) -> bool:
    """Whether a person met by name alone can be the one of the row: a number on both sides would have met."""
    if said.number is None:
        return True
    if known.number is not None:
        return False
    return None in (said.birth_date, known.birth_date) or said.birth_date == known.birth_date


def _alike_in_file(rows: list[RosterRow], register: Register) -> set[int]:
    """Rows without a number that share name and birth date, or name and phone, with another row of the file.

    Of two rows without a number the later one is the likeness.
    """
    keys: dict[tuple[str, object], list[tuple[bool, int]]] = {}
    for row in rows:
        for key in _likeness(row.facts):
            keys.setdefault(key, []).append((row.facts.number is not None, row.row))
    alike = set()
    for row in rows:
        if row.facts.number is None:
            others = (other for key in _likeness(row.facts) for other in keys[key])
            if any(numbered or other < row.row for numbered, other in others):
                alike.add(row.row)
    return alike


def _likeness(facts: Facts) -> Iterator[tuple[str, object]]:
    if facts.name:
        if facts.birth_date:
            yield facts.name, facts.birth_date
        for phone in facts.phones:
            yield facts.name, phone


def _step(row: RosterRow, matches: _Matches, alike: set[int], register: Register) -> Step:
    if row.errors:
        return Step(row, Action.ERROR)
    if row.row in matches.elsewhere:
        problem = CellError(row.row, "身份证号", mask_id(row.facts.number or ""), "已在其他社区登记，可以申请转入")
        return Step(with_errors(row, [problem]), Action.ERROR)
    if row.row in matches.conflicting:
        problem = CellError(row.row, "编号", row.code or "", "编号和身份证号不是同一个人，或与前面的行是同一个人")
        return Step(with_errors(row, [problem]), Action.ERROR)
    looks_like = row.row in alike or row.row in matches.alike
    known = matches.found.get(row.row)
    if known is None:
        return Step(row, Action.CREATE, looks_like=looks_like)
    changed = changed_fields(row, known, register)
    return Step(row, Action.UPDATE if changed else Action.UNCHANGED, known, changed, looks_like)


# --- comparing -----------------------------------------------------------------------------------------------------

_SAME_WHEN: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("hukou", "address", "note", "relation"), fold),
    "grid": grid_key,
    **{part: partial(door_key, part) for part in ("building", "unit", "room")},
}
_PLACE_FIELDS = ("grid", "building", "unit", "room", "head_number")
_PLAIN_FIELDS = tuple(f.name for f in fields(Facts) if f.name not in {"number", "head_number", "phones"})


def changed_fields(row: RosterRow, known: Known, register: Register) -> tuple[str, ...]:
    """The fields in which the row says something other than what is stored. What it does not say never counts."""
    said, stored = row.facts, known.facts
    changed = []
    for name in _PLAIN_FIELDS:
        new = getattr(said, name)
        if new is None or new == ():
            continue
        old = getattr(stored, name)
        if name == "skills" and known.certain:
            old = tuple(skill for skill in old if skill in new or skill not in known.certain)
        if new != old:
            same = _SAME_WHEN.get(name)
            if same is None or old is None or same(new) != same(old):
                changed.append(name)
    for name in ("number", "head_number"):
        number = getattr(said, name)
        if number is not None and register.token("identity", number) != getattr(stored, name):
            changed.append(name)
    if said.phones:
        tokens = [register.token("phone", phone) for phone in said.phones]
        if tokens[0] != next(iter(stored.phones), None) or set(tokens) != set(stored.phones):
            changed.append("phones")
    changed += [column for column, text in (row.extra or {}).items() if known.extra.get(column) != text]
    return tuple(changed)


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """``items`` in runs of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
