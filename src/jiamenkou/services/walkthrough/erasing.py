"""What this room forgets about a person. Walks and findings stay for the figures, without words and without them."""

from __future__ import annotations

from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.services.walkthrough.models import Finding, Officer, Walk, WalkStep
from jiamenkou.services.walkthrough.states import OfficerState


def forget(event: ResidentErased) -> None:
    """Somebody who was accompanied leaves no trace in the walk; an officer leaves no words of their own."""
    Walk.objects.filter(resident_id=event.resident).update(resident=None, consent_at=None)
    theirs = Officer.objects.filter(resident_id=event.resident)
    walks = Walk.objects.filter(officer__in=theirs)
    WalkStep.objects.filter(walk__in=walks).update(words="")
    Finding.objects.filter(officer__in=theirs).exclude(before=None).update(words="")
    Finding.objects.filter(officer__in=theirs, before=None).update(words="（已删除）")
    walks.update(words="")
    theirs.update(state=OfficerState.LEFT, words="", note="")
