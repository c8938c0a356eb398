"""Invented places and people for tests. Codes of places are prefixes of one another on purpose."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Account, AccountResident, Organisation, OrganisationKind, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from tests.guards import see_everything

_serial = itertools.count(1)


@dataclass(frozen=True)
class Town:
    """A district with two streets, three communities, two grids each."""

    district: Place
    street: Place
    other_street: Place
    community: Place
    neighbour: Place
    far: Place
    grids: list[Place]
    neighbour_grids: list[Place]


@pytest.fixture
def everything(db: None) -> None:
    """The test itself sees every row and may write; requests set their own scope."""
    see_everything()


@pytest.fixture
def town(everything: None) -> Town:
    return make_town()


def make_town() -> Town:
    """Needs the scope of everything, as the fixture has it."""
    district = Place.plant(None, code="32", kind=PlaceKind.DISTRICT, name="云溪区")
    street = Place.plant(district, code="32-1", kind=PlaceKind.STREET, name="梧桐街道")
    other_street = Place.plant(district, code="32-10", kind=PlaceKind.STREET, name="河畔街道")
    where = {"latitude": 31.78, "longitude": 119.97, "phone": "0519-00001234", "phone_hours": "工作日 8:30–17:30"}
    community = Place.plant(street, code="32-1-1", kind=PlaceKind.COMMUNITY, name="桂花园社区", **where)
    neighbour = Place.plant(street, code="32-1-10", kind=PlaceKind.COMMUNITY, name="银杏里社区", **where)
    far = Place.plant(other_street, code="32-10-1", kind=PlaceKind.COMMUNITY, name="长堤社区", **where)
    grids = [
        Place.plant(community, code=f"32-1-1-{n}", kind=PlaceKind.GRID, name=f"第{c}网格")
        for n, c in [(1, "一"), (10, "二")]
    ]
    neighbour_grids = [Place.plant(neighbour, code="32-1-10-1", kind=PlaceKind.GRID, name="第一网格")]
    return Town(district, street, other_street, community, neighbour, far, grids, neighbour_grids)


def make_resident(community: Place, grid: Place | None = None, **fields: Any) -> Resident:
    serial = next(_serial)
    fields.setdefault("name", f"苏映{serial}")
    fields.setdefault("birth_date", date(1985, 3, 2))
    return Resident.objects.create(community=community, grid=grid, name_key=f"su ying {serial:06d}", **fields)


def make_account(**fields: Any) -> Account:
    serial = next(_serial)
    fields.setdefault("username", f"someone-{serial}")
    fields.setdefault("display_name", f"林知{serial}")
    return Account.objects.create(**fields)


def make_staff(role: Role, place: Place, **fields: Any) -> Account:
    account = make_account(**fields)
    StaffRole.objects.create(account=account, role=role, place=place)
    return account


def make_signed_up(resident: Resident, **fields: Any) -> Account:
    """An account that is this resident's own."""
    account = make_account(**fields)
    AccountResident.objects.create(account=account, resident=resident, relation="self", proof="test")
    return account


def make_employer(name: str | None = None, **fields: Any) -> Organisation:
    name = name or f"颐安居养老服务中心{next(_serial)}"
    fields.setdefault("kinds", [OrganisationKind.EMPLOYER])
    fields.setdefault("licence_state", "checked")
    return Organisation.objects.create(name=name, name_key=Organisation.key_of(name), **fields)


def actor(account: Account) -> Actor:
    return Actor(account)
