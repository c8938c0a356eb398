"""The state of a case as a pure fold over its log. Nothing here knows the database or the time of day.

Every due time stands in the event that set it, so the fold needs no calendar; a log folds to the same state
wherever and whenever it is folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from jiamenkou.foundation.cases.states import CaseState, EventKind

K, S = EventKind, CaseState


@dataclass(frozen=True, slots=True)
class Fact:
    """One event as the fold sees it. ``by`` is an account's id; ``data`` holds plain JSON values."""

    seq: int
    kind: str
    at: datetime
    by: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Derived:
    """What a log amounts to. Every field is stored on the case under the same name, see ``STORED``."""

    seq: int = 0
    state: str = S.SUBMITTED
    submitted_at: datetime | None = None
    response_due: datetime | None = None
    responded_at: datetime | None = None
    due_at: datetime | None = None
    first_handled_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    moved_at: datetime | None = None
    outcome: str = ""
    holder_place_id: int | None = None
    holder_role: str = ""
    holder_id: int | None = None
    holder_since: datetime | None = None
    holder_due: datetime | None = None
    signed_at: datetime | None = None
    handler_id: int | None = None
    holders: int = 0
    returns: int = 0
    ruled: bool = False
    extensions: int = 0
    asking: str = ""
    asked_by_id: int | None = None
    paused_at: datetime | None = None
    reopens: int = 0
    level: int = 0
    supervised: bool = False
    heat: int = 0
    open_helpers: int = 0
    merged_into_id: int | None = None
    excluded: str = ""
    # not stored: needed while folding and for the figures
    own_due: datetime | None = None
    own_response_due: datetime | None = None
    own_submitted: datetime | None = None
    absorbed: dict[int, tuple[datetime | None, datetime | None, datetime | None]] = field(default_factory=dict)
    helpers: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    before: str = ""
    callbacks: list[Fact] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    wait: str = ""
    # an unhappy answer has already taken it to the level above
    above: bool = False


NOT_STORED = frozenset(
    {
        "own_due", "own_response_due", "own_submitted", "absorbed", "helpers", "before", "callbacks", "touched",
        "wait", "above",
    }
)  # fmt: skip
STORED: tuple[str, ...] = tuple(one.name for one in fields(Derived) if one.name not in NOT_STORED)
# who did one of these has handled the case and does not call back about it
HANDLING = frozenset(
    {K.SIGNED, K.CONTACTED, K.NOTED, K.HELPER_DONE, K.HANDLED, K.RETURNED, K.EXTENSION_ASKED, K.SUSPENSION_ASKED}
)


def moment(value: str | None) -> datetime | None:
    """The time an event carries, as ``isoformat`` wrote it."""
    return datetime.fromisoformat(value) if value else None


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The facts in their order, without those a later event took back."""
    ordered = sorted(facts, key=lambda fact: fact.seq)
    undone = {fact.data["undoes"] for fact in ordered if fact.kind == K.UNDONE}
    return [fact for fact in ordered if fact.seq not in undone]


def fold(facts: Iterable[Fact]) -> Derived:
    """Raises ValueError on an empty log or one that does not begin with 'opened'."""
    ordered = standing(facts)
    if not ordered or ordered[0].kind != K.OPENED:
        raise ValueError("a log begins with 'opened'")
    case = Derived()
    for fact in ordered:
        _apply(case, fact)
        case.seq = fact.seq
        if fact.kind not in _SILENT:
            case.moved_at = fact.at
    _effective(case)
    return case


# what does not count as a move of the case itself
_SILENT = frozenset({K.ESCALATED, K.RECLOCKED, K.UNDONE, K.RECOGNISED, K.LET_GO, K.LOOKED})


def _apply(case: Derived, fact: Fact) -> None:
    data = fact.data
    if fact.kind in HANDLING and fact.by is not None:
        case.touched.add(fact.by)
    match fact.kind:
        case K.OPENED:
            case.state, case.own_submitted = S.SUBMITTED, fact.at
            case.own_due, case.own_response_due = moment(data.get("due")), moment(data.get("response_due"))
        case K.RECLOCKED:
            case.own_due, case.own_response_due = moment(data.get("due")), moment(data.get("response_due"))
        case K.ASSIGNED | K.RULED:
            _hand_over(case, fact)
        case K.SIGNED:
            case.state, case.signed_at, case.holder_id = S.WORKING, fact.at, data.get("account", fact.by)
        case K.CONTACTED:
            case.responded_at = case.responded_at or fact.at
        case K.HELPER_ASKED:
            case.helpers[fact.seq] = data
        case K.HELPER_DONE:
            case.helpers.pop(data["helper"], None)
        case K.RETURNED:
            case.state, case.returns = S.RETURNED, case.returns + 1
            case.holder_id, case.signed_at, case.holder_due = None, None, None
        case _:
            if not (_end(case, fact) or _wait(case, fact) or _weigh(case, fact)):
                _merge(case, fact)


def _end(case: Derived, fact: Fact) -> bool:
    data = fact.data
    match fact.kind:
        case K.HANDLED:
            case.state, case.handled_at, case.outcome = S.HANDLED, fact.at, data["outcome"]
            case.first_handled_at = case.first_handled_at or fact.at
            # who gets the rating is decided when the work is handed in, not when the answer comes
            case.handler_id = data.get("handler", fact.by)
        case K.CALLED_BACK:
            case.callbacks.append(fact)
        case K.REOPENED:
            case.state, case.reopens = S.WORKING, case.reopens + 1
            case.handled_at, case.closed_at, case.outcome = None, None, ""
            # the same hand once more: its own clock begins again, the case's does not
            case.holder_since, case.holder_due = fact.at, moment(data.get("holder_due"))
            case.holders += 1
        case K.CLOSED:
            case.state, case.closed_at = S.CLOSED, fact.at
        case K.DECLINED:
            case.state, case.closed_at = S.DECLINED, fact.at
        case K.WITHDRAWN:
            case.state, case.closed_at = S.WITHDRAWN, fact.at
        case _:
            return False
    return True


def _weigh(case: Derived, fact: Fact) -> bool:
    data = fact.data
    match fact.kind:
        case K.SUPERVISED:
            case.supervised, case.level = True, max(case.level, data.get("level", 1))
            case.above = case.above or bool(data.get("unhappy"))
        case K.ESCALATED:
            case.level = max(case.level, data["level"])
        case K.REPEATED:
            case.heat += 1
        case K.EXCLUDED:
            case.excluded = data["reason"]
        case K.INCLUDED:
            case.excluded = ""
        case _:
            return False
    return True


def _hand_over(case: Derived, fact: Fact) -> None:
    """A new holder with a clock of its own; the case clock is not touched."""
    data = fact.data
    case.state = S.ASSIGNED
    case.holder_place_id, case.holder_role, case.holder_id = data["place"], data["role"], data.get("account")
    case.holder_since, case.holder_due, case.signed_at = fact.at, moment(data.get("due")), None
    case.holders += 1
    case.handled_at, case.outcome = None, ""
    if fact.kind == K.RULED:
        case.ruled = True


def _wait(case: Derived, fact: Fact) -> bool:
    data = fact.data
    match fact.kind:
        case K.EXTENSION_ASKED | K.SUSPENSION_ASKED:
            case.asking, case.asked_by_id = fact.kind, fact.by
        case K.EXTENSION_GRANTED:
            case.asking, case.asked_by_id, case.extensions = "", None, case.extensions + 1
            case.own_due = moment(data["due"])
        case K.EXTENSION_REFUSED | K.SUSPENSION_REFUSED:
            case.asking, case.asked_by_id = "", None
        case K.SUSPENDED:
            case.asking, case.asked_by_id = "", None
            case.before, case.state, case.paused_at, case.wait = case.state, S.WAITING, fact.at, data["reason"]
        case K.RESUMED:
            case.state, case.before, case.paused_at, case.wait = case.before or S.WORKING, "", None, ""
            case.own_due = moment(data.get("due"))
        case _:
            return False
    return True


def _merge(case: Derived, fact: Fact) -> bool:
    data = fact.data
    match fact.kind:
        case K.MERGED:
            case.before, case.state, case.merged_into_id = case.state, S.MERGED, data["into"]
        case K.UNMERGED:
            case.state, case.before, case.merged_into_id = case.before, "", None
        case K.ABSORBED:
            case.absorbed[data["gone"]] = (
                moment(data.get("submitted")), moment(data.get("response_due")), moment(data.get("due"))
            )  # fmt: skip
        case K.RELEASED:
            case.absorbed.pop(data["gone"], None)
        case _:
            return False
    return True


def _effective(case: Derived) -> None:
    """Whose report came first sets the clock of all that were merged: nobody waits longer for being merged."""
    took_in = list(case.absorbed.values())
    case.submitted_at = _first([case.own_submitted, *(one[0] for one in took_in)])
    case.response_due = _first([case.own_response_due, *(one[1] for one in took_in)])
    case.due_at = _first([case.own_due, *(one[2] for one in took_in)])
    case.open_helpers = len(case.helpers)


def _first(times: list[datetime | None]) -> datetime | None:
    return min((one for one in times if one is not None), default=None)
