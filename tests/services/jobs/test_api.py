"""The room's part of the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.people import Town, make_resident, make_signed_up
from tests.services.jobs.make import make_vacancy

from jiamenkou.services.jobs.models import Application

VACANCIES = "/api/v1/jobs/vacancies"


def test_vacancies_are_public_paged_and_searched(client: Client, town: Town) -> None:
    for number in range(23):
        make_vacancy(title=f"保洁员{number}", community=town.community)
    make_vacancy(title="护理员", community=town.community)
    make_vacancy(title="草稿", state="draft")
    first = client.get(VACANCIES).json()
    assert (first["total"], first["pages"], len(first["items"])) == (24, 2, 20)
    assert len(client.get(VACANCIES, {"page": 2}).json()["items"]) == 4
    assert client.get(VACANCIES, {"page": 9}).json()["items"] == []
    found = client.get(VACANCIES, {"q": "护理"}).json()["items"]
    assert [one["title"] for one in found] == ["护理员"]
    assert (found[0]["pay"], found[0]["pay_min_fen"]) == ("4200–4600 元/月", 420000)
    one = client.get(f"{VACANCIES}/{found[0]['id']}").json()
    assert one == found[0]
    assert one["url"].count("/q/") == 1


def test_what_an_answer_holds_is_public(client: Client, town: Town) -> None:
    vacancy = make_vacancy(phone="13800006217", contact="蒋经理", source_text="内部原文")
    text = client.get(f"{VACANCIES}/{vacancy.pk}").content.decode()
    assert "内部原文" not in text and "source" not in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page": "x"}, 400),
        ({"page": "0"}, 400),
        ({"page": "99999999999999999999"}, 400),
        ({"q": "\x00"}, 200),
        ({"q": "'; drop table"}, 200),
        ({"q": "长" * 500}, 400),
        ({"unknown": "1"}, 200),
    ],
)
def test_garbage_in_the_query(client: Client, town: Town, query: dict[str, str], status: int) -> None:
    assert client.get(VACANCIES, query).status_code == status


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "999999"])
def test_unknown_vacancies_are_not_there(client: Client, town: Town, pk: str) -> None:
    answer = client.get(f"{VACANCIES}/{pk}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.fixture
def person(town: Town) -> Any:
    return make_resident(town.community, town.grids[0])


def send(browser: Client, pk: int, body: Any, **headers: str) -> Any:
    return browser.post(
        f"{VACANCIES}/{pk}/applications", json.dumps(body), content_type="application/json", headers=headers
    )


def test_applying_needs_a_sign_in_and_consent(client: Client, client_for: Any, person: Any) -> None:
    vacancy = make_vacancy()
    assert send(client, vacancy.pk, {"consent": True}).status_code == 401
    own = client_for(make_signed_up(person))
    assert send(own, vacancy.pk, {"consent": False}).status_code == 403
    assert send(own, vacancy.pk, {}).status_code == 422
    assert not Application.objects.exists()


def test_applying_with_a_key_is_once(client_for: Any, person: Any) -> None:
    vacancy, own = make_vacancy(), client_for(make_signed_up(person))
    key = {"Idempotency-Key": "投递-1".encode().hex()}
    first, again = (send(own, vacancy.pk, {"consent": True}, **key) for _ in "12")
    assert (first.status_code, first.json()) == (201, again.json())
    assert Application.objects.get().filed_by == "self"
    other = send(own, vacancy.pk, {"consent": True, "resident": person.pk}, **key)
    assert other.status_code == 422


def test_nobody_applies_for_a_stranger(client_for: Any, person: Any, town: Town) -> None:
    own = client_for(make_signed_up(person))
    stranger = make_resident(town.community)
    assert send(own, make_vacancy().pk, {"consent": True, "resident": stranger.pk}).status_code == 404


def test_closed_vacancy_is_a_conflict(client_for: Any, person: Any) -> None:
    answer = send(client_for(make_signed_up(person)), make_vacancy(state="filled").pk, {"consent": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")


def test_applying_wants_the_token_of_the_page(person: Any) -> None:
    from tests import guards

    browser = Client(enforce_csrf_checks=True)
    guards.sign_in(browser, make_signed_up(person))
    assert send(browser, make_vacancy().pk, {"consent": True}).status_code == 403
    assert not Application.objects.exists()


def test_openapi_describes_it(client: Client, db: None) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.")
    paths = [path for path in document["paths"] if path.startswith(VACANCIES)]
    assert len(paths) == 3
    refs = {part for part in json.dumps(document).split('"') if part.startswith("#/components/schemas/")}
    assert all(ref.rsplit("/", 1)[1] in document["components"]["schemas"] for ref in refs)
