"""Merging leaves a tombstone that leads on; everybody stays with what they reported, and it can be taken apart again."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.states import CaseState, EventKind, Privacy
from jiamenkou.foundation.cases.telling import family
from jiamenkou.foundation.refusals import Conflict, Refused


def merge(gone: Case, into: Case, *, by: Actor, reason: str, text: str = "", now: datetime | None = None) -> Case:
    """``gone`` becomes a tombstone of ``into``; whose report came first sets the clock. Raises Refused, Conflict."""
    moment = now or timezone.now()
    if gone.pk == into.pk:
        raise Refused("不能并入自己。", field="into", code="itself")
    # always in the same order, so that two merges of the same two wait instead of failing
    first, second = sorted((gone, into), key=lambda case: case.pk)
    locked = {case.pk: lock(case) for case in (first, second)}
    gone, into = locked[gone.pk], locked[into.pk]
    if gone.community_id != into.community_id:
        raise Refused("不是同一个社区的，不能合并。", field="into", code="elsewhere")
    if (gone.privacy == Privacy.PROTECTED) != (into.privacy == Privacy.PROTECTED):
        raise Refused("保密线索只能和保密线索合并。", field="into", code="protected")
    if into.state == CaseState.MERGED:
        raise Conflict(f"{into.number} 自己已经并到别处，请并到那一件。", field="into", code="tombstone")
    if into.pk in family(gone):
        raise Conflict("它们已经在一起了。", code="together")
    data = {
        "gone": gone.pk,
        "submitted": gone.submitted_at.isoformat() if gone.submitted_at else None,
        "response_due": gone.response_due.isoformat() if gone.response_due else None,
        "due": gone.due_at.isoformat() if gone.due_at else None,
    }
    record(into, EventKind.ABSORBED, by=by, at=moment, data=data, text=text or gone.number)
    record(gone, EventKind.MERGED, by=by, at=moment, data={"into": into.pk}, text=text or into.number)
    return into


def take_apart(gone: Case, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """The tombstone lives again as it was, with those who reported it; the other gives back its clock."""
    gone = Case.objects.get(pk=gone.pk)
    if gone.merged_into_id is None:
        raise Conflict("这一件没有并入别的。", code="changed")
    into = Case.objects.get(pk=gone.merged_into_id)
    first, second = sorted((gone, into), key=lambda case: case.pk)
    locked = {case.pk: lock(case) for case in (first, second)}
    gone, into = locked[gone.pk], locked[into.pk]
    record(into, EventKind.RELEASED, by=by, at=now, data={"gone": gone.pk}, text=gone.number)
    record(gone, EventKind.UNMERGED, by=by, at=now, text=into.number)
    return gone
