"""A PostgreSQL of a bench's own in a temporary folder, with its roles and keys, and Django pointed at it as the owner."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiamenkou.host import keys
from jiamenkou.host.postgres import Cluster
from jiamenkou.host.runtime import prepare


@contextmanager
def own_database() -> Iterator[tuple[Path, Cluster]]:
    """The folder and the running cluster; both are gone afterwards. ``django.setup()`` is the caller's."""
    home = Path(tempfile.mkdtemp(prefix="jiamenkou-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home / "postgres", home / "postgres.log")
    try:
        cluster.start()
        keys.create(home / "keys.json")
        urls = prepare(cluster)
        os.environ |= {
            "JIAMENKOU_KEYS": str(home / "keys.json"),
            "JIAMENKOU_DATA": str(home),
            "JIAMENKOU_ROLE": "owner",
            "JIAMENKOU_DATABASE_URL": urls["owner"],
            "DJANGO_SETTINGS_MODULE": "jiamenkou.site.settings",
        }
        yield home, cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
