"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import NotAllowed
from jiamenkou.services.jobs.models import Application, Feed, FollowUp, Intention, Placement, SavedVacancy, Vacancy
from jiamenkou.services.jobs.models.application import ApplicationQuerySet, FollowUpQuerySet, PlacementQuerySet
from jiamenkou.services.jobs.models.feed import FeedQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet, to_everybody
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import VacancyState

Row = TypeVar("Row", bound=models.Model)
ABOVE_GRID = frozenset({PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY})

# what a resident may open: not drafts
PUBLIC_STATES = [
    VacancyState.OPEN,
    VacancyState.PAUSED,
    VacancyState.FILLED,
    VacancyState.EXPIRED,
    VacancyState.TAKEN_DOWN,
]


def vacancies_for(by: Actor) -> VacancyQuerySet:
    """Vacancies staff may look at: shown to their communities, streets or everybody, and every one they may edit."""
    if not by.may(JobsPermission.VIEW):
        return Vacancy.objects.none()
    communities = set(by.scope(JobsPermission.VIEW).communities)
    if by.home is not None:
        communities.add(by.home.pk)
    shown = Q(community_id__in=communities) | to_everybody() | _to_streets(by)
    return Vacancy.objects.filter(owned_by(by) | (shown & Q(state__in=PUBLIC_STATES)))


def _to_streets(by: Actor) -> Q:
    """Shown to every community of a street in which the actor has a place, or which lies below it."""
    shown = Q(pk__in=[])
    for held in by.roles:
        if JobsPermission.VIEW in held.grants:
            above = [held.place.ancestor_path(depth) for depth in range(1, held.place.depth)]
            shown |= Q(street__path__startswith=held.place.path) | Q(street__path__in=above)
    return shown


def editable_vacancies(by: Actor) -> VacancyQuerySet:
    """Vacancies of the places whose posts the actor publishes. Shown to everybody is not everybody's to change."""
    return Vacancy.objects.filter(owned_by(by))


def owned_by(by: Actor) -> Q:
    """Rows whose ``owner`` is a place where the actor publishes posts, or lies below it.

    A role in a grid publishes for the grid's community.
    """
    owned = Q(pk__in=[])
    for held in by.roles:
        if JobsPermission.EDIT not in held.grants:
            continue
        if held.place.kind in ABOVE_GRID:
            owned |= Q(owner__path__startswith=held.place.path)
        else:
            above = [held.place.ancestor_path(depth) for depth in range(1, held.place.depth)]
            owned |= Q(owner__kind=PlaceKind.COMMUNITY, owner__path__in=above)
    return owned


def publishes_for(by: Actor) -> Place:
    """The place that owns what this actor publishes: the community of the desk, else the street or the district."""
    if by.home is not None:
        return by.home
    for held in by.roles:
        if JobsPermission.EDIT in held.grants:
            return held.place
    raise NotAllowed("您的角色不能发布岗位。")


def access_employer(by: Actor, pk: int, permission: str) -> Organisation:
    """An employer that sits or recruits in the actor's communities: a link shows who applied there."""
    communities = set(by.scope(permission).communities)
    if by.home is not None and by.may(permission):
        communities.add(by.home.pk)
    here = Q(community_id__in=communities) | Q(vacancies__community_id__in=communities)
    here |= Q(vacancies__owner_id__in=communities)
    return _one(Organisation.objects.employers().filter(here).distinct(), pk)


def access_vacancy(by: Actor, pk: int) -> Vacancy:
    """For staff, to look at and to recommend people to."""
    return _one(vacancies_for(by).with_employer().select_related("owner", "street"), pk)


def access_own_vacancy(by: Actor, pk: int) -> Vacancy:
    """For staff of the place that owns it, to change."""
    return _one(editable_vacancies(by).with_employer().select_related("owner", "street"), pk)


def access_public_vacancy(pk: int) -> Vacancy:
    """For anybody: whatever was published once; a draft is nobody's business."""
    return _one(Vacancy.objects.filter(state__in=PUBLIC_STATES).with_employer().select_related("owner"), pk)


def applications_for(by: Actor, permission: str = JobsPermission.PEOPLE) -> ApplicationQuerySet:
    """Applications of the residents in the actor's communities or grids. For counts alone ``VIEW`` is enough."""
    scope = by.scope(permission)
    return Application.objects.filter(community_id__in=scope.communities) | Application.objects.filter(
        grid_id__in=scope.grids
    )


def access_application(by: Actor, pk: int, permission: str = JobsPermission.PEOPLE) -> Application:
    return _one(applications_for(by, permission).with_list_data(), pk)


def own_applications(by: Actor) -> ApplicationQuerySet:
    """Those of the people this account may act for."""
    return Application.objects.of_residents([link.resident_id for link in by.residents])


def access_own_application(by: Actor, pk: int) -> Application:
    return _one(own_applications(by).with_list_data(), pk)


def employer_applications(organisation: int) -> ApplicationQuerySet:
    """Those for an employer's vacancies. What its person has not agreed to is not theirs to see."""
    rows = Application.objects.filter(vacancy__employer_id=organisation, unagreed=False)
    return rows.exclude(state="recommended")


def intentions_for(by: Actor, permission: str = JobsPermission.PEOPLE) -> IntentionQuerySet:
    scope = by.scope(permission)
    return Intention.objects.filter(community_id__in=scope.communities) | Intention.objects.filter(
        grid_id__in=scope.grids
    )


def access_intention(by: Actor, pk: int, permission: str = JobsPermission.PEOPLE) -> Intention:
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


def placements_for(by: Actor, permission: str = JobsPermission.PEOPLE) -> PlacementQuerySet:
    scope = by.scope(permission)
    return Placement.objects.filter(community_id__in=scope.communities) | Placement.objects.filter(
        grid_id__in=scope.grids
    )


def follow_ups_for(by: Actor, permission: str = JobsPermission.PEOPLE) -> FollowUpQuerySet:
    scope = by.scope(permission)
    return FollowUp.objects.filter(community_id__in=scope.communities) | FollowUp.objects.filter(
        grid_id__in=scope.grids
    )


def access_follow_up(by: Actor, pk: int, permission: str = JobsPermission.PEOPLE) -> FollowUp:
    return _one(follow_ups_for(by, permission).select_related("resident", "placement__application__vacancy"), pk)


def feeds_for(by: Actor) -> FeedQuerySet:
    """Feeds of the places whose posts the actor publishes."""
    return Feed.objects.filter(owned_by(by))


def access_feed(by: Actor, pk: int) -> Feed:
    return _one(feeds_for(by), pk)


def _one(found: models.QuerySet[Row], pk: int) -> Row:
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
