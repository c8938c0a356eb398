"""Channels behind one interface. The local channel of a demo writes to the screen only."""

from __future__ import annotations

from typing import Protocol

from django.utils import timezone

from jiamenkou.foundation.messages.models import Delivery, DeliveryState
from jiamenkou.foundation.messages.notices import fresh_variables


class Channel(Protocol):
    """Hands a delivery to a provider and says what became of it: sent, failed or unknown."""

    def send(self, delivery: Delivery) -> tuple[DeliveryState, str, str]:
        """Returns the state, the provider's id and the problem in words."""
        ...


class LocalChannel:
    """Nothing leaves the machine: the message is on the screen of the demo."""

    def send(self, delivery: Delivery) -> tuple[DeliveryState, str, str]:
        return DeliveryState.DELIVERED, f"local-{delivery.pk}", ""


_channels: dict[str, Channel] = {}


def plug(name: str, channel: Channel) -> None:
    """Use ``channel`` for deliveries over ``name``."""
    _channels[name] = channel


def hand_over(pk: int) -> None:
    """Send one queued delivery; one that was sent already is left alone."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=pk)
    if delivery.state not in {DeliveryState.QUEUED, DeliveryState.UNKNOWN}:
        return
    channel = _channels.get(delivery.channel, LocalChannel())
    # in memory only: the message itself is not saved, so a token that goes out is stored nowhere
    delivery.message.variables = {**delivery.message.variables, **fresh_variables(delivery.message)}
    state, provider_id, problem = channel.send(delivery)
    delivery.state, delivery.provider_id, delivery.problem = state, provider_id, problem[:200]
    delivery.attempts += 1
    delivery.at = timezone.now()
    delivery.save()
