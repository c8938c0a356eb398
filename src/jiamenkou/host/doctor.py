"""``jiamenkou doctor``: what must hold before people rely on it, each with its fix."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from jiamenkou.commandline import DONE, PROBLEMS, Parser
from jiamenkou.host import runtime
from jiamenkou.host.checks import Check, State, database_checks, machine_checks
from jiamenkou.host.datadir import DataDir

SIGNS = {State.OK: "✓", State.WARN: "⚠", State.FAIL: "✗", State.SKIPPED: "–"}


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou doctor", description="start-up checks with fixes")
    parser.add_argument("--data", default=None, metavar="DIR", help="default $JIAMENKOU_DATA or .data")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    given = parser.parse_args(argv)
    checks = list(examine(DataDir.at(given.data)))
    healthy = all(check.state is not State.FAIL for check in checks)
    if given.json:
        document = {"ok": healthy, "checks": [check.as_json() for check in checks]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for check in checks:
            sys.stdout.write(f"{SIGNS[check.state]} {check.title}：{check.found}\n")
            if check.fix:
                sys.stdout.write(f"    {check.fix}\n")
    return DONE if healthy else PROBLEMS


def examine(data: DataDir) -> Iterator[Check]:
    """Every check, the machine's first. Starts an existing database where none runs; never makes one."""
    import os

    machine = list(machine_checks(data))
    if "DATABASE_URL" not in os.environ and not (data.postgres / "cluster" / "PG_VERSION").exists():
        yield from machine
        yield Check("database", "数据库", State.SKIPPED, "还没有首次启动", "运行 jiamenkou up")
        return
    try:
        with runtime.attach(data, migrate=False, command="doctor") as here:
            house = list(database_checks(here))
    except runtime.TROUBLES as trouble:
        yield from machine
        yield Check("database", "数据库", State.FAIL, str(trouble), f"查看日志 {data.logs}")
        return
    # the table of days that the house was given says more than the one it came with
    asked = {check.name for check in house}
    yield from (check for check in machine if check.name not in asked)
    yield from house
