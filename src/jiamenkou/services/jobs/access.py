"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.services.jobs.models import Application, Feed, FollowUp, Intention, Placement, SavedVacancy, Vacancy
from jiamenkou.services.jobs.models.application import ApplicationQuerySet, FollowUpQuerySet, PlacementQuerySet
from jiamenkou.services.jobs.models.feed import FeedQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import VacancyState

Row = TypeVar("Row", bound=models.Model)

# what a resident may open: not drafts
PUBLIC_STATES = [
    VacancyState.OPEN,
    VacancyState.PAUSED,
    VacancyState.FILLED,
    VacancyState.EXPIRED,
    VacancyState.TAKEN_DOWN,
]


def vacancies_for(by: Actor, permission: str = JobsPermission.VIEW) -> VacancyQuerySet:
    """Vacancies staff may work on: those of their communities and those open to everybody."""
    scope = by.scope(permission)
    communities = set(scope.communities)
    if by.home is not None and by.may(permission):
        communities.add(by.home.pk)
    if not communities and not by.may(permission):
        return Vacancy.objects.none()
    return Vacancy.objects.filter(community_id__in=communities) | Vacancy.objects.filter(community__isnull=True)


def access_employer(by: Actor, pk: int, permission: str) -> Organisation:
    """An employer that sits or recruits in the actor's communities: a link shows who applied there."""
    communities = set(by.scope(permission).communities)
    if by.home is not None and by.may(permission):
        communities.add(by.home.pk)
    here = Q(community_id__in=communities) | Q(vacancies__community_id__in=communities)
    return _one(Organisation.objects.employers().filter(here).distinct(), pk)


def access_vacancy(by: Actor, pk: int, permission: str = JobsPermission.VIEW) -> Vacancy:
    """For staff."""
    return _one(vacancies_for(by, permission).with_employer(), pk)


def access_public_vacancy(pk: int) -> Vacancy:
    """For anybody: whatever was published once; a draft is nobody's business."""
    return _one(Vacancy.objects.filter(state__in=PUBLIC_STATES).with_employer(), pk)


def applications_for(by: Actor, permission: str = JobsPermission.VIEW) -> ApplicationQuerySet:
    """Applications of the residents in the actor's communities or grids."""
    scope = by.scope(permission)
    return Application.objects.filter(community_id__in=scope.communities) | Application.objects.filter(
        grid_id__in=scope.grids
    )


def access_application(by: Actor, pk: int, permission: str = JobsPermission.VIEW) -> Application:
    return _one(applications_for(by, permission).with_list_data(), pk)


def own_applications(by: Actor) -> ApplicationQuerySet:
    """Those of the people this account may act for."""
    return Application.objects.of_residents([link.resident_id for link in by.residents])


def access_own_application(by: Actor, pk: int) -> Application:
    return _one(own_applications(by).with_list_data(), pk)


def employer_applications(organisation: int) -> ApplicationQuerySet:
    """Those for an employer's vacancies. A recommendation nobody agreed to yet is not theirs to see."""
    return Application.objects.filter(vacancy__employer_id=organisation).exclude(state="recommended")


def intentions_for(by: Actor, permission: str = JobsPermission.VIEW) -> IntentionQuerySet:
    scope = by.scope(permission)
    return Intention.objects.filter(community_id__in=scope.communities) | Intention.objects.filter(
        grid_id__in=scope.grids
    )


def access_intention(by: Actor, pk: int, permission: str = JobsPermission.VIEW) -> Intention:
    return _one(intentions_for(by, permission).with_resident(), pk)


def own_intention(by: Actor, resident: int) -> Intention | None:
    """The current intention of a person this account may act for."""
    if resident not in {link.resident_id for link in by.residents}:
        raise Http404
    return Intention.objects.filter(resident_id=resident, state__in=["open", "paused"]).first()


def saved_by(by: Actor) -> set[int]:
    """Vacancies kept by the people this account may act for."""
    ids = [link.resident_id for link in by.residents]
    return set(SavedVacancy.objects.filter(resident_id__in=ids).order_by("id").values_list("vacancy_id", flat=True))


def placements_for(by: Actor, permission: str = JobsPermission.VIEW) -> PlacementQuerySet:
    scope = by.scope(permission)
    return Placement.objects.filter(community_id__in=scope.communities) | Placement.objects.filter(
        grid_id__in=scope.grids
    )


def follow_ups_for(by: Actor, permission: str = JobsPermission.VIEW) -> FollowUpQuerySet:
    scope = by.scope(permission)
    return FollowUp.objects.filter(community_id__in=scope.communities) | FollowUp.objects.filter(
        grid_id__in=scope.grids
    )


def access_follow_up(by: Actor, pk: int, permission: str = JobsPermission.EDIT) -> FollowUp:
    return _one(follow_ups_for(by, permission).select_related("resident", "placement__application__vacancy"), pk)


def feeds_for(by: Actor) -> FeedQuerySet:
    """Feeds of the communities whose vacancies the actor edits, and those for everybody."""
    scope = by.scope(JobsPermission.EDIT)
    if not by.may(JobsPermission.EDIT):
        return Feed.objects.none()
    return Feed.objects.filter(community_id__in=scope.communities) | Feed.objects.filter(community__isnull=True)


def access_feed(by: Actor, pk: int) -> Feed:
    return _one(feeds_for(by), pk)


def _one(found: models.QuerySet[Row], pk: int) -> Row:
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
