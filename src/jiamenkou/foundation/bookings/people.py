"""For whom a place is: a resident of the register, or somebody known by name and building alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.foundation.people.models import Resident, Sex
from jiamenkou.foundation.refusals import Refused

_TWO = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "东方",
        "独孤",
        "南宫",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "端木",
        "轩辕",
    ]
)
_BUILDING = re.compile(r"([\w\u4e00-\u9fff]{0,8}?\d{1,3}|[A-Za-z]\d{0,2})\s*(?:栋|幢|号楼|座)")


@dataclass(frozen=True, slots=True)
class Party:
    """``called`` (苏女士) and ``building`` (3 栋) are what a host reads; ``resident`` is None for somebody not in the register."""

    called: str
    building: str
    community: int
    grid: int | None = None
    resident: int | None = None


def party_of(resident: Resident) -> Party:
    """How a host knows them: family name, building."""
    return Party(called(resident), building_of(resident), resident.community_id, resident.grid_id, resident.pk)


def stranger(name: str, building: str, community: int) -> Party:
    """Somebody without a phone who is not in the register: what they said. Raises Refused where nothing was said."""
    name, building = " ".join(name.split())[:20], " ".join(building.split())[:40]
    if not name:
        raise Refused("请写怎么称呼。", field="name", code="required")
    if not building:
        raise Refused("请写住哪栋楼。", field="building", code="required")
    return Party(name, building, community)


def called(resident: Resident) -> str:
    """苏女士, 欧阳先生; without a known sex 苏同志."""
    family = resident.name[:2] if resident.name[:2] in _TWO else resident.name[:1]
    title = {Sex.FEMALE.value: "女士", Sex.MALE.value: "先生"}.get(resident.sex, "同志")
    return f"{family}{title}"


def building_of(resident: Resident) -> str:
    """The building of the address, never the door."""
    door = resident.household.door if resident.household_id and resident.household else ""
    for text in (resident.address, door):
        found = _BUILDING.search(text)
        if found:
            return found[0]
    return ""
