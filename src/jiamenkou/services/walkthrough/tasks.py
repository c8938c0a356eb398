"""What this room does by itself."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:walkthrough"


@app.periodic(cron="23 * * * *", periodic_id="walkthrough.tidy")
@app.task(name="walkthrough.tidy", queue="walkthrough")
def tidy(timestamp: int) -> None:
    """End walks that nobody ended, so that their officer can begin another."""
    from jiamenkou.services.walkthrough.actions.walking import end_forgotten

    with scope(EVERYTHING, actor=ACTOR, reason="走访没有点结束"):
        end_forgotten(timezone.now(), by=Actor(None), reason="走访没有点结束")
