"""Reads of the net: who answers for a door, what nobody answers for, what somebody who leaves has promised."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.people.models import Household, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.models import Duty, Project
from jiamenkou.services.needs.states import DutyRole, ProjectState

# nearest first; the community's own number answers for everybody
LEVELS = (PlaceKind.UNIT, PlaceKind.BUILDING, PlaceKind.GRID, PlaceKind.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Answering:
    """One person one may call about a door, with a number that is published."""

    duty: Duty
    phone: str
    hours: str
    asked_at: str = ""  # the place whose number it is, where it is not their own: one asks for them by name

    @property
    def role(self) -> str:
        return str(DutyRole(self.duty.role).label)


def place_of(resident: Resident) -> Place:
    """The smallest place we know them to live in. ``household__unit``, ``grid`` and ``community`` are loaded with it."""
    household = resident.household
    if household is not None and household.unit is not None:
        return household.unit
    return resident.grid or resident.community


def above(place: Place) -> list[Place]:
    """The place and what it lies in, up to its community; the place first. One query."""
    return chains([place])[place.pk]


def chains(places: Iterable[Place]) -> dict[int, list[Place]]:
    """By place: itself and what it lies in, up to its community. One query however many places."""
    wanted = list(places)
    paths = {one.ancestor_path(depth) for one in wanted for depth in range(1, one.depth + 1)}
    known = {one.path: one for one in Place.objects.filter(path__in=paths) if one.kind in LEVELS}
    return {
        one.pk: [known[path] for depth in range(one.depth, 0, -1) if (path := one.ancestor_path(depth)) in known]
        for one in wanted
    }


def answering(place: Place, on: date) -> list[Answering]:
    """Who answers for this door, the nearest first. Two queries."""
    chain = above(place)
    rank = {one.pk: number for number, one in enumerate(chain)}
    duties = Duty.objects.on(on).filter(place__in=chain).select_related("place", "organisation").order_by("id")
    order = list(DutyRole)
    found = sorted(duties, key=lambda one: (rank[one.place_id], order.index(DutyRole(one.role)), one.pk))
    return [with_phone(duty, chain[rank[duty.place_id] :]) for duty in found]


def with_phone(duty: Duty, chain: Iterable[Place]) -> Answering:
    """``chain``: the duty's place and what it lies in; the first published number of it is called."""
    if duty.organisation is not None and duty.organisation.phone:
        return Answering(duty, duty.organisation.phone, "")
    for place in chain:
        if place.phone:
            return Answering(duty, place.phone, place.phone_hours, "" if place.pk == duty.place_id else place.name)
    return Answering(duty, "", "")


@dataclass(slots=True)
class Part:
    """A grid, building or unit with who answers for it and what lies under it."""

    place: Place
    duties: list[Duty] = field(default_factory=list)
    buildings: int = 0
    headed: int = 0  # buildings with a head of their own
    homes: int = 0

    def named(self, *roles: str) -> str:
        return "、".join(one.name for one in self.duties if one.role in roles)

    @property
    def grid_workers(self) -> str:
        return self.named(DutyRole.GRID_WORKER)

    @property
    def others(self) -> str:
        return "、".join(
            f"{one.name}（{DutyRole(one.role).label}）"
            for one in self.duties
            if one.role not in {DutyRole.GRID_WORKER, DutyRole.BUILDING_HEAD}
        )

    @property
    def gaps(self) -> list[str]:
        """What is missing, in words."""
        found = []
        if self.place.kind == PlaceKind.GRID and not self.grid_workers:
            found.append("没有网格员")
        if self.place.kind == PlaceKind.GRID and self.headed < self.buildings:
            found.append(f"{self.buildings - self.headed} 栋没有楼栋长")
        if self.place.kind == PlaceKind.BUILDING and not self.named(DutyRole.BUILDING_HEAD):
            found.append("没有楼栋长")
        return found


def grids_of(communities: Iterable[int], on: date) -> list[Part]:
    """Every grid of these communities. Five queries however many grids."""
    tops = list(Place.objects.filter(pk__in=list(communities)).order_by("path"))
    there: list[Place] = []
    for top in tops:
        kinds = [PlaceKind.GRID, PlaceKind.BUILDING]
        there += Place.objects.within(top).filter(kind__in=kinds, closed_on__isnull=True)
    grids = [one for one in there if one.kind == PlaceKind.GRID]
    parts = {grid.path: Part(grid) for grid in grids}
    duties = by_place(Duty.objects.on(on).filter(community__in=[one.pk for one in tops]))
    for place in there:
        if place.kind == PlaceKind.GRID:
            parts[place.path].duties = duties.get(place.pk, [])
            continue
        part = parts.get(place.ancestor_path(place.depth - 1))
        if part is not None:
            part.buildings += 1
            part.headed += any(one.role == DutyRole.BUILDING_HEAD for one in duties.get(place.pk, []))
    homes = dict(
        Household.objects.filter(grid__in=[one.pk for one in grids])
        .order_by("grid")
        .values_list("grid")
        .annotate(Count("id"))
    )
    for part in parts.values():
        part.homes = homes.get(part.place.pk, 0)
    return sorted(parts.values(), key=lambda part: part.place.code)


def below(place: Place, on: date) -> list[Part]:
    """Buildings of a grid, units of a building, with who answers for each. Two queries."""
    places = list(Place.objects.filter(path__startswith=place.path, depth=place.depth + 1, closed_on__isnull=True))
    duties = by_place(Duty.objects.on(on).filter(place__in=places))
    return [Part(one, duties.get(one.pk, [])) for one in sorted(places, key=_as_counted)]


def _as_counted(place: Place) -> tuple[list[tuple[int, str]], str]:
    """2 栋 before 10 栋; grids, whose numbers are Chinese, by their codes."""
    if place.kind == PlaceKind.GRID:
        return [], place.code
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", place.name)], ""


def by_place(rows: Iterable[Duty]) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = defaultdict(list)
    order = list(DutyRole)
    for one in sorted(rows, key=lambda row: (order.index(DutyRole(row.role)), row.pk)):
        found[one.place_id].append(one)
    return found


@dataclass(frozen=True, slots=True)
class Promises:
    """What somebody who leaves has in hand: it goes to the successor, or stays until somebody takes it."""

    projects: list[Project]
    cases: list[Case]
    waiting: int  # needs of the place nobody has answered yet

    @property
    def total(self) -> int:
        return len(self.projects) + len(self.cases)


def promises_of(duty: Duty, by: Actor) -> Promises:
    """As far as ``by`` sees them. Three queries."""
    needs = needs_for(by).counted().open().filter(community=duty.community_id)
    if duty.place.kind != PlaceKind.COMMUNITY:
        grid = next((one.pk for one in above(duty.place) if one.kind == PlaceKind.GRID), None)
        needs = needs.filter(grid=grid)
    if duty.account is None:
        return Promises([], [], needs.count())
    led = projects_for(by).filter(
        lead=duty.account, community=duty.community_id, state__in=[ProjectState.PLANNED, ProjectState.OPEN]
    )
    held = cases_for(by).open().held_by(duty.account).filter(community=duty.community_id)
    return Promises(list(led.order_by("opens_on", "id")), list(held.order_by("due_at", "pk")[:200]), needs.count())
