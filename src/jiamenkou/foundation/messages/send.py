"""Telling somebody: rows in the caller's transaction, sending after commit from the outbox."""

from __future__ import annotations

from collections.abc import Iterable

from jiamenkou.foundation.messages.choices import channels_for
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.people.models import Account, Organisation, Resident


def tell(
    notice: Notice,
    to: Resident | Organisation | Account,
    *,
    href: str = "",
    answers: Iterable[str] = (),
    **variables: str | int,
) -> Message:
    """One message with its deliveries. Variables hold no number of identity and no resident's phone."""
    message = Message(
        notice=notice.key,
        title=notice.title.format(**variables)[:80],
        body=notice.body.format(**variables)[:500],
        icon=notice.icon,
        tone=notice.tone,
        href=href,
        answers=list(answers),
        variables={name: str(value) for name, value in variables.items()},
    )
    if isinstance(to, Resident):
        message.resident, message.community_id = to, to.community_id
    elif isinstance(to, Organisation):
        message.organisation, message.community_id = to, to.community_id
    else:
        message.account = to
    message.save()
    deliveries = Delivery.objects.bulk_create(
        Delivery(message=message, channel=channel, state=_first_state(channel))
        for channel in channels_for(notice, message.resident)
    )
    for delivery in deliveries:
        if delivery.channel != Channel.IN_APP:
            _defer(delivery.pk)
    return message


def _first_state(channel: Channel) -> DeliveryState:
    # what is on the screen has arrived; the others are the worker's
    return DeliveryState.DELIVERED if channel == Channel.IN_APP else DeliveryState.QUEUED


def _defer(delivery: int) -> None:
    from jiamenkou.foundation.messages.tasks import send_delivery

    send_delivery.defer(delivery=delivery)
