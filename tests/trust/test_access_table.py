"""Every row of the access table is tried by every visitor, and every route has its row."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from tests.conftest import GuardedClient
from tests.guards import see_everything
from tests.people import Town
from tests.trust.access_table import COLUMNS, EVERYONE, TABLE, Row
from tests.trust.routes import Route, all_routes
from tests.trust.world import World, make_world

PARAMETER = re.compile(r"<[^>]+>")
# written by a library; whoever may read the API's description may be anybody
NOT_OURS = {"api/v1/openapi.json", "api/v1/"}


@pytest.fixture
def world(town: Town) -> World:
    return make_world(town)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_row(row: Row, world: World) -> None:
    found = [answered(row, world, who) for who in COLUMNS]
    assert " ".join(found) == " ".join(row.expected.split()), dict(zip(COLUMNS, found, strict=True))


def answered(row: Row, world: World, who: str) -> str:
    """The answer as the table writes it; whatever the visit changed is undone."""
    browser = GuardedClient()
    browser.cookies = world.cookies(who, row.audience)
    with transaction.atomic():
        see_everything()
        names = iter(row.object)
        path = "/" + PARAMETER.sub(lambda _: str(world.here.things[next(names)]), row.route)
        sends = {name: world.here.things.get(value, value) for name, value in row.sends.items()}
        answer = browser.post(path, sends) if row.method == "POST" else browser.get(path)
        transaction.set_rollback(True)
    return written(answer)


def written(answer: Any) -> str:
    if answer.status_code in {301, 302, 303}:
        return "in" if answer["Location"].startswith("/signin/") else "go"
    return str(answer.status_code)


def back_office(route: Route) -> bool:
    """All of it is tried by test_back_office.py, route by route."""
    return route.path.startswith("admin/")


def test_every_route_has_its_row() -> None:
    """A route or a method without a row fails, and so does a row whose route is gone."""
    asked = {(method, route.path) for route in all_routes() if not back_office(route) for method in route.asked}
    rows = {(row.method, row.route) for row in TABLE}
    assert sorted(asked - rows) == [], "write the row that says who may open these"
    assert sorted(rows - asked) == [], "these rows speak of routes or methods that are gone"


def test_every_row_stands_once() -> None:
    counted = Counter((row.method, row.route) for row in TABLE)
    assert [key for key, times in counted.items() if times > 1] == []


def test_table_and_decorators_agree() -> None:
    """Every view of ours says whom it is for, and the table says the same."""
    said = {
        route.path: route.audience for route in all_routes() if route.path not in NOT_OURS and not back_office(route)
    }
    assert [path for path, audience in said.items() if audience is None] == []
    rows = {row.route: row.audience for row in TABLE if row.route not in NOT_OURS}
    assert rows == said


def test_nobody_gets_in_without_signing_in() -> None:
    """What is not for everyone sends the anonymous to sign in (the API says 401), whatever else the row says."""
    firsts = {(row.route.startswith("api/"), row.expected.split()[0]) for row in TABLE if row.audience != EVERYONE}
    assert firsts == {(False, "in"), (True, "401")}
