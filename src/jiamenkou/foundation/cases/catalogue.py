"""The catalogue: category × place level → who owns it, by when, what is asked, what may be shown. Values, no queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.states import Privacy
from jiamenkou.foundation.places.models import PlaceKind
from jiamenkou.foundation.refusals import Refused

# a limit counts in one of these
UNITS = {"working_hours": "工作小时", "working_days": "个工作日", "hours": "小时", "days": "天"}
LEVELS = {
    PlaceKind.GRID: "网格",
    PlaceKind.COMMUNITY: "社区",
    PlaceKind.STREET: "街道",
    PlaceKind.DISTRICT: "区",
}
OWNERS = {
    "": "没有人（先转值班台）",
    Role.GRID_WORKER: "网格员",
    Role.WORKER: "社区工作者",
    Role.COMMUNITY_LEAD: "社区负责人",
    Role.STREET_OFFICER: "街道",
    Role.DISTRICT_OFFICER: "区",
}
_LEVEL_OF = {
    Role.GRID_WORKER: PlaceKind.GRID,
    Role.WORKER: PlaceKind.COMMUNITY,
    Role.COMMUNITY_LEAD: PlaceKind.COMMUNITY,
    Role.STREET_OFFICER: PlaceKind.STREET,
    Role.DISTRICT_OFFICER: PlaceKind.DISTRICT,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time, in one of ``UNITS``; at least one."""

    amount: int
    unit: str = "working_hours"

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 1 <= self.amount <= 3650:
            raise Refused("期限要写成 1 到 3650 之间的数，并选好单位。", field="handle", code="limit")

    def __str__(self) -> str:
        return f"{self.amount} {UNITS[self.unit]}"

    @property
    def working(self) -> bool:
        return self.unit.startswith("working")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``places`` are the codes of the places it is for (that place and below); empty means everywhere."""

    category: str
    group: str
    label: str
    owner: str = Role.WORKER
    response: Limit = Limit(4)
    handle: Limit = Limit(5, "working_days")
    holder: Limit = Limit(8)
    questions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    may_return: bool = True
    privacy: str = Privacy.NEIGHBOURS
    protected: bool = False
    place: str = ""
    icon: str = "inbox"

    @property
    def level(self) -> PlaceKind | None:
        return _LEVEL_OF.get(Role(self.owner)) if self.owner else None

    @property
    def name(self) -> str:
        return f"{self.group} / {self.label}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"questions": list(self.questions), "words": list(self.words), "owner": str(self.owner)}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Rule:
        limits = {name: Limit(**row[name]) for name in ("response", "handle", "holder")}
        lists = {name: tuple(row[name]) for name in ("questions", "words")}
        return cls(**{**row, **limits, **lists})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version, ``number`` 0 is the one the house comes with."""

    number: int
    rules: tuple[Rule, ...]
    _by: Mapping[str, list[Rule]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        by: dict[str, list[Rule]] = {}
        for rule in self.rules:
            by.setdefault(rule.category, []).append(rule)
        object.__setattr__(self, "_by", by)

    def categories(self) -> list[Rule]:
        """One rule a category, in the order of the catalogue: the general one."""
        return [min(rules, key=lambda rule: len(rule.place)) for rules in self._by.values()]

    def known(self, category: str) -> bool:
        return category in self._by

    def label(self, category: str) -> str:
        rules = self._by.get(category)
        return rules[0].name if rules else category

    def rule(self, category: str, codes: Iterable[str]) -> Rule:
        """The rule for a category at a place: ``codes`` from the place upwards, the nearest wins. Raises Refused."""
        rules = self._by.get(category)
        if not rules:
            raise Refused("派单目录里没有这一类，请另选一类。", field="category", code="unknown_category")
        by_place = {rule.place: rule for rule in rules}
        for code in codes:
            if code in by_place:
                return by_place[code]
        if "" in by_place:
            return by_place[""]
        raise Refused(f"“{rules[0].label}”在这里没有人管，请先在派单目录里写上。", field="category", code="no_owner")

    def guess(self, words: str) -> str:
        """The category whose words stand most often in the text, the earlier one on a tie; '' for none."""
        best, most = "", 0
        for rule in self.categories():
            found = sum(words.count(word) for word in rule.words)
            if found > most:
                best, most = rule.category, found
        return best
