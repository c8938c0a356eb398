"""The outbox: what was told goes out after commit, each attempt with its receipt."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR, REASON = "system:messages", "发送通知"


class TryLater(Exception):
    """It did not go out; the task is run again."""


@app.task(name="messages.send_delivery", queue="messages", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def send_delivery(delivery: int) -> None:
    """Hand one delivery to its channel. Ids only: no number travels through the job table."""
    from jiamenkou.foundation.messages.channels import settle, take

    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        errand = take(delivery)
    if errand is None:
        return
    outcome = errand()
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        again = settle(delivery, outcome)
    if again:
        raise TryLater(outcome.problem)


@app.task(name="messages.send_campaign", queue="messages")
def send_campaign(campaign: int) -> None:
    """Tell the people of a campaign. Run again after a kill it goes on where it was."""
    from jiamenkou.foundation.messages.campaigns.sending import send_all

    send_all(campaign)
