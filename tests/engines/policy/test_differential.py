"""The compiler against the row-by-row reference on random policies, facts and nulls."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jiamenkou.engines.policy import ground
from jiamenkou.engines.policy.running import Request, run
from tests.engines.policy.reference import Evaluation
from tests.engines.policy.worlds import World

FIRST = int(os.environ.get("JIAMENKOU_POLICY_SEED", "1"))
WORLDS = int(os.environ.get("JIAMENKOU_POLICY_WORLDS", "20"))  # of 25 policies and at least 22 units each


def expected(world: World) -> tuple[list[dict], dict[str, list[dict]], dict[str, tuple[int, int, int, int]]]:
    """Rows of ``results.parquet`` with ``--all``, of each conditions file, and the counts of the summary."""
    found = Evaluation(world.policies, world.facts, world.people, world.homes, world.on).results
    rows: list[dict] = []
    conditions: dict[str, list[dict]] = {}
    counts: dict[str, tuple[int, int, int, int]] = {}
    for policy, units in sorted(found.items()):
        conditions[policy] = []
        for unit, (result, amount, missing, values) in sorted(units.items()):
            rows.append({"policy": policy, "unit_id": unit, "result": result, "amount": amount, "missing": missing})
            conditions[policy].append({"unit_id": unit, **values})
        results = [one[0] for one in units.values()]
        total = sum(one[1] or 0 for one in units.values())
        counts[policy] = (len(units), results.count("eligible"), results.count("unknown"), total)
    return rows, conditions, counts


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_compiler_agrees_with_reference(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 3 == 0:  # as where the columns do not prove that nothing overflows
        monkeypatch.setattr(ground, "calm", lambda *_: False)
    agrees(World(seed), tmp_path, plain=not seed % 2)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + max(6, WORLDS // 4)))
def test_compiler_agrees_where_nothing_is_unknown(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is never null is written, sorted and stored in shorter ways."""
    if seed % 3 == 0:
        monkeypatch.setattr(ground, "calm", lambda *_: False)
    agrees(World(seed).fill(), tmp_path, plain=True)


def agrees(world: World, tmp_path: Path, *, plain: bool) -> None:
    policies, people, households = world.write(tmp_path)
    rows, conditions, counts = expected(world)

    lines = run(Request(policies, people, households, world.on, every=True, explain=True), tmp_path / "all")

    assert pq.read_table(tmp_path / "all/results.parquet").to_pylist() == rows
    assert [line.policy for line in lines] == sorted(one["policy"] for one in world.policies)
    assert {
        line.policy: (line.units, line.eligible, line.unknown, line.total_amount) for line in lines if line.in_force
    } == counts
    for policy, wanted in conditions.items():
        assert pq.read_table(tmp_path / f"all/conditions/{policy}.parquet").to_pylist() == wanted

    if not plain:
        return
    run(Request(policies, people, households, world.on), tmp_path / "plain")
    listed = [row for row in rows if row["result"] != "ineligible"]
    assert pq.read_table(tmp_path / "plain/results.parquet").to_pylist() == listed
