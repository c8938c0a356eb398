"""What the pages of the house ask of their rooms is written once for each kind of actor, and says what it would say alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import Ask, Counted, kept, values
from jiamenkou.foundation.events.contributions import Reader, Room, rooms
from jiamenkou.fronts import shells
from jiamenkou.fronts.counting import counting
from jiamenkou.fronts.desk import transfers
from tests.people import Town, make_resident, make_staff

pytestmark = pytest.mark.postgres

STAFF: list[tuple[Role, Callable[[Town], Any]]] = [
    (Role.WORKER, lambda town: town.community),
    (Role.COMMUNITY_LEAD, lambda town: town.community),
    (Role.GRID_WORKER, lambda town: town.grids[0]),
    (Role.STREET_OFFICER, lambda town: town.street),
]


def _lists(asks: list[Ask]) -> list[Any]:
    return [rows for ask in asks for rows in ask.rows]


def _named(found: list[Any]) -> list[str]:
    return [f"{one.__module__}.{one.__qualname__}" if hasattr(one, "__qualname__") else repr(one) for one in found]


@pytest.mark.parametrize(("role", "place"), STAFF, ids=[role.value for role, _ in STAFF])
def test_the_desks_lists_and_counts_are_kept(town: Town, role: Role, place: Callable[[Town], Any]) -> None:
    by = Actor(make_staff(role, place(town)))
    lists = _lists([*transfers.DUE, *(ask for room in rooms() for ask in room.due)])
    figures = [figure.value for room in rooms() for figure in room.indicators]
    assert _named([one for one in lists if not kept(by, one)]) == []
    assert _named([one for one in [*figures, *shells.menu_counts(by)] if not kept(by, counting(one))]) == []


@pytest.mark.parametrize("people", [1, 2])
def test_a_residents_lists_are_kept(town: Town, people: int) -> None:
    ids = [make_resident(town.community).pk for _ in range(people)]
    told = [one.entries for room in rooms() for one in room.timeline if isinstance(one.entries, Ask)]
    assert told
    assert _named([one for one in _lists(told) if not kept(ids, one)]) == []
    cards: list[Ask] = [card for room in rooms() for card in [*room.own_cards, *room.home_cards]]
    reader = Reader(ids[0], town.community.pk, 7)
    assert _named([one for one in _lists(cards) if not kept(reader, one)]) == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_kept_list_has_the_statement_it_would_have_alone(town: Town, room: Room) -> None:
    """Same conditions, same order: only where the rows come from differs."""
    by = Actor(make_staff(Role.COMMUNITY_LEAD, town.community))
    for rows in _lists(room.due):
        alone = rows(by)
        (together,) = values(by, [rows])
        if isinstance(alone, Counted):
            assert together == alone.rows.count()
        elif isinstance(alone, QuerySet):
            assert together == list(alone)
        else:
            assert together == []
