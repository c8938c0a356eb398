"""Writing a roster: 20,000 new people applied in one transaction, audited row by row, and where the time goes.

``python -m bench applying``. ``audit_seconds`` is PostgreSQL's own count of the time inside the trigger's function.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench._database import own_database
from bench.pages import _cpu_seconds
from bench.rosters import TODAY, write_roster
from jiamenkou.host.postgres import Cluster

ROWS = 20_000


def run(rows: int = ROWS) -> dict[str, Any]:
    """Seconds of planning and writing, the trigger's share, and rows of the trail."""
    with own_database() as (home, cluster):
        write_roster(home / "roster.xlsx", rows)
        return _measure(home / "roster.xlsx", cluster)


def _measure(path: Path, cluster: Cluster) -> dict[str, Any]:
    import django

    django.setup()
    import psycopg
    from django.core.management import call_command
    from django.db import connection

    from jiamenkou.foundation.access.scope import EVERYTHING, scope
    from jiamenkou.foundation.people.importing import CommunityRegister, apply_plan
    from jiamenkou.foundation.people.roster import make_plan, read_roster
    from jiamenkou.foundation.places.models import Place, PlaceKind
    from jiamenkou.host.postgres import SUPERUSER

    call_command("migrate", verbosity=0)
    connection.close()
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute("alter system set track_functions = 'pl'")
        admin.execute("select pg_reload_conf()")
    roster = read_roster(path, TODAY)
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pids = [os.getpid(), cursor.fetchone()[0]]
    with scope(EVERYTHING, actor="命令行", reason="测速"):
        community = Place.plant(None, code="32-1-1", kind=PlaceKind.COMMUNITY, name="桂花园社区")
        cpu, began = sum(_cpu_seconds(pids).values()), time.perf_counter()
        plan = make_plan(roster, CommunityRegister(community))
        planned = time.perf_counter()
        written = apply_plan(plan, community, today=TODAY, now=datetime.now(UTC))
        applied = time.perf_counter()
    committed, cpu = time.perf_counter(), sum(_cpu_seconds(pids).values()) - cpu
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select coalesce(sum(total_time), 0) from pg_stat_user_functions where funcname like 'audit%'")
        inside = float(cursor.fetchone()[0]) / 1000
        cursor.execute("select set_config('app.everything', 'on', false)")
        cursor.execute("select count(*) from audit_auditentry")
        entries = cursor.fetchone()[0]
    connection.close()
    return {
        "rows": written,
        "plan_seconds": round(planned - began, 2),
        "apply_seconds": round(applied - planned, 2),
        "commit_seconds": round(committed - applied, 2),
        "cpu_seconds": round(cpu, 2),
        "audit_seconds": round(inside, 2),
        "audit_entries": entries,
        "ms_per_person": round(1000 * (committed - planned) / max(written, 1), 2),
    }
