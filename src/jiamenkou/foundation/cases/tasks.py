"""What cases do by themselves, at their hours."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:cases"


@app.periodic(cron="*/15 * * * *", periodic_id="cases.climb")
@app.task(name="cases.climb", queue="cases")
def climb(timestamp: int) -> None:
    """Late cases climb the ladder; rounds of questions that nobody answers end."""
    from jiamenkou.foundation.cases.actions.callbacks import close_unanswered
    from jiamenkou.foundation.cases.actions.escalating import climb as up

    now, by = timezone.now(), Actor(None)
    with scope(EVERYTHING, actor=ACTOR, reason="到期升级"):
        up(now, by=by, reason="到期升级")
    with scope(EVERYTHING, actor=ACTOR, reason="没有答复，办结"):
        close_unanswered(now, by=by, reason="没有答复，办结")


@app.task(name="cases.reclock", queue="cases")
def reclock() -> None:
    """After the calendar was changed."""
    from jiamenkou.foundation.cases.actions.escalating import reclock as again

    with scope(EVERYTHING, actor=ACTOR, reason="工作日历改了"):
        again(timezone.now(), by=Actor(None), reason="工作日历改了")
