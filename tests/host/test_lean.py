"""The lean first migration makes the same database as Django's own, to the last comment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jiamenkou.host.postgres import Cluster, find_binaries
from jiamenkou.host.runtime import prepare

pytestmark = pytest.mark.postgres
PLAIN = "from django.core.management import execute_from_command_line as run; run(['django', 'migrate', '--no-input', '--skip-checks', '-v0'])"
LEAN = "from jiamenkou.host.lean import lean; lean(); " + PLAIN


def schema(home: Path, script: str) -> list[str]:
    """What pg_dump says of a database made by ``script``."""
    home.mkdir()
    home.chmod(0o755)
    cluster = Cluster(home / "postgres", home / "postgres.log")
    cluster.start()
    try:
        owner = prepare(cluster)["owner"]
        environment = os.environ | {"JIAMENKOU_DATABASE_URL": owner, "JIAMENKOU_ROLE": "owner"}
        subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True)
        dumped = subprocess.run(
            [find_binaries()[0] / "pg_dump", "--schema-only", owner], check=True, capture_output=True, text=True
        ).stdout
    finally:
        cluster.stop()
    # pg_dump guards its output with a key of the day
    return [line for line in dumped.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_the_database_is_the_same(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    lean = schema(tmp_path / "lean", LEAN)
    assert len(lean) > 5000
    assert lean == schema(tmp_path / "plain", PLAIN)
