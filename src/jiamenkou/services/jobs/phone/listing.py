"""找工作: the list, sorted by the wish where there is one; filters in the URL; what to drop when nothing is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.listing import searched_word
from jiamenkou.services.jobs import matching
from jiamenkou.services.jobs.access import saved_by
from jiamenkou.services.jobs.forms.phone import SayForm
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.phone.cards import Card, card
from jiamenkou.services.jobs.search import find_vacancies
from jiamenkou.services.jobs.states import Settle, VacancyKind

SHOWN = 20
MOST = 400
# filters shown before 更多
FIRST = 4

Test = Callable[[Card], bool]
FILTERS: dict[str, tuple[str, Test]] = {
    "near": ("步行 15 分钟内", lambda c: c.walk_minutes is not None and c.walk_minutes <= 15),
    "school": (
        "接孩子前下班",
        lambda c: c.vacancy.end_minute is not None and c.vacancy.end_minute <= matching.SCHOOL_OUT,
    ),
    "daily": ("日结", lambda c: c.vacancy.settle == Settle.DAILY),
    "public": ("公益岗", lambda c: c.vacancy.kind == VacancyKind.PUBLIC_WELFARE),
    "part": ("兼职零工", lambda c: c.vacancy.kind in {VacancyKind.PART_TIME, VacancyKind.GIG}),
    "home": ("在家做", lambda c: c.vacancy.kind == VacancyKind.HOME_BASED),
}


@for_everyone
@require_safe
def listing(request: Visit) -> HttpResponse:
    today = timezone.localdate()
    here = community_of(request)
    person = acting_for(request)
    seeker = matching.resident_seeker(person, today) if person else None
    word = searched_word(request)
    on = [name for name in FILTERS if request.GET.get(name) == "1"]
    everything = request.GET.get("all") == "1"
    rows = find_vacancies(word, here.id, limit=MOST)
    kept = request.GET.get("saved") == "1" and person is not None
    if kept:
        saved = saved_by(request.actor)
        rows = [vacancy for vacancy in rows if vacancy.pk in saved]
    sorted_for = seeker if not everything and not kept else None
    cards = _cards(rows, sorted_for, today)
    found = [c for c in cards if all(FILTERS[name][1](c) for name in on)]
    start = _page_start(request)
    return render(
        request,
        "jobs/phone/list.html",
        {
            "cards": found[start : start + SHOWN],
            "total": len(found),
            "more": _address(request, page=start // SHOWN + 2) if len(found) > start + SHOWN else "",
            "word": word,
            "chips": _chips(request, on, person is not None, kept),
            "sorted": sorted_for is not None,
            "everything": _address(request, all=None if everything else "1", page=None),
            "seeker": seeker,
            "person": person,
            "asking": SayForm(),
            "drop": _what_to_drop(request, cards, on) if not found else [],
        },
    )


def _chips(request: Visit, on: list[str], signed_in: bool, kept: bool) -> list[dict[str, Any]]:
    """The first four and whatever is on; 更多 shows the rest."""
    everything = request.GET.get("more") == "1"
    found = [
        {
            "label": label,
            "href": _address(request, **{name: None if name in on else "1"}, page=None),
            "on": name in on,
        }
        for at, (name, (label, _test)) in enumerate(FILTERS.items())
        if everything or at < FIRST or name in on
    ]
    if signed_in and (everything or kept):
        href = _address(request, saved=None if kept else "1", page=None)
        found.append({"label": _("我收藏的"), "href": href, "on": kept})
    if not everything:
        found.append({"label": _("更多"), "href": _address(request, more="1"), "on": False})
    return found


def _cards(rows: list[Vacancy], seeker: Any, today: Any) -> list[Card]:
    """With a wish: what fits, best first, with reasons. Without: newest first."""
    if seeker is None:
        return [card(vacancy, None, today) for vacancy in rows]
    return [card(vacancy, seeker, today, match) for vacancy, match in matching.best_vacancies(seeker, rows)]


def _what_to_drop(request: Visit, cards: list[Card], on: list[str]) -> list[dict[str, Any]]:
    """For each filter that is on: how many there were without it, most first."""
    options = []
    for name in on:
        others = [FILTERS[other][1] for other in on if other != name]
        freed = sum(all(test(c) for test in others) for c in cards)
        if freed:
            options.append({"label": FILTERS[name][0], "count": freed, "href": _address(request, **{name: None})})
    return sorted(options, key=lambda option: -option["count"])


def _address(request: Visit, **changes: Any) -> str:
    known: dict[str, Any] = {
        name: request.GET[name] for name in ("q", "all", "saved", "more", *FILTERS) if name in request.GET
    }
    merged = {k: v for k, v in (known | changes).items() if v is not None}
    return "?" + urlencode(merged)


def _page_start(request: Visit) -> int:
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return max(page - 1, 0) * SHOWN
