"""Finding vacancies by word: through the public index, newest first."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from jiamenkou.foundation.search.indexing import Item, find_public, forget, index_many
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.signals import VacancyChanged
from jiamenkou.services.jobs.states import VacancyKind

KIND = "vacancy"


def newest_vacancies(community: int | None, today: date | None = None) -> VacancyQuerySet:
    """Open vacancies of the community and those open to all."""
    return Vacancy.objects.open(today).shown_in(community).newest()


def find_vacancies(word: str, community: int | None, *, limit: int) -> list[Vacancy]:
    """Open vacancies of the community (and those open to all) that hold every word; newest first."""
    rows = newest_vacancies(community).with_employer()
    if not word.strip():
        return list(rows[:limit])
    return list(rows.filter(pk__in=find_public(KIND, word, community, limit).ids))


def follow_vacancy(event: VacancyChanged) -> None:
    """The search row of a vacancy that changed: only what can be applied for is found."""
    vacancies = Vacancy.objects.open().filter(pk=event.vacancy)
    if not index_vacancies(vacancies):
        forget(KIND, event.vacancy)


def index_vacancies(vacancies: VacancyQuerySet) -> int:
    """Write the search rows of these vacancies. Returns how many."""
    return index_many(KIND, [item(vacancy) for vacancy in vacancies.with_employer().order_by("id")])


def reindex() -> int:
    """The whole index anew, e.g. after the folding changed."""
    stale = Vacancy.objects.exclude(pk__in=Vacancy.objects.open()).order_by("id").values_list("id", flat=True)
    forget(KIND, *stale)
    return index_vacancies(Vacancy.objects.open())


def item(vacancy: Vacancy) -> Item:
    """What a vacancy is found by: title, employer, place, occupation, tags."""
    return Item(
        object_id=vacancy.pk,
        community=vacancy.community_id or vacancy.street_id,
        title=vacancy.title,
        parts=(
            vacancy.employer.name,
            vacancy.address,
            vacancy.landmark,
            vacancy.occupation_name,
            str(VacancyKind(vacancy.kind).label),
            *vacancy.certificates,
            *vacancy.benefits,
        ),
        rank_at=vacancy.published_at or timezone.now(),
    )
