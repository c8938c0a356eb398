"""A notice of the provider, already proved genuine: told on to what it is about."""

from __future__ import annotations

from datetime import datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.paying import Verdict, learn
from jiamenkou.foundation.ledger.providers import Notification
from jiamenkou.foundation.ledger.refunding import learn_refund

_SYSTEM = Actor(None)


def hear(notice: Notification, *, now: datetime) -> Verdict:
    """Believed or not, it is answered: what disagrees is asked for by ourselves, and the provider need not repeat it."""
    if notice.event.startswith("REFUND."):
        done = learn_refund(notice.seen, now=now, by=_SYSTEM, reason="退款通知")
        return Verdict.ACCEPTED if done else Verdict.NOTHING
    return learn(notice.seen, source="notice", now=now, by=_SYSTEM, reason="支付通知")
