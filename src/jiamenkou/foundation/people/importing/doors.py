"""Buildings, units and households that a roster names and nobody has registered yet.

Places are made in bulk: treebeard would lock the parent and ask again for every child. The advisory lock keeps two
imports from giving two children one path.
"""

from __future__ import annotations

import re
from collections import defaultdict

from django.db import connection

from jiamenkou.foundation.people.roster.rows import Facts
from jiamenkou.foundation.people.roster.values import door_key, narrow
from jiamenkou.foundation.places.models import Place, PlaceKind

_LOCK = 7_301  # one number for every change of the shape of the tree
# the part of a building's name that rosters write into their own column: 20幢, 5 号楼, B座
_OWN_PART = re.compile(
    r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?(?:号楼|幢|栋|座|楼)?$|[甲乙丙丁一二三四五六七八九十]+(?:号楼|幢|栋|座|楼)$"
)

# what an address may begin with and does not belong to the estate: 江苏省常州市云溪区梧桐街道
_DISTRICT = re.compile(r"^.*(?:省|市|县|街道|镇|乡|(?<![小社园])区)")


def full_building(building: str, address: str | None) -> str:
    """``20幢`` of ``兰翔二村20幢3单元`` is ``兰翔二村20幢``: estates share numbers."""
    before, found, _ = (address or "").partition(building)
    estate = _DISTRICT.sub("", before) if found else ""
    return f"{estate}{building}"[-60:] if _OWN_PART.fullmatch(building) else building


def said_building(name: str) -> str:
    """What a roster writes for a building of this name: the end of :func:`full_building`."""
    match = _OWN_PART.search(name)
    return match[0] if match else name


class Places:
    """The tree below one community, with what is missing made on demand and stored by :meth:`flush`."""

    def __init__(self, community: Place) -> None:
        self._community = community
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s::int)", [_LOCK, community.pk])
        self._parents: dict[str, Place] = {community.path: community}
        self._children: dict[tuple[str, str, str], Place] = {}
        self._last: dict[str, int] = defaultdict(int)
        self._codes: set[str] = set()
        self._new: list[Place] = []
        for place in Place.objects.within(community).exclude(pk=community.pk).order_by("path"):
            self._remember(place)

    def _remember(self, place: Place) -> None:
        parent = place.path[: -Place.steplen]
        self._parents[place.path] = place
        self._last[parent] = max(self._last[parent], Place._str2int(place.path[-Place.steplen :]))
        self._codes.add(place.code)
        if place.closed_on is None:
            self._children.setdefault((parent, place.kind, _key(place.kind, place.name)), place)

    def grid(self, name: str) -> Place:
        return self._child(self._community, PlaceKind.GRID, name)

    def unit(self, grid: Place | None, facts: Facts) -> Place | None:
        """The unit, else the building, that the facts name; None where they name neither."""
        place = grid or self._community
        if facts.building:
            place = self._child(place, PlaceKind.BUILDING, full_building(facts.building, facts.address))
        if facts.unit:
            key = door_key("unit", facts.unit)
            place = self._child(place, PlaceKind.UNIT, f"{key}单元" if key.isalnum() else facts.unit)
        return place if facts.building or facts.unit else None

    def _child(self, parent: Place, kind: PlaceKind, name: str) -> Place:
        found = self._children.get((parent.path, kind, _key(kind, name)))
        if found is None:
            self._last[parent.path] += 1
            number = self._last[parent.path]
            path = Place._get_path(parent.path, parent.depth + 1, number)
            code = self._free_code(parent, number)
            found = Place(kind=kind, name=name, code=code, path=path, depth=parent.depth + 1, numchild=0)
            parent.numchild += 1
            self._new.append(found)
            self._remember(found)
        return found

    def _free_code(self, parent: Place, number: int) -> str:
        code = f"{parent.code}-{number}"
        while code in self._codes:
            number += 1
            code = f"{parent.code}-{number}"
        return code

    def flush(self) -> None:
        """Store what was made; every place has its id afterwards."""
        fresh = {place.path for place in self._new}
        grown = {place.path[: -Place.steplen] for place in self._new} - fresh
        Place.objects.bulk_create(self._new, batch_size=2000)
        Place.objects.bulk_update([self._parents[path] for path in sorted(grown)], ["numchild"], batch_size=2000)
        self._new = []


def _key(kind: str, name: str) -> str:
    if kind == PlaceKind.BUILDING:
        return door_key("building", name)
    if kind == PlaceKind.UNIT:
        return door_key("unit", name)
    return narrow(name).replace(" ", "")
