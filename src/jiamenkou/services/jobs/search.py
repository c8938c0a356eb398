"""Finding vacancies by word: through the public index, newest first."""

from __future__ import annotations

from jiamenkou.services.jobs.models import Vacancy


def find_vacancies(word: str, community: int | None, *, limit: int) -> list[Vacancy]:
    """Open vacancies of the community (and those open to all) that hold every word; newest first."""
    rows = Vacancy.objects.open().shown_in(community).with_employer().newest()
    for part in word.split():
        rows = rows.filter(title__icontains=part) | rows.filter(employer__name__icontains=part)
    return list(rows[:limit])
