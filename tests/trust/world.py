"""Two communities whose codes begin alike, each with a caseload of its own, and the people who come to the door."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role, all_permissions, granted
from jiamenkou.foundation.files.storing import store_voice
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryState
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import (
    Account,
    ArchiveItem,
    Household,
    ImportRun,
    MergeRecord,
    OrganisationMember,
    Resident,
    TransferRequest,
)
from jiamenkou.foundation.places.models import Place
from tests import people
from tests.guards import sign_in
from tests.people import (
    Town,
    make_account,
    make_employer,
    make_resident,
    make_signed_up,
    make_staff,
)
from tests.trust.parts import Where, furnished

NUMBER = "13800001234"
ASKING = Notice(key="test", label="", title="您好", body="")


@dataclass
class Caseload:
    """One object of every kind that an address can name; ``things`` is keyed as the access table writes it."""

    resident: Resident
    account: Account
    employer: Account
    things: dict[str, Any] = field(default_factory=dict)


def make_caseload(community: Place, grid: Place, asking: Place) -> Caseload:
    today, now = timezone.localdate(), timezone.now()
    resident = make_resident(community, grid)
    account = make_signed_up(resident)
    organisation = make_employer(community=community)
    employer = make_account()
    OrganisationMember.objects.create(organisation=organisation, account=employer)
    things = {
        **furnished(Where(community, grid, resident, account, organisation, employer)),
        "resident": resident.pk,
        "stored file": store_voice(b"OggS" + bytes(60), by=Actor(account), keeper="", community=community).uid,
        "archive item": ArchiveItem.objects.create(resident=resident, kind="skill", text="缝纫").pk,
        "message": tell(ASKING, resident, answers=["好的", "不了"]).pk,
        "failed delivery": Delivery.objects.create(
            message=tell(ASKING, resident), channel=Channel.SMS, state=DeliveryState.FAILED
        ).pk,
        "household": Household.objects.create(community=community, grid=grid, door="9幢1102", room="1102").pk,
        "twin": make_resident(community, grid).pk,
        "merge": MergeRecord.objects.create(
            kept=resident, gone=make_resident(community, grid, merged_into=resident), moved=[]
        ).pk,
        "transfer": TransferRequest.objects.create(resident=resident, to_community=_another(community)).pk,
        "import": ImportRun.objects.create(community=community, file_name="a.csv", state="applied", ended_at=now).pk,
        "member of staff": make_staff(Role.WORKER, community).pk,
        "role": make_staff(Role.WORKER, community).roles.get().pk,
        "phone": "phone",
        "token": "forged",
        "tomorrow": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "today": today.isoformat(),
    }
    _with_phone(resident)
    return Caseload(resident, account, employer, things)


def _another(community: Place) -> Place:
    return Place.objects.communities().exclude(pk=community.pk)[0]


def _with_phone(resident: Resident) -> None:
    from tests.foundation.access.test_reveal import with_phone

    with_phone(resident, NUMBER)


@dataclass
class World:
    """``here`` is what the table's addresses name; ``elsewhere`` belongs to the strangers."""

    town: Town
    here: Caseload
    elsewhere: Caseload
    _cookies: dict[tuple[str, str], SimpleCookie] = field(default_factory=dict)

    def cookies(self, who: str, audience: str) -> SimpleCookie:
        """What the browser of a visitor holds after signing in; everybody signs in once."""
        column = (who, audience if who in {"stranger", "without", "with"} else "")
        if column not in self._cookies:
            browser, account = Client(), self.visitor(who, audience)
            if account is not None:
                sign_in(browser, account, strong=account.roles.exists())
            self._cookies[column] = browser.cookies
        return deepcopy(self._cookies[column])

    def visitor(self, who: str, audience: str) -> Account | None:
        """The account that stands in a column of the table, or None for somebody who has not signed in."""
        match who:
            case "anonymous":
                return None
            case "stranger":
                return make_staff(_holder(audience), self.town.neighbour)
            case "without":
                return make_staff(_lacking(audience), self.town.community)
            case "with":
                return make_staff(_holder(audience), self.town.community)
            case "resident":
                return self.here.account
            case "other":
                return self.elsewhere.account
            case _:
                return self.here.employer


def make_world(town: Town) -> World:
    return World(
        town,
        make_caseload(town.community, town.grids[0], town.far),
        make_caseload(town.neighbour, town.neighbour_grids[0], town.far),
    )


def town_of() -> Town:
    """The invented town, made in the transaction of the caller."""
    make: Callable[[None], Town] = getattr(people.town, "__wrapped__", people.town)
    return make(None)


_ORDER = [Role.WORKER, Role.COMMUNITY_LEAD, Role.BUILDING_HEAD, Role.ADMIN]


def _holder(audience: str) -> Role:
    """The role nearest to a worker's that has the permission; a worker where none is asked for."""
    if audience not in all_permissions():
        return Role.WORKER
    return next(role for role in _ORDER if audience in granted(role))


def _lacking(audience: str) -> Role:
    """Somebody with a role in the right community that does not bring the permission (every role brings the desk)."""
    return next((role for role in reversed(_ORDER) if audience not in granted(role)), Role.BUILDING_HEAD)
