"""Where a report goes: the place as it is now, the rule, the desk. Never a void: the street's duty desk stands behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.catalogue import Catalogue, Rule
from jiamenkou.foundation.cases.models import CatalogueVersion
from jiamenkou.foundation.cases.standard import STANDARD
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused


@dataclass(frozen=True, slots=True)
class Path:
    """A place with everything above it, the place itself last."""

    steps: tuple[Place, ...]

    @property
    def place(self) -> Place:
        return self.steps[-1]

    @property
    def codes(self) -> list[str]:
        """From the place upwards."""
        return [step.code for step in reversed(self.steps)]

    def of_kind(self, kind: PlaceKind) -> Place | None:
        return next((step for step in reversed(self.steps) if step.kind == kind), None)

    @property
    def community(self) -> Place:
        """Raises Refused above the communities."""
        found = self.of_kind(PlaceKind.COMMUNITY)
        if found is None:
            raise Refused("请选到社区或更细的地方。", field="place", code="too_wide")
        return found


@dataclass(frozen=True, slots=True)
class Desk:
    """Who has it: a role at a place. ``fallback`` says why it is not the owner the catalogue names."""

    place: Place
    role: str
    fallback: str = ""

    @property
    def words(self) -> str:
        return f"{self.place.name} {Role(self.role).label}"


@lru_cache(maxsize=4)
def _catalogue(pk: int) -> Catalogue:
    row = CatalogueVersion.objects.get(pk=pk)
    return Catalogue(row.pk, tuple(Rule.of(one) for one in row.rows))


def catalogue() -> Catalogue:
    """The current version. One small query; the rows are kept by the process."""
    newest = CatalogueVersion.objects.order_by("-pk").values_list("pk", flat=True).first()
    return _catalogue(newest) if newest is not None else STANDARD


def catalogue_of(number: int) -> Catalogue | None:
    """A version by its number, 0 the one the house comes with; None for one that never was."""
    if number == 0:
        return STANDARD
    return _catalogue(number) if CatalogueVersion.objects.filter(pk=number).exists() else None


def path_to(place: Place) -> Path:
    """A place as it is now: one that was merged away leads to where it went. Raises Refused where it just ended."""
    seen = set()
    while place.merged_into_id is not None and place.pk not in seen:
        seen.add(place.pk)
        place = Place.objects.get(pk=place.merged_into_id)
    if place.closed_on is not None:
        raise Refused(f"“{place.name}”已经停用了，请另选一个地方。", field="place", code="closed_place")
    above = [place.ancestor_path(depth) for depth in range(1, place.depth)]
    return Path((*Place.objects.filter(path__in=above).order_by("path"), place))


def desks_of(places: Iterable[Place]) -> set[tuple[int, str]]:
    """Which (place, role) are held by somebody now, among these places. One query."""
    ids = [place.pk for place in places]
    return set(StaffRole.objects.current().filter(place_id__in=ids).order_by("id").values_list("place_id", "role"))


def desk_for(rule: Rule, path: Path, staffed: set[tuple[int, str]] | None = None) -> Desk:
    """The owner's desk if somebody sits there, else upwards, else the street's duty desk."""
    held = desks_of(path.steps) if staffed is None else staffed
    street = path.of_kind(PlaceKind.STREET) or path.community
    duty = Desk(street, Role.STREET_OFFICER, "目录里没有写谁管，先到街道值班台")
    if not rule.owner or rule.level is None:
        return duty
    chain = [(kind, role) for kind, role in _UPWARDS if _ORDER[role] >= _ORDER[Role(rule.owner)]]
    for number, (kind, role) in enumerate(chain):
        place = path.of_kind(kind)
        if place is not None and (place.pk, role) in held:
            return Desk(place, role, "" if number == 0 else f"{rule.label}的经办岗没有人，交给上一级")
    return Desk(street, Role.STREET_OFFICER, "这里还没有安排工作人员，先到街道值班台")


_UPWARDS: tuple[tuple[PlaceKind, Role], ...] = (
    (PlaceKind.GRID, Role.GRID_WORKER),
    (PlaceKind.COMMUNITY, Role.WORKER),
    (PlaceKind.COMMUNITY, Role.COMMUNITY_LEAD),
    (PlaceKind.STREET, Role.STREET_OFFICER),
    (PlaceKind.DISTRICT, Role.DISTRICT_OFFICER),
)
_ORDER = {role: number for number, (_kind, role) in enumerate(_UPWARDS)}
