"""Whose number a caller's is: what the register says of somebody who reported by phone and is not known yet.

A number is no proof. It proposes, a worker who has asked decides; until then nobody sees the matter as their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.scope import Scope, scope
from jiamenkou.foundation.cases.actions.opening import PHONE
from jiamenkou.foundation.cases.models import Follower
from jiamenkou.foundation.people.exporting import buildings_of
from jiamenkou.foundation.people.models import Membership, Phone, Resident
from jiamenkou.foundation.people.models.resident import ResidentQuerySet
from jiamenkou.foundation.people.roster.identity import Unreadable
from jiamenkou.foundation.people.roster.values import parse_phones
from jiamenkou.foundation.vault import service as vault
from jiamenkou.foundation.vault.crypto import CannotOpen

# a number of an office or a care home is many people's: the register's own search finds them
MOST = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may have called. ``has_number``: the number stands at them, not only at somebody of the household."""

    resident: Resident
    building: str
    relation: str
    has_number: bool
    same_name: bool

    @property
    def name(self) -> str:
        return f"{self.resident.name[:1]}**"


@dataclass(frozen=True, slots=True)
class Found:
    """``candidates`` as the asking person may see them; ``unseen`` how many more there are out of their sight."""

    candidates: Sequence[Candidate] = ()
    unseen: int = 0

    @property
    def sole(self) -> bool:
        """One person of the community, and no household that shares the number: still to be confirmed."""
        return len(self.candidates) == 1 and not self.unseen


def is_unknown(follower: Follower) -> bool:
    """A caller with a number who is tied to nobody."""
    tied = follower.resident_id is not None or follower.account_id is not None or follower.protected
    return not tied and follower.phone is not None


def candidates(follower: Follower, by: Actor) -> Found:
    """Who of the follower's community has the number; where people of one household share it, all of the household.

    Nobody for a number that cannot be read any more. A handful of queries.
    """
    if not is_unknown(follower) or not _may_see(by, follower.community_id):
        return Found()
    here = Scope(communities=frozenset({follower.community_id}))
    with scope(here):
        having = set(_having(_indexes([_number(follower)]), follower.community_id))
        if not having:
            return Found()
        people = _people(follower.community_id).filter(pk__in=having)
        homes = [person.household_id for person in people if person.household_id is not None]
        shared = {home for home in homes if homes.count(home) > 1}
        if shared:
            people = people | _people(follower.community_id).filter(household__in=shared)
        rows = list(people.select_related("household__unit").order_by("household_id", "birth_date", "pk")[: MOST + 1])
        relations = dict(
            Membership.objects.filter(resident__in=rows, until__isnull=True)
            .order_by("pk")
            .values_list("resident_id", "relation")
        )
    buildings = buildings_of(rows)
    seen = [one for one in rows if by.may(Permission.RESIDENTS_VIEW, one.community_id, one.grid_id)][:MOST]
    found = [
        Candidate(
            one,
            _building(one, buildings),
            relations.get(one.pk, ""),
            one.pk in having,
            bool(follower.name) and follower.name == one.name,
        )
        for one in seen
    ]
    return Found(found, len(rows) - len(seen))


def known_numbers(phones: Iterable[str], community: int) -> set[str]:
    """Which of these numbers, as they were typed, stand at somebody of the community. One query for all."""
    by_number = {typed: index for typed in phones if typed and (index := _indexes([typed]))}
    wanted = {one for indexes in by_number.values() for one in indexes}
    with scope(Scope(communities=frozenset({community}))):
        rows = Phone.objects.filter(index__in=wanted, resident__in=_people(community)).order_by("pk")
        there = {bytes(index) for index in rows.values_list("index", flat=True)}
    return {typed for typed, indexes in by_number.items() if there.intersection(indexes)}


def _building(resident: Resident, buildings: Mapping[str, str]) -> str:
    """The building and its entrance, never the door."""
    unit = resident.household.unit if resident.household is not None else None
    if unit is None or unit.path in buildings:
        return buildings.get(unit.path, "") if unit is not None else ""
    return buildings.get(unit.ancestor_path(unit.depth - 1), "") + unit.name


def _may_see(by: Actor, community: int) -> bool:
    """Somebody of the community, or of one of its grids: a resident out of sight is counted, not shown."""
    held = by.scope(Permission.RESIDENTS_VIEW)
    return community in held.communities or bool(held.grids)


def _people(community: int) -> ResidentQuerySet:
    return Resident.objects.present().filter(community=community)


def _having(indexes: Sequence[bytes], community: int) -> list[int]:
    rows = Phone.objects.filter(index__in=indexes, resident__in=_people(community)).order_by("resident_id")
    return list(rows.values_list("resident_id", flat=True).distinct()[: MOST + 1])


def _number(follower: Follower) -> str:
    try:
        return vault.open_field(follower.uid, PHONE, bytes(follower.phone or b""))
    except CannotOpen:
        return ""


def _indexes(numbers: Iterable[str]) -> list[bytes]:
    """Of what was typed; platforms write several numbers into one cell."""
    found = []
    for number in numbers:
        try:
            found += [vault.blind_index("phone", one) for one in parse_phones(number[:60]) or ()]
        except Unreadable:
            continue
    return found
