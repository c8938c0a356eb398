"""Deleting files whose time is over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope


@app.periodic(cron="41 3 * * *", periodic_id="files.sweep")
@app.task(name="files.sweep", queue="files")
def sweep_out(timestamp: int) -> None:
    """Files past their expiry, rows and bytes."""
    from django.utils import timezone

    from jiamenkou.foundation.files.storing import sweep

    with scope(EVERYTHING, actor="system:files", reason="到期删除"):
        sweep(timezone.now())
