"""Occupations for a title: five to choose from, learning from what workers chose before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jiamenkou.engines.occupations import fold, own_table, suggest
from jiamenkou.services.jobs.models import OccupationChoice

SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to tap. ``score`` is 0 to 100; ``chosen`` the one that is ticked."""

    code: str
    name: str
    score: int
    why: str
    chosen: bool


@cache
def _names() -> dict[str, str]:
    return {one.code: one.name for one in own_table()}


def occupation_name(code: str) -> str:
    """The official name of a code, empty where our table does not hold it."""
    return _names().get(code, "")


def choices(title: str, chosen: str | None = None, name: str = "") -> Sequence[Choice]:
    """At most five occupations for a title, and ``chosen`` among them even if it is none of them.

    With ``chosen`` None the best one is ticked where it is near enough; an empty string is "none of them".
    """
    key = fold(title)
    learned: dict[str, dict[str, int]] = {key: {}}
    for code, times in OccupationChoice.objects.filter(title_key=key).order_by("id").values_list("code", "times"):
        learned[key][code] = times
    # the engine may hold an exact name as near as a choice: what workers chose still comes first
    found = sorted(suggest(title, SUGGESTED, learned), key=lambda one: -learned[key].get(one.code, 0))
    if chosen is None:
        chosen = found[0].code if found and found[0].score >= 60 else ""
    lines = [Choice(one.code, one.name, one.score, one.why, one.code == chosen) for one in found]
    if chosen and not any(line.chosen for line in lines):
        stored = Choice(chosen, occupation_name(chosen) or name or "另选的职业", 0, "登记时选的", True)
        lines = [stored, *lines[: SUGGESTED - 1]]
    return lines
