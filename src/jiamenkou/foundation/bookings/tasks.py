"""What bookings do by themselves: offers move on, people are reminded."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:bookings"


@app.periodic(cron="*/5 * * * *", periodic_id="bookings.tidy")
@app.task(name="bookings.tidy", queue="bookings")
def tidy(timestamp: int) -> None:
    """Each part on its own, so that one that fails does not undo the other."""
    from jiamenkou.foundation.bookings.ending import remind
    from jiamenkou.foundation.bookings.waiting import lapse

    now = timezone.now()
    with scope(EVERYTHING, actor=ACTOR, reason="留的时间过了"):
        lapse(now)
    with scope(EVERYTHING, actor=ACTOR, reason="提醒预约"):
        remind(now)
