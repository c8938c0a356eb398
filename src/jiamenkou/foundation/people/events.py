"""Events of people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResidentChanged:
    """Registered or changed: the search row follows."""

    resident: int
