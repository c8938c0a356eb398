"""A report comes in: numbered, given its clocks, sent to a desk, the reporter told what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks, notices
from jiamenkou.foundation.cases.catalogue import Rule
from jiamenkou.foundation.cases.models import Case, CaseFile, Follower, ProtectedSource
from jiamenkou.foundation.cases.numbering import next_number
from jiamenkou.foundation.cases.recording import lent, lock, record
from jiamenkou.foundation.cases.routing import Desk, Path, catalogue, desk_for, path_to
from jiamenkou.foundation.cases.signing import Signed, keep_proof
from jiamenkou.foundation.cases.states import Channel, EventKind, FiledBy, Moment, Privacy
from jiamenkou.foundation.cases.telling import tell_desk, tell_followers
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import CaseOpened
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.vault import service as vault

if TYPE_CHECKING:
    from jiamenkou.foundation.files.models import StoredFile

PHONE = "follower.phone"
UPPER = "case.upper"


@dataclass(frozen=True, slots=True)
class CaseSource:
    """What a case came from inside the house: the room's name and the id of its row."""

    room: str
    id: int


@dataclass(frozen=True, slots=True)
class Upper:
    """A ticket of a platform above: its number, its own deadline, the line of its sheet."""

    platform: str
    number: str
    due: datetime | None = None
    row: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """A reporter who is not in the roster: how to address and to reach them. Either may be empty."""

    name: str = ""
    phone: str = ""


Reporter = Resident | Account | Stranger


@dataclass(frozen=True, slots=True)
class Promise:
    """What will be promised if this is sent now; ``due`` is None where the calendar ends before."""

    rule: Rule
    path: Path
    desk: Desk
    response_due: datetime | None
    due: datetime | None
    holder_due: datetime | None
    catalogue: int


def promise(category: str, place: Place, now: datetime) -> Promise:
    """Route and time a report without filing it. Raises Refused at category or place."""
    known, path = catalogue(), path_to(place)
    rule = known.rule(category, path.codes)
    desk = desk_for(rule, path)
    clock = clocks.clock_for(path.community)
    return Promise(
        rule, path, desk,
        clocks.due_or_none(clock, now, rule.response),
        clocks.due_or_none(clock, now, rule.handle),
        clocks.due_or_none(clock, now, rule.holder),
        known.number,
    )  # fmt: skip


def open_case(
    *,
    category: str,
    place: Place,
    title: str,
    by: Actor,
    reason: str,
    words: str = "",
    reporter: Reporter | None = None,
    source: CaseSource | None = None,
    channel: Channel = Channel.DESK,
    filed_by: FiledBy = FiledBy.WORKER,
    privacy: Privacy | None = None,
    door: str = "",
    answers: Mapping[str, str] | None = None,
    urgent_why: str = "",
    upper: Upper | None = None,
    files: Sequence[StoredFile] = (),
    signed: Signed | None = None,
    now: datetime | None = None,
    tell: bool = True,
) -> Case:
    """File a report. Raises Refused at ``category``, ``place``, ``title``; Conflict for an upper ticket filed twice.

    A report that nobody owns goes to the street's duty desk; one whose deadline lies beyond the calendar is taken
    without one, and the desk says so. ``signed``: the proof of somebody for whom a worker files it. Publishes
    :class:`CaseOpened`.
    """
    moment = now or timezone.now()
    if not title.strip():
        raise Refused("请写一句是什么事。", field="title", code="required")
    promised = promise(category, place, moment)
    shown = Privacy.PROTECTED if promised.rule.protected else (privacy or Privacy(promised.rule.privacy))
    protected = shown == Privacy.PROTECTED
    if protected and signed is not None:
        raise Refused("来源保密的事不留签名和录音，别人会认出来。", field="signature", code="protected")
    grid = promised.path.of_kind(PlaceKind.GRID)
    community = promised.path.community
    if protected:
        # the trail, too, must not say who it was
        scopes.declare("system:cases", "保密线索")
    with lent(community.pk):
        case = _create(
            number=next_number(community, timezone.localdate(moment).year),
            community=community,
            grid=grid,
            place=promised.path.place,
            door=door[:80],
            resident=reporter if isinstance(reporter, Resident) and not protected else None,
            category=category,
            catalogue=promised.catalogue,
            title=title.strip()[:80],
            words=words[:2000],
            answers=dict(answers or {}),
            channel=channel,
            privacy=shown,
            filed_by=filed_by,
            filed_account=None if protected else by.account,
            urgent=bool(urgent_why),
            urgent_why=urgent_why[:40],
            source_room=source.room if source else "",
            source_id=source.id if source else None,
            platform=upper.platform[:40] if upper else "",
            upper_number=upper.number[:60] if upper else "",
            upper_due=upper.due if upper else None,
            created_at=moment,
        )
        if upper is not None and upper.row:
            _keep_row(case, upper.row)
        actor = Actor(None) if protected else by
        proof = {"proof": str(signed.proof)} if signed is not None else {}
        record(case, EventKind.OPENED, by=actor, at=moment, data=_dues(promised) | proof, text=words)
        if reporter is not None:
            _add_follower(case, reporter, channel, moment, protected=protected, first=True)
        for file in files:
            CaseFile.objects.create(case=case, file=file, moment=Moment.BEFORE, at=moment)
        if signed is not None:
            keep_proof(case, signed, moment)
        hand_to(case, promised.desk, by=Actor(None), at=moment, due=promised.holder_due, text=promised.desk.fallback)
        publish(CaseOpened(case.pk, case.source_room, case.source_id))
        if tell:
            tell_followers(case, notices.RECEIVED, number=case.number, promise=promise_words(promised.due))
            tell_desk(case, notices.ASSIGNED)
    return case


def promise_words(due: datetime | None) -> str:
    """``12月3日（周四）前办好`` as one says it; without a date where there is none yet."""
    if due is None:
        return "期限定下来就告诉您"
    day = timezone.localtime(due)
    return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）前给您办好或说清楚"


def hand_to(
    case: Case, desk: Desk, *, by: Actor, at: datetime, due: datetime | None, text: str = "",
    account: Account | None = None, kind: EventKind = EventKind.ASSIGNED,
) -> None:  # fmt: skip
    """A new hand with its own clock; the case clock is not touched."""
    data = {
        "place": desk.place.pk,
        "role": str(desk.role),
        "account": account.pk if account else None,
        "due": due.isoformat() if due else None,
    }
    record(case, kind, by=by, at=at, data=data, text=text)


def follow(
    case: Case,
    reporter: Reporter,
    *,
    by: Actor,
    reason: str,
    channel: Channel = Channel.CALL,
    words: str = "",
    now: datetime | None = None,
) -> Follower:
    """One more who reports the same. Somebody who is in it already makes it hotter, not longer (see ``repeat``)."""
    moment = now or timezone.now()
    with lent(case.community_id):
        locked = lock(case)
        known = _known(locked, reporter)
        if known is not None:
            record(locked, EventKind.REPEATED, by=by, at=moment, data={"follower": known.pk}, text=words)
            return known
        follower = _add_follower(
            locked, reporter, channel, moment, protected=locked.privacy == Privacy.PROTECTED, first=False
        )
        record(locked, EventKind.FOLLOWED, by=by, at=moment, data={"follower": follower.pk}, text=words)
    return follower


def repeat(case: Case, *, by: Actor, reason: str, words: str = "", now: datetime | None = None) -> None:
    """The same person calls again: heat, not new work. The clock goes on."""
    with lent(case.community_id):
        record(lock(case), EventKind.REPEATED, by=by, at=now, text=words)


def _known(case: Case, reporter: Reporter) -> Follower | None:
    here = Follower.objects.filter(case=case)
    match reporter:
        case Resident():
            return here.filter(resident=reporter).first()
        case Account():
            return here.filter(account=reporter).first()
        case _:
            return None


def _add_follower(
    case: Case, reporter: Reporter, channel: str, at: datetime, *, protected: bool, first: bool
) -> Follower:
    row = Follower(
        case=case, channel=channel, joined_at=at, first=first, community_id=case.community_id, grid_id=case.grid_id,
        protected=protected,
    )  # fmt: skip
    if protected:
        row.save()
        if isinstance(reporter, Resident):
            with scopes.scope(scopes.Scope(residents=frozenset({reporter.pk}))):
                ProtectedSource.objects.create(follower=row, resident=reporter)
        return row
    match reporter:
        case Resident():
            row.resident, row.name = reporter, reporter.name[:40]
            row.phone_masked = reporter.phone_masked
        case Account():
            row.account, row.name = reporter, reporter.display_name[:40]
        case Stranger():
            row.name = reporter.name[:40]
            if reporter.phone:
                key = vault.ensure_keys([row.uid])[row.uid]
                row.phone = vault.seal_field(key, row.uid, PHONE, reporter.phone)
                row.phone_masked = f"{reporter.phone[:3]}****{reporter.phone[-4:]}"
    row.save()
    return row


def _keep_row(case: Case, row: Mapping[str, str]) -> None:
    import json

    key = vault.ensure_keys([case.uid])[case.uid]
    case.upper_row = vault.seal_field(key, case.uid, UPPER, json.dumps(dict(row), ensure_ascii=False))
    case.save(update_fields=["upper_row"])


def _create(**fields: object) -> Case:
    try:
        with transaction.atomic():
            return Case.objects.create(**fields)
    except IntegrityError as error:
        raise Conflict("这个上级单号已经登记过了。", field="number", code="exists") from error


def _dues(promised: Promise) -> dict[str, str | None]:
    return {
        "response_due": promised.response_due.isoformat() if promised.response_due else None,
        "due": promised.due.isoformat() if promised.due else None,
    }
