"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import models
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.needs.models import Duty, Fair, Need, Project, SignUp, Survey, SurveyAnswer
from jiamenkou.services.needs.models.need import NeedQuerySet
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FairState, SignUpState, SurveyState

KEEPER = "needs"
Row = TypeVar("Row", bound=models.Model)


def communities_of(by: Actor, permission: str = NeedsPermission.VIEW) -> set[int]:
    """Communities in full, and the home of somebody who holds the permission for a grid: pages nobody's name is on."""
    found = set(by.scope(permission).communities)
    if by.home is not None and by.may(permission):
        found.add(by.home.pk)
    return found


def needs_for(by: Actor, permission: str = NeedsPermission.VIEW) -> NeedQuerySet:
    """Needs in the actor's communities or grids."""
    scope = by.scope(permission)
    return Need.objects.filter(community_id__in=scope.communities) | Need.objects.filter(grid_id__in=scope.grids)


def access_need(by: Actor, pk: int, permission: str = NeedsPermission.PEOPLE) -> Need:
    return _one(needs_for(by, permission).with_list_data(), pk)


def own_needs(by: Actor) -> NeedQuerySet:
    """Those of the people this account may act for."""
    return Need.objects.filter(resident_id__in=[link.resident_id for link in by.residents])


def access_own_need(by: Actor, pk: int) -> Need:
    return _one(own_needs(by).with_list_data(), pk)


def may_hear(by: Actor, file: StoredFile) -> bool:
    """What was said goes to those who may read the need, and to the person and their family."""
    said = Need.objects.filter(voice=file)
    if said.filter(resident_id__in=[link.resident_id for link in by.residents]).exists():
        return True
    return by.may(NeedsPermission.PEOPLE) and needs_for(by, NeedsPermission.PEOPLE).filter(voice=file).exists()


def projects_for(by: Actor, permission: str = NeedsPermission.VIEW) -> models.QuerySet[Project]:
    return Project.objects.filter(community_id__in=communities_of(by, permission)).select_related("category", "lead")


def access_project(by: Actor, pk: int, permission: str = NeedsPermission.VIEW) -> Project:
    return _one(projects_for(by, permission), pk)


def surveys_for(by: Actor, permission: str = NeedsPermission.VIEW) -> models.QuerySet[Survey]:
    return Survey.objects.filter(community_id__in=communities_of(by, permission))


def access_survey(by: Actor, pk: int, permission: str = NeedsPermission.VIEW) -> Survey:
    return _one(surveys_for(by, permission), pk)


def access_public_survey(pk: int) -> Survey:
    """For anybody: what was opened once."""
    return _one(Survey.objects.exclude(state=SurveyState.DRAFT), pk)


def answers_for(by: Actor, permission: str = NeedsPermission.PEOPLE) -> models.QuerySet[SurveyAnswer]:
    scope = by.scope(permission)
    there = SurveyAnswer.objects.filter(community_id__in=scope.communities)
    return there | SurveyAnswer.objects.filter(grid_id__in=scope.grids)


def open_surveys(community: int | None, today: date) -> models.QuerySet[Survey]:
    return Survey.objects.filter(community_id=community, state=SurveyState.OPEN, closes_on__gte=today)


def fairs_for(by: Actor, permission: str = NeedsPermission.VIEW) -> models.QuerySet[Fair]:
    return Fair.objects.filter(community_id__in=communities_of(by, permission))


def access_fair(by: Actor, pk: int, permission: str = NeedsPermission.VIEW) -> Fair:
    return _one(fairs_for(by, permission), pk)


def run_fairs_for(by: Actor) -> models.QuerySet[Fair]:
    """Those whose people the actor runs the list of: a grid alone is not enough, everybody comes to a fair."""
    return Fair.objects.filter(community_id__in=by.scope(NeedsPermission.EDIT).communities)


def access_fair_to_run(by: Actor, pk: int) -> Fair:
    return _one(run_fairs_for(by), pk)


def access_public_fair(pk: int) -> Fair:
    return _one(Fair.objects.all(), pk)


def fair_of_code(code: str) -> Fair:
    found = Fair.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def coming_fairs(community: int | None) -> models.QuerySet[Fair]:
    return Fair.objects.filter(community_id=community, state=FairState.PLANNED)


def sign_ups_for(by: Actor, permission: str = NeedsPermission.VIEW) -> models.QuerySet[SignUp]:
    scope = by.scope(permission)
    return SignUp.objects.filter(community_id__in=scope.communities) | SignUp.objects.filter(grid_id__in=scope.grids)


def access_sign_up(by: Actor, pk: int, permission: str = NeedsPermission.EDIT) -> SignUp:
    return _one(sign_ups_for(by, permission).select_related("fair", "resident"), pk)


def own_sign_up(by: Actor, fair: int, person: int | None) -> SignUp | None:
    """The current sign-up of the person this visit is for, of whom the account may act for."""
    if person is None or person not in {link.resident_id for link in by.residents}:
        return None
    mine = SignUp.objects.filter(fair_id=fair, resident_id=person).exclude(state=SignUpState.CANCELLED)
    return mine.select_related("fair", "resident").order_by("id").first()


def duties_for(by: Actor, permission: str = NeedsPermission.VIEW) -> models.QuerySet[Duty]:
    return Duty.objects.filter(community_id__in=communities_of(by, permission)).select_related("place", "organisation")


def access_duty(by: Actor, pk: int, permission: str = NeedsPermission.SETUP) -> Duty:
    return _one(duties_for(by, permission), pk)


def access_place(by: Actor, pk: int, permission: str = NeedsPermission.SETUP) -> Place:
    """A community, grid, building or unit of the actor's communities."""
    communities = Place.objects.filter(pk__in=communities_of(by, permission)).order_by("path")
    found: Place | None = Place.objects.filter(pk=pk, closed_on__isnull=True).first()
    kinds = {PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.UNIT}
    if found is None or found.kind not in kinds or not any(one.contains(found) for one in communities):
        raise Http404
    return found


def _one(found: models.QuerySet[Row], pk: int) -> Row:
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
