"""What other parts of the house say, and what it means here."""

from __future__ import annotations

from django.db.models import F

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased, VisitRecorded
from jiamenkou.foundation.files.storing import discard
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.needs.actions.needs import close_for_leaving, file_need
from jiamenkou.services.needs.models import Category, Fair, Need, NeedLog, SignUp, SurveyAnswer
from jiamenkou.services.needs.states import Channel, FiledBy, SignUpState

SYSTEM = Actor(None)
# what the form at the door calls it, where the word is not a kind of need itself
AT_THE_DOOR = {"care": "elder_care", "health": "elder_company", "children": "child_after"}


def from_visit(event: VisitRecorded) -> None:
    """What was said at the door. A category nobody knows, or that is off, goes to the one for everything else."""
    if not event.needs:
        return
    resident = Resident.objects.get(pk=event.resident)
    known = {category.code: category for category in Category.objects.filter(is_active=True)}
    for code, words in event.needs:
        category = known.get(AT_THE_DOOR.get(code, code)) or known.get("other")
        if category is not None:
            file_need(
                resident, category, by=SYSTEM, channel=Channel.DOOR, filed_by=FiledBy.WORKER, words=words,
                source=f"visit:{event.visit}", reason="走访时说的",
            )  # fmt: skip


def died(event: ResidentDied) -> None:
    close_for_leaving(event.resident, by=SYSTEM, reason="本人去世")


def forget(event: ResidentErased) -> None:
    """The figures stay, without a word and without the person."""
    NeedLog.objects.filter(need__resident_id=event.resident).update(text="")
    close_for_leaving(event.resident, by=SYSTEM, reason="本人要求删除")
    NeedLog.objects.filter(need__resident_id=event.resident).update(text="")
    for said in (
        Need.objects.filter(resident_id=event.resident, voice__isnull=False).select_related("voice").order_by("id")
    ):
        assert said.voice is not None
        discard(said.voice, by=SYSTEM, reason="本人要求删除")
    Need.objects.filter(resident_id=event.resident).update(words="", answer="", voice=None, resident=None)
    SurveyAnswer.objects.filter(resident_id=event.resident).delete()
    for sign_up in SignUp.objects.filter(resident_id=event.resident).order_by("id"):
        if sign_up.state == SignUpState.COMING:
            Fair.objects.filter(pk=sign_up.fair_id).update(taken=F("taken") - sign_up.heads)
        sign_up.delete()
