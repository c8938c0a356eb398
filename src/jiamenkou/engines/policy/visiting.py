"""Whom to visit first: households by how many policies the answers at the door could settle."""

from __future__ import annotations

import shutil
from pathlib import Path

from jiamenkou.engines.policy import inputs, verdicts
from jiamenkou.engines.policy.duck import Duck
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import BITS, UNKNOWN, Outcome, Plan
from jiamenkou.engines.policy.results import copy, nothing
from jiamenkou.engines.policy.running import Request, named_errors, prepare
from jiamenkou.engines.policy.sql import literal
from jiamenkou.engines.policy.verdicts import Wanted

COLUMNS = ("household_id", "area", "score", "policies", "facts")


def visits(request: Request, out: Path, area: str = "", limit: int | None = None) -> int:
    """Write ``out`` (COLUMNS), best first, and return how many households it lists.

    A policy counts once for a household if it is unknown for the household or a member and facts are missing that a
    visit can find out; ``area`` is a prefix of the household's area.
    """
    if area and not (area.isascii() and area.isdigit()):
        raise WrongUse("--area 应是区划代码的开头几位数字")
    if not out.parent.is_dir():
        raise WrongUse(f"没有目录 {out.parent}")
    prepared = prepare(request)
    plan = verdicts.make(prepared.rules, prepared.values, Duck.flavour, Wanted(every=False, conditions=False))
    folder = out.with_name(f".{out.name}.part")
    folder.mkdir(exist_ok=True)
    try:
        with (
            named_errors(prepared, request.seconds),
            Duck(prepared.facts, request.seconds, request.threads, [folder], prepared.spare) as duck,
        ):
            with duck.guarded():
                inputs.verify(duck.database, prepared.facts)
            duck.keep(plan, ordered=False)
            with duck.guarded():
                duck.execute(f"CREATE TEMP TABLE ranked AS {_ranked(plan, area, limit)}")
                copy(duck, "SELECT * FROM ranked", folder / out.name, COLUMNS, "score DESC, household_id")
                ((count,),) = duck.rows_of("SELECT count(*) FROM ranked")
        (folder / out.name).replace(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(count)


def _ranked(plan: Plan, area: str, limit: int | None) -> str:
    asked = [_asked(plan, one) for one in plan.outcomes.values() if one.masks]
    words = sorted({word for outcome in plan.outcomes.values() for word in outcome.masks})
    if not asked:
        return nothing("household_id VARCHAR", "area VARCHAR", "score BIGINT", "policies VARCHAR[]", "facts VARCHAR[]")
    masks = "".join(f", bit_or(mask{word}) AS mask{word}" for word in words)
    bits = (f"CASE WHEN mask{index // BITS} & {1 << index % BITS} <> 0 THEN {literal(name)} END"
            for index, name in enumerate(plan.facts) if index // BITS in words)  # fmt: skip
    return f"""
        WITH doors AS (
            SELECT home, count(DISTINCT policy) AS score, list(DISTINCT policy ORDER BY policy) AS policies{masks}
            FROM ({" UNION ALL ".join(asked)}) GROUP BY home)
        SELECT home AS household_id, CAST(area AS VARCHAR) AS area, score, policies,
            list_filter([{", ".join(bits)}], lambda one: one IS NOT NULL) AS facts
        FROM doors JOIN {inputs.whole(Scope.HOUSEHOLD)} h ON CAST(h.household_id AS VARCHAR) = home
        WHERE {literal(area)} = '' OR starts_with(CAST(area AS VARCHAR), {literal(area)})
        ORDER BY score DESC, household_id LIMIT {2**62 if limit is None else limit}"""  # noqa: S608 - quoted


def _asked(plan: Plan, outcome: Outcome) -> str:
    """Household, policy and masks of every unit that facts at the door could settle."""
    home = "household_id" if outcome.unit is Scope.PERSON else "unit_id"
    words = sorted({word for other in plan.outcomes.values() for word in other.masks})
    masks = "".join(f", {outcome.masks.get(word, '0')} AS mask{word}" for word in words)
    some = " OR ".join(f"{name} <> 0" for name in outcome.masks.values())
    return f"""SELECT {home} AS home, {literal(outcome.policy)} AS policy{masks} FROM {plan.kept[outcome.unit]}
        WHERE {outcome.code} = {UNKNOWN} AND {home} IS NOT NULL AND ({some})"""  # noqa: S608 - quoted
