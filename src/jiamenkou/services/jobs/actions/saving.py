"""Keeping a vacancy for later."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.models import SavedVacancy, Vacancy


def keep_or_let_go(vacancy: Vacancy, resident: Resident, wanted: bool | None, *, by: Actor, reason: str) -> bool:
    """Saved afterwards? ``wanted`` None: the other way round. What is so already stays so: it may be said twice."""
    kept = SavedVacancy.objects.filter(vacancy=vacancy, resident=resident)
    if wanted is not True:
        removed, _ = kept.delete()
        if removed or wanted is False:
            return False
    SavedVacancy.objects.get_or_create(vacancy=vacancy, resident=resident)
    return True
