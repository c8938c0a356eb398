"""The first page: doors, what waits for the person, then what the rooms have to say."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.demo import demo_progress
from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.asking import Ask
from jiamenkou.foundation.events.contributions import Reader, Room, rooms
from jiamenkou.foundation.listing import searched_word
from jiamenkou.fronts import shells
from jiamenkou.fronts.standing import has_something, standing

WAITING_SHOWN = 3


@for_everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    standing(request, doors=True)
    own = [card for room in rooms() for card in _own(room, request)]
    everybody = [card for room in rooms() for card in _for_everybody(room, request)]
    (cards,) = shells.timeline_with(request, (_reader(request), [*own, *everybody], request))
    waiting = [entry for entry in shells.timeline(request) if entry.waits_for_me]
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


def _reader(request: HttpRequest) -> Reader:
    person, account = acting_for(request), request.actor.account  # type: ignore[attr-defined]
    return Reader(person.pk if person else 0, community_of(request).id or 0, account.pk if account else 0)


def _own(room: Room, request: HttpRequest) -> list[Ask]:
    return room.own_cards if room.own_cards and has_something(room, request) else []


def _for_everybody(room: Room, request: HttpRequest) -> list[Ask]:
    """A room whose doors count nothing has nothing to show to everybody."""
    counts = [standing(request).doors.get(door.href, 0) for door in room.doors if door.count is not None]
    return room.home_cards if any(counts) or not counts else []


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
