"""What this room forgets about a person, and what ends when somebody dies."""

from __future__ import annotations

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
from jiamenkou.foundation.files.storing import discard
from jiamenkou.services.visits.models import Plan, ProposedFact, Visit, VisitFile, VisitNeed, VisitPerson
from jiamenkou.services.visits.states import PlanState


def forget(event: ResidentErased) -> None:
    """The row of a visit stays for the figures, without a word, a photo or a voice in it."""
    for attached in VisitFile.objects.filter(visit__resident_id=event.resident).select_related("file").order_by("id"):
        discard(attached.file, by=Actor(None), reason="删除个人信息")
    VisitNeed.objects.filter(visit__resident_id=event.resident).delete()
    VisitPerson.objects.filter(resident_id=event.resident).delete()
    ProposedFact.objects.filter(resident_id=event.resident).delete()
    Plan.objects.filter(resident_id=event.resident).delete()
    Visit.objects.filter(resident_id=event.resident).update(answers_sealed=None, note_sealed=None)


def drop_plans(event: ResidentDied) -> None:
    Plan.objects.filter(resident_id=event.resident).open().update(state=PlanState.DROPPED, ended_at=timezone.now())
