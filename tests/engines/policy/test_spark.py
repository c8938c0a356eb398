"""Spark gives the same files as DuckDB, byte for byte. One JVM for the whole test run; skipped without PySpark."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from jiamenkou.engines.policy.running import Request, run
from tests.engines.policy.case import Case
from tests.engines.policy.worlds import World

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="PySpark is not installed: jiamenkou[spark]"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java for PySpark"),
    pytest.mark.filterwarnings("ignore"),  # PySpark's own
]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_same_bytes(seed: int, tmp_path: Path) -> None:
    from jiamenkou.engines.policy import spark

    world = World(seed, count=12)
    policies, people, households = world.write(tmp_path)
    request = Request(policies, people, households, world.on, every=True, explain=True)
    assert spark.run(request, tmp_path / "spark") == run(request, tmp_path / "duck")
    files = ["results.parquet", *(f"conditions/{path.name}" for path in (tmp_path / "duck/conditions").iterdir())]
    for name in files:
        assert (tmp_path / "spark" / name).read_bytes() == (tmp_path / "duck" / name).read_bytes(), name


def test_overflow_and_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = Case(tmp_path).policy(test="wage + 9223372036854775807 > 0")
    assert case.call("run", "--out", str(case.out), "--engine", "spark") == 1
    assert capsys.readouterr().err.startswith("rule.yaml: conditions.c.test:1: ")
    assert case.policy(test="sum(wage) // (0 - 7) == 0 - 15").run("--engine", "spark")[0][2] == "eligible"
