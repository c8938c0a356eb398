"""``jiamenkou manage COMMAND …``: Django's own commands, against the database of this house."""

from __future__ import annotations

import os
import sys

from jiamenkou.commandline import DONE, PROBLEMS, WRONG_USE, plain
from jiamenkou.host.runtime import TROUBLES, Role, attach

AS_OWNER = {"migrate", "sqlmigrate", "createcachetable", "pgtrigger", "flush"}
UNKNOWN_COMMAND = 3  # of ``--if-known``: this house has no such command


def main(argv: list[str]) -> int:
    """Attach, run one command, let go. ``migrate`` and its like run as the owner, everything else as web."""
    if not argv or argv[0] in {"-h", "--help"}:
        sys.stdout.write("usage: jiamenkou manage COMMAND …   Django 管理命令，对当前数据目录执行\n")
        return DONE if argv else WRONG_USE
    role: Role = "owner" if argv[0] in AS_OWNER else "web"
    try:
        with attach(role=role, migrate=role != "owner", command="manage"):
            return run(argv)
    except TROUBLES as trouble:
        sys.stderr.write(plain(str(trouble)) + "\n")
        return PROBLEMS


def run(argv: list[str]) -> int:
    """One command in this process, whose environment is already that of the house."""
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(["jiamenkou manage", *argv]).execute()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE if ended.code is None else PROBLEMS
    return DONE


def _beside() -> int:
    """``python -m jiamenkou.host.manage [--if-known] COMMAND …`` in an environment made by ``up``."""
    argv = sys.argv[1:]
    if argv[:1] == ["--if-known"]:
        argv = argv[1:]
        import django
        from django.core.management import get_commands

        django.setup()
        if argv[0] not in get_commands():
            return UNKNOWN_COMMAND
    return run(argv)


if __name__ == "__main__":
    assert "JIAMENKOU_DATABASE_URL" in os.environ
    sys.exit(_beside())
