"""Who may open what at the stations, and the objects those rows name. ``where.account`` is the host of its community's station."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from tests.services.stations.make import BY, at, make_service, make_station, make_thing
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, RESIDENTS, get, post

from jiamenkou.foundation.bookings.models import Booking, Hold
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.services.stations.actions import corners, culture, hours, mending
from jiamenkou.services.stations.actions import stations as acts

OPEN_TABLES = {
    "stations_station": "public: where and when",
    "stations_room": "public: what can be booked",
    "stations_corner": "public: what neighbours vote on",
}
ACT = "in go go go {} {} go"  # for a person one acts for; others are sent to say who they are
MINE = "in 404 404 404 {} 404 404"
HOST = "in 404 404 {0} {0} 404 404"  # the host, and staff of the place who stand in
HOSTS = "hosts"
PHONE = [
    get("stations/", EVERYONE, OPEN),
    get("stations/<int:pk>/", EVERYONE, OPEN, "station"),
    get("stations/<int:pk>/repair/", RESIDENTS, ACT.format(200, 200), "station"),
    post("stations/<int:pk>/repair/", RESIDENTS, ACT.format(422, 422), "station"),
    get("stations/<int:pk>/couplet/", RESIDENTS, ACT.format(200, 200), "station"),
    post("stations/<int:pk>/couplet/", RESIDENTS, ACT.format(422, 422), "station"),
    get("stations/things/<int:pk>/", EVERYONE, "go go go go go go go", "thing"),
    get("stations/kinds/<int:pk>/", EVERYONE, OPEN, "thing kind"),
    post("stations/kinds/<int:pk>/borrow/", RESIDENTS, ACT.format("go", "go"), "thing kind"),
    get("stations/services/<int:pk>/", EVERYONE, OPEN, "service"),
    post("stations/services/<int:pk>/book/", RESIDENTS, ACT.format(422, 422), "service"),
    get("stations/sessions/<int:pk>/", EVERYONE, OPEN, "activity"),
    post("stations/sessions/<int:pk>/join/", RESIDENTS, ACT.format("go", "go"), "activity"),
    get("stations/in/<str:token>/", RESIDENTS, ACT.format(409, 409), "token"),
    post("stations/in/<str:token>/", RESIDENTS, ACT.format(409, 409), "token"),
    get("stations/rooms/", EVERYONE, OPEN),
    get("stations/rooms/<int:pk>/", EVERYONE, OPEN, "room"),
    post("stations/rooms/<int:pk>/book/", RESIDENTS, ACT.format(422, 422), "room"),
    get("stations/corners/", EVERYONE, OPEN),
    get("stations/corners/new/", RESIDENTS, ACT.format(200, 200)),
    post("stations/corners/new/", RESIDENTS, ACT.format(422, 422)),
    get("stations/corners/<int:pk>/", EVERYONE, OPEN, "corner"),
    post("stations/corners/<int:pk>/act/", RESIDENTS, ACT.format(409, 409), "corner", do="vote"),
    get("stations/mine/<slug:kind>/<int:pk>/", RESIDENTS, MINE.format(200), "matter kind", "repair"),
    post("stations/mine/<slug:kind>/<int:pk>/act/", RESIDENTS, MINE.format(409), "matter kind", "repair", do="cancel"),
    get("stations/hours/", RESIDENTS, ACT.format(200, 200)),
    post("stations/hours/act/", RESIDENTS, ACT.format(422, 422), do="help"),
    post("stations/hours/certificate/", RESIDENTS, ACT.format("go", "go")),
    get("stations/hours/certificate/<int:pk>/", RESIDENTS, MINE.format(200), "hours certificate"),
    get("stations/certificate/<slug:code>/", EVERYONE, OPEN, "certificate code"),
]
BEHIND = [
    get("stations/host/<int:station>/", HOSTS, HOST.format(200), "station"),
    post("stations/host/<int:station>/act/", HOSTS, HOST.format(409), "station", do="nothing"),
    get("stations/host/<int:station>/for/<slug:what>/", HOSTS, HOST.format(200), "station", "counter word"),
    post("stations/host/<int:station>/for/<slug:what>/", HOSTS, HOST.format(422), "station", "counter word"),
    get(
        "stations/host/<int:station>/for/<slug:what>/<int:pk>/",
        HOSTS,
        HOST.format(200),
        "station",
        "lend word",
        "thing",
    ),
    post(
        "stations/host/<int:station>/for/<slug:what>/<int:pk>/",
        HOSTS,
        HOST.format(422),
        "station",
        "lend word",
        "thing",
    ),
    get("stations/host/<int:station>/things/<int:pk>/", HOSTS, HOST.format(200), "station", "thing"),
    get("stations/host/<int:station>/sessions/new/", HOSTS, HOST.format(200), "station"),
    post("stations/host/<int:station>/sessions/new/", HOSTS, HOST.format(422), "station"),
    get("stations/host/<int:station>/sessions/<int:pk>/", HOSTS, HOST.format(200), "station", "activity"),
    post(
        "stations/host/<int:station>/sessions/<int:pk>/act/", HOSTS, HOST.format(409), "station", "activity", do="in"
    ),
    get("stations/host/<int:station>/sessions/<int:pk>/wall/", HOSTS, HOST.format(200), "station", "activity"),
    get("stations/host/<int:station>/sheet/", HOSTS, HOST.format(200), "station"),
    get("stations/host/<int:station>/type-in/", HOSTS, HOST.format(200), "station"),
    post("stations/host/<int:station>/type-in/", HOSTS, HOST.format(200), "station"),
]
VIEW, EDIT, EXPORT = "stations.view", "stations.edit", "residents.export"
DESK = [
    get("desk/stations/", VIEW, LIST),
    get("desk/stations/new/", EDIT, LIST),
    post("desk/stations/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/stations/<int:pk>/", VIEW, ONE, "station"),
    get("desk/stations/<int:pk>/edit/", EDIT, ONE, "station"),
    post("desk/stations/<int:pk>/edit/", EDIT, "in 404 404 422 in in in", "station"),
    post("desk/stations/<int:pk>/act/", EDIT, "in 404 404 422 in in in", "station", do="host"),
    get("desk/stations/<int:pk>/sheet/", VIEW, ONE, "station"),
    get("desk/stations/things/", VIEW, LIST),
    post("desk/stations/things/export/", EXPORT, LIST),
    get("desk/stations/things/template/", EDIT, LIST),
    get("desk/stations/things/import/", EDIT, LIST),
    post("desk/stations/things/import/", EDIT, "in 422 404 422 in in in"),
    get("desk/stations/repairs/", VIEW, LIST),
    post("desk/stations/repairs/export/", EXPORT, LIST),
    get("desk/stations/calendar/", VIEW, LIST),
    get("desk/stations/rooms/", VIEW, LIST),
    get("desk/stations/rooms/new/", EDIT, LIST),
    post("desk/stations/rooms/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/stations/corners/", VIEW, LIST),
    get("desk/stations/corners/<int:pk>/", VIEW, ONE, "corner"),
    post("desk/stations/corners/<int:pk>/act/", EDIT, DONE, "corner", do="drop", why="要拆了"),
    get("desk/stations/hours/", VIEW, LIST),
    post("desk/stations/hours/export/", EXPORT, LIST),
    post("desk/stations/export/", EXPORT, LIST),
    post("desk/stations/rooms/export/", EXPORT, LIST),
    post("desk/stations/corners/export/", EXPORT, LIST),
    post("desk/stations/hours/<int:pk>/act/", EDIT, DONE, "help claim", do="confirm"),
    get("desk/stations/figures/", "figures.view", LIST),
]
ROWS = [*PHONE, *BEHIND, *DESK]


def furnish(where: Where) -> dict[str, Any]:
    how: dict[str, Any] = {"by": BY, "now": timezone.now(), "reason": "test"}
    resident, party = where.resident, party_of(where.resident)
    station = make_station(where.community, couplets=True)
    acts.add_host(station, where.account, "何阿姨", by=BY, reason="test")
    thing, service = make_thing(station), make_service(station)
    activity = culture.open_activity(station, "painting", "画画", at(14, days=2), 120, 5, **how)  # type: ignore[arg-type]
    room = acts.open_room(
        where.community, {"name": "议事厅", "where": "二楼"}, [(range(7), 480, 1200)], by=BY, reason="test"
    )
    during = DateTimeTZRange(at(9, days=3), at(10, days=3))
    hold = Hold.objects.create(resource=room.resource, seat=1, during=during)
    Booking.objects.create(
        resource=room.resource, hold=hold, resident=resident, called=party.called, community=where.community,
        during=during, state="booked",
    )  # fmt: skip
    corner = corners.register(where.community, "架空层", "7 栋", **how)
    corners.propose(corner, resident, "下棋", **how)
    counted = hours.claim(resident, None, "值班", 60, timezone.localdate(), **how)
    hours.confirm(counted, **how)
    certificate = hours.certify(resident, **how)
    return {
        "station": station.pk,
        "thing": thing.pk,
        "thing kind": thing.kind_id,
        "service": service.pk,
        "activity": activity.pk,
        "room": room.pk,
        "corner": corner.pk,
        "matter kind": "repair",
        "repair": mending.register(station, party, "雨伞", **how).pk,
        "help claim": hours.claim(resident, None, "扫雪", 30, timezone.localdate(), **how).pk,
        "hours certificate": certificate.pk,
        "certificate code": certificate.code,
        "counter word": "repair",
        "lend word": "lend",
    }
