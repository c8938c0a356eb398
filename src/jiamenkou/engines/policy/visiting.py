"""Whom to visit first: households by how many policies the answers at the door could settle."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from jiamenkou.engines.policy import inputs, verdicts
from jiamenkou.engines.policy.duck import Duck
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import UNKNOWN, Outcome, Plan
from jiamenkou.engines.policy.running import Request, named_errors, prepare
from jiamenkou.engines.policy.sql import aliased, column, is_null, number, select
from jiamenkou.engines.policy.verdicts import Wanted

SCHEMA = pa.schema(
    [("household_id", pa.string()), ("area", pa.string()), ("score", pa.int64()), ("policies", pa.list_(pa.string())),
     ("facts", pa.list_(pa.string()))]
)  # fmt: skip


def visits(request: Request, out: Path, area: str = "", limit: int | None = None) -> int:
    """Write ``out`` (SCHEMA), best first, and return how many households it lists.

    A policy counts once for a household if it is unknown for the household or a member and facts are missing that a
    visit can find out; ``area`` is a prefix of the household's area.
    """
    if area and not area.isdigit():
        raise WrongUse("--area 应是区划代码的开头几位数字")
    if not out.parent.is_dir():
        raise WrongUse(f"没有目录 {out.parent}")
    prepared = prepare(request)
    plan = verdicts.make(prepared.rules, prepared.values, Duck.flavour, Wanted(every=False, conditions=False))
    with named_errors(prepared, request.seconds), Duck(prepared.facts, request.seconds) as duck:
        with duck.guarded():
            inputs.verify(duck.database, prepared.facts)
        duck.keep(plan, ordered=False)
        asked = [duck.table(_asked(plan, outcome)) for outcome in plan.outcomes.values() if outcome.masks]
        table = _ranked(duck, plan, asked, area, limit)
    pq.write_table(table, out)
    return int(table.num_rows)


def _words(plan: Plan) -> list[int]:
    return sorted({word for outcome in plan.outcomes.values() for word in outcome.masks})


def _asked(plan: Plan, outcome: Outcome) -> exp.Select:
    """Household, policy and masks of every unit that facts at the door could settle."""
    home = column("household_id" if outcome.unit is Scope.PERSON else "unit_id")
    words = [column(outcome.masks[word]) if word in outcome.masks else number(0) for word in _words(plan)]
    columns = [aliased(home, "home"), aliased(exp.Literal.string(outcome.policy), "policy")]
    columns += [aliased(mask, f"mask{word}") for word, mask in zip(_words(plan), words, strict=True)]
    unknown = exp.EQ(this=column(outcome.code), expression=number(UNKNOWN))
    known = exp.Not(this=is_null(home.copy()))
    some = exp.or_(*(exp.NEQ(this=column(name), expression=number(0)) for name in outcome.masks.values()))
    return select(columns, plan.kept[outcome.unit]).where(unknown, known, some, copy=False)


def _ranked(duck: Duck, plan: Plan, asked: list[pa.Table], area: str, limit: int | None) -> pa.Table:
    if not asked:
        return SCHEMA.empty_table()
    duck.database.register("asked", pa.concat_tables(asked))
    masks = "".join(f", bit_or(mask{word}) AS mask{word}" for word in _words(plan))
    query = f"""
        WITH doors AS (
            SELECT home, count(DISTINCT policy) AS score, list(DISTINCT policy ORDER BY policy) AS policies{masks}
            FROM asked GROUP BY home)
        SELECT home AS household_id, CAST(area AS VARCHAR) AS area, doors.* EXCLUDE (home)
        FROM doors JOIN {inputs.whole(Scope.HOUSEHOLD)} h ON CAST(h.household_id AS VARCHAR) = home
        WHERE '{area}' = '' OR starts_with(CAST(area AS VARCHAR), '{area}')
        ORDER BY score DESC, household_id LIMIT {2**62 if limit is None else limit}"""  # noqa: S608 - digits only
    table = duck.database.sql(query).to_arrow_table()
    rows = zip(*(table[f"mask{word}"].to_pylist() for word in _words(plan)), strict=True)
    spelt = {masks: plan.missing(zip(_words(plan), masks, strict=True)) for masks in set(rows)}
    rows = zip(*(table[f"mask{word}"].to_pylist() for word in _words(plan)), strict=True)
    facts = pa.array([spelt[masks] for masks in rows], SCHEMA.field("facts").type)
    return table.select(SCHEMA.names[:-1]).append_column("facts", facts).cast(SCHEMA)
