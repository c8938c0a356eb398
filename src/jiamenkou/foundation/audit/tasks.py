"""Sealing the audit trail, every five minutes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope


@app.periodic(cron="*/5 * * * *", periodic_id="audit.seal")
@app.task(name="audit.seal", queue="audit")
def seal(timestamp: int) -> None:
    """Seal what is finished; nothing new is no seal."""
    from jiamenkou.foundation.audit.chain import seal_finished

    with scope(EVERYTHING):
        seal_finished()
