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
class CaseOpened:
    """``room`` and ``source`` name what it came from: the room and the row there, or "" and None."""

    case: int
    room: str
    source: int | None


@dataclass(frozen=True, slots=True)
class CaseHandled:
    """The handler says it is done; those who reported are asked next. ``outcome``: solved, partly, cannot."""

    case: int
    room: str
    source: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """Everybody who could be asked has answered, or it was withdrawn or declined (``state``)."""

    case: int
    room: str
    source: int | None
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseReopened:
    case: int
    room: str
    source: int | None


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """A visit at the door was received. ``needs``: (category, words); ``findings``: codes of the form, e.g. ``safety.gas``."""

    visit: int
    resident: int
    household: int | None
    community: int
    needs: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """The state of a case that came from a room is another one now, whatever moved it, an undone step included."""

    case: int
    room: str
    source: int | None
    state: str
    outcome: str
