"""The only way to load a campaign for someone. Figures for those who see figures; names for those who send."""

from __future__ import annotations

from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.messages.models import Campaign, Recipient
from jiamenkou.foundation.messages.models.campaign import CampaignQuerySet


def campaigns_for(by: Actor, permission: str = Permission.FIGURES_VIEW) -> CampaignQuerySet:
    """Of the communities that a role of the actor reaches as a whole."""
    return Campaign.objects.filter(community_id__in=sorted(by.scope(permission).communities))


def access_campaign(by: Actor, pk: int, permission: str = Permission.FIGURES_VIEW) -> Campaign:
    found = campaigns_for(by, permission).select_related("community", "by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_recipient(by: Actor, campaign: int, pk: int) -> Recipient:
    found = (
        Recipient.objects.filter(pk=pk, campaign__in=campaigns_for(by, Permission.MESSAGES_SEND), campaign_id=campaign)
        .select_related("campaign", "resident")
        .first()
    )
    if found is None:
        raise Http404
    return found


def public_campaign(code: str) -> Campaign:
    """By the code on a leaflet: for everybody, once it was confirmed."""
    found = Campaign.objects.out().select_related("community").filter(code=code).first()
    if found is None:
        raise Http404
    return found
