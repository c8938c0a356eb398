"""What cases forget about a person. The case stays, for the figures and for the neighbours who reported it too."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.models import Case, CaseEvent, CaseFile, Follower, ProtectedSource
from jiamenkou.foundation.cases.states import EventKind, Moment
from jiamenkou.foundation.events.kinds import ResidentErased, ResidentsMerged
from jiamenkou.foundation.files.models import FileKind
from jiamenkou.foundation.files.storing import discard


def forget(event: ResidentErased) -> None:
    """Names, words, signatures and voices go; what was reported alone loses its title as well."""
    rows = Follower.objects.filter(resident_id=event.resident)
    cases = list(rows.order_by("pk").values_list("case_id", flat=True))
    _forget_files(event.resident, cases, list(rows.order_by("pk")))
    CaseEvent.objects.filter(
        case__in=cases, kind__in=[EventKind.OPENED, EventKind.CALLED_BACK, EventKind.FOLLOWED]
    ).update(text="")
    Case.objects.filter(resident_id=event.resident).update(
        words="", door="", answers={}, title="（已删除）", upper_row=None
    )
    rows.update(name="", phone=None, phone_masked="", resident=None)
    ProtectedSource.objects.filter(resident_id=event.resident).delete()


def _forget_files(resident: int, cases: Sequence[int], followers: Sequence[Follower]) -> None:
    """What somebody signed or said: a proof stands at the moment of the step in which it was given."""
    given = Q(kind=EventKind.CALLED_BACK, data__follower__in=[one.pk for one in followers])
    given |= Q(kind=EventKind.OPENED, case__in=[one.case_id for one in followers if one.first])
    steps = CaseEvent.objects.filter(given, case__in=cases).order_by("pk").values_list("at", flat=True)
    theirs = Q(moment=Moment.SIGNATURE, at__in=list(steps))
    theirs |= Q(moment=Moment.BEFORE, file__kind=FileKind.VOICE, case__resident_id=resident)
    for kept in CaseFile.objects.filter(theirs, case__in=cases).select_related("file").order_by("pk"):
        discard(kept.file, by=Actor(None), reason="本人要求删除")


def merged(event: ResidentsMerged) -> None:
    """Somebody who had reported the same under two rows is one follower now; the second row stays without a person."""
    kept = Follower.objects.filter(resident_id=event.kept).values("case_id")
    Follower.objects.filter(resident_id=event.gone, case__in=kept).update(resident=None)
