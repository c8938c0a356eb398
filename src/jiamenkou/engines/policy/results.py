"""What a run leaves in its folder: ``results.parquet``, ``conditions/<policy>.parquet`` and the areas beside them.

The files are written by one writer from ordered Arrow tables, so that the same facts
give the same bytes whichever engine computed them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp

from jiamenkou.engines.policy.checking import Rules
from jiamenkou.engines.policy.inputs import whole
from jiamenkou.engines.policy.meaning import Kind, Scope
from jiamenkou.engines.policy.memory import PRINT_FILE, RUN_FILE
from jiamenkou.engines.policy.plan import RESULTS, UNKNOWN, Outcome, Plan
from jiamenkou.engines.policy.sql import Sql, aliased, case, cast, column, is_null, number, select, typed_null
from jiamenkou.engines.policy.verdicts import Wanted

RESULT_FILE, ROW_FILE, CHANGE_FILE = "results.parquet", "rows.parquet", "changes.parquet"
CONDITION_FOLDER = "conditions"
ROWS_IN_GROUP = 250_000
AREA_DIGITS = 6  # the county: what ``compare`` reports by

RESULT_SCHEMA = pa.schema(
    [("policy", pa.string()), ("unit_id", pa.string()), ("result", pa.string()), ("amount", pa.int64()),
     ("missing", pa.list_(pa.string()))]
)  # fmt: skip
ROW_SCHEMA = pa.schema([("area", pa.string()), ("key", pa.uint64())])


class Engine(Protocol):
    """What a database has to do for the results: run a query over the files and the kept relations.

    ``key`` is an expression for the number that a household is remembered by, None if this database remembers nothing.
    """

    def key(self, unit: Scope) -> Sql | None: ...

    def table(self, query: exp.Select) -> pa.Table: ...


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


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of one policy: results, then area and household key row by row, conditions if asked for."""

    policy: str
    results: pa.Table
    rows: pa.Table
    conditions: pa.Table | None


def listed(
    plan: Plan, rules: Rules, engine: Engine, wanted: Wanted, *, sorted_: bool
) -> Iterator[tuple[Listed, Line]]:
    """The rows of every policy in force, in order; ``sorted_`` says that the kept relations are so already."""
    units = _units(plan, rules, engine)
    for id_, outcome in sorted(plan.outcomes.items()):
        table = engine.table(_query(plan, outcome, wanted, engine.key(outcome.unit), sorted_=sorted_))
        results = _results(id_, table, _missing(plan, outcome, table))
        rows = table.select(ROW_SCHEMA.names).cast(ROW_SCHEMA)
        conditions = _conditions(outcome, table) if wanted.conditions else None
        yield Listed(id_, results, rows, conditions), tally(id_, units[id_], results)


def tally(policy: str, units: int, results: pa.Table) -> Line:
    """The summary of a policy's rows."""
    eligible, unknown = (pc.sum(pc.equal(results["result"], one)).as_py() or 0 for one in ("eligible", "unknown"))
    total = pc.sum(results["amount"].cast(pa.decimal128(38, 0))).as_py() or 0
    return Line(policy, True, units, eligible, unknown, int(total))


def _units(plan: Plan, rules: Rules, engine: Engine) -> dict[str, int]:
    """How many units lie in each policy's area."""
    found: dict[str, int] = {}
    for unit in Scope:
        mine = {id_: rules.policies[id_].policy.area for id_, one in plan.outcomes.items() if one.unit is unit}
        areas = sorted(set(mine.values()))
        if areas:
            counts = [aliased(_count(area), f"n{index}") for index, area in enumerate(areas)]
            row = engine.table(select(counts, whole(unit)))
            found |= {id_: row[f"n{areas.index(area)}"][0].as_py() for id_, area in mine.items()}
    return found


def _count(area: str) -> Sql:
    if not area:
        return exp.Count(this=exp.Star())
    inside = exp.StartsWith(this=cast(column("area"), "VARCHAR"), expression=exp.Literal.string(area))
    return exp.Count(this=case((inside, number(1))))


def _query(plan: Plan, outcome: Outcome, wanted: Wanted, key: Sql | None, *, sorted_: bool) -> exp.Select:
    code = column(outcome.code)
    area = exp.Substring(this=column("area"), start=exp.Literal.number(1), length=exp.Literal.number(AREA_DIGITS))
    amount = column(outcome.amount) if outcome.amount else typed_null(Kind.INTEGER)
    columns = [column("unit_id"), aliased(code, "code"), aliased(amount, "amount"), aliased(area, "area")]
    columns.append(aliased(typed_null(Kind.INTEGER) if key is None else key, "key"))
    columns += [aliased(column(name), f"mask{word}") for word, name in outcome.masks.items()]
    if wanted.conditions:
        conditions = enumerate(outcome.conditions.values())
        columns += [aliased(column(name), f"condition{index}") for index, name in conditions]
    code = code.copy()
    within = exp.Not(this=is_null(code)) if wanted.every else exp.GTE(this=code, expression=number(UNKNOWN))
    query = select(columns, plan.kept[outcome.unit]).where(within, copy=False)
    return query if sorted_ else query.order_by(column("unit_id"), copy=False)


def _results(policy: str, table: pa.Table, missing: pa.Array) -> pa.Table:
    ids = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), table.num_rows), [policy])
    code = table["code"].combine_chunks().cast(pa.int8())
    words = pa.DictionaryArray.from_arrays(code, list(RESULTS))
    columns = [ids, table["unit_id"], words, table["amount"], missing]
    return pa.table(columns, names=RESULT_SCHEMA.names).cast(RESULT_SCHEMA)


def _missing(plan: Plan, outcome: Outcome, table: pa.Table) -> pa.Array:
    """A list of facts per row. Masks repeat a lot: each different one is spelt out once and then taken by index."""
    type_ = RESULT_SCHEMA.field("missing").type
    words = list(outcome.masks)
    if not words:
        return pa.array([[]], type_).take(pa.repeat(pa.scalar(0, pa.int8()), table.num_rows))
    if len(words) == 1:
        encoded = table[f"mask{words[0]}"].combine_chunks().dictionary_encode()
        spelt = [plan.missing([(words[0], mask)]) for mask in encoded.dictionary.to_pylist()]
        return pa.array(spelt, type_).take(encoded.indices)
    rows = zip(*(table[f"mask{word}"].to_pylist() for word in words), strict=True)
    known: dict[tuple[int, ...], int] = {}
    indices = [known.setdefault(masks, len(known)) for masks in rows]
    spelt = [plan.missing(zip(words, masks, strict=True)) for masks in known]
    return pa.array(spelt, type_).take(pa.array(indices, pa.int32()))


def _conditions(outcome: Outcome, table: pa.Table) -> pa.Table:
    columns = [table["unit_id"], *(table[f"condition{index}"] for index in range(len(outcome.conditions)))]
    return pa.table(columns, names=["unit_id", *outcome.conditions])


class Folder:
    """Writes a run's folder; nothing of it shows under its final name before ``__exit__`` without an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.part = path / ".part"

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir()
        self.results = self.writer(RESULT_FILE, RESULT_SCHEMA, ["policy", "result", "missing.list.element"])
        self.rows = self.writer(ROW_FILE, ROW_SCHEMA, ["area"])
        return self

    def writer(self, name: str, schema: pa.Schema, repeated: list[str]) -> pq.ParquetWriter:
        """A Parquet file of ``schema``; ``repeated`` columns hold few different values."""
        target = self.part / name
        target.parent.mkdir(exist_ok=True)
        return pq.ParquetWriter(target, schema, compression="snappy", use_dictionary=repeated, store_schema=False)

    def add(self, rows: Listed) -> None:
        if rows.results.num_rows:
            self.results.write_table(rows.results, row_group_size=ROWS_IN_GROUP)
            self.rows.write_table(rows.rows, row_group_size=ROWS_IN_GROUP)
        if rows.conditions is not None:
            schema = rows.conditions.schema
            with self.writer(f"{CONDITION_FOLDER}/{rows.policy}.parquet", schema, []) as file:
                file.write_table(rows.conditions, row_group_size=ROWS_IN_GROUP)

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.results.close()
        self.rows.close()
        if kind is None:
            for name in (RUN_FILE, PRINT_FILE):
                (self.path / name).unlink(missing_ok=True)
            shutil.rmtree(self.path / CONDITION_FOLDER, ignore_errors=True)
            (self.path / CHANGE_FILE).unlink(missing_ok=True)
            for item in sorted(self.part.iterdir()):
                item.replace(self.path / item.name)
        shutil.rmtree(self.part, ignore_errors=True)
