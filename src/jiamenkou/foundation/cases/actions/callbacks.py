"""回访: three answers from each who reported, to somebody who did not handle it, or from their own phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases import notices
from jiamenkou.foundation.cases.actions.handling import close, holder_due, new_round
from jiamenkou.foundation.cases.actions.opening import hand_to
from jiamenkou.foundation.cases.folding import Derived
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.recording import derive, lent, lock, record
from jiamenkou.foundation.cases.routing import Desk, path_to
from jiamenkou.foundation.cases.signing import Signed, keep_proof
from jiamenkou.foundation.cases.states import CaseState, EventKind, Outcome, Satisfaction, Solved
from jiamenkou.foundation.cases.telling import followers_of, tell_desk, tell_followers
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import CaseClosed, CaseReopened
from jiamenkou.foundation.places.models import PlaceKind
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

MOST_CALLS = 3
# nobody is kept waiting for an answer for ever; what was not answered counts as not rated
ANSWER_DAYS = 15


def answer(
    follower: Follower,
    solved: Solved,
    satisfaction: Satisfaction,
    *,
    by: Actor,
    reason: str,
    text: str = "",
    own: bool = False,
    proof: str = "",
    now: datetime | None = None,
) -> Case:
    """One person's three answers. ``own``: they say so themselves, on their phone or before a worker (``proof``).

    Raises NotAllowed for whoever handled the case, Conflict where this round was answered already.
    """
    return _called(follower, by, now, text, own, {
        "reached": True, "solved": str(solved), "satisfaction": str(satisfaction), "proof": proof,
    })  # fmt: skip


def confirm(
    follower: Follower, solved: Solved, satisfaction: Satisfaction, signed: Signed, *, by: Actor, reason: str,
    text: str = "", now: datetime | None = None,
) -> Case:  # fmt: skip
    """The answers of somebody without a phone, before a witness who did not handle the case. The proof stays with it."""
    moment = now or timezone.now()
    words = "。".join(part for part in (text, signed.words) if part)
    case = answer(
        follower, solved, satisfaction, by=by, reason=reason, text=words, proof=str(signed.proof), now=moment
    )
    with lent(follower.community_id):
        keep_proof(case, signed, moment)
    return case


def not_reached(follower: Follower, *, by: Actor, reason: str, text: str = "", now: datetime | None = None) -> Case:
    """Nobody picked up. After three calls the person is left in peace and counts as not reached."""
    return _called(follower, by, now, text, False, {"reached": False})


def _called(
    follower: Follower, by: Actor, now: datetime | None, text: str, own: bool, data: dict[str, object]
) -> Case:
    moment = now or timezone.now()
    with lent(follower.community_id):
        case = lock(_root(follower.case))
        if case.state != CaseState.HANDLED:
            raise Conflict("这一件现在不用回访。", code="no_such_move")
        before = derive(case)
        if not own and by.account is not None and by.account.pk in before.touched:
            raise NotAllowed("您经手过这一件，回访要由没有经手的人来打。", code="handled_it")
        row = Follower.objects.select_for_update(of=("self",)).get(pk=follower.pk)
        if row.answered_at is not None:
            raise Conflict("这位已经答过了。", code="answered")
        if data["reached"] and not (data["solved"] and data["satisfaction"]):
            raise Refused("三个问题都要有答案。", field="solved", code="required")
        record(
            case, EventKind.CALLED_BACK, by=by, at=moment, text=text,
            data={"follower": row.pk, "round": case.reopens, "own": own} | data,
        )  # fmt: skip
        row.asked += 1
        row.reached = bool(data["reached"])
        if data["reached"]:
            row.solved, row.satisfaction = str(data["solved"]), str(data["satisfaction"])
            row.answered_at, row.proof = moment, str(data.get("proof", ""))[:12]
        row.save()
        if unhappy(case.outcome, row):
            _unhappy(case, before, by, moment, text)
        if case.state == CaseState.HANDLED:
            close_if_answered(case, moment)
    return case


def unhappy(outcome: str, follower: Follower) -> bool:
    """An honest "cannot be solved" is not made unhappy by not being solved; by dissatisfaction it is."""
    if not follower.reached:
        return False
    return follower.satisfaction == Satisfaction.POOR or (follower.solved == Solved.NO and outcome != Outcome.CANNOT)


def _unhappy(case: Case, before: Derived, by: Actor, now: datetime, text: str) -> None:
    """Once it goes back to whoever had it; after that, and where it cannot be solved, to the street."""
    if before.above:
        return
    if before.reopens == 0 and case.outcome != Outcome.CANNOT:
        due = holder_due(case, now)
        data = {"holder_due": due.isoformat() if due else None}
        record(case, EventKind.REOPENED, by=Actor(None), at=now, data=data, text=text)
        new_round(case)
        tell_desk(case, notices.CHASED, text="回访不满意，重办一次")
        tell_followers(case, notices.REOPENED)
        publish(CaseReopened(case.pk, case.source_room, case.source_id))
        return
    record(
        case, EventKind.SUPERVISED, by=Actor(None), at=now, data={"level": 3, "unhappy": True},
        text="回访还是不满意，交街道",
    )  # fmt: skip
    path = path_to(case.place or case.community)
    street = path.of_kind(PlaceKind.STREET) or case.community
    hand_to(case, Desk(street, Role.STREET_OFFICER), by=Actor(None), at=now, due=holder_due(case, now))
    new_round(case)
    tell_desk(case, notices.CHASED, text="回访两次不满意，由街道督办")
    publish(CaseReopened(case.pk, case.source_room, case.source_id))


def pending(case: Case) -> list[Follower]:
    """Those still to be asked in this round."""
    return [
        follower
        for follower in followers_of(case)
        if follower.can_be_asked and follower.answered_at is None and follower.asked < MOST_CALLS
    ]


def close_if_answered(case: Case, now: datetime) -> None:
    if not pending(case):
        close(case, by=Actor(None), now=now)


def close_unanswered(now: datetime, *, by: Actor, reason: str) -> int:
    """What nobody answered within the days for it. Returns how many were closed."""
    closed = 0
    old = Case.objects.to_call_back().filter(handled_at__lt=now - timedelta(days=ANSWER_DAYS)).order_by("id")
    for case in old:
        locked = lock(case)
        if locked.state == CaseState.HANDLED:
            close(locked, by=by, now=now, text=f"{ANSWER_DAYS} 天没有答复")
            closed += 1
    return closed


def withdraw(follower: Follower, *, by: Actor, reason: str, text: str = "", now: datetime | None = None) -> Case:
    """The one who reported takes it back. Others who reported the same keep it open."""
    moment = now or timezone.now()
    with lent(follower.community_id):
        case = lock(_root(follower.case))
        others = [one for one in followers_of(case) if one.pk != follower.pk]
        if others:
            raise Conflict("还有别的邻居报了同一件事，我们接着办。您可以不再管它。", code="others")
        record(case, EventKind.WITHDRAWN, by=Actor(None) if follower.protected else by, at=moment, text=text)
        publish(CaseClosed(case.pk, case.source_room, case.source_id, case.state, case.outcome))
    return case


def _root(case: Case) -> Case:
    while case.merged_into_id is not None:
        case = Case.objects.get(pk=case.merged_into_id)
    return case
