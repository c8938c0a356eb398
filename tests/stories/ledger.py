"""The invariants of money, asked of the story's own database: a figure, not a step of any story."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg

from jiamenkou.host.postgres import SUPERUSER, Cluster
from tests.shared import ROOT
from tests.stories.conftest import House


def ledger_faults(house: House) -> list[str]:
    """What chaos/invariants say of ledger, stock and books; empty where every transaction sums to zero."""
    data = Path(house.environment["JIAMENKOU_DATA"])
    cluster = Cluster(data / "postgres", data / "postgres.log")
    cluster.port = int(json.loads((data / "up.json").read_text())["postgres_port"])
    faults = []
    with psycopg.connect(cluster.url(SUPERUSER, "jiamenkou")) as database:
        for name in ("ledger", "groupbuy_stock", "groupbuy_book"):
            query = (ROOT / "chaos" / "invariants" / f"{name}.sql").read_text(encoding="utf-8")
            faults += [f"{name}: {row}" for row in database.execute(query).fetchall()]  # type: ignore[arg-type]
    return faults
