"""Events of this room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VacancyChanged:
    """Published, changed, paused, filled or taken down: the search row follows."""

    vacancy: int
