"""A caller is recognised: the worker who has asked ties the report to a resident, or unties it again."""

from __future__ import annotations

from datetime import datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.callers import candidates
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused


def recognise(
    case: Case, follower: int, resident: int, *, by: Actor, reason: str, now: datetime | None = None
) -> None:
    """From now on the resident sees the matter in 我的事. Only somebody the number leads to can be chosen.

    Nobody is told: what was already said to the caller is not said again. Raises Refused at ``resident``, Conflict,
    NotAllowed.
    """
    locked = _locked(case, by)
    row = _follower(locked, follower)
    found = next((one for one in candidates(row, by).candidates if one.resident.pk == resident), None)
    if found is None:
        raise Refused("请从列出的人里选一位。", field="resident", code="not_a_candidate")
    if Follower.objects.filter(case=locked, resident=found.resident).exists():
        raise Conflict("这位居民已经在这一件里了。", code="already")
    if not Follower.objects.filter(pk=row.pk, resident=None, account=None).update(resident=found.resident):
        raise Conflict("刚刚已经有人对上了。", code="known")
    if row.first and locked.resident_id is None:
        Case.objects.filter(pk=locked.pk).update(resident=found.resident)
    record(locked, EventKind.RECOGNISED, by=by, at=now, data={"follower": row.pk})


def let_go(case: Case, follower: int, *, by: Actor, reason: str, now: datetime | None = None) -> None:
    """It was somebody else: the matter is theirs no longer. Only for one who was recognised so. Raises Refused, NotAllowed."""
    locked = _locked(case, by)
    row = _follower(locked, follower)
    if row.resident_id is None or row.pk not in recognised(locked):
        raise Refused("这一位不是按号码对上的。", field="resident", code="not_recognised")
    Case.objects.filter(pk=locked.pk, resident=row.resident_id).update(resident=None)
    Follower.objects.filter(pk=row.pk).update(resident=None)
    record(locked, EventKind.LET_GO, by=by, at=now, data={"follower": row.pk})


def recognised(case: Case) -> set[int]:
    """Followers of a case who were tied to a resident by their number and are still."""
    kinds = [EventKind.RECOGNISED, EventKind.LET_GO]
    found: set[int] = set()
    rows = CaseEvent.objects.filter(case=case, kind__in=kinds).order_by("seq")
    for kind, follower in rows.values_list("kind", "data__follower"):
        found = found | {follower} if kind == EventKind.RECOGNISED else found - {follower}
    return found


def _locked(case: Case, by: Actor) -> Case:
    if not by.may(CasesPermission.HANDLE, case.community_id, case.grid_id):
        raise NotAllowed("这一步要由别的岗位来做。", code="not_yours")
    return lock(case)


def _follower(case: Case, pk: int) -> Follower:
    row = Follower.objects.select_for_update(of=("self",)).filter(case=case, pk=pk).first()
    if row is None:
        raise Refused("没有这个报的人。", field="resident", code="unknown")
    return row
