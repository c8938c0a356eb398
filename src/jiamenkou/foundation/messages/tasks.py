"""The outbox: what was told after commit goes out here, each attempt with its receipt."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope


@app.task(name="messages.send_delivery", queue="messages", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def send_delivery(delivery: int) -> None:
    """Hand one delivery to its channel. Ids only: no number travels through the job table."""
    from jiamenkou.foundation.messages.channels import hand_over

    with scope(EVERYTHING, actor="system:messages", reason="发送通知"):
        hand_over(delivery)
