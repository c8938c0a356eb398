"""What each list page asks the database, and which code asks: an N+1 shows as a diff of the snapshot.

A line is the kind of statement, its tables, and the code path that issued it, innermost last. A page is read twice
with different numbers of rows; both must ask the same. What rooms put on the pages of the house is counted, not listed:
a new room changes no snapshot.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

import jiamenkou
from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.jobs.models import Vacancy
from tests.fronts.desk.make import household
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

pytestmark = pytest.mark.postgres

ROOT = Path(jiamenkou.__file__).parent
# "from" and "join" name a table, in quotes where Django writes them
TABLE = re.compile(r'(?:from|join|update|into)\s+"?([a-z]+_\w+)', re.IGNORECASE)
PHONE = ["/", "/jobs/", "/me/things/", "/me/messages/"]
DESK = [
    "/desk/",
    "/desk/residents/",
    "/desk/households/",
    "/desk/jobs/vacancies/",
    "/desk/jobs/intentions/",
    "/desk/jobs/applications/",
    "/desk/jobs/placements/",
]
# what the two pages that everybody opens may ask for at most: the house and its rooms together
OF_A_ROOM = {path for path in [*PHONE, *DESK] if "/jobs/" in path}
# one question for all rooms, whatever their tables
TOGETHER = ("asking:one_row",)
# a test's scope comes back after the request
TESTS_OWN = {"foundation/access/scope:apply", "foundation/access/scope:declare"}
FEW = {"/": 12, "/desk/": 12, "/me/things/": 12}


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def phone(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.account)


@pytest.fixture
def desk(client_for: Callable[[Any], Client], scene: Scene, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


@pytest.mark.parametrize("path", PHONE)
def test_a_residents_page_asks_no_more_with_more_rows(phone: Client, town: Town, path: str, snapshot: Any) -> None:
    _same_with_more(phone, town, path, snapshot)


@pytest.mark.parametrize("path", DESK)
def test_a_desk_page_asks_no_more_with_more_rows(desk: Client, town: Town, path: str, snapshot: Any) -> None:
    _same_with_more(desk, town, path, snapshot)


def test_a_query_for_each_row_would_be_seen(town: Town) -> None:
    """The careless variant: a relation that was not loaded with its rows."""
    for _ in range(3):
        make_vacancy(community=town.community)
    asked = _asked(lambda: [one.employer.name for one in Vacancy.objects.order_by("id")])
    assert len(asked) == 4


def _same_with_more(browser: Client, town: Town, path: str, snapshot: Any) -> None:
    browser.get(path)  # what a process asks only once
    few = _asked(lambda: browser.get(path))
    _more(town)
    many = _asked(lambda: browser.get(path))
    assert few == many
    assert [line for line in many if path in OF_A_ROOM or "services/" not in line] == snapshot
    assert len(many) <= FEW.get(path, 30)


def _more(town: Town) -> None:
    """More of everything that the pages list."""
    for at in range(3):
        resident = make_resident(town.community, town.grids[0])
        make_intention(resident)
        household(town.community, town.grids[0], f"9-1-10{at}", f"10{at}", resident)
        make_vacancy(community=town.community, latitude=31.781, longitude=119.971)


def _asked(act: Callable[[], Any]) -> list[str]:
    found: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.split(None, 1)[0].lower()
        if word not in {"savepoint", "release", "rollback"}:
            path = _path()
            tables = " ".join(dict.fromkeys(TABLE.findall(sql))) or "settings"
            if path.endswith(TOGETHER):
                tables = "(every room)"
            if path not in TESTS_OWN:
                found.append(f"{word} {tables} <- {path}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    return found


def _path() -> str:
    """The two innermost functions of the product on the way to the query."""
    names: list[str] = []
    frame: Any = sys._getframe(2)
    while frame is not None and len(names) < 2:
        if frame.f_code.co_filename.startswith(str(ROOT)):
            place = Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("")
            names.append(f"{place.as_posix()}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " > ".join(reversed(names))
