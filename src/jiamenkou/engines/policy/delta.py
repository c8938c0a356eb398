"""A run after an earlier one: only what changed in the data, or may change with the date, is evaluated again.

The outcome equals a full run, file for file; ``changes.parquet`` says what became of whom.
A result that a folder does not list (ineligible without ``--all``, or a unit that is not there) is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import _duckdb as duckdb  # see ``inputs``

from jiamenkou.engines.policy import checking, exp, inputs, memory, results, running, verdicts
from jiamenkou.engines.policy.duck import Duck, Overflow, TookTooLong
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.ground import expressions
from jiamenkou.engines.policy.meaning import Aggregate, Fact, Kind, Meaning, Operation, Scope
from jiamenkou.engines.policy.memory import KEYS, PRINT_FILE, Run
from jiamenkou.engines.policy.plan import Plan
from jiamenkou.engines.policy.results import RESULT_COLUMNS, RESULT_FILE, UNIT_FILE, Folder, Line, copy
from jiamenkou.engines.policy.running import Prepared, Request, prepare, remembered, summary, too_long
from jiamenkou.engines.policy.sql import Compiler, Sql, cast, column, literal
from jiamenkou.engines.policy.syntax import SINCE
from jiamenkou.engines.policy.verdicts import Wanted

_MOST_OF = 0.3  # from this share of changed households on, a full run is the shorter way


def run(request: Request, out: Path, since: Path) -> list[Line]:
    """Like ``running.run``, using what ``since`` holds where it fits. Raises WrongUse if it holds no results."""
    prepared = prepare(request)
    (database,) = prepared.spare
    if columns_of(since / RESULT_FILE, database) != RESULT_COLUMNS:
        raise WrongUse(f"{since} 不是结果目录")
    earlier = memory.read(since)
    if (
        earlier is not None
        and earlier.digest == running.digest(request, prepared)
        and _whole(since, earlier, request, database)
    ):
        moved = _moved_by_date(request, prepared, earlier.day)
        if moved is not None:
            try:
                lines = _partly(request, prepared, out, since, moved)
            except Overflow:  # only the changed were looked at: what to name is the full run's to say
                lines = None
            except TookTooLong as error:
                raise too_long(request.seconds) from error
            if lines is not None:
                return lines
    return running.evaluate(request, prepared, out, since)


def columns_of(path: Path, database: inputs.Database) -> tuple[str, ...] | None:
    """The columns of a Parquet file, None where it is absent or damaged."""
    if not path.is_file():
        return None
    try:
        found = database.execute(f"DESCRIBE SELECT * FROM {results.stored(path)}").fetchall()  # noqa: S608 - our own names, quoted
    except duckdb.Error:
        return None
    return tuple(str(row[0]) for row in found)


def _whole(since: Path, earlier: Run, request: Request, database: inputs.Database) -> bool:
    """Whether the folder has every file that is taken over from it."""
    wanted = {UNIT_FILE: results.UNIT_COLUMNS, PRINT_FILE: ("key", "print")}
    if any(columns_of(since / name, database) != found for name, found in wanted.items()):
        return False
    files = (since / results.condition_file(id_) for id_ in earlier.units)
    return not request.explain or all(file.is_file() for file in files)


def _partly(request: Request, prepared: Prepared, out: Path, since: Path, moved: list[str]) -> list[Line] | None:
    """The short way; None where it is none."""
    wanted = Wanted(request.every, request.explain, verified=True)
    plan = verdicts.make(prepared.rules, prepared.values, Duck.flavour, wanted)
    with Folder(out) as folder:
        folders = [folder.part, since]
        with Duck(prepared.facts, request.seconds, request.threads, folders, prepared.spare) as duck:
            with duck.guarded():
                memory.fingerprints(duck, plan, prepared.facts, ids=False)
                few = _affected(duck, since, moved)
            if not few:
                folder.drop()
                return None
            duck.rows = {scope: f"{KEYS[scope]} IN (SELECT key FROM affected)" for scope in Scope}  # noqa: S608 - our own names, quoted
            duck.keep(plan, ordered=request.every)
            with memory.verified(duck, plan, prepared.facts), duck.guarded():
                lines = _merge(duck, plan, prepared, wanted, since, folder)
                memory.write_fingerprints(duck, folder.part)
        remembered(request, prepared, plan).write(folder.part)
    return summary(prepared.library, lines)


def _affected(duck: Duck, since: Path, moved: list[str]) -> bool:
    """Make the table ``affected``: the keys of households that differ from before or that the date may move.

    False where there are so many that a full run is the shorter way.
    """
    changed = f"""SELECT coalesce(n.key, t.key) AS key FROM prints n FULL JOIN {results.stored(since / PRINT_FILE)} t
        ON n.key = t.key WHERE n.print IS DISTINCT FROM t.print"""  # noqa: S608 - our own names, quoted
    duck.execute(f"CREATE TEMP TABLE affected AS {' UNION '.join([changed, *moved])}")
    ((some, all_),) = duck.rows_of("SELECT (SELECT count(*) FROM affected), (SELECT count(*) FROM prints)")
    return bool(some <= _MOST_OF * all_)


def _merge(duck: Duck, plan: Plan, prepared: Prepared, wanted: Wanted, since: Path, folder: Folder) -> dict[str, Line]:
    """Write the earlier rows that still hold and the fresh ones together, in order."""
    before = results.stored(since / RESULT_FILE)
    people = ", ".join(literal(one.policy) for one in plan.outcomes.values() if one.unit is Scope.PERSON) or "''"
    duck.execute(f"""CREATE TEMP TABLE gone AS SELECT person, unit_id FROM {results.stored(since / UNIT_FILE)}
        WHERE key IN (SELECT key FROM affected)""")  # noqa: S608 - our own names, quoted
    results.words(duck, plan)
    as_text = "* REPLACE (CAST(policy AS VARCHAR) AS policy, CAST(result AS VARCHAR) AS result)"
    duck.execute(f"CREATE TEMP TABLE fresh AS SELECT {as_text} FROM ({results.listing(plan, wanted)})")  # noqa: S608 - our own names, quoted
    duck.execute(f"""CREATE TEMP TABLE dropped AS SELECT b.policy, b.unit_id, b.result, b.amount FROM {before} b
        SEMI JOIN gone g ON g.unit_id = b.unit_id AND g.person = (b.policy IN ({people}))""")  # noqa: S608 - our own names, quoted
    kept = f"""SELECT * FROM {before} b ANTI JOIN gone g
        ON g.unit_id = b.unit_id AND g.person = (b.policy IN ({people}))"""  # noqa: S608 - our own names, quoted
    rows = f"{kept} UNION ALL SELECT {', '.join(RESULT_COLUMNS)} FROM fresh"  # noqa: S608 - our own names, quoted
    as_words = f"""* REPLACE (CAST(policy AS {results.POLICY_WORDS}) AS policy,
        CAST(result AS {results.RESULT_WORDS}) AS result)"""
    rows = f"SELECT {as_words} FROM ({rows})"  # noqa: S608 - our own names, quoted
    copy(duck, rows, folder.part / RESULT_FILE, RESULT_COLUMNS, "policy, unit_id")
    results.changes(duck, "dropped", "fresh", folder)
    units = f"SELECT * FROM {results.stored(since / UNIT_FILE)} WHERE key NOT IN (SELECT key FROM affected)"  # noqa: S608 - our own names, quoted
    units += f" UNION ALL {results.units(plan, wanted)}"
    copy(duck, units, folder.part / UNIT_FILE, results.UNIT_COLUMNS, results.UNIT_ORDER)
    if wanted.conditions:
        for one, query, columns in results.conditions(plan, wanted):
            name = results.condition_file(one.policy)
            old = f"""SELECT * FROM {results.stored(since / name)} WHERE unit_id NOT IN
                (SELECT unit_id FROM gone WHERE person = {one.unit is Scope.PERSON})"""  # noqa: S608 - our own names, quoted
            copy(duck, f"{old} UNION ALL {query}", folder.part / name, columns, "unit_id")
    return results.counted(duck, plan, prepared.rules, results.stored(folder.part / RESULT_FILE))


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
    test = exp.NullSafeNEQ(this=exp.Paren(this=both[0]), expression=exp.Paren(this=both[1])).written()
    return f"SELECT {KEYS[fact.scope]} FROM {inputs.whole(fact.scope)} WHERE {test}"  # noqa: S608 - our own names, quoted
