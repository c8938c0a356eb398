"""What a run leaves in its folder: ``results.parquet``, ``conditions/<policy>.parquet`` and the units beside them.

DuckDB writes every file, from the kept relations of the plan, in order: whichever engine filled
those relations, the same facts give the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from jiamenkou.engines.policy.checking import Rules
from jiamenkou.engines.policy.duck import Duck
from jiamenkou.engines.policy.inputs import whole
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.memory import KEYS, PRINT_FILE, RUN_FILE
from jiamenkou.engines.policy.plan import BITS, ELIGIBLE, RESULTS, UNKNOWN, Outcome, Plan
from jiamenkou.engines.policy.sql import literal, quoted
from jiamenkou.engines.policy.verdicts import Wanted

RESULT_FILE, UNIT_FILE, CHANGE_FILE = "results.parquet", "units.parquet", "changes.parquet"
CONDITION_FOLDER = "conditions"
RESULT_TYPES = ("policy VARCHAR", "unit_id VARCHAR", "result VARCHAR", "amount BIGINT", "missing VARCHAR[]")
RESULT_COLUMNS = tuple(column.split()[0] for column in RESULT_TYPES)
# Words that repeat are written from the dictionary of their type, not looked up row by row. Readers see text.
POLICY_WORDS, RESULT_WORDS = "policy_words", "result_words"
UNIT_COLUMNS, UNIT_ORDER = ("person", "unit_id", "area", "key"), "person, unit_id"
CHANGE_COLUMNS = ("policy", "unit_id", "was", "now", "amount_was", "amount_now")
AREA_DIGITS = 6  # the county: what ``compare`` reports by
# Ids and amounts hardly repeat: a dictionary for them is given up after few values, not after many.
_PARQUET = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 1000"

_CHANGES = """
    SELECT coalesce(a.policy, b.policy) AS policy, coalesce(a.unit_id, b.unit_id) AS unit_id, a.result AS was,
           b.result AS now, a.amount AS amount_was, b.amount AS amount_now
    FROM {before} a FULL JOIN {after} b ON a.policy = b.policy AND a.unit_id = b.unit_id
    WHERE a.result IS DISTINCT FROM b.result OR a.amount IS DISTINCT FROM b.amount"""


@dataclass(frozen=True, slots=True)
class Line:
    """One policy in the summary; ``total_amount`` is the fen of the eligible units."""

    policy: str
    in_force: bool
    units: int = 0
    eligible: int = 0
    unknown: int = 0
    total_amount: int = 0

    def as_json(self) -> dict[str, str | bool | int]:
        return asdict(self)


class Folder:
    """A run's folder; nothing of it shows under its final name before ``__exit__`` without an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.part = path / ".part"
        self._dropped = False

    def __enter__(self) -> Self:
        self._there = self.path.is_dir()
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir()
        return self

    def drop(self) -> None:
        """Leave the folder as it was."""
        self._dropped = True

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        done = kind is None and not self._dropped
        if done:
            for name in (RUN_FILE, PRINT_FILE, CHANGE_FILE):
                (self.path / name).unlink(missing_ok=True)
            shutil.rmtree(self.path / CONDITION_FOLDER, ignore_errors=True)
            for item in sorted(self.part.iterdir()):
                item.replace(self.path / item.name)
        shutil.rmtree(self.part, ignore_errors=True)
        if not done and not self._there:
            self.path.rmdir()


def copy(duck: Duck, rows: str, path: Path, columns: Iterable[str], order: str = "") -> None:
    """Write ``columns`` of the rows of a query, sorted or as they come, to a Parquet file.

    ``TRY`` makes every column one that may be null: what DuckDB finds out about the rows does not change the file.
    """
    path.parent.mkdir(exist_ok=True)
    listed = ", ".join(f"TRY({quoted(name)}) AS {quoted(name)}" for name in columns)
    sort = f" ORDER BY {order}" if order else ""
    duck.execute(f"COPY (SELECT {listed} FROM ({rows}){sort}) TO {literal(str(path))} ({_PARQUET})")  # noqa: S608 - our own names, quoted


def tally(duck: Duck, plan: Plan, rules: Rules) -> dict[str, Line]:
    """The summary by policy, from the kept relations."""
    units, found = _units(duck, plan, rules), dict[str, Line]()
    for unit, relation in plan.kept.items():
        mine = [one for one in plan.outcomes.values() if one.unit is unit]
        counts = []
        for one in mine:
            counts += [f"count(*) FILTER ({one.code} = {code})" for code in (ELIGIBLE, UNKNOWN)]
            counts.append(f"coalesce(sum({one.amount}), 0)" if one.amount else "0")
        row = [int(count) for count in duck.rows_of(f"SELECT {', '.join(counts)} FROM {relation}")[0]]  # noqa: S608 - our own names, quoted
        for index, one in enumerate(mine):
            found[one.policy] = Line(one.policy, True, units[one.policy], *row[3 * index : 3 * index + 3])
    return found


def counted(duck: Duck, plan: Plan, rules: Rules, listed: str) -> dict[str, Line]:
    """The summary by policy, from listed rows."""
    units = _units(duck, plan, rules)
    query = f"""SELECT policy, count(*) FILTER (result = 'eligible'), count(*) FILTER (result = 'unknown'),
        coalesce(sum(amount), 0) FROM {listed} GROUP BY policy"""  # noqa: S608 - our own names, quoted
    found = {policy: Line(policy, True, units[policy], *map(int, counts)) for policy, *counts in duck.rows_of(query)}
    return {id_: found.get(id_, Line(id_, True, units[id_])) for id_ in plan.outcomes}


def _units(duck: Duck, plan: Plan, rules: Rules) -> dict[str, int]:
    """How many units lie in each policy's area."""
    found: dict[str, int] = {}
    for unit in Scope:
        mine = {id_: rules.policies[id_].policy.area for id_, one in plan.outcomes.items() if one.unit is unit}
        areas = sorted(set(mine.values()))
        if areas == [""] and unit in rules.seen:
            found |= dict.fromkeys(mine, rules.seen[unit].rows)
        elif areas:
            inside = (
                f" FILTER (starts_with(CAST(area AS VARCHAR), {literal(area)}))" if area else "" for area in areas
            )
            counts = ", ".join(f"count(*){one}" for one in inside)
            (row,) = duck.rows_of(f"SELECT {counts} FROM {whole(unit)}")  # noqa: S608 - our own names, quoted
            found |= {id_: int(row[areas.index(area)]) for id_, area in mine.items()}
    return found


def words(duck: Duck, plan: Plan) -> None:
    """Make the types that ``listing`` writes policies and results in; their order is that of the policies' names."""
    for name, listed in ((POLICY_WORDS, sorted(plan.outcomes)), (RESULT_WORDS, RESULTS)):
        duck.execute(f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, listed or ['']))})")


def listing(plan: Plan, wanted: Wanted) -> str:
    """The query for the rows of ``results.parquet``, policy by policy, with the ``rank`` of the policy."""
    outcomes = sorted(plan.outcomes.values(), key=lambda one: one.policy)
    rows = [_rows(plan, one, rank, wanted) for rank, one in enumerate(outcomes)]
    return " UNION ALL ".join(rows or [nothing("rank SMALLINT", *RESULT_TYPES)])


def nothing(*columns: str) -> str:
    """A query for no rows with the given columns."""
    pairs = (column.split() for column in columns)
    return f"SELECT {', '.join(f'CAST(NULL AS {type_}) AS {name}' for name, type_ in pairs)} LIMIT 0"


def _rows(plan: Plan, one: Outcome, rank: int, wanted: Wanted) -> str:
    words = " ".join(f"WHEN {code} THEN CAST('{word}' AS {RESULT_WORDS})" for code, word in enumerate(RESULTS))
    policy = f"CAST({literal(one.policy)} AS {POLICY_WORDS})"
    return f"""SELECT CAST({rank} AS SMALLINT) AS rank, {policy} AS policy, unit_id,
        CASE {one.code} {words} END AS result, CAST({one.amount or "NULL"} AS BIGINT) AS amount,
        {_missing(plan, one)} AS missing FROM {plan.kept[one.unit]} WHERE {within(one, wanted)}"""  # noqa: S608 - generated


def within(one: Outcome, wanted: Wanted) -> str:
    """Which units of the kept relation are listed for a policy."""
    if wanted.every:
        return "true" if one.everywhere else f"{one.code} IS NOT NULL"
    return f"{one.code} >= {UNKNOWN}"


def _missing(plan: Plan, one: Outcome) -> str:
    """The list of facts that the masks of an unknown unit stand for."""
    nothing = "CAST([] AS VARCHAR[])"
    bits = [(f"{column} & {1 << index % BITS}", name) for index, name in enumerate(plan.facts)
            if (column := one.masks.get(index // BITS))]  # fmt: skip
    if not bits:
        return nothing
    named = ", ".join(f"CASE WHEN {bit} <> 0 THEN {literal(name)} END" for bit, name in bits)
    listed = f"list_filter([{named}], lambda one: one IS NOT NULL)"
    return f"CASE WHEN {one.code} = {UNKNOWN} THEN {listed} ELSE {nothing} END"


def units(plan: Plan, wanted: Wanted) -> str:
    """The query for the rows of ``units.parquet``: county and key of the household of every listed unit."""
    parts = []
    for unit in (Scope.HOUSEHOLD, Scope.PERSON):  # in UNIT_ORDER where the kept relations are sorted
        if (relation := plan.kept.get(unit)) is None:
            continue
        listed = " OR ".join(within(one, wanted) for one in plan.outcomes.values() if one.unit is unit)
        key = KEYS[unit].replace("household_id" if unit is Scope.HOUSEHOLD else "person_id", "unit_id")
        parts.append(f"""SELECT {unit is Scope.PERSON} AS person, unit_id, substring(area, 1, {AREA_DIGITS}) AS area,
            {key} AS key FROM {relation} WHERE {listed}""")  # noqa: S608 - generated
    empty = nothing("person BOOLEAN", "unit_id VARCHAR", "area VARCHAR", "key UBIGINT")
    return " UNION ALL ".join(parts or [empty])


def conditions(plan: Plan, wanted: Wanted) -> Iterator[tuple[Outcome, str, list[str]]]:
    """For each policy the query and the columns of its file of conditions."""
    for one in plan.outcomes.values():
        listed = "".join(f", {column} AS {quoted(id_)}" for id_, column in one.conditions.items())
        query = f"SELECT unit_id{listed} FROM {plan.kept[one.unit]} WHERE {within(one, wanted)}"  # noqa: S608 - our own names, quoted
        yield one, query, ["unit_id", *one.conditions]


def condition_file(policy: str) -> str:
    return f"{CONDITION_FOLDER}/{policy}.parquet"


def write(duck: Duck, plan: Plan, rules: Rules, wanted: Wanted, folder: Folder) -> dict[str, Line]:
    """Write the files of a run from the kept relations (sorted by unit if every unit is listed)."""
    with duck.guarded():
        ordered = wanted.every
        rank = "" if ordered else "rank, unit_id"
        words(duck, plan)
        copy(duck, listing(plan, wanted), folder.part / RESULT_FILE, RESULT_COLUMNS, rank)
        copy(duck, units(plan, wanted), folder.part / UNIT_FILE, UNIT_COLUMNS, "" if ordered else UNIT_ORDER)
        if wanted.conditions:
            for one, query, columns in conditions(plan, wanted):
                target = folder.part / condition_file(one.policy)
                copy(duck, query, target, columns, "" if ordered else "unit_id")
        return tally(duck, plan, rules)


def stored(path: Path) -> str:
    """A Parquet file of an earlier run, or of this one, as a relation."""
    return f"read_parquet({literal(str(path))})"


def changes(duck: Duck, before: str, after: str, folder: Folder) -> None:
    """Write who is listed differently; both relations have policy, unit_id, result and amount."""
    rows = _CHANGES.format(before=before, after=after)
    copy(duck, rows, folder.part / CHANGE_FILE, CHANGE_COLUMNS, "policy, unit_id")


def write_changes(duck: Duck, since: Path, folder: Folder) -> None:
    """Write what changed from the run in ``since`` to the results just written."""
    changes(duck, stored(since / RESULT_FILE), stored(folder.part / RESULT_FILE), folder)
