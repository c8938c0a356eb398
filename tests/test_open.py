"""The first page, health, readiness, and what is not there."""

from __future__ import annotations

import pytest
from django.test import Client

from jiamenkou.foundation.access.roles import Role
from tests.people import Town, make_staff

pytestmark = pytest.mark.postgres


def test_first_page_names_the_community(client: Client, town: Town) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert town.community.name in page.content.decode()


def test_health_needs_no_database(client: Client) -> None:
    # no database fixture: a query would fail
    assert client.get("/healthz").content == b"ok\n"


def test_readiness_names_what_is_missing(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"]["ok"] is True
    assert answer.json()["worker"]["ok"] is False


def test_unknown_page_is_a_plain_404(client: Client, db: None) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_stranger_at_the_desk_ends_at_a_sign_in_form(client: Client, db: None) -> None:
    answer = client.get("/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/signin/staff/?next=/desk/")


def test_worker_opens_the_desk(client_for, town: Town) -> None:
    page = client_for(make_staff(Role.WORKER, town.community)).get("/desk/")
    assert page.status_code == 200


def test_openapi_document_is_there(client: Client, db: None) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "家门口"
