"""People with numbers, doors and skills for the tests of the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiamenkou.foundation.people.actions.register import Numbers, set_numbers
from jiamenkou.foundation.people.models import Household, Membership, Resident
from jiamenkou.foundation.people.naming import name_key
from jiamenkou.foundation.places.models import Place
from tests.people import actor, make_account, make_resident


def number_of(born: str, serial: int, area: str = "320402") -> str:
    """A number of identity with its check digit."""
    from jiamenkou.foundation.people.roster.identity import check_digit

    first = f"{area}{born}{serial:03d}"
    return first + check_digit(first)


def person(
    place: Place, grid: Place | None = None, *, identity: str = "", phones: tuple[str, ...] = (), **fields: Any
) -> Resident:
    """A resident whose numbers are sealed as the register seals them."""
    resident = make_resident(place, grid, **fields)
    resident.name_key = name_key(resident.name)
    resident.save()
    by = actor(make_account())
    set_numbers(resident, Numbers(identity, "id_card" if identity else "", None, "", phones), by=by, reason="test")
    return resident


def household(place: Place, grid: Place | None, door: str, room: str, *members: Resident) -> Household:
    """A door with the people behind it, the first as head."""
    home = Household.objects.create(
        community=place, grid=grid, door=door, room=room, head=members[0] if members else None
    )
    for order, member in enumerate(members):
        Membership.objects.create(
            household=home, resident=member, relation="户主" if order == 0 else "子女", since=date(2020, 1, 1)
        )
        member.household = home
        member.save()
    return home
