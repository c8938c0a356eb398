"""Asking people whether they still look for work, before the phone round does."""

from __future__ import annotations

from datetime import datetime, timedelta

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.messages.send import tell
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.models import Intention

ANSWERS = ("还在找", "不找了")
# who did not answer is called; the question does not come every morning
ASK_AGAIN = timedelta(days=30)


def ask_stale(now: datetime, *, by: Actor, reason: str) -> int:
    """One question to each person whose wish has passed its date and who was not asked lately. Returns how many."""
    asked = Message.objects.filter(notice=notices.RENEW.key, made_at__gt=now - ASK_AGAIN, resident__isnull=False)
    stale = Intention.objects.stale(now.date()).exclude(resident__in=asked.values("resident"))
    told = 0
    for intention in stale.with_resident().filter(resident__deceased_on__isnull=True).order_by("id"):
        wanted = intention.wanted or "合适的活"
        tell(notices.RENEW, intention.resident, href="/jobs/wish/", answers=ANSWERS, wanted=wanted)
        told += 1
    return told
