"""The only way to load a person for someone. Outside their scope the person does not exist (404)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import Household, MergeRecord, Organisation, Resident, TransferRequest
from jiamenkou.foundation.people.models.resident import ResidentQuerySet


def residents_for(by: Actor, permission: Permission = Permission.RESIDENTS_VIEW) -> ResidentQuerySet:
    """Residents whom a role of ``by`` reaches. Row-level security is the second line behind this filter."""
    scope = by.scope(permission)
    found = Resident.objects.filter(community_id__in=scope.communities)
    if scope.grids:
        found |= Resident.objects.filter(grid_id__in=scope.grids)
    return found.filter(merged_into__isnull=True)


def access_resident(by: Actor, pk: int, permission: Permission = Permission.RESIDENTS_VIEW) -> Resident:
    """For staff."""
    resident = residents_for(by, permission).select_related("community", "grid", "household").filter(pk=pk).first()
    if resident is None:
        raise Http404
    return resident


def access_own_resident(by: Actor, pk: int) -> Resident:
    """For the person and those who may act for them."""
    if pk not in {link.resident_id for link in by.residents}:
        raise Http404
    resident = Resident.objects.filter(pk=pk).first()
    if resident is None:
        raise Http404
    return resident


def access_organisation(by: Actor, pk: int, permission: Permission = Permission.ORGANISATIONS_EDIT) -> Organisation:
    """Organisations are public nouns; working on one needs the permission somewhere."""
    organisation = Organisation.objects.filter(pk=pk).first() if by.may(permission) else None
    if organisation is None:
        raise Http404
    return organisation


def households_for(by: Actor, permission: Permission = Permission.RESIDENTS_VIEW) -> QuerySet[Household]:
    """Households behind the doors that a role of ``by`` reaches."""
    scope = by.scope(permission)
    return Household.objects.filter(community_id__in=scope.communities) | Household.objects.filter(
        grid_id__in=scope.grids
    )


def access_household(by: Actor, pk: int) -> Household:
    household = households_for(by).select_related("community", "grid", "unit", "head").filter(pk=pk).first()
    if household is None:
        raise Http404
    return household


def transfers_for(by: Actor) -> QuerySet[TransferRequest]:
    """Unanswered requests of other communities for people whom ``by`` may edit, oldest first."""
    people = residents_for(by, Permission.RESIDENTS_EDIT)
    waiting = TransferRequest.objects.filter(answered_at__isnull=True, resident__in=people)
    return waiting.select_related("resident__grid", "to_community").order_by("requested_at", "id")


def merges_for(by: Actor) -> QuerySet[MergeRecord]:
    """Merges that ``by`` may take back, the newest first."""
    kept = MergeRecord.objects.filter(undone_at__isnull=True, kept__in=residents_for(by, Permission.RESIDENTS_MERGE))
    return kept.select_related("kept", "gone").order_by("-at", "-id")
