"""What cases forget about a person. The case stays, for the figures and for the neighbours who reported it too."""

from __future__ import annotations

from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower, ProtectedSource
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.events.kinds import ResidentErased, ResidentsMerged


def forget(event: ResidentErased) -> None:
    """Names and words go; what was reported alone loses its title as well."""
    rows = Follower.objects.filter(resident_id=event.resident)
    cases = list(rows.order_by("pk").values_list("case_id", flat=True))
    CaseEvent.objects.filter(
        case__in=cases, kind__in=[EventKind.OPENED, EventKind.CALLED_BACK, EventKind.FOLLOWED]
    ).update(text="")
    Case.objects.filter(resident_id=event.resident).update(words="", door="", answers={}, title="（已删除）")
    rows.update(name="", phone=None, phone_masked="", resident=None)
    ProtectedSource.objects.filter(resident_id=event.resident).delete()


def merged(event: ResidentsMerged) -> None:
    """Somebody who had reported the same under two rows is one follower now; the second row stays without a person."""
    kept = Follower.objects.filter(resident_id=event.kept).values("case_id")
    Follower.objects.filter(resident_id=event.gone, case__in=kept).update(resident=None)
