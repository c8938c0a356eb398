"""The room's card on the home page: three vacancies, the best ones where there is a wish."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.asking import TODAY, Ask
from jiamenkou.foundation.events.contributions import Reader
from jiamenkou.services.jobs import matching
from jiamenkou.services.jobs.models import Intention
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.phone.cards import card
from jiamenkou.services.jobs.search import newest_vacancies

SHOWN = 3
# the best three are looked for among so many of the newest that the person could take
AMONG = 200


def _wish(reader: Reader) -> IntentionQuerySet:
    return matching.current_intention(reader.person, TODAY)


def _card(request: HttpRequest, wishes: list[Intention]) -> list[str]:
    """Nothing where there is no open vacancy: the door then says what to do."""
    visit = cast(Visit, request)
    today = timezone.localdate()
    person = acting_for(visit)
    seeker = matching.seeker_with(person, wishes[0]) if person and wishes else None
    here = community_of(visit).id
    if seeker:
        best = matching.best_of(seeker, newest_vacancies(here), among=AMONG, top=SHOWN)
        cards = [card(vacancy, seeker, today, match) for vacancy, match in best]
    else:
        cards = [card(vacancy, None, today) for vacancy in newest_vacancies(here).with_employer()[:SHOWN]]
    if not cards:
        return []
    return [render_to_string("jobs/phone/_home.html", {"cards": cards, "seeker": seeker}, visit)]


CARD = Ask((_wish,), _card)
