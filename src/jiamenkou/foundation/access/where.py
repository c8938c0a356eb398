"""Which community a page is about: the one chosen, else where one works or lives, else the first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from jiamenkou.foundation.asking import values
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place, PlaceKind

COOKIE = "community"


@dataclass(frozen=True, slots=True)
class Here:
    """The community as the templates need it."""

    id: int | None
    code: str
    name: str
    phone: str
    hours: str


NOWHERE = Here(None, "", "家门口", "", "")


def of(place: Place) -> Here:
    return Here(place.pk, place.code, place.name, place.phone, place.phone_hours)


def community_of(request: HttpRequest) -> Here:
    """At most two queries, once per request."""
    known: Here | None = getattr(request, "_here", None)
    if known is None:
        known = _find(request)
        request._here = known  # type: ignore[attr-defined]
    return known


def about(request: HttpRequest, place: Place) -> None:
    """The page is of this community, whatever its reader chose: a group-buy, a post. Nothing is asked any more."""
    request._here = of(place)  # type: ignore[attr-defined]


def _find(request: HttpRequest) -> Here:
    communities = Place.objects.filter(kind=PlaceKind.COMMUNITY, closed_on__isnull=True).order_by("code")
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen and len(chosen) <= 40:
        place = communities.filter(code=chosen).first()
        if place is not None:
            return of(place)
    home: Place | None = request.actor.home  # type: ignore[attr-defined]
    if home is not None:
        return of(home)
    person = acting_for(request)
    place = person.community if person else communities.first()
    return of(place) if place is not None else NOWHERE


def _person(wanted: list[int]) -> QuerySet[Resident]:
    person = Resident.objects.present().select_related("community", "household__unit").filter(pk=wanted[0])
    return person.order_by("pk")[:1]


def acting_for(request: HttpRequest) -> Resident | None:
    """The resident this visit is for (为谁办): the one chosen in the session, else the account's own person."""
    if hasattr(request, "_acting_for"):
        return request._acting_for  # type: ignore[no-any-return]
    actor = request.actor  # type: ignore[attr-defined]
    ids = [link.resident_id for link in actor.residents]
    chosen = request.session.get("acting_for") if ids else None
    wanted = chosen if chosen in ids else (ids[0] if ids else None)
    person: Resident | None = next(iter(values([wanted], [_person])[0]), None) if wanted else None
    request._acting_for = person  # type: ignore[attr-defined]
    return person
