"""Sessions with places: the count is moved by one conditional UPDATE, with a CHECK behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.ending import finish
from jiamenkou.foundation.bookings.events import BookingEnded
from jiamenkou.foundation.bookings.models import (
    Booking,
    BookingState,
    Hold,
    Resource,
    Session,
    SessionState,
    Waiting,
    WaitingState,
)
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.bookings.placing import check_time, free_seat, lock, twice
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.refusals import Conflict, Refused

SIGN_IN_EARLY = timedelta(minutes=60)
SIGN_IN_LATE = timedelta(hours=4)


def open_session(
    resource: Resource,
    title: str,
    start: datetime,
    minutes: int,
    places: int,
    *,
    by: Actor,
    now: datetime,
    reason: str,
) -> Session:
    """A session holds every seat of its resource, through the same lock as a booking. Raises Taken where one is gone."""
    return twice(lambda: _open(resource.pk, title, start, minutes, places, now), resource.pk, start, minutes)


def _open(resource: int, title: str, start: datetime, minutes: int, places: int, now: datetime) -> Session:
    held = lock(resource)
    end = start + timedelta(minutes=minutes)
    if not 1 <= places <= 500:
        raise Refused("名额在 1 到 500 之间。", field="places", code="range")
    check_time(held, start, end, now, staff=True)
    during = DateTimeTZRange(start, end)
    busy = Hold.objects.filter(resource=held, during__overlap=during)
    if busy.exists():
        raise Conflict("这段时间这里已经有安排，换个时间。", field="start", code="taken")
    session = Session.objects.create(
        resource=held, community_id=held.community_id, title=title[:60], during=during, places=places
    )
    while (seat := free_seat(held, during)) is not None:
        Hold.objects.create(resource=held, seat=seat, during=during, session=session)
    return session


def sign_up(session: Session, party: Party, *, by: Actor, now: datetime, reason: str) -> Booking:
    """One place. A second tap returns the first one's. Raises Conflict (code ``full``) where the last place is gone."""
    own = Booking.objects.filter(session=session, resident=party.resident, resident__isnull=False)
    already = own.filter(state__in=[BookingState.BOOKED, BookingState.CAME]).first()
    if already is not None:
        return already
    if session.end <= now:
        raise Conflict("这一场已经结束了，看看下一场。", code="over")
    try:
        with transaction.atomic():
            if not _take(session):
                _refuse(session)
            return _place(session, party, by, now)
    except IntegrityError as error:
        found = own.filter(state__in=[BookingState.OFFERED, BookingState.BOOKED, BookingState.CAME]).first()
        if found is None:
            raise
        if found.state == BookingState.OFFERED:
            raise Conflict("有一个名额给您留着，点“要”就行。", code="offered") from error
        return found


def _take(session: Session) -> bool:
    """The losers are answered without standing in line."""
    open_with_room = Session.objects.filter(pk=session.pk, state=SessionState.OPEN, taken__lt=F("places"))
    return bool(open_with_room.update(taken=F("taken") + 1))


def _refuse(session: Session) -> None:
    if Session.objects.get(pk=session.pk).state != SessionState.OPEN:
        raise Conflict("这一场取消了。", code="cancelled")
    raise Conflict("名额满了，可以排队，有人退出就轮到您。", code="full")


def _place(session: Session, party: Party, by: Actor, now: datetime) -> Booking:
    resource = session.resource
    booking = Booking.objects.create(
        resource=resource,
        session=session,
        resident_id=party.resident,
        called=party.called,
        building=party.building,
        community_id=party.community,
        grid_id=party.grid,
        during=session.during,
        state=BookingState.BOOKED,
        rules=resource.rules,
        booked_by=by.account,
        created_at=now,
    )
    # whoever stood in line and got in by the front no longer waits
    Waiting.objects.filter(session=session, resident=party.resident, resident__isnull=False).active().update(
        state=WaitingState.TAKEN, booking=booking
    )
    return booking


def call_off(session: Session, why: str, *, by: Actor, now: datetime, reason: str) -> int:
    """The session does not take place; everybody with a place is told. Returns how many."""
    if not why.strip():
        raise Refused("请写为什么取消，报了名的人会看到。", field="why", code="required")
    done = Session.objects.filter(pk=session.pk, state=SessionState.OPEN).update(
        state=SessionState.CANCELLED, why=why[:100]
    )
    if not done:
        raise Conflict("这一场已经结束或取消了。", code="state")
    Hold.objects.filter(session=session).delete()
    with scopes.scope(scopes.EVERYTHING):
        Waiting.objects.filter(session=session).active().update(state=WaitingState.LEFT)
        booked = list(Booking.objects.filter(session=session).live().order_by("id"))
        for booking in booked:
            finish(booking, BookingState.CANCELLED, now, why=why)
            publish(BookingEnded(booking.pk, session.resource.about, why[:100]))
    return len(booked)


def sign_in(booking: Booking, *, by: Actor, now: datetime, reason: str) -> Booking:
    """Came. By the server's clock alone: an hour before at the earliest. A second scan changes nothing."""
    if booking.state == BookingState.CAME:
        return booking
    if booking.state != BookingState.BOOKED:
        raise Conflict("这个预约已经取消了，请跟站长说。", code="state")
    if now < booking.start - SIGN_IN_EARLY:
        raise Refused("还没到时间，开始前一小时起可以签到。", code="early")
    if now > booking.end + SIGN_IN_LATE:
        raise Refused("已经结束很久了，请让站长补签。", code="late")
    done = Booking.objects.filter(pk=booking.pk, state=BookingState.BOOKED).update(
        state=BookingState.CAME, signed_in_at=now
    )
    if done:
        booking.state, booking.signed_in_at = BookingState.CAME, now
    return booking


def sign_out(booking: Booking, *, by: Actor, now: datetime, reason: str) -> int:
    """Whole minutes between sign-in and now, at most to an hour past the end. A second scan answers the same."""
    if booking.signed_in_at is None:
        raise Refused("还没签到，先签到。", code="not_in")
    if booking.signed_out_at is None:
        until = max(booking.signed_in_at, min(now, booking.end + timedelta(hours=1)))
        Booking.objects.filter(pk=booking.pk, signed_out_at__isnull=True).update(signed_out_at=until)
        booking.refresh_from_db(fields=["signed_out_at"])
    assert booking.signed_out_at is not None
    return int((booking.signed_out_at - booking.signed_in_at).total_seconds()) // 60
