"""What signing in leaves behind is short-lived; the worker sweeps it out."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiamenkou.foundation.access.idempotency import KEPT
from jiamenkou.foundation.access.models import Counter, OneTimeLink, PhoneCode, Recent, Session, StoredAnswer


def sweep() -> int:
    """Delete codes, links and counters past a day, answers past 24 hours, expired sessions. Returns how many rows."""
    now = timezone.now()
    day = now - timedelta(days=1)
    stale = (
        PhoneCode.objects.filter(sent_at__lt=day),
        OneTimeLink.objects.filter(made_at__lt=day),
        StoredAnswer.objects.filter(at__lt=now - KEPT),
        Recent.objects.filter(until__lt=now),
        Counter.objects.filter(window__lt=now - timedelta(days=2)),
        Session.objects.filter(expire_date__lt=now),
    )
    return sum(rows.delete()[0] for rows in stale)
