"""Spark gives the same files as DuckDB, byte for byte. One JVM for the whole test run; skipped without PySpark."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from jiamenkou.engines.policy.running import Request, run
from tests.engines.policy.case import PEOPLE, Case
from tests.engines.policy.worlds import World

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="PySpark is not installed: jiamenkou[spark]"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java for PySpark"),
    pytest.mark.filterwarnings("ignore"),  # PySpark's own
]

# A handful of rows: one core and one partition, or starting the tasks takes longer than all they do.
_SMALL = "--master local[1] --conf spark.sql.shuffle.partitions=1 pyspark-shell"
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _SMALL)
os.environ.setdefault("MASTER", "local[1]")


@pytest.mark.parametrize(("seed", "every"), [(1, True), (3, False)])
def test_same_bytes(seed: int, every: bool, tmp_path: Path) -> None:
    from jiamenkou.engines.policy import spark

    world = World(seed, count=8)
    policies, people, households = world.write(tmp_path)
    request = Request(policies, people, households, world.on, every=every, explain=True)
    assert spark.run(request, tmp_path / "spark") == run(request, tmp_path / "duck")
    files = [
        "results.parquet",
        "units.parquet",
        *(f"conditions/{path.name}" for path in (tmp_path / "duck/conditions").iterdir()),
    ]
    for name in files:
        assert (tmp_path / "spark" / name).read_bytes() == (tmp_path / "duck" / name).read_bytes(), name


def test_overflow_and_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = Case(tmp_path).policy(test="wage + 9223372036854775807 > 0")
    assert case.call("run", "--out", str(case.out), "--engine", "spark") == 1
    said = capsys.readouterr().err
    assert said.startswith("rule.yaml: conditions.c.test:1: ") and said.count("\n") == 1
    # Floor division and remainder of negatives, by nothing and by -1; nulls; a month end; text that looks like SQL.
    case.people(
        "person_id,household_id,area,birth_date,wage,flag\np1,h1,320402,1940-02-29,100,true\n"
        "p2,h1,,2024-01-31,-7,\np3,,320402,,,false\np4,h1,320402,2000-02-29,0,true\n"
    )
    (case.folder / "policies" / "rule.yaml").unlink()
    tests = ["wage // -2 == 3 or wage % -2 == -1", "wage // wage > 0", "wage // -1 > -8 and wage % -1 == 0",
             "years_since(birth_date) >= 2 and months_since(birth_date) < 900", "not flag or null",
             "coalesce(wage, 5) in [5, 0] and known(flag)", "any(wage < 0) or household.savings > 3",
             "area != \"x' OR 1=1 --\" and sum(wage) > least(wage)"]  # fmt: skip
    for index, test in enumerate(tests):
        case.policy(f"t{index}", test=test, amount="sum(wage) // -7 + wage % 5")
    for more in ((), ("--all", "--explain")):
        for engine in ("spark", "duckdb"):
            out = case.folder / engine
            assert case.call("run", "--out", str(out), "--engine", engine, *more, on="2026-02-28") == 0
        spark_, duck = ((case.folder / engine / "results.parquet").read_bytes() for engine in ("spark", "duckdb"))
        assert spark_ == duck
    shutil.rmtree(case.policies)
    case.policies.mkdir()
    assert (
        case.people(PEOPLE).policy(test="sum(wage) // (0 - 7) == 0 - 15").run("--engine", "spark")[0][2] == "eligible"
    )
