"""Two runs side by side: who gained and who lost, and the money, per policy and county."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import _duckdb as duckdb  # see ``inputs``

from jiamenkou.engines.policy import memory
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.results import RESULT_FILE, UNIT_FILE, stored
from jiamenkou.engines.policy.sql import literal

_QUERY = """
WITH joined AS (
        SELECT coalesce(a.policy, b.policy) AS policy, a.area AS area_a, b.area AS area_b,
               a.unit_id IS NOT NULL AS was, b.unit_id IS NOT NULL AS now,
               coalesce(a.amount, 0) AS money_a, coalesce(b.amount, 0) AS money_b
        FROM before a FULL JOIN after b ON a.policy = b.policy AND a.unit_id = b.unit_id),
     sides AS (
        SELECT policy, area_b AS area, NOT was AS gained, false AS lost, was AS kept, 0 AS money_a, money_b
        FROM joined WHERE now
        UNION ALL
        SELECT policy, area_a, false, NOT now, false, money_a, 0 FROM joined WHERE was)
SELECT policy, area, count_if(gained), count_if(lost), count_if(kept), sum(money_a), sum(money_b)
FROM sides GROUP BY policy, area ORDER BY policy, area NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Eligible units and fen of one policy in one county (``area``: first six digits; None where not known)."""

    policy: str
    area: str | None
    gained: int
    lost: int
    kept: int
    money_before: int
    money_after: int

    def as_json(self) -> dict[str, str | int | None]:
        return asdict(self)


def compare(before: Path, after: Path) -> list[Comparison]:
    """One row per policy and county that has an eligible unit on either side. Raises WrongUse for other folders."""
    with duckdb.connect() as database:
        try:
            for name, folder in (("before", before), ("after", after)):
                database.execute(f"CREATE TEMP TABLE {name} AS {_eligible(folder)}")
        except duckdb.Error as error:
            raise WrongUse(f"{folder} 不是完整的结果目录") from error
        return [Comparison(*row) for row in database.execute(_QUERY).fetchall()]


def _eligible(folder: Path) -> str:
    """The eligible rows of a run with the area of each unit."""
    run = memory.read(folder)
    if run is None:
        raise WrongUse(f"{folder} 不是完整的结果目录")
    people = ", ".join(literal(id_) for id_, unit in run.units.items() if unit == Scope.PERSON.value) or "''"
    return f"""SELECT r.policy, r.unit_id, r.amount, u.area FROM {stored(folder / RESULT_FILE)} r
        JOIN {stored(folder / UNIT_FILE)} u ON r.unit_id = u.unit_id AND u.person = (r.policy IN ({people}))
        WHERE r.result = 'eligible'"""  # noqa: S608 - quoted
