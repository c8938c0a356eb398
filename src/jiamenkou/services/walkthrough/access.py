"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, Scope, scope
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.services.walkthrough.models import (
    Errand,
    Finding,
    FindingQuerySet,
    Officer,
    OfficerQuerySet,
    Round,
    RoundOfficer,
    ServicePoint,
    Walk,
    WalkQuerySet,
)
from jiamenkou.services.walkthrough.permissions import WalksPermission

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def lent(community: int) -> Iterator[None]:
    """An officer's own move: the rows of their community, for its length, after it was checked that they may."""
    with scope(Scope(communities=frozenset({community}))):
        yield


@contextmanager
def whole() -> Iterator[None]:
    """For showing what is public and for telling people, for as long as it takes."""
    with scope(EVERYTHING):
        yield


# ---- for staff


def points_for(by: Actor, permission: str = WalksPermission.VIEW) -> models.QuerySet[ServicePoint]:
    return ServicePoint.objects.filter(community_id__in=by.scope(permission).communities)


def errands_for(by: Actor, permission: str = WalksPermission.VIEW) -> models.QuerySet[Errand]:
    return Errand.objects.filter(community_id__in=by.scope(permission).communities)


def rounds_for(by: Actor, permission: str = WalksPermission.VIEW) -> models.QuerySet[Round]:
    return Round.objects.filter(community_id__in=by.scope(permission).communities)


def officers_for(by: Actor, permission: str = WalksPermission.VIEW) -> OfficerQuerySet:
    return Officer.objects.filter(community_id__in=by.scope(permission).communities)


def walks_for(by: Actor, permission: str = WalksPermission.VIEW) -> WalkQuerySet:
    return Walk.objects.filter(community_id__in=by.scope(permission).communities)


def findings_for(by: Actor, permission: str = WalksPermission.VIEW) -> FindingQuerySet:
    return Finding.objects.filter(community_id__in=by.scope(permission).communities)


def one(found: models.QuerySet[Row], pk: int) -> Row:
    """The row of this id, else 404."""
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


# ---- for officers


def officers_of(by: Actor) -> list[Officer]:
    """What this account is as an officer, in every community; refused and former ones included."""
    if by.account is None:
        return []
    with whole():
        return list(Officer.objects.of(by.account).select_related("community", "resident").order_by("pk"))


def active_officers(by: Actor) -> list[Officer]:
    return [officer for officer in officers_of(by) if officer.state == "active"]


def own_walks(by: Actor) -> list[Walk]:
    """The newest thirty."""
    if by.account is None:
        return []
    with whole():
        rows = Walk.objects.filter(officer__account=by.account).with_list_data().order_by("-started_at", "-pk")
        return list(rows[:30])


def access_own_walk(by: Actor, pk: int) -> Walk:
    """A walk of an active officer's own."""
    with whole():
        walk = (
            Walk.objects.with_list_data().filter(pk=pk, officer__account=by.account, officer__state="active").first()
        )
    if by.account is None or walk is None:
        raise Http404
    return walk


def checkable(by: Actor) -> FindingQuerySet:
    """Findings this account may check: its own, and those of the rounds it walks in. Read inside ``whole``."""
    mine = [officer.pk for officer in active_officers(by)]
    rounds = RoundOfficer.objects.filter(officer_id__in=mine).values("round")
    return Finding.objects.filter(Q(officer_id__in=mine) | Q(walk__round__in=rounds))


def access_own_finding(by: Actor, pk: int) -> Finding:
    """For its finder, and for the officers of its round."""
    with whole():
        finding = checkable(by).with_list_data().filter(pk=pk).first()
    if finding is None:
        raise Http404
    return finding


def access_joined(code: str) -> Walk:
    """By the link that the officer shows: whoever holds it may say yes to being accompanied."""
    with whole():
        walk = Walk.objects.with_list_data().filter(join_code=code).first() if len(code) <= 24 else None
    if walk is None:
        raise Http404
    return walk


def keeps(by: Actor, file: StoredFile) -> bool:
    """Photos: staff of the community, and the officers of the round."""
    shows = Q(before=file) | Q(after=file)
    if findings_for(by).filter(shows).exists() or walks_for(by).filter(steps__photo=file).exists():
        return True
    if by.account is None:
        return False
    with whole():
        own = Walk.objects.filter(officer__account=by.account, steps__photo=file)
        return checkable(by).filter(shows).exists() or own.exists()
