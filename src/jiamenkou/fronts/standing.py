"""How a visit stands: what is unread, in which rooms the person has something, what the doors count. One query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from jiamenkou.foundation.access import where
from jiamenkou.foundation.events.contributions import Room, rooms
from jiamenkou.foundation.messages.models import Message
from jiamenkou.fronts.counting import statement


@dataclass(frozen=True, slots=True)
class Standing:
    """``rooms`` are the names of those in which there is something of the person; ``doors`` counts by address."""

    unread: int = 0
    rooms: frozenset[str] = frozenset()
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


def has_something(room: Room, request: HttpRequest) -> bool:
    """Whether the room's own tables speak of the person; a room that does not say where is always asked."""
    return not room.matters or room.name in standing(request).rooms


def rooms_of(resident: int) -> list[Room]:
    """The rooms that have something of one resident, for the resident's file."""
    asked, statement_ = [room for room in rooms() if room.matters], _Statement()
    for room in asked:
        _of_room(statement_, room, [resident], None)
    found = {room.name for room, has in zip(asked, statement_.row(), strict=True) if has}
    return [room for room in rooms() if not room.matters or room.name in found]


def _ask(request: HttpRequest, *, doors: bool, known: Standing | None) -> Standing:
    actor = request.actor  # type: ignore[attr-defined]
    mine = [link.resident_id for link in actor.residents]
    account = actor.account.pk if actor.account is not None else None
    asked = [room for room in rooms() if room.matters] if known is None and (mine or account) else []
    here = where.community_of(request).id if doors else None
    tiles = [door for room in rooms() for door in room.doors if door.count is not None] if doors else []
    one = _Statement()
    if known is None:
        one.count(Message.objects.to_residents(mine).unread() if mine else None)
    for room in asked:
        _of_room(one, room, mine, account)
    for door in tiles:
        one.count(door.count(here) if door.count else None)
    row = list(one.row())
    counts = dict(zip([door.href for door in tiles], row[len(row) - len(tiles) :], strict=True))
    if known is not None:
        return Standing(known.unread, known.rooms, counts)
    names = frozenset(room.name for room, has in zip(asked, row[1 : 1 + len(asked)], strict=True) if has)
    return Standing(row[0], names, counts)


def _of_room(one: _Statement, room: Room, residents: list[int], account: int | None) -> None:
    """A column that ends in ``account_id`` is compared with the account, any other with the people."""
    parts, values = [], []
    for table, column in room.matters:
        parts.append(f"exists (select from {table} where {column} = any(%s))")
        ours = [account] if account is not None else []
        values.append(ours if column.endswith("account_id") else residents)
    one.add("(" + " or ".join(parts) + ")", *values)
