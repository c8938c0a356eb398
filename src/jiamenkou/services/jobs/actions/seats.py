"""Places of a vacancy: the only thing here that runs out."""

from __future__ import annotations

from django.db.models import F

from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.signals import VacancyChanged
from jiamenkou.services.jobs.states import VacancyState


def take_place(vacancy: Vacancy) -> None:
    """Count one more start, never beyond the head-count; the last one fills the vacancy."""
    if not Vacancy.objects.filter(pk=vacancy.pk, taken__lt=F("headcount")).update(taken=F("taken") + 1):
        raise Conflict("这个岗位已经招满了。", code="full")
    vacancy.refresh_from_db(fields=["taken", "state"])
    if vacancy.places_left == 0 and vacancy.state == VacancyState.OPEN:
        vacancy.state = VacancyState.FILLED
        vacancy.save(update_fields=["state"])
    publish(VacancyChanged(vacancy.pk))
