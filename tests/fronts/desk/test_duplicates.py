"""Pairs side by side, decided once, merged and taken apart again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import MergeRecord, PairDecision, Resident
from jiamenkou.services.jobs.models import Intention
from tests.fronts.desk.make import person
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_intention

HERE = "/desk/residents/duplicates/"


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


@pytest.fixture
def pair(town: Town) -> list[Resident]:
    return [
        person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",), birth_date=date(1991, 3, 2)),
        person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",), birth_date=date(1991, 3, 2)),
    ]


def test_same_person_is_merged_and_taken_apart(desk: Client, pair: list[Resident]) -> None:
    kept, gone = pair
    make_intention(gone)
    page = desk.get(HERE)
    assert [(one["first"], one["second"]) for one in page.context["pairs"]] == [(kept, gone)]
    assert "姓名和出生日期" in page.content.decode()
    sent = {"first": kept.pk, "second": gone.pk, "do": "keep-first"}
    assert desk.post(f"{HERE}decide/", sent).status_code == 302
    assert Intention.objects.get().resident == kept
    assert desk.get(HERE).context["pairs"] == []
    assert desk.get(f"/desk/residents/{gone.pk}/").status_code == 404
    record = MergeRecord.objects.get()
    assert desk.post(f"{HERE}{record.pk}/undo/").status_code == 302
    assert Intention.objects.get().resident == gone
    assert desk.post(f"{HERE}{record.pk}/undo/").status_code == 404
    assert len(desk.get(HERE).context["pairs"]) == 1


def test_two_people_are_remembered_and_later_comes_last(desk: Client, town: Town, pair: list[Resident]) -> None:
    others = [make_resident(town.community, name="古月笙", birth_date=date(1970, 1, 1)) for _ in range(2)]
    desk.post(f"{HERE}decide/", {"first": pair[1].pk, "second": pair[0].pk, "do": "later"})
    assert [one["first"] for one in desk.get(HERE).context["pairs"]] == [others[0], pair[0]]
    desk.post(f"{HERE}decide/", {"first": pair[0].pk, "second": pair[1].pk, "do": "different"})
    assert [one["first"] for one in desk.get(HERE).context["pairs"]] == [others[0]]
    assert PairDecision.objects.count() == 1


def test_strangers_and_garbage(client_for: Any, desk: Client, town: Town, pair: list[Resident]) -> None:
    sent = {"first": pair[0].pk, "second": pair[1].pk, "do": "keep-first"}
    stranger = client_for(make_staff(Role.WORKER, town.neighbour))
    assert stranger.get(HERE).context["pairs"] == []
    assert stranger.post(f"{HERE}decide/", sent).status_code == 404
    assert client_for(make_staff(Role.GRID_WORKER, town.grids[0])).get(HERE).status_code == 404
    for wrong in ({"first": "x"}, {"do": "nonsense"}, {"second": "9" * 30}):
        assert desk.post(f"{HERE}decide/", {**sent, **wrong}).status_code == 404
    assert desk.post(f"{HERE}decide/", {**sent, "second": pair[0].pk}).status_code == 409
    assert desk.get(f"{HERE}?page=x").status_code == 200
    assert not MergeRecord.objects.exists()
