"""A campaign's page for everybody: what a QR on a leaflet, a link in a group and a message open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.messages.campaigns.access import public_campaign
from jiamenkou.foundation.messages.campaigns.actions import count_opening
from jiamenkou.foundation.messages.models import Campaign, Message
from jiamenkou.fronts.shells import resident_ids


@for_everyone
@require_safe
def news(request: Visit, code: str) -> HttpResponse:
    """Opening it changes nothing; the page then reports that it is seen, which a preview in a chat does not."""
    campaign = public_campaign(code)
    context = {
        "campaign": campaign,
        "lines": campaign.body.splitlines(),
        "waiting": _waiting(request, campaign),
        "place": campaign.community,
        "day": timezone.localdate(campaign.confirmed_at) if campaign.confirmed_at else None,
        "via": "qr" if request.GET.get("via") == "qr" else "",
        "back": "/me/messages/" if resident_ids(request) else "/",
    }
    return render(request, "phone/news.html", context)


@for_everyone
@require_POST
def seen(request: Visit, code: str) -> HttpResponse:
    """One more look, by the code on a leaflet or otherwise. A number a day, nobody's name."""
    count_opening(public_campaign(code), timezone.localdate(), by_code=request.POST.get("via") == "qr")
    return HttpResponse(status=204)


def _waiting(request: Visit, campaign: Campaign) -> Message | None:
    """The reader's own message of it, while it has no answer."""
    mine = Message.objects.to_residents(resident_ids(request))
    return mine.filter(recipient__campaign=campaign).waiting().first() if campaign.answers else None


urlpatterns: list[URLPattern] = [
    path("<slug:code>/", news, name="news"),
    path("<slug:code>/seen/", seen, name="seen"),
]
