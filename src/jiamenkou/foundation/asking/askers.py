"""Who asks, with the ids taken out: two people of the same powers get the same statement with other values.

The stand-in has the roles and so the permissions of the real actor, and ids that no row has. Wherever such an id turns up
among the parameters of a statement, the real one belongs.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jiamenkou.foundation.access.actor import Actor, Held
from jiamenkou.foundation.people.models import Account, AccountResident
from jiamenkou.foundation.places.models import Place

# near the end of bigint: no row ever comes here
BASE = 9_100_000_000_000_000_000
# how an id would begin that was written into a text
DIGITS = str(BASE)[:6]


class Numbers:
    """Stand-in ids by the order in which the real ones turn up."""

    def __init__(self) -> None:
        self.real: list[int] = []

    def of(self, ids: Iterable[int]) -> tuple[int, ...]:
        return tuple(self._one(one) for one in ids)

    def _one(self, real: int) -> int:
        if real not in self.real:
            self.real.append(real)
        return BASE + self.real.index(real)


@dataclass(frozen=True, slots=True)
class _Somewhere:
    """What a list may ask of an actor's place: its id, what kind it is, and the beginning of the paths below it."""

    pk: int
    kind: str
    depth: int
    number: int

    @property
    def path(self) -> str:
        return _text(self.number, self.depth)

    def ancestor_path(self, depth: int) -> str:
        return _text(self.number, depth)


class _StandIn(Actor):
    """An actor of the same powers without a name, at places without names."""

    at_home: Place | None = None

    @property
    def home(self) -> Place | None:
        return self.at_home


@dataclass(frozen=True, slots=True)
class Asker:
    """``key`` is what askers of one kind have in common, ``twin`` whom the statement is written for."""

    key: Hashable
    twin: Any
    ids: list[int]
    places: list[Place]

    def text(self, template: str) -> str:
        """The paths of this asker where the statement has those of the stand-in."""
        return _PATH.sub(lambda found: self.places[int(found[1])].ancestor_path(int(found[2])), template)


def asker(who: Actor | Sequence[int]) -> Asker:
    """What a statement knows of who asks: an actor, or the people somebody asks about."""
    numbers = Numbers()
    if not isinstance(who, Actor):
        ids = numbers.of(who)
        # a named tuple stays one
        twin = who._make(ids) if isinstance(who, tuple) and hasattr(who, "_make") else list(ids)
        return Asker((type(who), ids), twin, numbers.real, [])
    home = who.home
    places = [one.place for one in who.roles] + ([home] if home is not None else [])
    there = [
        _Somewhere(numbers.of([place.pk])[0], str(place.kind), place.depth, number)
        for number, place in enumerate(places)
    ]
    # ids in order, or the same powers would make another statement another time
    reach = [(numbers.of(sorted(one.communities)), numbers.of(sorted(one.grids))) for one in who.roles]
    people = numbers.of(link.resident_id for link in who.residents)
    account = numbers.of([who.account.pk]) if who.account is not None else ()
    roles = tuple((one.role.value, one.lender is not None) for one in who.roles)
    twin = _StandIn(Account(pk=account[0]) if account else None, strong=who.strong)
    twin.at_home = cast(Place, there[-1]) if home is not None else None
    vars(twin)["roles"] = tuple(
        Held(one.role, cast(Place, place), frozenset(whole), frozenset(grids), one.lender and Account())
        for one, place, (whole, grids) in zip(who.roles, there, reach, strict=False)
    )
    vars(twin)["residents"] = tuple(AccountResident(resident_id=one) for one in people)
    return Asker((roles, tuple(there), tuple(reach), people, account, who.strong), twin, numbers.real, places)


def is_path(value: str) -> bool:
    return _PATH.search(value) is not None


def position(value: int) -> int | None:
    """Which id of the asker stands here, if one does."""
    return value - BASE if value >= BASE else None


def _text(number: int, depth: int) -> str:
    return f"\ue000{number}.{depth}\ue001"


# characters of the private area: no path and no word of a person has them
_PATH = re.compile("\ue000([0-9]+)\\.([0-9]+)\ue001")
