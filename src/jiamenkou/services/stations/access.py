"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.models import Booking, Waiting
from jiamenkou.services.stations.models import (
    Activity,
    Claim,
    Corner,
    Couplet,
    Gift,
    Help,
    Host,
    Loan,
    Repair,
    Room,
    Service,
    Station,
    Thing,
    ThingKind,
    Work,
)
from jiamenkou.services.stations.permissions import StationsPermission

Row = TypeVar("Row", bound=models.Model)


def communities_of(by: Actor, permission: str = StationsPermission.VIEW) -> set[int]:
    """Where this actor may do that: whole communities, and the one around a grid worker's grid."""
    found = set(by.scope(permission).communities)
    if by.home is not None and by.may(permission):
        found.add(by.home.pk)
    return found


def rows_for(by: Actor, rows: QuerySet[Row], permission: str = StationsPermission.VIEW) -> QuerySet[Row]:
    """Rows with a ``community`` that staff may work on."""
    return rows.filter(community_id__in=communities_of(by, permission))


def access_for_staff(by: Actor, rows: QuerySet[Row], pk: int, permission: str = StationsPermission.VIEW) -> Row:
    return one(rows_for(by, rows, permission), pk)


def thing_for_staff(by: Actor, pk: int, permission: str = StationsPermission.VIEW) -> Thing:
    here = Thing.objects.filter(station__community_id__in=communities_of(by, permission))
    return one(here.select_related("kind__line", "station"), pk)


def public_station(pk: int) -> Station:
    return one(Station.objects.open().select_related("community", "calendar"), pk)


def public_kind(pk: int) -> ThingKind:
    return one(ThingKind.objects.filter(station__closed_on__isnull=True).select_related("station", "line"), pk)


def public_service(pk: int) -> Service:
    rows = Service.objects.filter(station__closed_on__isnull=True, stopped_at__isnull=True)
    return one(rows.select_related("station", "resource"), pk)


def public_activity(pk: int) -> Activity:
    return one(Activity.objects.select_related("station__community", "session__resource"), pk)


def public_room(pk: int) -> Room:
    return one(Room.objects.filter(closed_on__isnull=True).select_related("community", "resource", "photo"), pk)


def public_corner(pk: int) -> Corner:
    return one(Corner.objects.select_related("community", "before", "after", "chosen", "station"), pk)


# what one's own matters are called in addresses
OWN: dict[str, tuple[type[models.Model], str, tuple[str, ...]]] = {
    "loan": (Loan, "resident_id", ("thing__kind__line", "station")),
    "repair": (Repair, "resident_id", ("station",)),
    "booking": (Booking, "resident_id", ("resource", "session")),
    "waiting": (Waiting, "resident_id", ("resource", "session", "booking")),
    "couplet": (Couplet, "resident_id", ("station",)),
    "help": (Help, "helped_id", ("station",)),
    "work": (Work, "author_id", ("station", "photo")),
}


def own(by: Actor, kind: str, pk: int) -> models.Model:
    """A matter of somebody this account acts for."""
    if kind not in OWN:
        raise Http404
    model, column, related = OWN[kind]
    ids = [link.resident_id for link in by.residents]
    rows = model._default_manager.filter(**{f"{column}__in": ids}).select_related(*related)
    return one(rows, pk)


def station_kept_by(by: Actor, pk: int) -> tuple[Station, Host]:
    """A station this account keeps, from its phone, without any role; staff of the place stand in for the host."""
    if by.account is None:
        raise Http404
    hosts = Host.objects.current().filter(account=by.account, station__closed_on__isnull=True)
    host = hosts.filter(station=pk).select_related("station__community", "station__calendar").first()
    if host is None:
        station = access_for_staff(
            by, Station.objects.open().select_related("community", "calendar"), pk, StationsPermission.EDIT
        )
        return station, Host(station=station, account=by.account, called="社区")
    return host.station, host


def stations_kept_by(by: Actor) -> list[Station]:
    if by.account is None:
        return []
    rows = Station.objects.open().kept_by(by.account.pk).select_related("community", "calendar")
    return list(rows.order_by("name", "id"))


def at_station(station: Station, rows: QuerySet[Row], pk: int) -> Row:
    """One row of this station."""
    return one(rows.filter(station=station), pk)


def booking_at(station: Station, pk: int) -> Booking:
    from jiamenkou.services.stations.actions.stations import resources_of

    return one(Booking.objects.filter(resource__in=resources_of(station)).select_related("resource", "session"), pk)


def claim_for_staff(by: Actor, pk: int) -> Claim:
    return access_for_staff(by, Claim.objects.select_related("corner"), pk, StationsPermission.EDIT)


def gift_at(station: Station, pk: int) -> Gift:
    return at_station(station, Gift.objects.all(), pk)


def one(rows: QuerySet[Row], pk: int) -> Row:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
