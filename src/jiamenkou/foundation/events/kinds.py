"""Events that more than one room cares about. A room's own events live in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ResidentDied:
    resident: int
    on: date


@dataclass(frozen=True, slots=True)
class ResidentsMerged:
    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class ResidentErased:
    """The person is being forgotten: rooms delete what only the person needed; what stays is emptied of words."""

    resident: int


@dataclass(frozen=True, slots=True)
class ResidentMoved:
    resident: int
    from_community: int
    to_community: int


@dataclass(frozen=True, slots=True)
class CertificateEarned:
    resident: int
    certificate: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PlacementConfirmed:
    resident: int
    placement: int
    started_on: date


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """A visit at the door was received. ``needs``: (category, words); ``findings``: codes of the form, e.g. ``safety.gas``."""

    visit: int
    resident: int
    household: int | None
    community: int
    needs: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
