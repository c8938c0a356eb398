"""Whose need goes first for a wheelchair: the register's facts, not who was quick."""

from __future__ import annotations

from datetime import date

from jiamenkou.foundation.people.models import Resident

CANNOT_MOVE = ("卧床", "失能", "半失能", "全护理")


def need_of(resident: Resident, today: date) -> int:
    """3 bedridden or in need of care, 2 disabled, 1 eighty or older, 0 otherwise."""
    if is_bound(resident):
        return 3
    if resident.disability_kinds:
        return 2
    age = resident.age(today)
    return 1 if age is not None and age >= 80 else 0


def is_bound(resident: Resident) -> bool:
    """Cannot come by themselves."""
    return any(word in category for word in CANNOT_MOVE for category in resident.categories)


def may_be_visited(resident: Resident, from_age: int, today: date) -> bool:
    """A visit at home is for the bedridden and from an age on."""
    age = resident.age(today)
    return is_bound(resident) or bool(resident.disability_kinds) or (age is not None and age >= from_age)
