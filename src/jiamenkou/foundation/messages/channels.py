"""Channels behind one interface. The local channel of a demo writes to the screen only.

A delivery is marked ``unknown`` and committed before anything leaves the house, and settled afterwards: a worker that
is killed in between leaves a message that may have been sent, and nobody sends it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.utils import timezone

from jiamenkou.foundation.messages.models import Delivery, DeliveryState
from jiamenkou.foundation.messages.notices import fresh_variables

MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. ``again``: it certainly did not go out and is worth another try."""

    state: DeliveryState
    provider_id: str = ""
    problem: str = ""
    cost_fen: int = 0
    again: bool = False


Errand = Callable[[], Outcome]


class Channel(Protocol):
    """Hands deliveries to a provider."""

    def prepare(self, delivery: Delivery) -> Errand:
        """Read what is needed, in a transaction. The errand runs outside of it and touches no database."""
        ...


class LocalChannel:
    """Nothing leaves the machine: the message is on the screen of the demo."""

    def prepare(self, delivery: Delivery) -> Errand:
        outcome = Outcome(DeliveryState.DELIVERED, f"local-{delivery.pk}")
        return lambda: outcome


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
    errand = _channels.get(delivery.channel, LocalChannel()).prepare(delivery)
    delivery.state, delivery.problem = DeliveryState.UNKNOWN, ""
    delivery.attempts += 1
    delivery.at = timezone.now()
    delivery.save()
    return errand


def settle(pk: int, outcome: Outcome) -> bool:
    """Write down what became of it, unless a receipt was faster. Returns whether to try again."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=pk)
    if delivery.state != DeliveryState.UNKNOWN:
        return False
    again = outcome.again and delivery.attempts < MOST_ATTEMPTS
    delivery.state = DeliveryState.QUEUED if again else DeliveryState.FAILED if outcome.again else outcome.state
    delivery.provider_id, delivery.problem = outcome.provider_id[:64], outcome.problem[:200]
    delivery.cost_fen = outcome.cost_fen
    delivery.at = timezone.now()
    delivery.save()
    return again
