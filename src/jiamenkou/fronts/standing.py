"""How a visit stands: what is unread, in which rooms the person has something, what the doors count. One query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from jiamenkou.foundation.access import where
from jiamenkou.foundation.asking import Column, Counted, columns, read
from jiamenkou.foundation.events.contributions import Room, rooms
from jiamenkou.foundation.messages.models import Message

Place = tuple[str, str]  # table, column


@dataclass(frozen=True, slots=True)
class Standing:
    """``places`` are those in which the person has rows; ``doors`` counts by address."""

    unread: int = 0
    places: frozenset[Place] = frozenset()
    doors: dict[str, int] = field(default_factory=dict)


def _has(place: Place, residents: list[int], account: int | None) -> Column:
    """A column that ends in ``account_id`` is compared with the account, any other with the people."""
    table, column = place
    ours = ([account] if account is not None else []) if column.endswith("account_id") else residents
    return Column(f"exists (select from {table} where {column} = any(%s))", (ours,), bool)


def standing(request: HttpRequest, *, doors: bool = False) -> Standing:
    """Asked once in a visit; a page that shows the doors says so before anything else is asked."""
    known: Standing | None = getattr(request, "_standing", None)
    if known is None or (doors and not known.doors):
        known = _ask(request, doors=doors, known=known)
        request._standing = known  # type: ignore[attr-defined]
    return known


def has_rows(places: Iterable[Place], request: HttpRequest) -> bool:
    """Whether any of these tables speaks of the person."""
    return not standing(request).places.isdisjoint(places)


def has_something(room: Room, request: HttpRequest) -> bool:
    """Whether the room's own tables speak of the person; a room that does not say where is always asked."""
    return not room.matters or has_rows(room.matters, request)


def rooms_of(resident: int) -> list[Room]:
    """The rooms that have something of one resident, for the resident's file."""
    places = _places()
    said = read([_has(place, [resident], None) for place in places]) if places else []
    found = {place for place, has in zip(places, said, strict=True) if has}
    return [room for room in rooms() if not room.matters or not found.isdisjoint(room.matters)]


def _places() -> list[Place]:
    return list(dict.fromkeys(place for room in rooms() for place in room.matters))


@cache
def _of_door(door: Callable[[int | None], QuerySet[Any] | None]) -> Callable[[list[int]], Counted | None]:
    """Always the same function for the same door, so that its statement is kept."""

    def counted(here: list[int]) -> Counted | None:
        rows = door(here[0] or None)
        return Counted(rows) if rows is not None else None

    return counted


def _unread(residents: list[int]) -> Counted:
    return Counted(Message.objects.to_residents(residents).unread())


def _ask(request: HttpRequest, *, doors: bool, known: Standing | None) -> Standing:
    actor = request.actor  # type: ignore[attr-defined]
    mine = [link.resident_id for link in actor.residents]
    account = actor.account.pk if actor.account is not None else None
    places = _places() if known is None and (mine or account) else []
    tiles = [(door, _of_door(door.count)) for room in rooms() for door in room.doors if door.count] if doors else []
    unread = columns(mine, [_unread]) if known is None and mine else []
    counts = columns([where.community_of(request).id or 0], [count for _, count in tiles]) if tiles else []
    parts = [*unread, *(_has(place, mine, account) for place in places), *counts]
    row = read(parts) if parts else []
    said = row[len(unread) : len(unread) + len(places)]
    found = frozenset(place for place, has in zip(places, said, strict=True) if has)
    numbers = row[len(unread) + len(places) :]
    by_door = {door.href: count or 0 for (door, _), count in zip(tiles, numbers, strict=True)}
    if known is not None:
        return Standing(known.unread, known.places, by_door)
    return Standing(row[0] if unread else 0, found, by_door)
