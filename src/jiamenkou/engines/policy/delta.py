"""A run after an earlier one: only what changed in the data, or may change with the date, is evaluated again.

The outcome equals a full run, file for file; ``changes.parquet`` says what became of whom.
A result that a folder does not list (ineligible without ``--all``, or a unit that is not there) is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp

from jiamenkou.engines.policy import checking, inputs, memory, verdicts
from jiamenkou.engines.policy.duck import Duck
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.ground import expressions
from jiamenkou.engines.policy.meaning import Aggregate, Fact, Kind, Meaning, Operation, Scope
from jiamenkou.engines.policy.memory import KEYS, Run
from jiamenkou.engines.policy.results import (
    CHANGE_FILE,
    CONDITION_FOLDER,
    RESULT_FILE,
    RESULT_SCHEMA,
    ROW_FILE,
    Folder,
    Line,
    Listed,
    listed,
    tally,
)
from jiamenkou.engines.policy.running import Prepared, Request, evaluate, named_errors, prepare, remembered, summary
from jiamenkou.engines.policy.sql import Compiler, Sql, cast, column
from jiamenkou.engines.policy.syntax import SINCE
from jiamenkou.engines.policy.verdicts import Wanted

CHANGE_SCHEMA = pa.schema(
    [("policy", pa.string()), ("unit_id", pa.string()), ("was", pa.string()), ("now", pa.string()),
     ("amount_was", pa.int64()), ("amount_now", pa.int64())]
)  # fmt: skip
_CHANGES = """
    SELECT coalesce(a.policy, b.policy) AS policy, coalesce(a.unit_id, b.unit_id) AS unit_id, a.result AS was,
           b.result AS now, a.amount AS amount_was, b.amount AS amount_now
    FROM before a FULL JOIN after b ON a.policy = b.policy AND a.unit_id = b.unit_id
    WHERE a.result IS DISTINCT FROM b.result OR a.amount IS DISTINCT FROM b.amount
    ORDER BY policy, unit_id"""
_MOST_OF = 0.3  # from this share of changed households on, a full run is the shorter way


def run(request: Request, out: Path, since: Path) -> list[Line]:
    """Like ``running.run``, using what ``since`` holds where it fits. Raises WrongUse if it holds no results."""
    before = memory.read_table(since / RESULT_FILE, read_dictionary=["policy", "result"])
    if before is None or before.column_names != RESULT_SCHEMA.names:
        raise WrongUse(f"{since} 不是结果目录")
    prepared = prepare(request)
    earlier = memory.read(since)
    if earlier is not None and earlier.digest == remembered(request, prepared).digest:
        lines = _partly(request, prepared, out, since, before, earlier)
        if lines is not None:
            return lines
    lines = evaluate(request, prepared, out)
    columns = ["policy", "unit_id", "result", "amount"]
    write_changes(out, before.select(columns), pq.read_table(out / RESULT_FILE, columns=columns))
    return lines


def write_changes(folder: Path, before: pa.Table, after: pa.Table) -> None:
    """Write who is listed differently; both tables have policy, unit_id, result and amount."""
    with duckdb.connect() as database:
        database.register("before", before)
        database.register("after", after)
        table = database.sql(_CHANGES).to_arrow_table().cast(CHANGE_SCHEMA)
    pq.write_table(table, folder / CHANGE_FILE)


def _partly(
    request: Request, prepared: Prepared, out: Path, since: Path, before: pa.Table, earlier: Run
) -> list[Line] | None:
    """The short way; None where it cannot be taken."""
    then = memory.read_table(since / memory.PRINT_FILE)
    rows = memory.read_table(since / ROW_FILE, read_dictionary=["area"])
    moved = _moved_by_date(request, prepared, earlier.day)
    if then is None or rows is None or rows.num_rows != before.num_rows or moved is None:
        return None
    wanted = Wanted(request.every, request.explain)
    plan = verdicts.make(prepared.rules, prepared.values, Duck.flavour, wanted)
    with named_errors(prepared, request.seconds), Duck(prepared.facts, request.seconds, request.threads) as duck:
        with duck.guarded():
            prints = memory.fingerprints(duck.database, plan, prepared.facts)
            affected = _affected(duck, prints, then, moved)
        if affected.num_rows > _MOST_OF * prints.num_rows:
            return None
        duck.rows = {scope: f"{KEYS[scope]} IN (SELECT key FROM affected)" for scope in Scope}  # noqa: S608
        duck.keep(plan, ordered=request.every)
        gone = pc.is_in(rows["key"], value_set=affected["key"].combine_chunks())
        lines: dict[str, Line] = {}
        after: list[pa.Table] = []
        with Folder(out) as folder:
            for fresh, line in listed(plan, prepared.rules, duck, wanted, sorted_=request.every):
                after.append(fresh.results)
                merged = _merged(fresh, before, rows, gone, since)
                folder.add(merged)
                lines[fresh.policy] = tally(fresh.policy, line.units, merged.results)
            dropped = before.filter(gone).select(["policy", "unit_id", "result", "amount"])
            write_changes(folder.part, dropped, pa.concat_tables([RESULT_SCHEMA.empty_table(), *after]))
            memory.write_fingerprints(folder.part, prints)
            remembered(request, prepared).write(folder.part)
    return summary(prepared.library, lines)


def _affected(duck: Duck, prints: pa.Table, then: pa.Table, moved: list[str]) -> pa.Table:
    """The keys of households that differ from before or that the date may move, as the table ``affected``."""
    duck.database.register("prints_now", prints)
    duck.database.register("prints_then", then)
    changed = """SELECT coalesce(n.key, t.key) AS key FROM prints_now n FULL JOIN prints_then t ON n.key = t.key
                 WHERE n.print IS DISTINCT FROM t.print"""
    query = " UNION ".join([changed, *moved])
    duck.database.execute(f"CREATE TEMP TABLE affected AS {query}")
    return duck.database.sql("SELECT key FROM affected").to_arrow_table()


def _merged(fresh: Listed, before: pa.Table, rows: pa.Table, gone: pa.Array, since: Path) -> Listed:
    """The earlier rows of a policy that still hold, and the fresh ones, sorted by unit."""
    mine = pc.equal(before["policy"], fresh.policy)
    stay = pc.and_(mine, pc.invert(gone))
    results = pa.concat_tables([before.filter(stay).cast(RESULT_SCHEMA), fresh.results])
    beside = pa.concat_tables([rows.filter(stay).cast(fresh.rows.schema), fresh.rows])
    conditions = fresh.conditions
    if conditions is not None:
        old = pq.read_table(since / CONDITION_FOLDER / f"{fresh.policy}.parquet")
        conditions = pa.concat_tables([old.filter(pc.invert(gone.filter(mine))), conditions])
    if fresh.results.num_rows:
        order = pc.sort_indices(results, sort_keys=[("unit_id", "ascending")])
        results, beside = results.take(order), beside.take(order)
        conditions = None if conditions is None else conditions.take(order)
    return Listed(fresh.policy, results, beside, conditions)


def _moved_by_date(request: Request, prepared: Prepared, earlier: date) -> list[str] | None:
    """Queries for the keys whose complete years, months or days differ between the two days.

    None where the change of day may touch anybody: other policies or values in force, or a time
    counted from something that is not a recorded fact.
    """
    if earlier == request.day:
        return []
    then = checking.in_force(prepared.library, earlier, request.settings)
    if _plain(then) != _plain(prepared.values):
        return None
    found: dict[tuple[str, Scope, str], None] = {}
    active = [prepared.rules.policies[id_] for id_ in prepared.values.values]
    for meaning in [*(one for rule in active for one in expressions(rule)), *prepared.rules.derived.values()]:
        for operation in _times(meaning):
            fact = operation.arguments[0]
            if not isinstance(fact, Fact) or (fact.scope, fact.name) in prepared.rules.derived:
                return None
            if fact.kind is Kind.DATE:
                found[operation.name, fact.scope, fact.name] = None
    return [_difference(name, Fact(scope, fact, Kind.DATE), earlier, request.day) for name, scope, fact in found]


def _plain(values: checking.InForce) -> dict[str, dict[str, object]]:
    return {id_: {name: value for name, (_, value) in pairs.items()} for id_, pairs in values.values.items()}


def _times(meaning: Meaning) -> Iterator[Operation]:
    if isinstance(meaning, Operation):
        if meaning.name in SINCE:
            yield meaning
        for argument in meaning.arguments:
            yield from _times(argument)
    elif isinstance(meaning, Aggregate):
        yield from _times(meaning.argument)


def _difference(name: str, fact: Fact, earlier: date, later: date) -> str:
    def place(part: Fact | Aggregate) -> Sql:
        assert isinstance(part, Fact)
        return cast(column(part.name), "DATE")

    operation = Operation(name, (fact,), Kind.INTEGER)
    both = [Compiler(Duck.flavour, day, place).build(operation) for day in (earlier, later)]
    test = exp.NullSafeNEQ(this=exp.Paren(this=both[0]), expression=exp.Paren(this=both[1])).sql("duckdb")
    return f"SELECT {KEYS[fact.scope]} FROM {inputs.whole(fact.scope)} WHERE {test}"  # noqa: S608
