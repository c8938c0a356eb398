"""The store of the phone: what the worker may answer, what the page of everybody holds, whose keys are whose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from jiamenkou.foundation.cases.models import Case
from jiamenkou.fronts.phone.offline import OWN, SHELL, UNTOUCHED
from jiamenkou.services.jobs.models import SavedVacancy
from tests import guards
from tests.foundation.cases.make import Office
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import Town, make_account, make_signed_up

ClientFor = Callable[[Any], Client]
KEPT = ["/", "/jobs/", "/jobs/?near=1", "/me/things/", "/me/messages/", "/help/", "/help/report/", "/stations/", "/groups/",
        "/groups/orders/", "/needs/"]  # fmt: skip
NOT_KEPT = ["/me/", "/me/devices/", "/me/privacy/", "/me/archive/", "/me/notices/", "/me/link/", "/jobs/wish/"]


def text_of(name: str) -> str:
    with open(str(finders.find(name)), encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def phone(client_for: ClientFor, scene: Scene) -> Client:
    return client_for(scene.account)


def test_the_page_of_the_store_is_everybodys() -> None:
    page = Client().get("/offline/")
    assert page.status_code == 200 and not page.cookies
    assert "nonce" not in page["Content-Security-Policy"] and "script-src 'self'" in page["Content-Security-Policy"]
    assert "csrf" not in page.content.decode()


def test_the_worker_answers_for_residents_pages_only() -> None:
    answer = Client().get("/offline/worker.js")
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "max-age=600")
    script = answer.content.decode()
    assert all(f'"{prefix}"' in script for prefix in UNTOUCHED)
    assert {"/desk/", "/admin/", "/api/", "/files/", "/groups/lead/"} <= set(UNTOUCHED)


@pytest.mark.parametrize("name", [name for name in SHELL.files if name.endswith(".js")])
def test_whatever_a_script_needs_is_kept_beside_it(name: str) -> None:
    folder = name.rsplit("/", 1)[0]
    for wanted in re.findall(r'from "(\.[^"]+)"', text_of(name)):
        parts = f"{folder}/{wanted}".split("/")
        while ".." in parts:
            at = parts.index("..")
            del parts[at - 1 : at + 1]
        assert "/".join(part for part in parts if part != ".") in SHELL.files


def test_every_word_of_the_scripts_stands_in_a_template() -> None:
    strip = Client().get("/offline/").content.decode()
    asked = {word for name in OWN for word in re.findall(r'\bword\("(\w+)"\)', text_of(name))}
    assert len(asked) >= 5
    for word in asked:
        attribute = "data-" + re.sub(r"([A-Z])", lambda found: "-" + found[1].lower(), word)
        assert re.search(rf'{attribute}="[^"]+"', strip), word
    for name in OWN:
        lines = [re.sub(r"//.*|^\s*(/?\*).*", "", line) for line in text_of(name).splitlines()]
        assert not re.search(r'["`][^"`]*[\u4e00-\u9fff]', "\n".join(lines)), f"{name} speaks Chinese by itself"


def keys(phone: Client) -> dict[str, Any]:
    answer = phone.post("/offline/key/")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json()
    return told


def tag_on(phone: Client) -> str:
    found = re.search(r'name="phone-tag" content="(\w*)"', phone.get("/").content.decode())
    assert found is not None
    return found[1]


@pytest.mark.postgres
def test_keys_are_of_a_sign_in_and_of_an_account(client_for: ClientFor, scene: Scene, phone: Client) -> None:
    first = keys(phone)
    assert keys(phone) == first and tag_on(phone) == first["tag"]
    assert first["pages"] not in phone.get("/").content.decode()
    again = Client()
    guards.sign_in(again, scene.account)
    second = keys(again)
    assert second["pages"] != first["pages"] and second["tag"] != first["tag"]
    assert (second["waiting"], second["owner"]) == (first["waiting"], first["owner"])
    other = keys(client_for(make_account()))
    assert not {other["pages"], other["waiting"], other["owner"], other["tag"]} & set(map(str, first.values()))
    assert tag_on(Client()) == ""
    assert Client().post("/offline/key/").status_code == 302


@pytest.mark.postgres
def test_acting_for_somebody_else_is_another_store(scene: Scene, phone: Client) -> None:
    before = keys(phone)
    phone.post("/me/acting/", {"resident": scene.mother.pk})
    after = keys(phone)
    assert after["tag"] != before["tag"] and after["waiting"] == before["waiting"]


def keeps(page: str) -> bool:
    return re.search(r'<main id="main"[^>]*data-keep', page) is not None


@pytest.mark.postgres
def test_pages_say_whether_they_are_kept(scene: Scene, phone: Client) -> None:
    mine = [f"/jobs/{scene.vacancies[0].pk}/", f"/jobs/applications/{scene.sent.pk}/"]
    for path in [*KEPT, *mine]:
        assert keeps(phone.get(path).content.decode()), path
    for path in NOT_KEPT:
        assert not keeps(phone.get(path, follow=True).content.decode()), path
    for path in ("/signin/", "/signin/staff/"):
        assert not keeps(Client().get(path).content.decode()), path
    # an answer to a form is no page of its address
    expired = scene.vacancies[-1].pk
    refused = phone.post(f"/jobs/{expired}/apply/")
    assert refused.status_code == 409 and not keeps(refused.content.decode())


@pytest.mark.postgres
def test_saving_is_what_was_seen_when_it_was_pressed(scene: Scene, phone: Client) -> None:
    address = f"/jobs/{scene.vacancies[0].pk}/"
    assert 'name="keep" value="yes"' in phone.get(address).content.decode()
    for keep, kept in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0), ("", 1), ("", 0)):
        phone.post(f"{address}save/", {"keep": keep})
        assert SavedVacancy.objects.count() == kept, keep
    phone.post(f"{address}save/", {"keep": "yes"})
    assert 'name="keep" value="no"' in phone.get(address).content.decode()


@pytest.mark.postgres
def test_what_was_written_without_signal_is_filed_without_asking(office: Office, client_for: ClientFor) -> None:
    phone = client_for(make_signed_up(office.resident))
    told = {"words": "三单元二楼的灯坏了", "promised": "other"}
    asked = phone.post("/help/report/", told, headers={"Idempotency-Key": "a-1"})
    assert asked.status_code == 200 and not Case.objects.exists()
    filed = phone.post("/help/report/", told, headers={"Idempotency-Key": "a-2", "Sent-Later": "1"})
    assert filed["Location"] == f"/help/{Case.objects.get().pk}/"
