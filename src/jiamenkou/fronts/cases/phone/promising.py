"""What a report will be promised, said before it is sent: who answers, by when, whether it may be passed on.

Every figure is the catalogue's row for the kind of matter at the place, timed by the work calendar and the office hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.cases.actions.opening import Promise, promise, promise_words
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused

MOST_WORDS = 1000
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shown:
    """In words. ``category`` is what the page says it was shown for, and sends along."""

    category: str
    label: str
    icon: str
    guessed: bool
    desk: str = ""
    response: datetime | None = None
    handle: str = ""
    due: str = ""
    passed_on: str = ""


def category_of(words: str, chosen: str) -> str:
    """The kind of matter: what was chosen, else what the words say, else 别的事."""
    known = catalogue()
    if chosen and known.known(chosen):
        return chosen
    return known.guess(words) or OTHER


def place_of(request: Visit) -> Place | None:
    """Where the person lives: the grid if it is known, else the community; for a guest the community chosen."""
    person = acting_for(request)
    pk: int | None = (person.grid_id or person.community_id) if person is not None else community_of(request).id
    found: Place | None = Place.objects.filter(pk=pk).first()
    return found


def shown_for(request: Visit, words: str, chosen: str) -> Shown:
    """What is promised if these words were sent now, under the kind that was chosen ('' to guess)."""
    category = category_of(words, chosen)
    rule = next((one for one in catalogue().categories() if one.category == category), None)
    label, icon = (rule.label, rule.icon) if rule is not None else (category, "inbox")
    bare = Shown(category, label, icon, guessed=not chosen and category != OTHER)
    place = place_of(request)
    try:
        found = promise(category, place, now()) if place is not None else None
    except Refused:
        found = None
    return _told(bare, found) if found is not None else bare


def _told(bare: Shown, found: Promise) -> Shown:
    rule = found.rule
    return Shown(
        bare.category, rule.label, rule.icon, bare.guessed,
        desk=found.desk.words,
        response=localtime(found.response_due) if found.response_due else None,
        handle=str(rule.handle),
        due=promise_words(found.due),
        passed_on=_("要是该别处管，会转过去，也告诉您") if rule.may_return else _("由他们办到底，不转给别人"),
    )  # fmt: skip


@require_POST
@for_residents
def promised(request: Visit) -> HttpResponse:
    """The lines that change while somebody writes or chooses. A POST, so that no word of theirs is in an address."""
    words, chosen = request.POST.get("words", "")[:MOST_WORDS], request.POST.get("category", "")[:40]
    return render(request, "phone/cases/_promise.html", {"promise": shown_for(request, words, chosen)})
