"""Who lives behind which door with whom: households from the columns 楼栋 单元 房号 与户主关系 户主身份证号."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from jiamenkou.foundation.people.importing.bulk import insert_many, update_many
from jiamenkou.foundation.people.importing.doors import Places
from jiamenkou.foundation.people.models import Household, Identity, Membership, Resident
from jiamenkou.foundation.people.roster import Facts, Step
from jiamenkou.foundation.people.roster.values import door_key
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.vault.service import blind_index

_DOOR_FIELDS = frozenset({"building", "unit", "room", "head_number"})
Door = tuple[int | None, str]
Key = tuple[bytes | None, Door]
Move = tuple[Resident, Step]


def house(residents: Sequence[Resident], steps: Sequence[Step], community: Place, places: Places) -> list[Move]:
    """Give everybody whose door, head or relation the sheet tells a stored household; their move is :func:`join`.

    Sets ``household`` on the residents and stores households only: new residents need one before they are stored.
    """
    moves = [
        (resident, step)
        for resident, step in zip(residents, steps, strict=True)
        if any(getattr(step.row.facts, name) for name in (*_DOOR_FIELDS, "relation"))
        and (step.known is None or (_DOOR_FIELDS | {"relation"}) & set(step.changed))
    ]
    seeking = [
        move
        for move in moves
        if move[0].household_id is None or move[1].known is None or _DOOR_FIELDS & set(move[1].changed)
    ]
    doors = [_door_facts(step) for _, step in seeking]
    units = [places.unit(resident.grid, facts) for (resident, _), facts in zip(seeking, doors, strict=True)]
    places.flush()
    keys = [
        (_head_index(step), (unit.pk if unit else None, _room(facts)))
        for (_, step), unit, facts in zip(seeking, units, doors, strict=True)
    ]
    finder = _Finder(community, keys)
    fresh = []
    for (resident, _), facts, unit, key in zip(seeking, doors, units, keys, strict=True):
        household = finder.find(key)
        if household is None:
            household = Household(
                community=community,
                grid=resident.grid,
                unit=unit,
                room=facts.room or "",
                door="".join(filter(None, (facts.building, unit.name if unit and facts.unit else "", facts.room)))[
                    :80
                ],
                head_index=key[0],
            )
            fresh.append(household)
            finder.remember(key, household)
        resident.household = household
    insert_many(fresh)
    update_many(finder.adopted, ["head_index"])
    for resident, _ in seeking:
        resident.household = resident.household  # new households have their ids now
    return moves


def join(moves: Sequence[Move], community: Place, today: date) -> None:
    """Memberships and heads for the moves of :func:`house`, once every resident is stored."""
    _join(moves, today)
    _name_heads(moves, community)


def _door_facts(step: Step) -> Facts:
    """The door as it will be: what the sheet says over what is stored."""
    said = step.row.facts
    if step.known is None:
        return said
    stored = step.known.facts
    return replace(
        said,
        address=said.address or stored.address,
        building=said.building or stored.building,
        unit=said.unit or stored.unit,
        room=said.room or stored.room,
    )


def _head_index(step: Step) -> bytes | None:
    if step.row.facts.head_number:
        return blind_index("identity", step.row.facts.head_number)
    leaves = step.row.facts.relation == "户主"  # somebody who is a head now has no other one
    if step.known and step.known.facts.head_number and not leaves:
        return bytes.fromhex(step.known.facts.head_number)
    return None


def _room(facts: Facts) -> str:
    return door_key("room", facts.room) if facts.room else ""


class _Finder:
    """Households by head and door: the same head behind the same door is one household."""

    def __init__(self, community: Place, keys: Sequence[Key]) -> None:
        self._by_key: dict[Key, Household] = {}
        self._by_head: dict[bytes, Household] = {}
        self._by_door: dict[Door, Household] = {}
        self.adopted: list[Household] = []  # had no head so far
        heads = {head for head, _ in keys if head}
        units = {unit for _, (unit, _) in keys if unit}
        found = Household.objects.filter(Q(head_index__in=heads) | Q(unit__in=units), community=community)
        for household in found.order_by("pk"):
            head = bytes(household.head_index) if household.head_index else None
            room = door_key("room", household.room) if household.room else ""
            self.remember((head, (household.unit_id, room)), household)

    def remember(self, key: Key, household: Household) -> None:
        head, door = key
        self._by_key.setdefault(key, household)
        if head:
            self._by_head.setdefault(head, household)
        if all(door):
            self._by_door.setdefault(door, household)

    def find(self, key: Key) -> Household | None:
        head, door = key
        if head is None:
            return self._by_door.get(door) if all(door) else None
        if door == (None, ""):
            return self._by_head.get(head)
        found = self._by_key.get(key)
        if found is None and all(door) and (found := self._by_key.pop((None, door), None)):
            found.head_index = head
            if found.pk:
                self.adopted.append(found)
            self.remember(key, found)
        return found


def _join(moves: Sequence[Move], today: date) -> None:
    """Current memberships as the sheet says; a membership elsewhere ends, and is not rewritten."""
    current = {
        membership.resident_id: membership
        for membership in Membership.objects.filter(
            resident__in=[resident.pk for resident, _ in moves], until__isnull=True
        ).order_by("pk")
    }
    ended, fresh, corrected = [], [], []
    for resident, step in moves:
        said = step.row.facts.relation
        membership = current.get(resident.pk)
        if membership and membership.household_id == resident.household_id:
            if said and membership.relation != said:
                membership.relation = said
                corrected.append(membership)
            continue
        relation = said or (membership.relation if membership else "")
        if membership:
            membership.until = max(today, membership.since)
            ended.append(membership)
        fresh.append(Membership(household=resident.household, resident=resident, relation=relation, since=today))
    update_many(corrected, ["relation"])
    update_many(ended, ["until"])
    insert_many(fresh)


def _name_heads(moves: Sequence[Move], community: Place) -> None:
    """Heads that say so themselves, and those that were only a number so far and are registered now."""
    named = {}
    for resident, step in moves:
        household = resident.household
        if household and household.head_id is None and not household.head_index and step.row.facts.relation == "户主":
            household.head_id = resident.pk
            named[household.pk] = household
    waiting = list(
        Household.objects.filter(community=community, head__isnull=True, head_index__isnull=False).order_by("pk")
    )
    indexes = {bytes(household.head_index) for household in waiting if household.head_index}
    heads = {
        bytes(index): resident
        for index, resident in Identity.objects.filter(index__in=indexes, resident__community=community)
        .order_by("pk")
        .values_list("index", "resident_id")
    }
    for household in waiting:
        head = heads.get(bytes(household.head_index or b""))
        if head is not None:
            household.head_id = head
            named[household.pk] = household
    update_many(list(named.values()), ["head"])
