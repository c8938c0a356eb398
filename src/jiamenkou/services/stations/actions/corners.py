"""Idle corners come alive: registered, proposed for, voted on, claimed, opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.people import called
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.models import Ballot, Claim, Corner, Proposal, Station
from jiamenkou.services.stations.notices import CLAIMED, say
from jiamenkou.services.stations.states import CornerState, check_move

MOST_PROPOSALS = 20


def register(
    community: Place, name: str, where: str, *, by: Actor, now: datetime, reason: str, about: str = "",
    before: StoredFile | None = None,
) -> Corner:  # fmt: skip
    """Raises Conflict where it is registered already."""
    if not name.strip() or not where.strip():
        raise Refused("请写哪个角落、在哪里。", field="name", code="required")
    try:
        with transaction.atomic():
            return Corner.objects.create(
                community=community,
                name=name.strip()[:40],
                where=where.strip()[:80],
                now=about.strip()[:120],
                before=before,
                registered_at=now,
            )
    except IntegrityError as error:
        raise Conflict("这个角落已经登记过了。", field="name", code="exists") from error


def propose(corner: Corner, resident: Resident, text: str, *, by: Actor, now: datetime, reason: str) -> Proposal:
    """The first idea opens the vote; ideas are taken until it ends."""
    if not text.strip():
        raise Refused("请写想把它变成什么。", field="text", code="required")
    if corner.state not in {CornerState.REGISTERED, CornerState.PROPOSED}:
        raise Conflict("主意已经定了。", code="state")
    if corner.vote_until is not None and corner.vote_until < timezone.localdate(now):
        raise Conflict("投票已经结束了。", code="over")
    if corner.proposals.count() >= MOST_PROPOSALS:
        raise Refused("主意已经有二十个了，给喜欢的投一票吧。", code="many")
    proposal = Proposal.objects.create(corner=corner, text=text.strip()[:100], called=called(resident), at=now)
    if corner.state == CornerState.REGISTERED:
        corner.state, corner.vote_until = CornerState.PROPOSED, timezone.localdate(now) + timedelta(days=14)
        corner.save()
    return proposal


def vote(proposal: Proposal, resident: Resident, *, by: Actor, now: datetime, reason: str) -> Ballot:
    """One person, one vote a corner; another choice moves it. The counts move with the ballots, in one transaction."""
    corner = Corner.objects.select_for_update(of=("self",)).get(pk=proposal.corner_id)
    if corner.state != CornerState.PROPOSED or (
        corner.vote_until is not None and corner.vote_until < timezone.localdate(now)
    ):
        raise Conflict("投票已经结束了。", code="over")
    if resident.community_id != corner.community_id:
        raise Refused("这是别的社区的角落，请住在那里的人投票。", code="elsewhere")
    ballot = Ballot.objects.filter(corner=corner, resident=resident).first()
    if ballot is None:
        ballot = Ballot.objects.create(corner=corner, proposal=proposal, resident=resident, at=now)
    elif ballot.proposal_id == proposal.pk:
        return ballot
    else:
        Proposal.objects.filter(pk=ballot.proposal_id, votes__gt=0).update(votes=F("votes") - 1)
        ballot.proposal, ballot.at = proposal, now
        ballot.save()
    Proposal.objects.filter(pk=proposal.pk).update(votes=F("votes") + 1)
    return ballot


def close_vote(corner: Corner, *, by: Actor, now: datetime, reason: str) -> Corner:
    """Most votes; the earlier idea where two have as many."""
    check_move(CornerState, corner.state, CornerState.VOTED)
    best = corner.proposals.order_by("-votes", "at", "id").first()
    if best is None or best.votes == 0:
        raise Refused("还没有人投票，再等等。", code="empty")
    corner.chosen, corner.state, corner.vote_until = best, CornerState.VOTED, timezone.localdate(now)
    corner.save()
    return corner


def claim(corner: Corner, resident: Resident, word: str, *, by: Actor, now: datetime, reason: str) -> Claim:
    """I would keep it. The community says yes or no."""
    if corner.state != CornerState.VOTED:
        raise Conflict("现在还不能认领。", code="state")
    if by.account is None:
        raise Refused("请先登录。", code="account")
    try:
        with transaction.atomic():
            return Claim.objects.create(
                corner=corner,
                community_id=corner.community_id,
                resident=resident,
                account=by.account,
                called=called(resident),
                word=word.strip()[:100],
                at=now,
            )
    except IntegrityError as error:
        raise Conflict("您已经报名认领了，等社区回话。", code="exists") from error


def agree(given: Claim, *, by: Actor, now: datetime, reason: str) -> Corner:
    """This keeper it is."""
    corner = Corner.objects.select_for_update(of=("self",)).get(pk=given.corner_id)
    check_move(CornerState, corner.state, CornerState.CLAIMED)
    Claim.objects.filter(pk=given.pk).update(agreed_at=now)
    corner.state, corner.keeper_called = CornerState.CLAIMED, given.called
    corner.save()
    say(CLAIMED, given.resident_id, href=f"/stations/corners/{corner.pk}/", corner=corner.name)
    return corner


def open_corner(
    corner: Corner, on: date, *, by: Actor, now: datetime, reason: str, after: StoredFile | None = None,
    station: Station | None = None,
) -> Corner:  # fmt: skip
    """It is open, with a photo of it as it is now."""
    check_move(CornerState, corner.state, CornerState.OPENED)
    if after is None and corner.after_id is None:
        raise Refused("请附一张现在的照片。", field="photo", code="required")
    corner.state, corner.opened_on = CornerState.OPENED, on
    corner.after = after or corner.after
    corner.station = station or corner.station
    corner.save()
    return corner


def drop(corner: Corner, why: str, *, by: Actor, now: datetime, reason: str) -> Corner:
    check_move(CornerState, corner.state, CornerState.DROPPED)
    if not why.strip():
        raise Refused("请写为什么不办，大家会看到。", field="why", code="required")
    corner.state, corner.now = CornerState.DROPPED, why.strip()[:120]
    corner.save()
    return corner


def ballot_of(corner: Corner, resident: int | None) -> int | None:
    """The proposal this person voted for."""
    if resident is None:
        return None
    return Ballot.objects.filter(corner=corner, resident=resident).values_list("proposal_id", flat=True).first()


def counted(corner: Corner) -> int:
    """Ballots there are; equals the sum of the counts."""
    with scopes.scope(scopes.EVERYTHING):
        return Ballot.objects.filter(corner=corner).count()
