"""Matching people and work near home: what is feasible, why, in which order, and a fair round.

``feasible`` and ``reasons`` explain one pair, ``rank`` and ``rank_people``
order many, ``recommend`` keeps to the head-count, ``allot`` solves a round with
proof, ``Index`` answers the same questions for a whole city.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jiamenkou.engines.matching.feasibility import feasible, walk_minutes, within_reach
from jiamenkou.engines.matching.model import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    Education,
    Kind,
    Mark,
    Match,
    Opening,
    PayUnit,
    Reason,
    ReasonCode,
    Refusal,
    RefusalCode,
    Seeker,
    Spot,
    Window,
)
from jiamenkou.engines.matching.ranking import match, rank, rank_people, recommend, room
from jiamenkou.engines.matching.reasons import reasons, score
from jiamenkou.engines.matching.walking import spot

if TYPE_CHECKING:
    from jiamenkou.engines.matching.allotment import (
        Allotment,
        Edges,
        FamilyAllotment,
        NotProved,
        allot,
        assign,
        assign_families,
    )
    from jiamenkou.engines.matching.index import Index, Top

# SciPy takes most of a second to import; only whoever allots or indexes a city pays for it
_LATER = {
    "Allotment": "allotment",
    "Edges": "allotment",
    "FamilyAllotment": "allotment",
    "NotProved": "allotment",
    "allot": "allotment",
    "assign": "allotment",
    "assign_families": "allotment",
    "Index": "index",
    "Top": "index",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)


__all__ = [
    "EVERY_DAY",
    "MONDAY_TO_FRIDAY",
    "Allotment",
    "Edges",
    "Education",
    "FamilyAllotment",
    "Index",
    "Kind",
    "Mark",
    "Match",
    "NotProved",
    "Opening",
    "PayUnit",
    "Reason",
    "ReasonCode",
    "Refusal",
    "RefusalCode",
    "Seeker",
    "Spot",
    "Top",
    "Window",
    "allot",
    "assign",
    "assign_families",
    "feasible",
    "match",
    "rank",
    "rank_people",
    "reasons",
    "recommend",
    "room",
    "score",
    "spot",
    "walk_minutes",
    "within_reach",
]
