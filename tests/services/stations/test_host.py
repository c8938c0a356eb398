"""The host's counter: one tap, one station, no register; paper typed in once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.foundation.access.test_reveal import with_phone
from tests.guards import sign_in
from tests.people import Town, make_account, make_signed_up
from tests.services.stations.make import at, make_host, make_service, make_station, make_thing, neighbour

from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.people.models import Account
from jiamenkou.services.stations.models import Loan, Repair, SheetLine, Station
from jiamenkou.services.stations.states import ThingState

NUMBER = "13800001234"


def browser_for(client: Client, account: Account | None) -> Client:
    assert account is not None
    sign_in(client, account, strong=False)
    return client


@pytest.fixture
def kept(town: Town, client: Client) -> tuple[Station, Client]:
    station = make_station(town.community)
    return station, browser_for(client, make_host(station).account)


def base(station: Station) -> str:
    return f"/stations/host/{station.pk}/"


def test_lent_and_taken_back_in_one_tap(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    thing = make_thing(station)
    neighbour(town.community, name="苏映禾")
    counter = f"{base(station)}for/lend/{thing.pk}/"
    found = browser.post(counter, {"name": "苏映禾", "building": "3 栋"})
    assert found.status_code == 200 and "苏女士" in found.content.decode()
    choice = found.context["found"][0].choice
    done = browser.post(counter, {"name": "苏映禾", "building": "3 栋", "choice": choice})
    assert done.status_code == 302 and "苏" not in done["Location"]
    again = browser.post(counter, {"name": "苏映禾", "building": "3 栋", "choice": choice})
    assert again.status_code == 422 and "已经借给" in again.content.decode()
    back = browser.post(f"{base(station)}act/", {"do": "return", "pk": thing.pk})
    assert back.status_code == 200 and "还好了" in back.content.decode()
    twice = browser.post(f"{base(station)}act/", {"do": "return", "pk": thing.pk})
    assert twice.status_code == 409 and "可能已经还过了" in twice.content.decode()
    assert Loan.objects.count() == 1


def test_the_search_is_by_whole_name_and_before_anything_is_written(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    thing = make_thing(station)
    neighbour(town.community, name="苏映禾")
    neighbour(town.neighbour, name="苏映禾")
    counter = f"{base(station)}for/lend/{thing.pk}/"
    assert len(browser.post(counter, {"name": "苏映禾", "building": "3 栋"}).context["found"]) == 1
    assert browser.post(counter, {"name": "苏映", "building": "3 栋"}).context["found"] == []
    assert browser.post(counter, {"name": "苏映禾", "building": "13 栋"}).context["found"] == []
    assert browser.post(counter, {"name": "苏", "building": "3 栋"}).status_code == 422
    assert not Loan.objects.exists()
    new = browser.post(counter, {"name": "老郑", "building": "5 栋", "new": "1"})
    assert new.status_code == 302
    assert Loan.objects.get().resident_id is None


def test_a_choice_is_good_at_its_own_station_only(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    other = make_station(town.community)
    make_host(other, Account.objects.get(pk=station.hosts.get().account_id))
    neighbour(town.community, name="苏映禾")
    here, there = make_thing(station), make_thing(other)
    found = browser.post(f"{base(station)}for/lend/{here.pk}/", {"name": "苏映禾", "building": "3 栋"})
    choice = found.context["found"][0].choice
    wrong = browser.post(
        f"{base(other)}for/lend/{there.pk}/", {"name": "苏映禾", "building": "3 栋", "choice": choice}
    )
    assert wrong.status_code == 422 and not Loan.objects.exists()


def test_only_its_own_station(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    other = make_station(town.community)
    thing = make_thing(other)
    assert browser.get(base(other)).status_code == 404
    assert browser.post(f"{base(other)}act/", {"do": "return", "pk": thing.pk}).status_code == 404
    assert browser.post(f"{base(station)}act/", {"do": "return", "pk": thing.pk}).status_code == 404


def test_the_station_is_gone_for_a_host_who_left(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    assert browser.get(base(station)).status_code == 200
    station.hosts.update(ended_at=timezone.now())
    assert browser.get(base(station)).status_code == 404


def test_a_phone_by_one_tap_is_written_down_for_the_person(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    person, party = neighbour(town.community, name="苏映禾")
    with_phone(person, NUMBER)
    repair = Repair.objects.create(
        station=station, community=town.community, resident=person, called=party.called, building="3 栋", what="雨伞", code="1234"
    )  # fmt: skip
    page = browser.get(base(station)).content.decode()
    assert NUMBER not in page and "苏映禾" not in page
    shown = browser.post(f"{base(station)}act/", {"do": "phone", "kind": "repair", "pk": repair.pk})
    assert NUMBER in shown.content.decode() and NUMBER not in shown.request["PATH_INFO"]
    look = Reveal.objects.get()
    assert look.resident == person and station.name in look.reason


def line(number: int, **cells: str) -> dict[str, str]:
    return {f"{name}-{number}": value for name, value in cells.items()}


def test_paper_is_typed_in_once(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    thing = make_thing(station, number="轮椅-1")
    today = timezone.localdate()
    sheet: dict[str, Any] = {"day": today.isoformat()}
    sheet |= line(1, do="lend", what="轮椅-1", name="老郑", building="5 栋", clock="0:05")
    sheet |= line(2, do="repair", what="雨伞", name="老郑", building="5 栋", clock="")
    sheet |= line(3, do="return", what="拐杖-9")
    first = browser.post(f"{base(station)}type-in/", sheet)
    assert first.status_code == 422 and "没有编号“拐杖-9”" in first.content.decode()
    assert (Loan.objects.count(), Repair.objects.count(), SheetLine.objects.count()) == (1, 1, 2)
    again = browser.post(f"{base(station)}type-in/", sheet)
    assert (Loan.objects.count(), Repair.objects.count(), SheetLine.objects.count()) == (1, 1, 2)
    assert "借出 轮椅-1" in again.content.decode()
    changed = browser.post(
        f"{base(station)}type-in/", {"day": today.isoformat()} | line(1, do="return", what="轮椅-1")
    )
    assert changed.status_code == 422
    thing.refresh_from_db()
    assert thing.state == ThingState.LENT


def test_paper_of_tomorrow_and_clocks_that_are_none(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    make_thing(station, number="轮椅-1")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    cells = {"do": "lend", "what": "轮椅-1", "name": "老郑", "building": "5 栋"}
    future = browser.post(f"{base(station)}type-in/", {"day": tomorrow} | line(1, **cells, clock="9:00"))
    assert future.status_code == 422 and "还没到" in future.content.decode()
    today = timezone.localdate().isoformat()
    wrong = browser.post(f"{base(station)}type-in/", {"day": today} | line(1, **cells, clock="二十五点"))
    assert wrong.status_code == 422 and "9:30" in wrong.content.decode()
    assert not Loan.objects.exists()


def test_known_names_on_paper_are_asked_about(town: Town, kept: tuple[Station, Client]) -> None:
    station, browser = kept
    make_thing(station, number="轮椅-1")
    person, _party = neighbour(town.community, name="苏映禾")
    sheet = {"day": timezone.localdate().isoformat()}
    cells = {"do": "lend", "what": "轮椅-1", "name": "苏映禾", "building": "3 栋"}
    asked = browser.post(f"{base(station)}type-in/", sheet | line(1, **cells))
    assert asked.status_code == 422 and "是哪一位" in asked.content.decode()
    choice = asked.context["rows"][0]["found"][0].choice
    browser.post(f"{base(station)}type-in/", sheet | line(1, **cells, choice=choice))
    assert Loan.objects.get().resident == person


@pytest.mark.parametrize("do", ["", "nothing", "return", "repair", "came", "phone"])
def test_nonsense_is_answered(town: Town, kept: tuple[Station, Client], do: str) -> None:
    station, browser = kept
    for number in ("", "x", "9" * 30, "0"):
        assert browser.post(f"{base(station)}act/", {"do": do, "pk": number}).status_code in {404, 409}


def test_a_resident_books_and_the_taken_slot_is_explained(town: Town, client: Client) -> None:
    station = make_station(town.community)
    service = make_service(station)
    person, _party = neighbour(town.community)
    browser = browser_for(client, make_signed_up(person))
    stamp = at(9).strftime("%Y-%m-%dT%H:%M")
    assert browser.get(f"/stations/services/{service.pk}/?start={stamp}").status_code == 200
    assert browser.get(f"/stations/services/{service.pk}/?start=rubbish").status_code == 200
    assert browser.post(f"/stations/services/{service.pk}/book/", {"start": stamp}).status_code == 302
    second, _party = neighbour(town.community)
    other = browser_for(client, make_signed_up(second))
    taken = other.post(f"/stations/services/{service.pk}/book/", {"start": stamp})
    assert taken.status_code == 409 and "9:30" in taken.content.decode()


def test_somebody_who_is_nobody_yet_says_who_first(town: Town, client: Client) -> None:
    station = make_station(town.community)
    browser = browser_for(client, make_account())
    answer = browser.get(f"/stations/{station.pk}/repair/")
    assert answer.status_code == 302 and answer["Location"].startswith("/me/link/")
