"""Events of this room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProjectOpened:
    """What people asked for is there; ``residents`` are those who were told."""

    project: int
    residents: tuple[int, ...]
