"""The DuckDB that the trees write themselves is, character for character, what SQLGlot writes for them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jiamenkou.engines.policy import dialects, exp, verdicts
from jiamenkou.engines.policy.duck import statements
from jiamenkou.engines.policy.running import Request, prepare
from jiamenkou.engines.policy.single import compile_household
from jiamenkou.engines.policy.sql import Flavour
from jiamenkou.engines.policy.verdicts import Wanted
from tests.engines.policy.case import PEOPLE, Case
from tests.engines.policy.worlds import World


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_same_text(seed: int, every: bool, tmp_path: Path) -> None:
    world = World(seed, count=12)
    request = Request(*world.write(tmp_path), world.on)
    prepared = prepare(request)
    plan = verdicts.make(prepared.rules, prepared.values, Flavour.DUCKDB, Wanted(every, every, prints=True))
    compared = 0
    for _, query in statements(plan):
        query.order = [exp.Column("unit_id")]
        assert query.written() == dialects.text(query, "duckdb")
        compared += 1
    assert compared


@pytest.mark.parametrize("name", ['a"b', "a'b", "家庭", "x;--", "\\", "a\nb"])
def test_names_and_texts_stay_inside_their_quotes(name: str) -> None:
    for node in (exp.Column(name, "t"), exp.Literal.string(name), exp.Alias(exp.null(), name)):
        assert node.written() == dialects.text(node, "duckdb")


def test_a_run_on_duckdb_needs_no_sqlglot() -> None:
    script = "import sys, jiamenkou.engines.policy.delta; sys.exit('sqlglot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_one_household_needs_no_statistics_of_files(tmp_path: Path) -> None:
    """An aggregate over a date, compiled for tables of which nothing is known but their columns."""
    case = (
        Case(tmp_path)
        .policy(test="any(years_since(birth_date) >= 60)")
        .people(PEOPLE.replace("1940-02-29", "1940-03-01"))
    )
    files = case.folder / "people.csv", case.folder / "households.csv"
    request = Request(case.policies, *files, date(2026, 11, 1))
    prepared = prepare(request)
    assert "%(household)s" in compile_household(replace(prepared.rules, seen={}), prepared.values, "p", "h").sql
