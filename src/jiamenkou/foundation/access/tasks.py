"""Sweeping out what signing in leaves behind, every hour."""

from __future__ import annotations

from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope


@app.periodic(cron="23 * * * *", periodic_id="access.sweep")
@app.task(name="access.sweep", queue="access")
def sweep_out(timestamp: int) -> None:
    """Codes, links, counters, stored answers and sessions that are over."""
    from jiamenkou.foundation.access.sweep import sweep

    with scope(EVERYTHING, actor="system:access", reason="清理过期数据"):
        sweep()
