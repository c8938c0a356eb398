"""A town with staff at its desks, and reports from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role, grant
from jiamenkou.foundation.cases.actions.opening import open_case
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.permissions import GRANTS, CasesPermission
from jiamenkou.foundation.people.models import Resident
from tests.people import Town, make_resident, make_staff

# a Tuesday afternoon in office hours
START = datetime(2026, 3, 3, 14, 0, tzinfo=CHINA)


@dataclass(frozen=True)
class Office:
    """Somebody at every desk of a community, and one who lives there."""

    town: Town
    grid: Actor
    worker: Actor
    colleague: Actor
    lead: Actor
    street: Actor
    resident: Resident
    neighbour: Resident


def make_office(town: Town) -> Office:
    grant(CasesPermission, GRANTS)
    scopes.declare("system:test", "test")
    here = town.community

    def staff(role: Role, place: Any) -> Actor:
        return Actor(make_staff(role, place))

    return Office(
        town,
        staff(Role.GRID_WORKER, town.grids[0]),
        staff(Role.WORKER, here),
        staff(Role.WORKER, here),
        staff(Role.COMMUNITY_LEAD, here),
        staff(Role.STREET_OFFICER, town.street),
        make_resident(here, town.grids[0]),
        make_resident(here, town.grids[0]),
    )


def make_case(office: Office, **fields: Any) -> Case:
    defaults: dict[str, Any] = {
        "category": "lighting",
        "place": office.town.grids[0],
        "title": "楼道灯不亮",
        "words": "晚上摔过一次",
        "reporter": office.resident,
        "by": office.worker,
        "reason": "测试",
        "now": START,
    }
    return open_case(**defaults | fields)
