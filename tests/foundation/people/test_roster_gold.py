"""The sample rosters, exactly as their gold says (tests/data/rosters/README.md)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jiamenkou.foundation.people.roster import make_plan, read_roster
from jiamenkou.foundation.people.roster.memory import MemoryRegister

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).resolve().parents[2] / "data" / "rosters"
GOLD = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.gold.json"))}


@pytest.mark.parametrize("gold", GOLD.values(), ids=GOLD.keys())
def test_a_sample_goes_as_its_gold_says(gold: dict[str, Any]) -> None:
    register = MemoryRegister(gold["grids"])
    roster = read_roster(FOLDER / gold["file"], TODAY)
    plan = make_plan(roster, register)
    summary = plan.summary()

    assert summary["rows"] == gold["rows"]
    rows = {step.row.row for step in plan.steps}
    assert not rows & set(gold["skip"])
    assert rows == set(gold["pass"]) | set(gold["maybe"]) | {report["row"] for report in gold["report"]}
    errors = {(error["row"], error["column"]) for error in summary["errors"]}
    assert not {row for row, _ in errors} & set(gold["pass"])
    for report in gold["report"]:
        assert any((report["row"], column) in errors for column in report["columns"]), report
    assert summary["possible_duplicates"] >= gold["possible_duplicates_at_least"]
    within(summary, gold["first"])
    assert no_full_number(summary)

    register.apply(plan)
    again = make_plan(read_roster(FOLDER / gold["file"], TODAY), register)
    within(again.summary(), gold["again"])
    assert again.errors == plan.errors
    for followup in gold["followups"]:
        edited = make_plan(read_roster(FOLDER / followup["file"], TODAY), register).summary()
        assert {key: edited[key] for key in followup["expect"]} == followup["expect"]


def within(summary: dict[str, Any], bounds: dict[str, list[int]]) -> None:
    assert summary["rows"] == sum(summary[action] for action in ("create", "update", "unchanged", "error"))
    for action, (lowest, highest) in bounds.items():
        assert lowest <= summary[action] <= highest, action


def no_full_number(summary: dict[str, Any]) -> bool:
    text = json.dumps(summary, ensure_ascii=False)
    digits = "".join(character if character.isdecimal() else " " for character in text)
    return all(len(run) < 8 or run.startswith(("19", "20")) for run in digits.split())
