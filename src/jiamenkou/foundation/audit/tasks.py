"""Sealing goes on by itself: what was written is under a seal within minutes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.audit.chain import seal_finished


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.seal", queue="upkeep", queueing_lock="audit.seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Seal every finished transaction that is not sealed yet."""
    with scope(EVERYTHING, actor="system:audit", reason="封存留痕"):
        seal_finished()
