"""What ends here when somebody dies."""

from __future__ import annotations

from django.utils import timezone

from jiamenkou.foundation.events.kinds import ResidentDied
from jiamenkou.services.jobs.models import Application, ApplicationLog, Intention
from jiamenkou.services.jobs.states import ApplicationReason, ApplicationState, IntentionState, Party


def close_for(event: ResidentDied) -> None:
    """The wish and live applications are closed without a message to anybody's phone."""
    current = [IntentionState.OPEN, IntentionState.PAUSED]
    for intention in Intention.objects.filter(resident_id=event.resident, state__in=current).order_by("pk"):
        intention.state, intention.closed_why = IntentionState.CLOSED, "本人去世"
        intention.save()
    for application in Application.objects.filter(resident_id=event.resident).live().order_by("pk"):
        start = application.state
        application.state, application.reason = ApplicationState.WITHDRAWN, ApplicationReason.OTHER
        application.reason_text, application.moved_at = "本人去世", timezone.now()
        application.answer_due_at = None
        application.save()
        ApplicationLog.objects.create(
            application=application,
            start=start,
            end=application.state,
            party=Party.SYSTEM,
            reason=ApplicationReason.OTHER,
            text="本人去世",
        )
