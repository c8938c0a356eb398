"""What payments do outside the house, and at their hours."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope


@app.task(name="ledger.prepare", queue="payments")
def prepare(intent: int) -> None:
    """Soon after somebody wants to pay. What stays unknown is asked about by :func:`settle`."""
    from jiamenkou.foundation.ledger.settling import prepare_intent

    prepare_intent(intent)


@app.task(name="ledger.check", queue="payments")
def check(intent: int) -> None:
    from jiamenkou.foundation.ledger.settling import check_intent

    check_intent(intent)


@app.task(name="ledger.send_refund", queue="payments")
def send_refund(refund: int) -> None:
    from jiamenkou.foundation.ledger.settling import run_refund

    run_refund(refund)


@app.task(name="ledger.send_share", queue="payments")
def send_share(share: int) -> None:
    from jiamenkou.foundation.ledger.settling import run_share

    run_share(share)


@app.periodic(cron="* * * * *", periodic_id="ledger.settle")
@app.task(name="ledger.settle", queue="payments", queueing_lock="ledger.settle")
def settle(timestamp: int) -> None:
    """Every minute: what is due is asked about, so that nothing stays unknown for ten."""
    from jiamenkou.foundation.ledger.settling import settle_all

    settle_all(timezone.now())


@app.periodic(cron="30 2 * * *", periodic_id="ledger.reconcile")
@app.task(name="ledger.reconcile", queue="payments", retry=RetryStrategy(max_attempts=8, wait=1800))
def reconcile(timestamp: int) -> None:
    """At 10:30 here, when yesterday's bill is ready; tried again for four hours."""
    from jiamenkou.foundation.ledger.providers import in_use
    from jiamenkou.foundation.ledger.reconciling import compare

    provider = in_use()
    if provider is None:
        return
    day = timezone.localdate() - timedelta(days=1)
    rows = list(provider.bill(day))
    with scope(EVERYTHING, actor="system:payments", reason="对账"):
        compare(day, rows, by=Actor(None), reason="对账")
