"""Looking behind a protected source: by those who may, with a reason, in the log of the case, shown to nobody else."""

from __future__ import annotations

from datetime import datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.models import Case, CaseEvent, ProtectedSource
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import lock, record, whole
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import NotAllowed, Refused


def reveal(case: Case, *, by: Actor, reason: str, now: datetime | None = None) -> list[Resident]:
    """Who pointed it out. Not for whoever has the case in hand, whatever their role. Raises NotAllowed, Refused."""
    if not reason.strip():
        raise Refused("请写为什么要看来源。", field="reason", code="required")
    locked = lock(case)
    if not by.may(CasesPermission.SOURCE, locked.community_id):
        raise NotAllowed("来源保密，经办人看不到。", code="protected")
    handled = CaseEvent.objects.filter(case=locked, by=by.account).exclude(kind=EventKind.LOOKED).exists()
    if handled:
        raise NotAllowed("您经手这一件，来源要由别人看。", code="protected")
    record(locked, EventKind.LOOKED, by=by, at=now, text=f"看了保密来源：{reason[:100]}")
    with whole():
        rows = ProtectedSource.objects.filter(follower__case=locked).select_related("resident").order_by("id")
        return [row.resident for row in rows]
