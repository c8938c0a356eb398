"""The one way a case changes: an event is added, the log is folded, the state is stored. All in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, Scope, scope
from jiamenkou.foundation.cases.folding import STORED, Derived, fold
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.states import CaseState, EventKind
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import CaseMoved
from jiamenkou.foundation.refusals import Conflict

S, K = CaseState, EventKind
_WORKED = frozenset({S.ASSIGNED, S.WORKING})
_LIVE = frozenset({S.SUBMITTED, S.ASSIGNED, S.WORKING, S.WAITING, S.RETURNED})
# from which states a move may be made; a kind that is not here may follow anything
ALLOWED: Mapping[str, frozenset[CaseState]] = {
    K.ASSIGNED: frozenset({S.SUBMITTED, S.ASSIGNED, S.WORKING, S.RETURNED, S.HANDLED}),
    K.SIGNED: frozenset({S.ASSIGNED}),
    K.CONTACTED: _LIVE,
    K.HELPER_ASKED: _WORKED,
    K.HELPER_DONE: _LIVE,
    K.EXTENSION_ASKED: _WORKED,
    K.EXTENSION_GRANTED: _WORKED,
    K.EXTENSION_REFUSED: _WORKED,
    K.SUSPENSION_ASKED: _WORKED,
    K.SUSPENDED: _WORKED,
    K.SUSPENSION_REFUSED: _WORKED,
    K.RESUMED: frozenset({S.WAITING}),
    K.RETURNED: _WORKED,
    K.RULED: frozenset({S.RETURNED}),
    K.URGED: _LIVE,
    K.SUPERVISED: _LIVE | {S.HANDLED},
    K.ESCALATED: _LIVE,
    K.MERGED: frozenset({S.SUBMITTED, S.ASSIGNED, S.WORKING, S.RETURNED}),
    K.UNMERGED: frozenset({S.MERGED}),
    K.ABSORBED: _LIVE,
    K.RELEASED: _LIVE | {S.HANDLED},
    K.HANDLED: frozenset({S.WORKING}),
    K.CALLED_BACK: frozenset({S.HANDLED}),
    K.REOPENED: frozenset({S.HANDLED}),
    K.CLOSED: frozenset({S.HANDLED}),
    K.DECLINED: frozenset({S.SUBMITTED, S.ASSIGNED, S.RETURNED}),
    K.WITHDRAWN: _LIVE,
    K.RECLOCKED: _LIVE,
}


def lock(case: Case) -> Case:
    """The row as it is now, held until the transaction ends: two moves of one case follow one another."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def record(
    case: Case,
    kind: EventKind,
    *,
    by: Actor,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    text: str = "",
    told: bool = False,
) -> Derived:
    """Add one event to a locked case and store what the log then amounts to. Raises Conflict where it cannot follow."""
    moment = at or timezone.now()
    state = CaseState(case.state)
    if kind in ALLOWED and case.seq and state not in ALLOWED[kind]:
        raise Conflict(f"这一件现在是“{state.label}”，不能“{EventKind(kind).label}”。", code="no_such_move")
    CaseEvent.objects.create(
        case=case, seq=case.seq + 1, kind=kind, at=moment, by=by.account, data=dict(data or {}),
        text=text.replace("\0", "")[:500], told=told,  # what no text of the database can hold
        community_id=case.community_id, grid_id=case.grid_id,
    )  # fmt: skip
    derived = derive(case)
    store(case, derived)
    if case.source_room and case.state != state:
        publish(CaseMoved(case.pk, case.source_room, case.source_id, case.state, case.outcome))
    return derived


def derive(case: Case) -> Derived:
    """What the log of a case amounts to."""
    return fold(event.fact() for event in CaseEvent.objects.filter(case=case).order_by("seq"))


def store(case: Case, derived: Derived) -> None:
    for name in STORED:
        setattr(case, name, getattr(derived, name))
    case.save(update_fields=[name.removesuffix("_id") for name in STORED])


@contextmanager
def lent(case_community: int) -> Iterator[None]:
    """A reporter's own move: for its length the rows of the case may be written, whoever reported it first.

    Opened by actions after they have checked that the case is the reporter's.
    """
    with scope(Scope(communities=frozenset({case_community}))):
        yield


@contextmanager
def whole() -> Iterator[None]:
    """For telling people and for counting: rows of any community, for as long as it takes."""
    with scope(EVERYTHING):
        yield
