"""Keeping a vacancy for later."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.models import SavedVacancy, Vacancy


def toggle_saved(vacancy: Vacancy, resident: Resident, *, by: Actor, reason: str) -> bool:
    """Saved afterwards?"""
    removed, _ = SavedVacancy.objects.filter(vacancy=vacancy, resident=resident).delete()
    if removed:
        return False
    SavedVacancy.objects.create(vacancy=vacancy, resident=resident)
    return True
