"""Channels behind one interface. The local channel of a demo writes to the screen only.

A delivery is marked ``unknown`` and committed before anything leaves the house, and settled afterwards: a worker that
is killed in between leaves a message that may have been sent, and nobody sends it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.utils import timezone

from jiamenkou.foundation.messages.models import Delivery, DeliveryState, Message
from jiamenkou.foundation.messages.notices import fresh_variables

MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. ``again``: it certainly did not go out and is worth another try.

    For a channel that takes something for each message: ``unused`` it was not used up, ``refused`` there was none
    on the other side, ``nothing_taken`` nothing was taken to begin with.
    """

    state: DeliveryState
    provider_id: str = ""
    problem: str = ""
    cost_fen: int = 0
    again: bool = False
    unused: bool = False
    refused: bool = False
    nothing_taken: bool = False


Errand = Callable[[], Outcome]


class Channel(Protocol):
    """Hands deliveries to a provider."""

    def prepare(self, delivery: Delivery) -> Errand:
        """Read what is needed, in a transaction. The errand runs outside of it and touches no database."""
        ...

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """What follows from the outcome, in the transaction that writes it down."""
        ...


class LocalChannel:
    """Nothing leaves the machine: the message is on the screen of the demo."""

    def prepare(self, delivery: Delivery) -> Errand:
        outcome = Outcome(DeliveryState.DELIVERED, f"local-{delivery.pk}")
        return lambda: outcome

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """Nothing was taken for it."""


_channels: dict[str, Channel] = {}


def plug(name: str, channel: Channel | None) -> None:
    """Use ``channel`` for deliveries over ``name``; None: the local one again."""
    if channel is None:
        _channels.pop(name, None)
    else:
        _channels[name] = channel


def take(pk: int) -> Errand | None:
    """Mark a queued delivery as under way; None where it was sent, or may have been."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=pk)
    if delivery.state != DeliveryState.QUEUED:
        return None
    # in memory only: the message itself is not saved, so a token that goes out is stored nowhere
    delivery.message.variables = {**delivery.message.variables, **fresh_variables(delivery.message)}
    errand = _channel(delivery.channel).prepare(delivery)
    delivery.state, delivery.problem = DeliveryState.UNKNOWN, ""
    delivery.attempts += 1
    delivery.at = timezone.now()
    delivery.save()
    return errand


def settle(pk: int, outcome: Outcome) -> bool:
    """Write down what became of it, unless a receipt was faster. Returns whether to try again."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=pk)
    if delivery.state != DeliveryState.UNKNOWN:
        return False
    again = outcome.again and delivery.attempts < MOST_ATTEMPTS
    delivery.state = DeliveryState.QUEUED if again else DeliveryState.FAILED if outcome.again else outcome.state
    delivery.provider_id, delivery.problem = outcome.provider_id[:64], outcome.problem[:200]
    delivery.cost_fen = outcome.cost_fen
    delivery.at = timezone.now()
    delivery.save()
    _channel(delivery.channel).settled(delivery, outcome)
    if delivery.state == DeliveryState.FAILED:
        fall_through(delivery)
    return again


def fall_through(delivery: Delivery) -> Delivery | None:
    """A message that one channel did not bring goes on over the next of its route; not where it was read meanwhile."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=delivery.message_id)
    if not message.route or message.read_at is not None:
        return None
    following, *message.route = message.route
    message.save(update_fields=["route"])
    made = Delivery.objects.create(message=message, channel=following)
    defer(made)
    return made


def defer(delivery: Delivery) -> None:
    """The worker sends it after commit. Its id only: no number travels through the job table."""
    from jiamenkou.foundation.messages.tasks import send_delivery

    send_delivery.defer(delivery=delivery.pk)


def _channel(name: str) -> Channel:
    return _channels.get(name, LocalChannel())
