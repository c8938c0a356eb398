"""What rooms and parts of the house bring to the tests of trust: a ``trust.py`` beside their own tests, found, not listed.

Such a module holds ``ROWS`` (of the access table), and where it needs them ``furnish(where)`` (objects that the rows
name, one set for each of the two communities), ``OPEN_TABLES`` (tables of people that no policy holds for, each with the
reason), ``READ_BY_ALL`` (tables whose policy guards only writing, each with the reason) and ``OF_PEOPLE`` (for a table that
also has rows of nobody: the condition that says which rows are somebody's).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.shared import ROOT

if TYPE_CHECKING:
    from jiamenkou.foundation.people.models import Account, Organisation, Resident
    from jiamenkou.foundation.places.models import Place


@dataclass(frozen=True)
class Where:
    """For whom a part furnishes: a person with an account, and an employer with one, in one community."""

    community: Place
    grid: Place
    resident: Resident
    account: Account
    organisation: Organisation
    employer: Account


@cache
def parts() -> list[Any]:
    """Every ``trust.py`` below tests/, by name."""
    return [importlib.import_module(name) for name in _names()]


def _names() -> Iterator[str]:
    for path in sorted((ROOT / "tests").rglob("trust.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def furnished(where: Where) -> dict[str, Any]:
    """The objects of every part; a name that two parts use fails."""
    things: dict[str, Any] = {}
    for part in parts():
        for name, thing in getattr(part, "furnish", _nothing)(where).items():
            assert name not in things, f"two parts furnish {name!r}"
            things[name] = thing
    return things


def open_tables() -> dict[str, str]:
    return {table: why for part in parts() for table, why in getattr(part, "OPEN_TABLES", {}).items()}


def read_by_all() -> dict[str, str]:
    return {table: why for part in parts() for table, why in getattr(part, "READ_BY_ALL", {}).items()}


def rows_of_people() -> dict[str, str]:
    return {table: rows for part in parts() for table, rows in getattr(part, "OF_PEOPLE", {}).items()}


def _nothing(where: Where) -> dict[str, Any]:
    return {}
