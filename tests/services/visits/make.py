"""Doors, plans and what a phone sends, for tests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.people import make_resident

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Account, Household, Membership, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.visits.actions.recording import Recorded, record_visit
from jiamenkou.services.visits.models import Plan
from jiamenkou.services.visits.reading import read_told
from jiamenkou.services.visits.sealing import owner_tag, seal_for_server, text

PHONE_A, PHONE_B = UUID(int=1), UUID(int=2)


def make_door(community: Place, grid: Place | None, **fields: Any) -> Resident:
    """Somebody who lives behind a door of their own."""
    household = Household.objects.create(community=community, grid=grid, door="9幢1102", room="1102")
    person = make_resident(community, grid, household=household, **fields)
    Membership.objects.create(household=household, resident=person, relation="户主")
    household.head = person
    household.save()
    return person


def make_plan(person: Resident, **fields: Any) -> Plan:
    defaults: dict[str, Any] = {
        "household_id": person.household_id,
        "community_id": person.community_id,
        "grid_id": person.grid_id,
        "due_on": timezone.localdate(),
    }
    return Plan.objects.create(resident=person, **defaults | fields)


def told_of(person: Resident, **fields: Any) -> dict[str, Any]:
    """A visit as a phone writes it."""
    return {
        "uid": str(uuid4()),
        "resident": person.pk,
        "outcome": "met",
        "form": 1,
        "at": timezone.now().timestamp() * 1000,
        "device": str(PHONE_A),
        "seen": 0,
    } | fields


def record(person: Resident, by: Account, ahead: int = 0, **fields: Any) -> Recorded:
    raw = json.dumps(told_of(person, **fields)).encode()
    return record_visit(read_told(raw, ahead), person, by=Actor(by), now=timezone.now(), reason="测试")


def sealed(told: dict[str, Any], by: Account) -> str:
    raw = json.dumps(told | {"owner": owner_tag(by.pk)}).encode()
    return text(seal_for_server(raw, f"visit:{told['uid']}"))


def send(
    browser: Any, told: dict[str, Any], by: Account, *, ahead: timedelta = timedelta(), **files: list[bytes]
) -> Any:
    """As the phone sends it: sealed, numbered, with its clock."""
    uploads = {
        kind: [SimpleUploadedFile("x", seal_for_server(one, f"{kind}:{told['uid']}")) for one in some]
        for kind, some in files.items()
    }
    return browser.post(
        "/desk/visits/door/send/",
        {"sealed": sealed(told, by), **uploads},
        headers={
            "Idempotency-Key": told["uid"],
            "Door-Clock": str(int((timezone.now() + ahead).timestamp() * 1000)),
        },
    )
