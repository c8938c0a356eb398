"""The room's card on the home page: three vacancies, the best ones where there is a wish."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiamenkou.engines.matching import Match, Seeker
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.asking import TODAY, Ask
from jiamenkou.foundation.events.contributions import Reader
from jiamenkou.services.jobs import matching
from jiamenkou.services.jobs.models import Intention, Vacancy
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.phone.cards import card
from jiamenkou.services.jobs.search import newest_vacancies

SHOWN = 3
# the best three are looked for among so many of the newest that the person could take
AMONG = 200


def _wish(reader: Reader) -> IntentionQuerySet:
    return matching.current_intention(reader.person, TODAY)


def _posts(reader: Reader) -> QuerySet[Vacancy, dict[str, Any]]:
    """What decides, of the newest that could be taken and one more; none for somebody without a wish."""
    return matching.facts_of(newest_vacancies(reader.here, TODAY)).filter(Exists(_wish(reader)))[: AMONG + 1]


def _newest(reader: Reader) -> VacancyQuerySet:
    """The newest, for somebody without a wish."""
    return newest_vacancies(reader.here, TODAY).with_employer().exclude(Exists(_wish(reader)))[:SHOWN]


def _card(
    request: HttpRequest, wishes: list[Intention], posts: list[dict[str, Any]], newest: list[Vacancy]
) -> list[str]:
    """Nothing where there is no open vacancy: the door then says what to do."""
    visit = cast(Visit, request)
    today = timezone.localdate()
    person = acting_for(visit)
    seeker = matching.seeker_with(person, wishes[0]) if person and wishes else None
    if seeker:
        cards = [
            card(vacancy, seeker, today, match) for vacancy, match in _best(seeker, posts, community_of(visit).id)
        ]
    else:
        cards = [card(vacancy, None, today) for vacancy in newest]
    if not cards:
        return []
    return [render_to_string("jobs/phone/_home.html", {"cards": cards, "seeker": seeker}, visit)]


def _best(seeker: Seeker, posts: list[dict[str, Any]], here: int | None) -> list[tuple[Vacancy, Match]]:
    """Where there are more than were read, the person's firm conditions choose which of them are looked at."""
    if len(posts) > AMONG:
        return matching.best_of(seeker, newest_vacancies(here), among=AMONG, top=SHOWN)
    return matching.best_among(seeker, posts, top=SHOWN)


CARD = Ask((_wish, _posts, _newest), _card)
