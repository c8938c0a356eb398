"""Migrations: run as the owner, in a process of their own, and only when there may be something to do."""

from __future__ import annotations

import gc
import hashlib
import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jiamenkou

PACKAGE = Path(jiamenkou.__file__).parent


class MigrationFailed(Exception):
    """``migrate`` ended with a fault; ``detail`` is what it said."""

    def __init__(self, detail: str) -> None:
        super().__init__("数据库结构没有更新成功")
        self.detail = detail


def fingerprint() -> str:
    """Changes with our migrations, our settings and the version of any installed package.

    Reading these few files takes 20 ms; asking Django takes two seconds of every start.
    """
    digest = hashlib.sha256(jiamenkou.__version__.encode())
    for file in sorted([*PACKAGE.rglob("migrations/*.py"), PACKAGE / "site" / "settings.py"]):
        if file.exists():
            digest.update(str(file.relative_to(PACKAGE)).encode() + b"\0" + file.read_bytes())
    spec = importlib.util.find_spec("django")
    if spec is not None and spec.origin is not None:
        packages = Path(spec.origin).parent.parent
        digest.update("\n".join(sorted(place.name for place in packages.glob("*.dist-info"))).encode())
    return digest.hexdigest()


def migrate(environment: Mapping[str, str]) -> None:
    """``django migrate`` with the owner's environment. Raises :class:`MigrationFailed`."""
    command = [sys.executable, "-m", "jiamenkou.host.schema"]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise MigrationFailed((done.stdout + done.stderr).strip())


def _migrate_here() -> None:
    """In the process of :func:`migrate`. A first migration builds thousands of model classes and ends: collecting
    garbage meanwhile is a sixth of its time; the system checks belong to ``make check``."""
    from django.core.management import execute_from_command_line

    from jiamenkou.host.lean import lean

    lean()
    gc.disable()
    execute_from_command_line(["django", "migrate", "--no-input", "--skip-checks"])


if __name__ == "__main__":
    _migrate_here()
