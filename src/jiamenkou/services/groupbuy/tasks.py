"""What group-buys do by themselves, at their minutes."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:groupbuy"


@app.periodic(cron="* * * * *", periodic_id="groupbuy.tick")
@app.task(name="groupbuy.tick", queue="groupbuy", queueing_lock="groupbuy.tick")
def tick(timestamp: int) -> None:
    """Boxes that nobody paid for are let go; groups open and close at their minute. Each on its own."""
    from jiamenkou.services.groupbuy.actions.cycles import close_due, open_due
    from jiamenkou.services.groupbuy.actions.orders import release_expired
    from jiamenkou.services.groupbuy.actions.sharing import share_due

    now, by = timezone.now(), Actor(None)
    with scope(EVERYTHING, actor=ACTOR, reason="超时没付"):
        release_expired(now, by=by, reason="超时没付")
    with scope(EVERYTHING, actor=ACTOR, reason="到点开团"):
        open_due(now, by=by, reason="到点开团")
    with scope(EVERYTHING, actor=ACTOR, reason="到点截单"):
        close_due(now, by=by, reason="到点截单")
    with scope(EVERYTHING, actor=ACTOR, reason="团购佣金"):
        share_due(now, by=by, reason="团购佣金")
