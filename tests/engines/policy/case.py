"""A small folder of policies and two small CSV files, driven through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from jiamenkou.engines.policy import commands

PEOPLE = "person_id,household_id,area,birth_date,sex,wage,flag\np1,h1,320402,1940-02-29,男,100,true\n"
HOUSEHOLDS = "household_id,area,savings\nh1,320402,5\n"


class Case:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policies = folder / "policies"
        self.policies.mkdir()
        self.out = folder / "out"
        self.people(PEOPLE)
        self.households(HOUSEHOLDS)

    def people(self, text: str) -> Case:
        (self.folder / "people.csv").write_text(text, encoding="utf-8")
        return self

    def households(self, text: str) -> Case:
        (self.folder / "households.csv").write_text(text, encoding="utf-8")
        return self

    def file(self, text: str, name: str = "rule.yaml") -> Case:
        (self.policies / name).write_text(text, encoding="utf-8")
        return self

    def policy(
        self, id_: str = "rule", *, unit: str = "person", test: str = "true", amount: str = "", more: str = ""
    ) -> Case:
        """One policy with one condition ``c``; ``test`` and ``amount`` are expressions, ``more`` more YAML lines."""
        lines = [f"policy: {id_}", "name: 测试", f"unit: {unit}", "in_force: {from: 2020-01-01}", more]
        lines += ["conditions:", "  c:", "    label: 条件", f"    test: {json.dumps(test, ensure_ascii=False)}"]
        if amount:
            lines += [f"benefit: {{amount: {json.dumps(amount)}, per: month}}"]
        return self.file("\n".join(line for line in lines if line) + "\n", f"{id_}.yaml")

    def arguments(self, on: str = "2026-11-01") -> list[str]:
        files = ["--people", str(self.folder / "people.csv"), "--households", str(self.folder / "households.csv")]
        return ["--policies", str(self.policies), *files, "--on", on]

    def call(self, command: str, *more: str, on: str = "2026-11-01") -> int:
        """The exit code of ``policy COMMAND`` over this folder."""
        try:
            return commands.main([command, *self.arguments(on), *more])
        except SystemExit as end:
            return int(end.code or 0)

    def run(self, *more: str, on: str = "2026-11-01") -> list[tuple]:
        """Every row of a run with ``--all``: policy, unit, result, amount, missing."""
        assert self.call("run", "--out", str(self.out), "--all", *more, on=on) == 0
        return [tuple(row.values()) for row in pq.read_table(self.out / "results.parquet").to_pylist()]

    def value(self, amount: str, **facts: str) -> int | None:
        """What ``amount`` comes to for the first unit of a household policy with area-free conditions."""
        return self.policy(amount=f"({amount}) + 1000000", unit=facts.get("unit", "person")).run()[0][3]
