"""One household on PostgreSQL: the same plan as one statement, the household written into the base scans.

The two tables have the files' columns. Nothing here connects to a database: the caller runs the
statement and hands the rows back to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiamenkou.engines.policy import exp, verdicts
from jiamenkou.engines.policy.checking import InForce, Rules
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import FILES, RESULTS, Plan
from jiamenkou.engines.policy.sql import Flavour, Sql, aliased, cast, column, literal, quoted, select, text
from jiamenkou.engines.policy.verdicts import Wanted

PARAMETER = "household"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A unit's result under one policy, with every condition; as in the files of a run."""

    policy: str
    unit_id: str
    result: str
    amount: int | None
    missing: list[str]
    conditions: dict[str, bool | None]


@dataclass(frozen=True, slots=True)
class Statement:
    """``sql`` takes one named parameter, ``%(household)s``; ``read`` turns its rows into verdicts."""

    sql: str
    plan: Plan

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Verdict]:
        """Verdicts sorted by policy and unit; rows are mappings from column name to value."""
        found = []
        for outcome in self.plan.outcomes.values():
            for row in rows:
                code = row[outcome.code]
                if row["unit"] != outcome.unit.value or code is None:
                    continue
                missing = self.plan.missing((word, row[name]) for word, name in outcome.masks.items())
                conditions = {id_: row[name] for id_, name in outcome.conditions.items()}
                amount = row[outcome.amount] if outcome.amount else None
                found.append(Verdict(outcome.policy, row["unit_id"], RESULTS[code], amount, missing, conditions))
        return sorted(found, key=lambda one: (one.policy, one.unit_id))


def compile_household(rules: Rules, values: InForce, people: str, households: str) -> Statement:
    """A statement that evaluates every policy in force for one household and its members.

    ``people`` and ``households`` are table names. An index on ``household_id`` of both makes it a matter of
    milliseconds whatever the size of the tables.
    """
    plan = verdicts.make(rules, values, Flavour.POSTGRES, Wanted())
    names = {Scope.PERSON: people, Scope.HOUSEHOLD: households}
    below = [(FILES[scope], _scan(names[scope])) for scope in Scope]
    below += [(relation.name, relation.query) for relation in plan.relations]
    arms = [_arm(plan, scope) for scope in Scope if scope in plan.kept]
    if not arms:
        return Statement("SELECT NULL AS unit WHERE false", plan)
    body = " UNION ALL ".join(text(arm, Flavour.POSTGRES) for arm in arms)
    with_ = ", ".join(f"{quoted(name)} AS ({text(query, Flavour.POSTGRES)})" for name, query in below)
    marker = literal(_MARK)
    return Statement(f"WITH {with_} {body}".replace("%", "%%").replace(marker, f"%({PARAMETER})s"), plan)


_MARK = "\x01household\x01"  # no literal of a policy can hold it: syntax refuses control characters


def _scan(table: str) -> exp.Select:
    same = exp.EQ(this=column("household_id"), expression=exp.Literal.string(_MARK))
    return select([exp.Star()], table).where(same)


def _arm(plan: Plan, scope: Scope) -> exp.Select:
    """The rows of one unit with the columns of both, so that the two can be put together."""
    columns: list[Sql] = [aliased(exp.Literal.string(scope.value), "unit"), column("unit_id")]
    for outcome in plan.outcomes.values():
        mine = outcome.unit is scope
        kinds = {outcome.code: "SMALLINT", **dict.fromkeys(outcome.masks.values(), "BIGINT")}
        kinds |= {outcome.amount: "BIGINT"} if outcome.amount else {}
        kinds |= dict.fromkeys(outcome.conditions.values(), "BOOLEAN")
        for name, kind in kinds.items():
            columns.append(aliased(cast(column(name) if mine else exp.null(), kind), name))
    return select(columns, plan.kept[scope])
