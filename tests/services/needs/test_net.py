"""Who answers for a door, nearest first; what nobody answers for; handing over what is in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.foundation.cases.make import make_case, make_office
from tests.people import Town, make_employer, make_resident, make_signed_up, make_staff
from tests.services.needs.make import make_category, make_duty, make_need

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.actions.handling import assign
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Household, Membership, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import net
from jiamenkou.services.needs.actions.net import hand_over, living_in, take_on
from jiamenkou.services.needs.models import Duty, Project
from jiamenkou.services.needs.states import DutyRole

pytestmark = pytest.mark.postgres
NOBODY = Actor(None)


@pytest.fixture
def building(town: Town) -> Place:
    return Place.plant(town.grids[0], code="32-1-1-1-1", kind=PlaceKind.BUILDING, name="3 栋")


@pytest.fixture
def unit(building: Place) -> Place:
    return Place.plant(building, code="32-1-1-1-1-2", kind=PlaceKind.UNIT, name="2 单元")


def at_home(town: Town, unit: Place, **fields: Any) -> Resident:
    household = Household.objects.create(
        community=town.community, grid=town.grids[0], unit=unit, door="3 栋 2 单元 501"
    )
    person = make_resident(town.community, town.grids[0], household=household, **fields)
    Membership.objects.create(household=household, resident=person)
    return person


def test_the_nearest_comes_first_each_with_a_published_number(
    town: Town, building: Place, unit: Place, client_for: Any, client: Any
) -> None:
    person, today = at_home(town, unit), timezone.localdate()
    Place.objects.filter(pk=town.grids[0].pk).update(phone="0519-00000101")
    steward = make_employer("桂花园物业", community=town.community, phone="0519-00000200")
    make_duty(town.community, "steward", name="夏管家", organisation=steward)
    make_duty(town.community, "party", name="马书记")
    make_duty(town.grids[0], name="周网格员")
    make_duty(building, "building_head", name="李阿姨")
    make_duty(town.grids[1], name="隔壁网格员")
    make_duty(town.neighbour, "staff", name="隔壁社区")
    make_duty(building, "volunteer", name="以前的人", until=today - timedelta(days=1))
    make_duty(building, "volunteer", name="以后的人", since=today + timedelta(days=1))
    found = [(one.duty.name, one.phone, one.asked_at) for one in net.answering(net.place_of(person), today)]
    assert found == [
        ("李阿姨", "0519-00000101", "第一网格"),
        ("周网格员", "0519-00000101", ""),
        ("夏管家", "0519-00000200", ""),
        ("马书记", "0519-00001234", ""),
    ]
    page = client_for(make_signed_up(person)).get("/needs/net/").content.decode()
    assert 'href="tel:0519-00000101"' in page
    assert "第一网格的电话，说找李阿姨" in page
    assert "隔壁" not in page
    stranger = client.get("/needs/net/").content.decode()
    assert "李阿姨" not in stranger, "whoever has not signed in is shown the community's"


def test_gaps_are_listed_and_filled(town: Town, building: Place, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    page = desk.get("/desk/needs/net/?only=gaps").content.decode()
    assert "没有网格员" in page
    assert "1 栋没有楼栋长" in page
    grid = town.grids[0]
    today = timezone.localdate().isoformat()
    form = {"role": "grid_worker", "name": "周网格员", "since": today, "account": "", "organisation": ""}
    assert desk.post(f"/desk/needs/net/{grid.pk}/add/", form).status_code == 302
    twice = desk.post(f"/desk/needs/net/{grid.pk}/add/", form)
    assert twice.status_code == 422
    assert "已经在这一片" in twice.content.decode()
    assert desk.post(f"/desk/needs/net/{building.pk}/add/", form | {"role": "building_head"}).status_code == 302
    assert "都有人" in desk.get("/desk/needs/net/?q=周网格员&sort=-homes").content.decode()
    assert desk.post(f"/desk/needs/net/{grid.pk}/phone/", {"phone": "打我"}).status_code == 422
    assert desk.post(f"/desk/needs/net/{grid.pk}/phone/", {"phone": "0519-00000101"}).status_code == 302
    assert "0519-00000101" in desk.get(f"/desk/needs/net/{building.pk}/print/").content.decode()
    assert desk.post(f"/desk/needs/net/{town.community.pk}/phone/", {"phone": "0519-1"}).status_code == 422
    for bad in ({"role": "king"}, {"since": "x"}, {"name": ""}, {"account": "9" * 25}, {"organisation": "x"}):
        assert desk.post(f"/desk/needs/net/{grid.pk}/add/", form | {"name": "新人"} | bad).status_code == 422, bad
    assert desk.get(f"/desk/needs/net/{town.neighbour.pk}/").status_code == 404
    assert desk.get(f"/desk/needs/net/{town.street.pk}/").status_code == 404


def test_who_leaves_hands_over_projects_and_tells_those_who_live_there(
    town: Town, building: Place, unit: Place, client_for: Any
) -> None:
    leaving = make_staff(Role.GRID_WORKER, town.grids[0], display_name="周望")
    coming = make_staff(Role.GRID_WORKER, town.grids[0], display_name="顾青禾")
    person, other = at_home(town, unit), make_resident(town.community, town.grids[1])
    make_signed_up(person)
    make_signed_up(other)
    category = make_category()
    make_need(person, category)
    project = Project.objects.create(
        title="剪发班", kind="class", category=category, community=town.community, lead=leaving,
        opens_on=timezone.localdate() + timedelta(days=3),
    )  # fmt: skip
    duty = make_duty(town.grids[0], name="周望", account=leaving)
    elsewhere = make_duty(town.grids[1], name="别处的人")
    desk = client_for(make_staff(Role.WORKER, town.community))
    address = f"/desk/needs/net/duty/{duty.pk}/"
    page = desk.get(address).content.decode()
    assert "剪发班" in page
    assert "1 位居民会收到消息" in page
    assert "1 条需求等回音" in page
    successor = make_duty(town.grids[0], name="顾青禾", account=coming)
    today = timezone.localdate()
    early = {"successor": successor.pk, "on": (today - timedelta(days=400)).isoformat()}
    assert desk.post(address, early).status_code == 422
    assert desk.post(address, {"successor": elsewhere.pk, "on": today.isoformat()}).status_code == 422
    form = {"successor": successor.pk, "on": today.isoformat(), "why": "调到街道"}
    assert desk.post(address, form).status_code == 302
    assert desk.post(address, form).status_code == 422, "once"
    project.refresh_from_db()
    assert project.lead == coming
    told = Message.objects.filter(notice="needs.handed_over")
    assert [(message.resident, message.href) for message in told] == [(person, "/needs/net/")]
    after = desk.get(f"/desk/needs/net/{town.grids[0].pk}/").content.decode()
    assert "顾青禾" in after
    tomorrow = today + timedelta(days=1)
    assert [one.name for one in Duty.objects.on(tomorrow).filter(place=town.grids[0])] == ["顾青禾"]


def test_without_a_successor_what_is_in_hand_stays_and_the_gap_shows(town: Town) -> None:
    leaving = make_staff(Role.GRID_WORKER, town.grids[0])
    by = Actor(make_staff(Role.WORKER, town.community))
    today = timezone.localdate()
    Project.objects.create(
        title="剪发班", kind="class", category=make_category(), community=town.community, lead=leaving, opens_on=today
    )
    duty = make_duty(town.grids[0], account=leaving)
    handed = hand_over(duty, None, by=by, on=today, why="", reason="t")
    assert (handed.told, handed.moved, handed.left) == (0, 0, 1)
    assert not Message.objects.exists()
    with pytest.raises(Conflict, match="已经交接"):
        hand_over(duty, None, by=by, on=today, why="", reason="t")
    gaps = {part.place: part.gaps for part in net.grids_of([town.community.pk], today + timedelta(days=1))}
    assert "没有网格员" in gaps[town.grids[0]]


def test_a_place_that_is_closed_or_too_high_takes_nobody(town: Town, building: Place) -> None:
    Place.objects.filter(pk=building.pk).update(closed_on=timezone.localdate(), merged_into=town.grids[1])
    building.refresh_from_db()
    for place in (building, town.street):
        with pytest.raises(Refused, match="网格、楼栋"):
            take_on(place, DutyRole.STAFF, "某人", by=NOBODY, since=timezone.localdate(), reason="t")
    assert building not in [part.place for part in net.below(town.grids[0], timezone.localdate())]
    with pytest.raises(IntegrityError), transaction.atomic():
        duty = make_duty(town.grids[0])
        Duty.objects.filter(pk=duty.pk).update(until=duty.since - timedelta(days=1))


def test_those_who_live_in_a_building_are_found_once(town: Town, building: Place, unit: Place) -> None:
    person = at_home(town, unit)
    make_resident(town.community, town.grids[0])
    assert list(living_in(building)) == [person]
    assert living_in(town.grids[0]).count() == 2


def test_a_case_in_hand_goes_to_the_successor_with_a_clock_of_its_own(town: Town) -> None:
    office = make_office(town)
    case = make_case(office)
    assign(case, Desk(town.grids[0], Role.GRID_WORKER), by=office.worker, reason="t", account=office.grid.account)
    coming = make_staff(Role.GRID_WORKER, town.grids[0])
    duty = make_duty(town.grids[0], account=office.grid.account)
    successor = make_duty(town.grids[0], account=coming)
    due = Case.objects.get(pk=case.pk).due_at
    handed = hand_over(duty, successor, by=office.worker, on=timezone.localdate(), why="", reason="t")
    assert (handed.moved, handed.left) == (1, 0)
    case = Case.objects.get(pk=case.pk)
    assert (case.holder, case.due_at) == (coming, due), "the case clock is not touched"
