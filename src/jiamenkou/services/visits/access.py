"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.visits.models import Plan, ProposedFact, Visit, VisitConflict, VisitFile
from jiamenkou.services.visits.models.plan import PlanQuerySet
from jiamenkou.services.visits.models.visit import VisitQuerySet
from jiamenkou.services.visits.permissions import VisitsPermission

Row = TypeVar("Row", bound=models.Model)
KEEPER = "visits"


def _reach(by: Actor, permission: str) -> Q:
    scope = by.scope(permission)
    return Q(community_id__in=scope.communities) | Q(grid_id__in=scope.grids)


def plans_for(by: Actor, permission: str = VisitsPermission.VIEW) -> PlanQuerySet:
    return Plan.objects.filter(_reach(by, permission))


def visits_for(by: Actor, permission: str = VisitsPermission.VIEW) -> VisitQuerySet:
    return Visit.objects.filter(_reach(by, permission))


def facts_for(by: Actor, permission: str = VisitsPermission.VIEW) -> QuerySet[ProposedFact]:
    return ProposedFact.objects.filter(_reach(by, permission))


def conflicts_for(by: Actor, permission: str = VisitsPermission.DECIDE) -> QuerySet[VisitConflict]:
    return VisitConflict.objects.filter(_reach(by, permission))


def people_for(by: Actor, permission: str = VisitsPermission.RECORD) -> QuerySet[Resident]:
    """Residents whom ``by`` may visit."""
    return residents_for(by).filter(_reach(by, permission)).present()


def access_visit(by: Actor, pk: int) -> Visit:
    return one(visits_for(by).with_people().select_related("plan", "resident__community"), pk)


def access_plan(by: Actor, pk: int, permission: str = VisitsPermission.DECIDE) -> Plan:
    return one(plans_for(by, permission).with_people(), pk)


def access_fact(by: Actor, pk: int) -> ProposedFact:
    return one(facts_for(by, VisitsPermission.DECIDE).select_related("resident", "visit"), pk)


def access_conflict(by: Actor, pk: int) -> VisitConflict:
    found = conflicts_for(by).select_related(
        "first__resident", "first__household", "first__by", "second__resident", "second__household", "second__by"
    )
    return one(found, pk)


def access_person(by: Actor, pk: int) -> Resident:
    return one(people_for(by).select_related("household", "community", "grid"), pk)


def may_have(by: Actor, file: StoredFile) -> bool:
    """Photos and voice notes go to those who may read the notes of that visit."""
    mine = visits_for(by, VisitsPermission.NOTES)
    return by.may(VisitsPermission.NOTES) and VisitFile.objects.filter(file=file, visit__in=mine).exists()


def one(found: QuerySet[Row], pk: int) -> Row:
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
