"""What the stations do by themselves."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:stations"


@app.periodic(cron="15 1 * * *", periodic_id="stations.remind")
@app.task(name="stations.remind", queue="stations")
def remind_borrowers(timestamp: int) -> None:
    """At 9:15 here (the worker's clock is UTC): what is due tomorrow and what is late."""
    from jiamenkou.services.stations.actions.lending import remind

    with scope(EVERYTHING, actor=ACTOR, reason="提醒归还"):
        remind(timezone.localdate())


@app.periodic(cron="20 16 * * *", periodic_id="stations.close_votes")
@app.task(name="stations.close_votes", queue="stations")
def close_votes(timestamp: int) -> None:
    """Just after midnight here: votes whose last day is over."""
    from jiamenkou.foundation.access.actor import Actor
    from jiamenkou.foundation.refusals import Refused
    from jiamenkou.services.stations.actions.corners import close_vote
    from jiamenkou.services.stations.models import Corner

    now = timezone.now()
    with scope(EVERYTHING, actor=ACTOR, reason="投票到期"):
        for corner in Corner.objects.filter(state="proposed", vote_until__lt=timezone.localdate(now)).order_by("id"):
            try:
                close_vote(corner, by=Actor(None), now=now, reason="投票到期")
            except Refused:
                continue
