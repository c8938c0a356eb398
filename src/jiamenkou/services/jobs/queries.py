"""Reads that are more than one model's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.states import ApplicationState

ANSWERED = [ApplicationState.INTERVIEW, ApplicationState.HIRED, ApplicationState.PLACED, ApplicationState.REFUSED]
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
    """One query."""
    counted = Application.objects.filter(vacancy__employer_id=organisation).aggregate(
        received=Count("id", filter=~Q(state=ApplicationState.RECOMMENDED)),
        answered=Count("id", filter=Q(state__in=ANSWERED)),
        placed=Count("id", filter=Q(state=ApplicationState.PLACED)),
    )
    return Record(counted["received"], counted["answered"], counted["placed"])
