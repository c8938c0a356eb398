"""How a visit stands: what is unread, in which rooms the person has something, what the doors count. One query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from jiamenkou.foundation.access import where
from jiamenkou.foundation.events.contributions import Room, rooms
from jiamenkou.foundation.messages.models import Message
from jiamenkou.fronts.counting import statement

Place = tuple[str, str]  # table, column


@dataclass(frozen=True, slots=True)
class Standing:
    """``places`` are those in which the person has rows; ``doors`` counts by address."""

    unread: int = 0
    places: frozenset[Place] = frozenset()
    doors: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Statement:
    """Columns of one row, each with the values it takes."""

    columns: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        self.columns.append(sql)
        self.values.extend(values)

    def count(self, rows: QuerySet[Any] | None) -> None:
        found = None if rows is None else statement(rows)
        if found is None:
            self.add("0")
        else:
            self.add(f"(select count(*) from ({found[0]}) as list)", *found[1])  # noqa: S608 - ours

    def exists(self, place: Place, residents: list[int], account: int | None) -> None:
        """A column that ends in ``account_id`` is compared with the account, any other with the people."""
        table, column = place
        of_account = [account] if account is not None else []
        ours = of_account if column.endswith("account_id") else residents
        self.add(f"exists (select from {table} where {column} = any(%s))", ours)

    def row(self) -> tuple[Any, ...]:
        if not self.columns:
            return ()
        with connection.cursor() as cursor:
            cursor.execute("select " + ", ".join(self.columns), self.values)
            return tuple(cursor.fetchone())


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
    places, one = _places(), _Statement()
    for place in places:
        one.exists(place, [resident], None)
    found = {place for place, has in zip(places, one.row(), strict=True) if has}
    return [room for room in rooms() if not room.matters or not found.isdisjoint(room.matters)]


def _places() -> list[Place]:
    return list(dict.fromkeys(place for room in rooms() for place in room.matters))


def _ask(request: HttpRequest, *, doors: bool, known: Standing | None) -> Standing:
    actor = request.actor  # type: ignore[attr-defined]
    mine = [link.resident_id for link in actor.residents]
    account = actor.account.pk if actor.account is not None else None
    places = _places() if known is None and (mine or account) else []
    here = where.community_of(request).id if doors else None
    tiles = [door for room in rooms() for door in room.doors if door.count is not None] if doors else []
    one = _Statement()
    if known is None:
        one.count(Message.objects.to_residents(mine).unread() if mine else None)
    for place in places:
        one.exists(place, mine, account)
    for door in tiles:
        one.count(door.count(here) if door.count else None)
    row = list(one.row())
    counts = dict(zip([door.href for door in tiles], row[len(row) - len(tiles) :], strict=True))
    if known is not None:
        return Standing(known.unread, known.places, counts)
    found = frozenset(place for place, has in zip(places, row[1 : 1 + len(places)], strict=True) if has)
    return Standing(row[0], found, counts)
