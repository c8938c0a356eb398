"""How a booking ends: the person cancels, comes, stays away; the house closes a day. A freed place goes to the line first."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings import waiting
from jiamenkou.foundation.bookings.events import BookingEnded, BookingSoon
from jiamenkou.foundation.bookings.models import (
    LIVE,
    Booking,
    BookingState,
    DayException,
    Hold,
    Resource,
    Session,
)
from jiamenkou.foundation.bookings.placing import check_notice, lock
from jiamenkou.foundation.bookings.slots import moment
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.refusals import Conflict


def cancel(booking: Booking, *, by: Actor, now: datetime, reason: str, why: str = "", staff: bool = False) -> Booking:
    """By the rule the booking was made under; ``staff`` may at any time. The place goes to whoever waits for it."""
    lock(booking.resource_id)
    held = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if held.state == BookingState.CANCELLED:
        return held
    if held.state not in LIVE:
        raise Conflict("这个预约已经结束了。", code="state")
    if not staff and held.state == BookingState.BOOKED:
        check_notice(held, now)
    return give_back(held, BookingState.CANCELLED, now, why=why)


def give_back(held: Booking, state: BookingState, now: datetime, *, why: str = "") -> Booking:
    """End ``held`` (its resource is locked) and offer its place, else free it."""
    hold = held.hold
    finish(held, state, now, why=why)
    if held.end <= now:
        return held
    if held.session_id is not None:
        if not waiting.offer_place(held.session_id, now):
            Session.objects.filter(pk=held.session_id, taken__gt=0).update(taken=F("taken") - 1)
    elif hold is not None and not waiting.offer_hold(hold, now):
        hold.delete()
    return held


def finish(booking: Booking, state: BookingState, now: datetime, *, why: str = "") -> None:
    """Set the end; the hold is let go of, not freed: the caller says to whom it goes."""
    booking.state, booking.ended_at, booking.why = state, now, why[:100]
    if state in {BookingState.CANCELLED, BookingState.LAPSED}:
        booking.hold = None
        booking.address = ""
    booking.save()


def came(booking: Booking, *, by: Actor, now: datetime, reason: str) -> Booking:
    """The host says so, on the day. Asked again it changes nothing."""
    if booking.state == BookingState.CAME:
        return booking
    if booking.state != BookingState.BOOKED:
        raise Conflict("这个预约已经结束了。", code="state")
    if timezone.localdate(now) < booking.start.date():
        raise Conflict("还没到约好的那天。", code="early")
    Booking.objects.filter(pk=booking.pk, state=BookingState.BOOKED).update(
        state=BookingState.CAME, signed_in_at=now, address=""
    )
    booking.refresh_from_db()
    return booking


def stayed_away(booking: Booking, *, by: Actor, now: datetime, reason: str) -> Booking:
    """Booked and not come; only once the time has begun. Taken back by :func:`came` on the same day."""
    if now < booking.start:
        raise Conflict("还没到约好的时间，不能记没来。", code="early")
    done = Booking.objects.filter(pk=booking.pk, state=BookingState.BOOKED).update(
        state=BookingState.NO_SHOW, ended_at=now, address=""
    )
    if not done:
        raise Conflict("这个预约已经结束了。", code="state")
    booking.refresh_from_db()
    return booking


def close_day(resource: Resource, day: date, why: str, *, by: Actor, now: datetime, reason: str) -> list[int]:
    """Closed on that day. Whoever had booked is cancelled and told; returns their bookings."""
    lock(resource.pk)
    DayException.objects.filter(resource=resource, day=day).delete()
    DayException.objects.create(resource=resource, day=day, why=why[:60])
    zone = timezone.get_current_timezone()
    span = (moment(day, 0, zone), moment(day, 1440, zone))
    with scopes.scope(scopes.EVERYTHING):
        hit = list(
            Booking.objects.filter(resource=resource, session__isnull=True, during__overlap=span).live().order_by("id")
        )
        for booking in hit:
            hold = booking.hold_id
            finish(booking, BookingState.CANCELLED, now, why=why)
            Hold.objects.filter(pk=hold or 0).delete()
            publish(BookingEnded(booking.pk, resource.about, f"{day.month}月{day.day}日休息：{why}"[:100]))
    return [booking.pk for booking in hit]


def remind(now: datetime) -> int:
    """Tell once who is booked soon. Run by the worker with everything in view."""
    due = Booking.objects.to_remind(now).select_related("resource").order_by("during", "id")[:2000]
    sent = 0
    for booking in due:
        if (booking.start - now).total_seconds() > booking.resource.remind_minutes * 60:
            continue
        # booked so late that the booking itself was the reminder
        late = (booking.start - booking.created_at).total_seconds() <= booking.resource.remind_minutes * 60
        mine = Booking.objects.to_remind(now).filter(pk=booking.pk).update(reminded_at=now)
        if mine and not late:
            publish(BookingSoon(booking.pk, booking.resource.about))
            sent += 1
    return sent
