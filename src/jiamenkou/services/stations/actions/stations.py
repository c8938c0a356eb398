"""Opening a station, who keeps it, its hours, and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.models import Keeper, OpeningHours, Resource, ResourceKind
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.codes import new_code
from jiamenkou.services.stations.models import (
    Facility,
    Host,
    Loan,
    Repair,
    Room,
    Service,
    Station,
    Thing,
    ThingKind,
)
from jiamenkou.services.stations.notices import NEW_HOST, say

Hours = Sequence[tuple[Iterable[int], int, int]]
KEPT_A_DAY = 24 * 60


def open_station(community: Place, fields: dict[str, Any], hours: Hours, *, by: Actor, reason: str) -> Station:
    """A station with its calendar. ``hours``: (weekdays, from, to) in minutes. Raises Conflict for a name that is taken."""
    calendar = Resource.objects.create(
        kind=ResourceKind.ROOM, name=fields["name"], community=community, slot_minutes=30, per_person=0
    )
    try:
        with transaction.atomic():
            station = Station.objects.create(community=community, calendar=calendar, code=new_code(), **fields)
    except IntegrityError as error:
        raise Conflict("这个社区已经有同名的驿站。", field="name", code="exists") from error
    calendar.about = station.about_key
    calendar.save()
    set_hours(calendar, hours, by=by, reason=reason)
    return station


def change_station(station: Station, fields: dict[str, Any], *, by: Actor, reason: str) -> Station:
    """Raises Conflict for a name that is taken."""
    for name, value in fields.items():
        setattr(station, name, value)
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError as error:
        raise Conflict("这个社区已经有同名的驿站。", field="name", code="exists") from error
    return station


def set_hours(resource: Resource, hours: Hours, *, by: Actor, reason: str) -> None:
    """The weekly hours from now on; bookings that are made stay."""
    OpeningHours.objects.filter(resource=resource).delete()
    for weekdays, start, end in hours:
        for weekday in sorted(set(weekdays)):
            if not 0 <= start < end <= 1440:
                raise Refused("关门时间要比开门时间晚。", field="end", code="hours")
            OpeningHours.objects.create(resource=resource, weekday=weekday, start_minute=start, end_minute=end)


def resources_of(station: Station) -> list[Resource]:
    """Everything of the station that is booked or waited for."""
    return [
        station.calendar,
        *(service.resource for service in station.services.select_related("resource").order_by("id")),
        *(kind.line for kind in station.kinds.select_related("line").order_by("id")),
        *(room.resource for room in station.rooms.select_related("resource").order_by("id")),
    ]


def add_host(
    station: Station, account: Account, called: str, *, by: Actor, reason: str, skill: str = "", is_main: bool = True
) -> Host:
    """From now on this account keeps the station: sees its matters and calendars, and no other's."""
    if not called.strip():
        raise Refused("请写邻居怎么称呼，例如“何阿姨”。", field="called", code="required")
    try:
        with transaction.atomic():
            host = Host.objects.create(
                station=station, account=account, called=called.strip()[:20], skill=skill[:40], is_main=is_main
            )
    except IntegrityError as error:
        raise Conflict("这个人已经是这里的主理人了。", field="account", code="exists") from error
    for resource in resources_of(station):
        Keeper.objects.get_or_create(resource=resource, account=account, ended_at=None)
    return host


def keep(station: Station, resource: Resource) -> None:
    """A new calendar of the station is its hosts' as well."""
    for host in station.hosts.current().order_by("id"):
        Keeper.objects.get_or_create(resource=resource, account_id=host.account_id, ended_at=None)


def end_host(
    host: Host, successor: Account | None, called: str, *, by: Actor, now: datetime, reason: str
) -> dict[str, int]:
    """The host leaves. What is out and in repair passes to ``successor``, or to the other hosts; never to nobody.

    Returns what was handed over: ``loans`` and ``repairs``. Those people are told who keeps the station now.
    """
    station = host.station
    out = Loan.objects.filter(station=station).out()
    live = Repair.objects.filter(station=station).live()
    others = station.hosts.current().exclude(pk=host.pk).order_by("id")
    if successor is not None and successor.pk != host.account_id:
        if not others.filter(account=successor).exists():
            add_host(station, successor, called, by=by, reason=reason)
        heir = others.filter(account=successor).first()
    else:
        heir = others.first()
    counts = {"loans": out.count(), "repairs": live.count()}
    if heir is None and any(counts.values()):
        raise Refused(
            f"还有 {counts['loans']} 件借出去、{counts['repairs']} 件在修，请先选谁来接。",
            field="successor",
            code="heir",
        )
    if host.is_main and heir is not None:
        Host.objects.filter(pk=heir.pk).update(is_main=True)
    Host.objects.filter(pk=host.pk, ended_at__isnull=True).update(ended_at=now)
    Keeper.objects.filter(resource__in=resources_of(station), account=host.account_id, ended_at__isnull=True).update(
        ended_at=now
    )
    if heir is not None:
        with scopes.scope(scopes.EVERYTHING):
            people = {*out.values_list("resident_id", flat=True), *live.values_list("resident_id", flat=True)}
        for resident in sorted(one for one in people if one is not None):
            say(NEW_HOST, resident, href=f"/stations/{station.pk}/", station=station.name, name=heir.called)
    return counts


def set_facility(station: Station, kind: str, *, note: str, working: bool, by: Actor, reason: str) -> Facility:
    facility, _made = Facility.objects.update_or_create(
        station=station, kind=kind, defaults={"note": note[:60], "working": working}
    )
    return facility


def kind_named(
    station: Station,
    name: str,
    *,
    by: Actor,
    reason: str,
    icon: str = "package",
    measure: str = "个",
    loan_days: int | None = None,
    by_need: bool = False,
) -> ThingKind:
    """What is called so at this station, made where it is new."""
    found = ThingKind.objects.filter(station=station, name=name).first()
    if found is not None:
        return found
    line = Resource.objects.create(
        kind=ResourceKind.THING,
        name=name,
        community_id=station.community_id,
        offer_minutes=KEPT_A_DAY,
        per_person=1,
    )
    kind = ThingKind.objects.create(
        station=station,
        line=line,
        name=name,
        icon=icon,
        measure=measure,
        loan_days=loan_days or station.loan_days,
        by_need=by_need,
    )
    line.about = f"stations.kind:{kind.pk}"
    line.save()
    keep(station, line)
    return kind


def add_thing(
    kind: ThingKind, number: str, *, by: Actor, now: datetime, reason: str, condition: str = "", from_whom: str = ""
) -> Thing:
    """One more of its kind, with a code of its own. Whoever waits for one gets it first."""
    from jiamenkou.services.stations.actions.lending import pass_on

    number = number.strip() or f"{kind.name}-{kind.things.count() + 1}"
    try:
        with transaction.atomic():
            thing = Thing.objects.create(
                kind=kind,
                station_id=kind.station_id,
                number=number[:20],
                code=new_code(),
                condition=condition[:60],
                from_whom=from_whom[:60],
            )
    except IntegrityError as error:
        raise Conflict("这个编号已经有了。", field="number", code="exists") from error
    pass_on(thing, now)
    return thing


def add_service(
    station: Station, title: str, who: str, hours: Hours, *, by: Actor, reason: str, minutes: int = 30, **fields: Any
) -> Service:
    """Something by appointment, with a calendar of its own."""
    resource = Resource.objects.create(
        kind=ResourceKind.PERSON,
        name=f"{title} {who}"[:60],
        community_id=station.community_id,
        slot_minutes=minutes,
        per_person=1,
    )
    service = Service.objects.create(station=station, resource=resource, title=title, who=who, **fields)
    resource.about = f"stations.service:{service.pk}"
    resource.save()
    set_hours(resource, hours, by=by, reason=reason)
    keep(station, resource)
    return service


def open_room(
    community: Place,
    fields: dict[str, Any],
    hours: Hours,
    *,
    by: Actor,
    reason: str,
    station: Station | None = None,
    capacity: int = 1,
    **rules: int,
) -> Room:
    """A room that may be booked. ``capacity`` parties share it where it is shared; ``rules`` are the resource's."""
    resource = Resource.objects.create(
        kind=ResourceKind.ROOM,
        name=fields["name"],
        community=community,
        capacity=capacity,
        **{"slot_minutes": 60, "most_minutes": 180, "per_person": 2, "week_minutes": 360} | rules,
    )
    room = Room.objects.create(community=community, station=station, resource=resource, **fields)
    resource.about = f"stations.room:{room.pk}"
    resource.save()
    set_hours(resource, hours, by=by, reason=reason)
    if station is not None:
        keep(station, resource)
    return room
