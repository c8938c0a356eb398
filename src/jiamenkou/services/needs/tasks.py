"""What this room does by itself."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:needs"


@app.task(name="needs.move_queue_up", queue="needs")
def move_queue_up(fair: int) -> None:
    """Somebody cancelled: the next in the queue are told."""
    from jiamenkou.services.needs.actions.fairs import move_up
    from jiamenkou.services.needs.models import Fair

    with scope(EVERYTHING, actor=ACTOR, reason="市集有人取消"):
        found = Fair.objects.filter(pk=fair).first()
        if found is not None:
            move_up(found, by=Actor(None), now=timezone.now(), reason="市集有人取消")
