"""The only way to load a case for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.models import Case, CaseEvent, CaseFile, CaseQuerySet, Follower, ProtectedSource
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import whole
from jiamenkou.foundation.cases.states import Privacy
from jiamenkou.foundation.files.models import StoredFile


def cases_for(by: Actor, permission: str = CasesPermission.VIEW) -> CaseQuerySet:
    """Cases of the actor's communities or grids."""
    scope = by.scope(permission)
    if scope.communities and scope.grids:
        return Case.objects.filter(Q(community_id__in=scope.communities) | Q(grid_id__in=scope.grids))
    if scope.grids:
        return Case.objects.filter(grid_id__in=scope.grids)
    return Case.objects.filter(community_id__in=scope.communities)


def access_case(by: Actor, pk: int, permission: str = CasesPermission.VIEW) -> Case:
    """For staff."""
    case = cases_for(by, permission).with_list_data().filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def own_followings(by: Actor) -> list[Follower]:
    """What the people this account may act for, or the account itself, reported; protected reports included."""
    ids = [link.resident_id for link in by.residents]
    mine = Q(resident_id__in=ids)
    if by.account is not None:
        mine |= Q(account=by.account)
    hidden = list(
        ProtectedSource.objects.filter(resident_id__in=ids).order_by("id").values_list("follower_id", flat=True)
    )
    rows = Follower.objects.filter(mine | Q(pk__in=hidden)).order_by("-joined_at", "-pk")
    if by.account is None:
        return []
    with whole():
        return list(rows.select_related("case__community", "case__place", "case__merged_into"))


def access_own(by: Actor, case: int) -> Follower:
    """The actor's own report of a case. 404 where it is somebody else's."""
    found = next((follower for follower in own_followings(by) if follower.case_id == case), None)
    if found is None:
        raise Http404
    return found


def keeps(by: Actor, file: StoredFile) -> bool:
    """Who may have a file of a case: staff who see the case, and those who reported it."""
    row = CaseFile.objects.filter(file=file).first()
    if row is None:
        with whole():
            row = CaseFile.objects.filter(file=file).first()
    if row is None:
        return False
    if cases_for(by).filter(pk=row.case_id).exists():
        return True
    return any(follower.case_id == row.case_id for follower in own_followings(by))


def shown_publicly(community: int, since: date) -> list[dict[str, Any]]:
    """问题公开: what anybody may read of the public cases of a community. Never words, doors or people.

    Each: pk, number, category, public_title, place name, state, outcome, submitted_at, closed_at, heat.
    """
    with whole():
        rows = Case.objects.filter(
            community_id=community, privacy=Privacy.PUBLIC, merged_into__isnull=True, submitted_at__date__gte=since
        ).exclude(state="declined")
        shown = rows.order_by("-submitted_at", "-pk").values(
            "pk",
            "number",
            "category",
            "public_title",
            "place__name",
            "place__kind",
            "state",
            "outcome",
            "submitted_at",
            "handled_at",
            "closed_at",
            "due_at",
            "heat",
        )
        return [dict(row) for row in shown[:200]]  # fmt: skip


def told_of(case: Case) -> list[tuple[datetime, str]]:
    """What was said to those who reported, the newest first: the only words of the log that are for them."""
    with whole():
        rows = CaseEvent.objects.filter(case=case, told=True).exclude(text="").order_by("-seq")
        return list(rows.values_list("at", "text"))
