"""The one search box: people in scope, pages of the menu, and what the rooms find."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.listing import searched_word
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.finding import by_number, looks_like_number, matching
from jiamenkou.foundation.people.models import Resident
from jiamenkou.fronts import shells
from jiamenkou.fronts.desk.residents import row_of, with_details

HERE = "/desk/search/"
MOST = 10


@for_staff(Permission.DESK)
@require_http_methods(["GET", "POST"])
def results(request: Visit) -> HttpResponse:
    """A word stands in the address; a number is posted and never does."""
    if request.method == "POST":
        typed = request.POST.get("q", "")[:80]
        if not looks_like_number(typed):
            word = " ".join(typed.split())[:40]
            return HttpResponseRedirect(f"{HERE}?q={quote(word)}" if word else HERE)
        return _page(request, "", people=_by_number(request, typed), searched=True)
    if looks_like_number(request.GET.get("q", "")):
        return _page(request, "", people=[], number_in_address=True)
    word = searched_word(request)
    return _page(request, word, people=_by_word(request, word) if word else [], searched=bool(word))


def _by_word(request: Visit, word: str) -> list[Resident]:
    if not request.actor.may(Permission.RESIDENTS_VIEW):
        return []
    found = matching(residents_for(request.actor).present(), word)
    return list(with_details(found).order_by("name_key", "id")[: MOST + 1])


def _by_number(request: Visit, typed: str) -> list[Resident]:
    if not request.actor.may(Permission.RESIDENTS_VIEW):
        return []
    found = by_number(residents_for(request.actor).present(), typed, timezone.localdate())
    return list(with_details(found).order_by("name_key", "id")[: MOST + 1])


def _page(
    request: Visit, word: str, people: list[Resident], *, searched: bool = False, number_in_address: bool = False
) -> HttpResponse:
    today = timezone.localdate()
    found = (
        [one for room in rooms() for source in room.desk_search for one in source(request.actor, word)] if word else []
    )
    pages: list[dict[str, Any]] = [
        item for group in shells.menu(request) for item in group["items"] if word and word in str(item["label"])
    ]
    context = {
        "word": word,
        "rows": [row_of(person, today) for person in people[:MOST]],
        "more": len(people) > MOST,
        "more_href": f"/desk/residents/?q={quote(word)}",
        "found": found,
        "pages": pages,
        "searched": searched,
        "nothing": searched and not (people or found or pages),
        "number_in_address": number_in_address,
        "trail": [{"label": _("搜索"), "href": ""}],
    }
    return render(request, "desk/search.html", context)
