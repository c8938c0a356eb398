"""The first page: doors, what waits for the person, then what the rooms have to say."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.demo import demo_progress
from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.listing import searched_word
from jiamenkou.fronts import shells

WAITING_SHOWN = 3


@for_everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    waiting = [entry for entry in shells.timeline(request) if entry.waits_for_me]
    cards = [card for room in rooms() for source in room.home_cards if (card := source(request)) is not None]
    return render(
        request,
        "phone/home.html",
        {
            "waiting": waiting[:WAITING_SHOWN],
            "waiting_count": len(waiting),
            "cards": cards,
            "loading": _loading(),
        },
    )


def _loading() -> dict[str, object] | None:
    """How far the demo community is; None when it is there, or when this is no demo."""
    if not settings.DEMO:
        return None
    done, total, doing = demo_progress()
    return None if total and done >= total else {"done": done, "total": total or 1, "doing": doing}


@for_everyone
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One box for everything; vacancies are what there is to find so far."""
    word = searched_word(request)
    return HttpResponseRedirect("/jobs/?" + urlencode({"q": word}) if word else "/jobs/")
