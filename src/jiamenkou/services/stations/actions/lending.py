"""Lending and returning: one tap of the host. A thing is out until it is back, however long past its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings import waiting as line
from jiamenkou.foundation.bookings.models import Waiting, WaitingState
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.bookings.placing import lock
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.models import Loan, Thing, ThingKind
from jiamenkou.services.stations.notices import DUE, LATE, LENT, RETURNED, say
from jiamenkou.services.stations.states import ThingState

MOST_EXTENSIONS = 1


def lend(thing: Thing, party: Party, *, by: Actor, now: datetime, reason: str, due_on: date | None = None) -> Loan:
    """Into somebody's hands. Raises Conflict that says where the thing is, where it is not free for them."""
    today = timezone.localdate(now)
    due = due_on or words.back_by(today, thing.kind.loan_days)
    if due < today:
        raise Refused("归还日不能早于今天。", field="due_on", code="past")
    free = Thing.objects.filter(pk=thing.pk, state=ThingState.FREE)
    if not free.update(state=ThingState.LENT, due_on=due, kept_for=None) and not _take_kept(thing, party, due):
        raise _not_free(thing, today)
    try:
        with transaction.atomic():
            loan = Loan.objects.create(
                thing=thing,
                station_id=thing.station_id,
                community_id=thing.station.community_id,
                resident_id=party.resident,
                called=party.called,
                building=party.building,
                by=by.account,
                lent_at=now,
                due_on=due,
            )
    except IntegrityError as error:
        raise Conflict("这件东西已经借出去了，先点“还”。", code="lent") from error
    thing.refresh_from_db()
    say(
        LENT,
        party.resident,
        href=f"/stations/mine/loan/{loan.pk}/",
        what=thing.kind.name,
        day=words.dated(due),
        station=thing.station.name,
    )
    return loan


def _take_kept(thing: Thing, party: Party, due: date) -> bool:
    """It is kept for exactly this person, and is now theirs."""
    if party.resident is None:
        return False
    with scopes.scope(scopes.EVERYTHING):
        kept = Thing.objects.filter(
            pk=thing.pk, state=ThingState.RESERVED, kept_for__resident=party.resident
        ).values_list("kept_for", flat=True)
        mine = kept.first()
        if mine is None:
            return False
        Waiting.objects.filter(pk=mine).update(state=WaitingState.TAKEN)
        return bool(
            Thing.objects.filter(pk=thing.pk, state=ThingState.RESERVED, kept_for=mine).update(
                state=ThingState.LENT, due_on=due, kept_for=None
            )
        )


def _not_free(thing: Thing, today: date) -> Conflict:
    thing.refresh_from_db()
    match ThingState(thing.state):
        case ThingState.LENT:
            loan = Loan.objects.filter(thing=thing).out().first()
            who = f"给 {loan.called}（{loan.building}）" if loan else ""
            said = f"{thing.number} 已经借{who or '出去'}了，先点“还”再借。"
        case ThingState.RESERVED:
            kept = thing.kept_for
            who = f"{kept.called}（{kept.building}）" if kept else "排在前面的人"
            said = f"{thing.number} 给 {who} 留着，换一{thing.kind.measure}借。"
        case ThingState.BROKEN:
            said = f"{thing.number} 坏了还没修，不能借。"
        case _:
            said = f"{thing.number} 停用了，不能借。"
    return Conflict(said, code="not_free")


def take_back(thing: Thing, *, by: Actor, now: datetime, reason: str, how: str = "", broken: bool = False) -> Loan:
    """Back at the station. Raises Conflict for something that was never lent; nothing is written then."""
    lock(thing.kind.line_id)
    held = Thing.objects.select_for_update(of=("self",)).select_related("kind", "station").get(pk=thing.pk)
    loan = Loan.objects.filter(thing=held).out().first()
    if loan is None:
        raise Conflict(f"{held.number} 没有借出去的记录，可能已经还过了。", code="not_lent")
    loan.returned_at, loan.returned_how, loan.taken_by = max(now, loan.lent_at), how[:60], by.account
    loan.save()
    held.state, held.due_on = (ThingState.BROKEN if broken else ThingState.FREE), None
    if how:
        held.condition = how[:60]
    held.save()
    if not broken:
        pass_on(held, now)
    say(
        RETURNED,
        loan.resident_id,
        href=f"/stations/mine/loan/{loan.pk}/",
        what=held.kind.name,
        station=held.station.name,
    )
    return loan


def pass_on(thing: Thing, now: datetime) -> None:
    """A free thing is kept for the first in line, if anybody stands there."""
    first = line.offer_thing(thing.kind.line, now)
    if first is not None:
        Thing.objects.filter(pk=thing.pk, state=ThingState.FREE).update(state=ThingState.RESERVED, kept_for=first)


def reserve(kind: ThingKind, party: Party, need: int, *, by: Actor, now: datetime, reason: str) -> Waiting:
    """One is kept for a day where one is free; else a place in line: by need where the kind says so, then by time."""
    lock(kind.line_id)
    has_one = Loan.objects.filter(thing__kind=kind, resident=party.resident, resident__isnull=False).out()
    if has_one.exists():
        raise Conflict(f"您已经借着一{kind.measure}{kind.name}，还了再借。", code="has_one")
    mine = line.join(kind.line, party, by=by, now=now, reason=reason, priority=need if kind.by_need else 0)
    if mine.state == WaitingState.WAITING:
        free = Thing.objects.filter(kind=kind, state=ThingState.FREE).order_by("number", "id").first()
        if free is not None:
            pass_on(free, now)
        mine.refresh_from_db()
    return mine


def set_state(thing: Thing, state: ThingState, *, by: Actor, now: datetime, reason: str, condition: str = "") -> Thing:
    """Mended, broken, out of use or back in it. What is out comes back first."""
    if state not in {ThingState.FREE, ThingState.BROKEN, ThingState.RETIRED}:
        raise Refused("借还请点“借”和“还”。", code="state")
    lock(thing.kind.line_id)
    held = Thing.objects.select_for_update(of=("self",)).select_related("kind", "station").get(pk=thing.pk)
    if held.state == ThingState.LENT:
        raise Conflict("还在别人手里，先还回来。", code="lent")
    if held.state == ThingState.RESERVED and held.kept_for_id is not None:
        Waiting.objects.filter(pk=held.kept_for_id).update(state=WaitingState.WAITING, offered_until=None)
    held.state, held.kept_for = state, None
    if condition:
        held.condition = condition[:60]
    held.save()
    if state == ThingState.FREE:
        pass_on(held, now)
    return held


def let_go(waiting: int, now: datetime) -> None:
    """An offer was not taken: the thing that was kept goes to the next in line."""
    for thing in Thing.objects.filter(kept_for=waiting, state=ThingState.RESERVED).select_related("kind__line"):
        thing.state, thing.kept_for = ThingState.FREE, None
        thing.save()
        pass_on(thing, now)


def extend(loan: Loan, *, by: Actor, now: datetime, reason: str) -> Loan:
    """Once, while nobody waits and it is not late."""
    lock(loan.thing.kind.line_id)
    today = timezone.localdate(now)
    if loan.returned_at is not None:
        raise Conflict("已经还了。", code="returned")
    if loan.due_on < today:
        raise Refused("已经过了归还日，请先还，再重新借。", code="late")
    if loan.extended >= MOST_EXTENSIONS:
        raise Refused("续借过一次了，还要用请跟站长说。", code="extended")
    with scopes.scope(scopes.EVERYTHING):
        if Waiting.objects.filter(resource=loan.thing.kind.line).in_line().exists():
            raise Refused("有人排队等着用，这次不能续借。", code="line")
    loan.due_on += timedelta(days=loan.thing.kind.loan_days)
    loan.extended += 1
    loan.reminded_on = None
    loan.save()
    Thing.objects.filter(pk=loan.thing_id).update(due_on=loan.due_on)
    return loan


def remind(today: date) -> int:
    """The day before, and each week it is late. Never for what is already back. Run with everything in view."""
    due = Loan.objects.out().filter(due_on__lte=today + timedelta(days=1), resident__isnull=False)
    sent = 0
    for loan in due.select_related("thing__kind", "station").order_by("id")[:2000]:
        is_late = loan.due_on < today
        if not _is_time(loan, today):
            continue
        # the row may have come back since it was read
        if not Loan.objects.out().filter(pk=loan.pk).update(reminded_on=today):
            continue
        say(
            LATE if is_late else DUE,
            loan.resident_id,
            href=f"/stations/mine/loan/{loan.pk}/",
            what=loan.thing.kind.name,
            day=words.dated(loan.due_on),
            station=loan.station.name,
        )
        sent += 1
    return sent


def _is_time(loan: Loan, today: date) -> bool:
    """Once before its day; then as it becomes late, and each week."""
    if loan.reminded_on is None:
        return True
    if loan.due_on >= today:
        return False
    return loan.reminded_on <= loan.due_on or today - loan.reminded_on >= timedelta(days=7)
