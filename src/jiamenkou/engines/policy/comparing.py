"""Two runs side by side: who gained and who lost, and the money, per policy and county."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.results import RESULT_FILE, ROW_FILE

_QUERY = """
WITH a AS (SELECT * FROM before WHERE result = 'eligible'),
     b AS (SELECT * FROM after WHERE result = 'eligible'),
     joined AS (
        SELECT coalesce(a.policy, b.policy) AS policy, a.area AS area_a, b.area AS area_b,
               a.unit_id IS NOT NULL AS was, b.unit_id IS NOT NULL AS now,
               coalesce(a.amount, 0) AS money_a, coalesce(b.amount, 0) AS money_b
        FROM a FULL JOIN b ON a.policy = b.policy AND a.unit_id = b.unit_id),
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
        database.register("before", results(before))
        database.register("after", results(after))
        return [Comparison(*row) for row in database.sql(_QUERY).fetchall()]


def results(folder: Path) -> pa.Table:
    """The results of a run with the area of each row."""
    try:
        rows = pq.read_table(folder / RESULT_FILE)
        areas = pq.read_table(folder / ROW_FILE, columns=["area"])
    except (OSError, pa.ArrowException) as error:
        raise WrongUse(f"{folder} 不是完整的结果目录") from error
    if rows.num_rows != areas.num_rows:
        raise WrongUse(f"{folder} 里的 {RESULT_FILE} 和 {ROW_FILE} 不是同一次运行的")
    return rows.append_column("area", areas["area"])
