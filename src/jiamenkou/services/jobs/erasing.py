"""What this room forgets about a person. Applications and starts stay, without words, for the figures."""

from __future__ import annotations

from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.services.jobs.models import ApplicationLog, Intention, SavedVacancy


def forget(event: ResidentErased) -> None:
    ApplicationLog.objects.filter(application__resident_id=event.resident).update(text="")
    Intention.objects.filter(resident_id=event.resident).delete()
    SavedVacancy.objects.filter(resident_id=event.resident).delete()
