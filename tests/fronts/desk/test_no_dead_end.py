"""Whoever comes to the desk may open everything their first page offers: figures, menu, bell, and the lists' own acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from jiamenkou.foundation.access.roles import Role
from tests.people import Town, make_staff

pytestmark = pytest.mark.postgres

PLACES: list[tuple[Role, Callable[[Town], Any]]] = [
    (Role.BUILDING_HEAD, lambda town: town.grids[0]),
    (Role.GRID_WORKER, lambda town: town.grids[0]),
    (Role.WORKER, lambda town: town.community),
    (Role.COMMUNITY_LEAD, lambda town: town.community),
    (Role.STREET_OFFICER, lambda town: town.street),
]


def links(page: str) -> set[str]:
    return {unescape(href) for href in re.findall(r'href="(/desk/[^"#]*)', page)}


@pytest.mark.parametrize(("role", "place"), PLACES, ids=[role.value for role, _ in PLACES])
def test_every_link_of_the_first_page_and_of_its_lists_opens(
    town: Town, client_for: Any, role: Role, place: Callable[[Town], Any]
) -> None:
    desk = client_for(make_staff(role, place(town)))
    opened: set[str] = set()
    behind: set[str] = set()
    for href in sorted(links(desk.get("/desk/").content.decode())):
        answer = desk.get(href)
        assert answer.status_code == 200, href
        opened.add(href)
        behind |= links(answer.content.decode())
    for href in sorted(behind - opened):
        assert desk.get(href).status_code in {200, 302}, href
