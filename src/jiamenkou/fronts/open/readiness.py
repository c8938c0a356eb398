"""What must be there before the house may be called ready, and the figures for Prometheus."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jiamenkou.foundation.access.demo import demo_progress

_migrated: list[bool] = []
# a worker says so in its table about every ten seconds
_WORKER = "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '60 seconds'"
_JOBS = "select status, count(*) from procrastinate_jobs group by status order by status"


def state() -> dict[str, dict[str, Any]]:
    """Each part with ``ok`` and a word about it. One query each; migrations are asked until they are done."""
    parts: dict[str, dict[str, Any]] = {"database": {"ok": _one("select 1") == 1}}
    parts["migrations"] = {"ok": _is_migrated()}
    parts["worker"] = {"ok": _one(_WORKER) > 0}
    if settings.DEMO:
        done, total, words = demo_progress()
        parts["demo"] = {"ok": total > 0 and done >= total, "done": done, "total": total, "doing": words}
    return parts


def metrics() -> str:
    lines = [
        "# HELP jiamenkou_workers Workers heard of in the last minute.",
        "# TYPE jiamenkou_workers gauge",
        f"jiamenkou_workers {_one(_WORKER)}",
        "# HELP jiamenkou_jobs Jobs by status.",
        "# TYPE jiamenkou_jobs gauge",
    ]
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        lines += [f'jiamenkou_jobs{{status="{status}"}} {count}' for status, count in cursor.fetchall()]
        cursor.execute("select count(*) from audit_auditseal")
        lines += ["# TYPE jiamenkou_audit_seals counter", f"jiamenkou_audit_seals {(cursor.fetchone() or [0])[0]}"]
    return "\n".join(lines) + "\n"


def _one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _is_migrated() -> bool:
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.append(True)
    return True
