"""Stations for tests, through the room's own actions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_account, make_resident

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.people import Party, party_of
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.models import Service, Station, Thing, ThingKind

BY = Actor(None)
ALL_DAY = [(range(7), 0, 1440)]


def make_station(community: Place, **fields: Any) -> Station:
    defaults: dict[str, Any] = {
        "name": f"3 栋楼道驿站{Station.objects.count()}",
        "kind": "stairwell",
        "where": "3 栋一楼",
    }
    return acts.open_station(community, defaults | fields, ALL_DAY, by=BY, reason="test")


def make_host(station: Station, account: Account | None = None, called: str = "何阿姨") -> Actor:
    account = account or make_account()
    acts.add_host(station, account, called, by=BY, reason="test")
    return Actor(account)


def make_kind(station: Station, name: str = "轮椅", **fields: Any) -> ThingKind:
    return acts.kind_named(station, name, by=BY, reason="test", **fields)


def make_thing(station: Station, name: str = "轮椅", number: str = "", **fields: Any) -> Thing:
    thing = acts.add_thing(make_kind(station, name, **fields), number, by=BY, now=timezone.now(), reason="test")
    return Thing.objects.select_related("kind__line", "station").get(pk=thing.pk)


def make_service(station: Station, **fields: Any) -> Service:
    return acts.add_service(station, "约理发", "王师傅", [(range(7), 540, 1080)], by=BY, reason="test", **fields)


def neighbour(community: Place, grid: Place | None = None, **fields: Any) -> tuple[Resident, Party]:
    fields.setdefault("sex", "female")
    fields.setdefault("address", "桂花园3幢2单元501室")
    resident = make_resident(community, grid, **fields)
    return resident, party_of(resident)


def at(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(hour, minute)))
