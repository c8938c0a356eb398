"""The demo's people through the real importer, and its accounts."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

from jiamenkou.foundation.access.accounts import make_account
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.demo.invent import HEADINGS, Inventor
from jiamenkou.foundation.people.importing.apply import apply_plan
from jiamenkou.foundation.people.importing.register import CommunityRegister
from jiamenkou.foundation.people.models import (
    Account,
    AccountResident,
    EmploymentStatus,
    Organisation,
    OrganisationMember,
    Resident,
)
from jiamenkou.foundation.people.roster import make_plan, read_roster
from jiamenkou.foundation.places.demo import COMMUNITIES, DISTRICT, STREETS, Plan, locate_buildings
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.sheets.writing import Column, WorkbookWriter

PEOPLE = 1_000


def write_roster(path: Path, plan: Plan, grids: list[str], today: date, people: int = PEOPLE) -> None:
    """A roster workbook of invented people, as a community keeps it."""
    rows = Inventor(int(plan.code[-4:]), today).households(people, grids, plan.buildings, plan.estate)
    writer = WorkbookWriter()
    writer.sheet(plan.name, [Column(heading) for heading in HEADINGS], rows)
    writer.save(path)


def import_community(plan: Plan, today: date, now: datetime, people: int = PEOPLE) -> int:
    """Write the roster, read it back, plan, apply: the way every roster takes. Returns how many people there are."""
    community = Place.objects.get(code=plan.code)
    grids = Place.objects.within(community).filter(kind=PlaceKind.GRID).order_by("code")
    with tempfile.TemporaryDirectory(prefix="jiamenkou-demo-") as folder:
        path = Path(folder) / "花名册.xlsx"
        write_roster(path, plan, [grid.name for grid in grids], today, people)
        made = make_plan(read_roster(path, today), CommunityRegister(community))
        count = apply_plan(made, community, today=today, now=now)
    locate_buildings(community, plan)
    return count


def make_staff() -> None:
    """Who works here: in every community two workers and a grid worker for each grid; officers above."""
    names = iter(
        [
            "林知夏",
            "沈予安",
            "周望",
            "顾青禾",
            "陆一白",
            "江晚照",
            "许清和",
            "程野",
            "叶知秋",
            "宋时雨",
            "方乐山",
            "温如言",
            "季长青",
            "傅云深",
            "池小满",
            "袁朗",
            "孟夏",
            "贺兰",
            "安宁",
            "裴松",
        ]
    )
    for number, plan in enumerate(COMMUNITIES, 1):
        community = Place.objects.get(code=plan.code)
        _staff(f"worker-{number}", next(names), Role.WORKER, community)
        _staff(f"lead-{number}", next(names), Role.COMMUNITY_LEAD, community)
        grids = Place.objects.within(community).filter(kind=PlaceKind.GRID).order_by("code")
        for order, grid in enumerate(grids[:2], 1):
            _staff(f"grid-worker-{number}{order}", next(names), Role.GRID_WORKER, grid)
        building = Place.objects.within(community).filter(kind=PlaceKind.BUILDING).order_by("code").first()
        if building is not None:
            _staff(f"building-head-{number}", next(names), Role.BUILDING_HEAD, building)
    street = Place.objects.get(code=next(iter(STREETS)))
    _staff("street-officer-1", next(names), Role.STREET_OFFICER, street)
    _staff("district-officer-1", next(names), Role.DISTRICT_OFFICER, Place.objects.get(code=DISTRICT[0]))
    admin = _staff("admin-1", next(names), Role.ADMIN, Place.objects.get(code=DISTRICT[0]))
    admin.is_superuser = True
    admin.save()


def _staff(username: str, name: str, role: Role, place: Place) -> Account:
    account = make_account(DEMO_PREFIX + username, display_name=name)
    StaffRole.objects.create(account=account, role=role, place=place)
    return account


def make_residents() -> None:
    """In every community somebody who looks for work and an old person; each with a phone of their own."""
    serial = 0
    for order, plan in enumerate(COMMUNITIES, 1):
        here = Resident.objects.filter(community__code=plan.code).order_by("id")
        looking = here.filter(employment=EmploymentStatus.LOOKING, sex="female")[:1]
        graduate = here.filter(employment=EmploymentStatus.LOOKING, sex="male").order_by("-birth_date", "id")[:1]
        elder = here.filter(birth_date__lt=date(1950, 1, 1))[:1]
        for role, people in (("resident", looking), ("resident-graduate", graduate), ("elder", elder)):
            for person in people:
                serial += 1
                account = make_account(
                    f"{DEMO_PREFIX}{role}-{order}", phone=f"1390000{serial:04d}", display_name=person.name
                )
                if role == "elder":
                    account.care = True
                    account.save()
                AccountResident.objects.create(account=account, resident=person, relation="self", proof="示范")


def make_member(organisation: Organisation, username: str, name: str) -> Account:
    """An account that acts for an organisation."""
    account = make_account(DEMO_PREFIX + username, display_name=name)
    OrganisationMember.objects.create(organisation=organisation, account=account)
    return account
