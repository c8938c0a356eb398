"""People whom a message did not reach: a list to be phoned."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryQuerySet, DeliveryState


def not_reached_for(by: Actor, permission: Permission = Permission.RESIDENTS_VIEW) -> DeliveryQuerySet:
    """Failed deliveries to people and organisations in the actor's scope."""
    scope = by.scope(permission)
    here = Q(message__community_id__in=sorted(scope.communities))
    if scope.grids:
        here |= Q(message__resident__grid_id__in=sorted(scope.grids))
    return Delivery.objects.not_reached().filter(here).select_related("message__resident", "message__organisation")


def access_not_reached(by: Actor, pk: int) -> Delivery:
    delivery = not_reached_for(by, Permission.RESIDENTS_EDIT).filter(pk=pk).first()
    if delivery is None:
        raise Http404
    return delivery


def record_message_call(delivery: Delivery, *, reached: bool, by: Actor, reason: str) -> None:
    """Somebody phoned instead. Who was not reached stays on the list."""
    call, _ = Delivery.objects.get_or_create(message_id=delivery.message_id, channel=Channel.CALL)
    call.state = DeliveryState.DELIVERED if reached else DeliveryState.FAILED
    call.attempts += 1
    call.at = timezone.now()
    call.save()
