"""Events of people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResidentChanged:
    """Registered or changed: the search row follows."""

    resident: int


@dataclass(frozen=True, slots=True)
class ResidentsChanged:
    """Many at once, as an import writes them."""

    residents: tuple[int, ...]
