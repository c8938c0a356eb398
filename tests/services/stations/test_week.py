"""The week of every calendar on the desk: what it shows, and that more calendars cost no more questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.people import Town, make_staff
from tests.services.stations.make import BY, make_service, make_station, neighbour

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.bookings.ending import close_day
from jiamenkou.foundation.bookings.models import Hold, Resource
from jiamenkou.foundation.bookings.people import stranger
from jiamenkou.services.stations.actions import culture
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.desk.calendar import week_rows
from jiamenkou.services.stations.states import ActivityKind

ClientFor = Callable[[Any], Any]


def next_monday() -> date:
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def test_hours_bookings_closed_days_and_holds(town: Town, client_for: ClientFor) -> None:
    station, first = make_station(town.community), next_monday()
    service = make_service(station)
    _person, party = neighbour(town.community, town.grids[0])
    now = timezone.now()
    for hour in (14, 9):
        start = moment(first + timedelta(days=1), hour)
        culture.book_service(service, None, party, start, by=BY, now=now, reason="test", staff=True)
    resource = service.resource
    close_day(resource, first + timedelta(days=2), "师傅回老家", now=now, by=BY, reason="test")
    during = (moment(first + timedelta(days=3), 8), moment(first + timedelta(days=3), 9))
    Hold.objects.create(resource=resource, seat=1, during=during)
    row = week_rows([resource], first)[0]
    assert (row["name"], len(row["days"])) == (resource.name, 7)
    monday, tuesday, wednesday, thursday = row["days"][:4]
    assert (monday["hours"], monday["open"], monday["cells"]) == ("9:00–18:00", True, [])
    assert [cell[:2] for cell in tuesday["cells"]] == [("9:00–9:30", party.called), ("14:00–14:30", party.called)]
    assert (wednesday["hours"], wednesday["open"], wednesday["why"]) == ("休息", False, "师傅回老家")
    assert thursday["cells"] == [("8:00–9:00", "占用", "session")]
    desk = client_for(make_staff(Role.WORKER, town.community))
    page = desk.get(f"/desk/stations/calendar/?from={first}").content.decode()
    assert (
        f"<b>9:00–9:30</b> {party.called}</p>" in page and "师傅回老家" in page and "<b>8:00–9:00</b> 占用</p>" in page
    )
    elsewhere = client_for(make_staff(Role.WORKER, town.neighbour)).get("/desk/stations/calendar/")
    assert party.called not in elsewhere.content.decode()


def test_a_session_stands_once_whatever_seats_it_holds(town: Town) -> None:
    station, first = make_station(town.community), next_monday()
    room = acts.open_room(
        town.community, {"name": "活动室", "where": "一楼", "people": 30}, [(range(7), 480, 1260)], capacity=2, by=BY,
        reason="test",
    )  # fmt: skip
    start = moment(first, 14)
    activity = culture.open_activity(
        station, ActivityKind.PAINTING, "周一画画角", start, 120, 10, by=BY, now=timezone.now(), reason="test"
    )
    Hold.objects.filter(session=activity.session).update(resource=room.resource)
    during = (start, start + timedelta(hours=2))
    Hold.objects.create(resource=room.resource, seat=2, during=during, session=activity.session)
    cells = week_rows([room.resource], first)[0]["days"][0]["cells"]
    assert cells == [("14:00–16:00", "周一画画角", "session")]


def test_a_name_is_drawn_as_text(town: Town, client_for: ClientFor) -> None:
    station, first = make_station(town.community), next_monday()
    service = make_service(station)
    who = stranger("<b>李</b>", "3 栋", town.community.pk)
    start = moment(first, 10)
    culture.book_service(service, None, who, start, by=BY, now=timezone.now(), reason="test", staff=True)
    desk = client_for(make_staff(Role.WORKER, town.community))
    page = desk.get(f"/desk/stations/calendar/?from={first}").content.decode()
    assert "<b>李</b>" not in page and "&lt;b&gt;李" in page


def test_more_calendars_ask_no_more(town: Town) -> None:
    station = make_station(town.community)
    make_service(station)

    def asked() -> int:
        resources = list(Resource.objects.filter(kind="person").order_by("id"))
        with CaptureQueriesContext(connection) as queries:
            week_rows(resources, next_monday())
        return len(queries)

    one = asked()
    for number in range(4):
        acts.add_service(station, "约", f"师傅{number}", [(range(7), 480, 1200)], by=BY, reason="test")
    assert one == asked() == 3


def test_a_station_with_more_services_asks_no_more(town: Town, client: Any) -> None:
    station = make_station(town.community)
    make_service(station)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/stations/{station.pk}/").content.decode()
        assert page.count("看所有时间") == station.services.count()
        return len(queries)

    asked()
    one = asked()
    for number in range(4):
        acts.add_service(station, "约", f"师傅{number}", [(range(7), 480, 1200)], by=BY, reason="test")
    assert asked() == one
