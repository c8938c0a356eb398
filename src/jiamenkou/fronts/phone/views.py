"""Home, 我的事, 消息, 我的. Composition only: what is shown comes from the rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.events.contributions import rooms


@for_everyone
def home(request: HttpRequest) -> HttpResponse:
    cards = [card for room in rooms() for source in room.home_cards if (card := source(request)) is not None]
    return render(request, "phone/home.html", {"cards": cards})
