"""Reads that are more than one model's vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.states import VacancyState

# a post in one of these may be found again in a feed or a sheet; one that was taken down or filled is not touched
LASTING = [VacancyState.DRAFT, VacancyState.OPEN, VacancyState.PAUSED, VacancyState.EXPIRED]
# below this many a share says nothing about an employer
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Record:
    """What an employer did with applications so far."""

    received: int
    answered: int
    placed: int

    @property
    def words(self) -> str:
        if self.received < ENOUGH:
            return "刚来招人，社区核过证照"
        return f"收到 {self.received} 份，回了 {self.answered} 份，上岗 {self.placed} 人"


def employer_record(organisation: int) -> Record:
    """One query, the same for everybody who asks: counts over people whose rows the asker may not see."""
    with connection.cursor() as cursor:
        cursor.execute("select received, answered, placed from jobs_employer_record(%s)", [organisation])
        return Record(*cursor.fetchone())


def owner_for(organisation: Organisation) -> Place:
    """Whose a post is that the employer writes itself: its community's, else whose its last post was, else the top's."""
    if organisation.community is not None:
        return organisation.community
    last = Vacancy.objects.filter(employer=organisation).select_related("owner").order_by("-id").first()
    return last.owner if last is not None else Place.objects.order_by("depth", "id")[0]


def same_post(values: Mapping[str, Any], community: int | None) -> Vacancy | None:
    """The vacancy of this employer with the same title and pay, whoever wrote it down."""
    return (
        Vacancy.objects.filter(
            employer__name_key=Organisation.key_of(values["employer"]),
            title=values["title"],
            pay_min_fen=values["pay_min_fen"],
            pay_max_fen=values["pay_max_fen"],
            pay_unit=values["pay_unit"],
            state__in=LASTING,
        )
        .shown_in(community)
        .order_by("id")
        .first()
    )
