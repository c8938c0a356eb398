"""What a sheet may say of residents: the columns of the roster, numbers masked. A constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Prefetch

from jiamenkou.foundation.people.models import ArchiveItem, ArchiveKind, Household, Membership, Resident
from jiamenkou.foundation.people.models.resident import DisabilityLevel, EmploymentStatus, ResidentQuerySet, Sex
from jiamenkou.foundation.people.roster.columns import CODE
from jiamenkou.foundation.places.models import Place, PlaceKind

Value = str | int | date | None
_ARCHIVE = {
    "技能": ArchiveKind.SKILL,
    "兴趣": ArchiveKind.INTEREST,
    "培训需求": ArchiveKind.TRAINING_NEED,
}


def residents_for_sheet(residents: ResidentQuerySet) -> ResidentQuerySet:
    """With everything that :func:`resident_values` reads."""
    return residents.select_related("grid", "household__unit", "household__head").prefetch_related(
        Prefetch("archive", ArchiveItem.objects.order_by("text")),
        Prefetch("memberships", Membership.objects.filter(until__isnull=True).order_by("id")),
    )


def buildings_of(residents: Iterable[Resident]) -> dict[str, str]:
    """Names of the buildings over the residents' doors, by path of the tree. One query."""
    units = {unit for resident in residents if (unit := _unit(resident)) is not None}
    paths = {unit.path if unit.kind == PlaceKind.BUILDING else unit.ancestor_path(unit.depth - 1) for unit in units}
    found = Place.objects.filter(path__in=paths, kind=PlaceKind.BUILDING).order_by("id")
    return dict(found.values_list("path", "name"))


def resident_values(resident: Resident, buildings: Mapping[str, str]) -> dict[str, Value]:
    """The roster's columns by name; what is not known is empty."""
    unit = _unit(resident)
    household: Household | None = resident.household
    head = household.head if household else None
    membership = next(iter(resident.memberships.all()), None)
    archive = {
        column: "、".join(item.text for item in resident.archive.all() if item.kind == kind)
        for column, kind in _ARCHIVE.items()
    }
    building = ""
    if unit is not None:
        own = unit.kind == PlaceKind.BUILDING
        building = buildings.get(unit.path if own else unit.ancestor_path(unit.depth - 1), "")
    return {
        CODE: resident.number,
        "姓名": resident.name,
        "身份证号": resident.identity_masked,
        "性别": _label(Sex, resident.sex),
        "出生日期": resident.birth_date,
        "手机号": resident.phone_masked,
        "户籍地": resident.hukou,
        "居住地址": resident.address,
        "网格": resident.grid.name if resident.grid else "",
        "楼栋": building,
        "单元": unit.name if unit is not None and unit.kind == PlaceKind.UNIT else "",
        "房号": household.room if household else "",
        "与户主关系": membership.relation if membership else "",
        "户主身份证号": head.identity_masked if head else "",
        "就业状态": _label(EmploymentStatus, resident.employment),
        **archive,
        "残疾类别": "、".join(resident.disability_kinds),
        "残疾等级": _label(DisabilityLevel, resident.disability_level),
        "人员类别": "、".join(resident.categories),
        "备注": resident.note,
    }


def _unit(resident: Resident) -> Place | None:
    return resident.household.unit if resident.household else None


def _label(choices: type[Sex] | type[EmploymentStatus] | type[DisabilityLevel], value: str) -> str:
    return str(choices(value).label) if value else ""
