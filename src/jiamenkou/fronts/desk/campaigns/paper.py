"""The leaflet: an A4 page with a QR that opens the news on a phone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.messages.campaigns.access import access_campaign
from jiamenkou.fronts.desk.campaigns.views import SEND, texts_of


@for_staff(SEND)
@require_GET
def leaflet(request: Visit, pk: int) -> HttpResponse:
    """Nobody's name is on it. The code works from the moment the campaign is confirmed."""
    campaign = access_campaign(request.actor, pk, SEND)
    context = {
        "campaign": campaign,
        "texts": texts_of(request, campaign),
        "lines": campaign.body.splitlines(),
        "place": campaign.community,
        "day": timezone.localdate(campaign.confirmed_at) if campaign.confirmed_at else timezone.localdate(),
    }
    return render(request, "desk/campaigns/leaflet.html", context)
