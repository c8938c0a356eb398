"""The weekly round: a proposal that places more people than first come, first served; sent only when confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.jobs.models import Application

HERE = "/desk/jobs/weekly/"


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def pairs(desk: Client) -> list[str]:
    return re.findall(r'name="pair" value="(\d+:\d+)"', desk.get(HERE).content.decode())


def test_everybody_is_placed_whom_an_order_can_place(desk: Client, town: Town) -> None:
    """The first can take both posts, the second only the early one: first come, first served may leave one out."""
    early = make_vacancy(community=town.community, headcount=1, weekdays=31, start_minute=480, end_minute=900)
    late = make_vacancy(
        community=town.community, title="护理员（晚班）", headcount=1, weekdays=31, start_minute=900, end_minute=1260
    )
    free = make_intention(make_resident(town.community, name="褚云岫"))
    mother = make_intention(make_resident(town.community, name="沐云舒"), school_run=True)
    assert set(pairs(desk)) == {f"{free.pk}:{late.pk}", f"{mother.pk}:{early.pk}"}
    assert not Application.objects.exists(), "nothing is sent by looking"


def test_what_is_confirmed_is_recommended_once(desk: Client, town: Town) -> None:
    vacancy = make_vacancy(community=town.community, headcount=1)
    kept, dropped = (make_intention(make_resident(town.community)) for _ in range(2))
    offered = pairs(desk)
    assert len(offered) == 1, "within the head-count"
    answer = desk.post(HERE, {"pair": offered})
    assert answer.status_code == 302
    application = Application.objects.get()
    assert (application.state, application.vacancy) == ("recommended", vacancy)
    assert application.resident_id in {kept.resident_id, dropped.resident_id}
    assert pairs(desk) == [], "the place is spoken for"


def test_a_full_lane_takes_nobody_more(desk: Client, town: Town) -> None:
    vacancy = make_vacancy(community=town.community, headcount=1)
    wishes = [make_intention(make_resident(town.community)) for _ in range(vacancy.cap + 2)]
    desk.post(HERE, {"pair": [f"{wish.pk}:{vacancy.pk}" for wish in wishes]})
    assert Application.objects.count() == vacancy.cap


@pytest.mark.parametrize("sent", [[], ["x"], ["1"], ["1:2:3"], ["²:1"], ["9" * 30 + ":1"]])
def test_garbage_sends_nothing(desk: Client, town: Town, sent: list[str]) -> None:
    assert desk.post(HERE, {"pair": sent}).status_code == 302
    assert not Application.objects.exists()


def test_other_communities_are_out_of_reach(desk: Client, town: Town) -> None:
    vacancy = make_vacancy(community=town.community)
    theirs = make_intention(make_resident(town.neighbour))
    assert desk.post(HERE, {"pair": [f"{theirs.pk}:{vacancy.pk}"]}).status_code == 404
    assert desk.post(HERE, {"pair": ["1:999999"]}).status_code == 404
