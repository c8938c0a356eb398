"""Registering one person: looked for first; nobody of another community is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Resident, TransferRequest
from jiamenkou.services.jobs.models import Intention
from tests.fronts.desk.make import number_of, person
from tests.people import Town, make_staff
from tests.services.jobs.make import make_intention

NEW = "/desk/residents/new/"


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def test_somebody_new_in_three_steps(desk: Client, town: Town) -> None:
    assert desk.get(NEW).status_code == 200
    identity = number_of("19850302", 2)
    for given in ({"name": "苏映禾"}, {"name": "", "phones": "13800005172"}, {"name": "苏映禾", "identity": "1"}):
        assert desk.post(NEW, given).status_code == 422
    shown = desk.post(NEW, {"name": "苏映禾", "identity": identity, "phones": "13800005172"})
    assert shown.status_code == 200
    initial = shown.context["form"].initial
    assert (str(initial["birth_date"]), initial["sex"]) == ("1985-03-02", "female")
    given = {
        "name": "苏映禾",
        "identity": identity,
        "phones": "13800005172",
        "birth_date": "1985-03-02",
        "grid": town.grids[0].pk,
        "employment": "looking",
    }
    wrong = desk.post(f"{NEW}form/", {**given, "birth_date": "1986-03-02"})
    assert list(wrong.context["form"].errors) == ["birth_date"]
    assert desk.post(f"{NEW}form/", {**given, "grid": town.neighbour_grids[0].pk}).status_code == 422
    answer = desk.post(f"{NEW}form/", given)
    resident = Resident.objects.get()
    assert answer["Location"] == f"/desk/residents/{resident.pk}/"
    assert (resident.community, resident.grid, resident.phone_masked) == (town.community, town.grids[0], "138****5172")
    assert resident.name_key == "su ying he 苏映禾"


def test_the_same_person_is_found_and_not_made_again(desk: Client, town: Town) -> None:
    identity = number_of("19850302", 2)
    known = person(town.community, name="苏映禾", identity=identity, phones=("13800005172",))
    page = desk.post(NEW, {"name": "苏英禾", "identity": identity})
    assert [row["person"] for row in page.context["rows"]] == [known]
    assert "就是同一位" in page.content.decode()
    assert "都不是" not in page.content.decode()
    page = desk.post(NEW, {"name": "苏映禾", "phones": "13800005172"})
    assert "都不是，登记新的" in page.content.decode()
    given = {"name": "苏映禾", "birth_date": "1985-03-02", "grid": town.grids[0].pk}
    similar = desk.post(f"{NEW}form/", given)
    assert "请先看看是不是同一位" in similar.content.decode()
    fresh = desk.post(
        f"{NEW}form/", {"fresh": "1", "name": "苏映禾", "phones": "13800005172", "birth_date": "", "identity": ""}
    )
    assert 'name="although_similar"' in fresh.content.decode()
    assert desk.post(f"{NEW}form/", {**given, "although_similar": "1"}).status_code == 302
    assert Resident.objects.filter(name="苏映禾").count() == 2


def test_transfer_shows_nothing_and_moves_everything(client_for: Any, desk: Client, town: Town) -> None:
    identity = number_of("19850302", 2)
    there = person(town.neighbour, town.neighbour_grids[0], name="苏映禾", identity=identity, phones=("13800005172",))
    make_intention(there)
    page = desk.post(NEW, {"name": "苏映禾", "identity": identity})
    text = page.content.decode()
    assert "已在其他社区登记" in text
    assert page.context["rows"] == []
    for secret in ("银杏里", "138****5172", f"/desk/residents/{there.pk}/"):
        assert secret not in text
    assert desk.post(f"{NEW}transfer/", {"identity": ""}).status_code == 409
    unknown = desk.post(f"{NEW}transfer/", {"identity": number_of("19850302", 4)})
    assert unknown.status_code == 409
    for _ in range(2):
        asked = desk.post(f"{NEW}transfer/", {"identity": identity, "note": "上月搬来"})
        assert asked.status_code == 302
    request = TransferRequest.objects.get()
    assert desk.get("/desk/transfers/").context["rows"] == []
    assert desk.post(f"/desk/transfers/{request.pk}/", {"do": "yes"}).status_code == 404

    holder = client_for(make_staff(Role.WORKER, town.neighbour))
    assert "桂花园社区申请转入" in holder.get("/desk/").content.decode()
    assert "上月搬来" in holder.get("/desk/transfers/").content.decode()
    assert holder.post(f"/desk/transfers/{request.pk}/", {"do": "maybe"}).status_code == 404
    assert holder.post(f"/desk/transfers/{request.pk}/", {"do": "yes"}).status_code == 302
    there.refresh_from_db()
    assert (there.community, there.grid, there.household) == (town.community, None, None)
    assert Intention.objects.get().community == town.community
    assert holder.get(f"/desk/residents/{there.pk}/").status_code == 404
    assert desk.get(f"/desk/residents/{there.pk}/").status_code == 200


def test_a_refused_transfer_changes_nothing(client_for: Any, desk: Client, town: Town) -> None:
    identity = number_of("19850302", 2)
    there = person(town.neighbour, name="苏映禾", identity=identity)
    desk.post(f"{NEW}transfer/", {"identity": identity})
    holder = client_for(make_staff(Role.WORKER, town.neighbour))
    request = TransferRequest.objects.get()
    assert holder.post(f"/desk/transfers/{request.pk}/", {"do": "no"}).status_code == 302
    there.refresh_from_db()
    request.refresh_from_db()
    assert (there.community, request.granted) == (town.neighbour, False)
    assert holder.post(f"/desk/transfers/{request.pk}/", {"do": "yes"}).status_code == 404
