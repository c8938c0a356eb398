"""The line: greatest need first, then who came first. A freed place is kept for one person for a time, then for the next.

The place is never let go of in between: a hold, or a session's count, passes from hand to hand, so nobody who
happens to look at that moment gets past the line.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.events import OfferLapsed, PlaceOffered
from jiamenkou.foundation.bookings.models import (
    Booking,
    BookingState,
    Hold,
    Resource,
    Session,
    Waiting,
    WaitingState,
)
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.refusals import Conflict


def join(
    resource: Resource,
    party: Party,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    session: Session | None = None,
    wanted: tuple[datetime, datetime] | None = None,
    priority: int = 0,
) -> Waiting:
    """Stand in line, once; a second tap returns the first one's."""
    mine = Waiting.objects.filter(resource=resource, session=session, resident=party.resident, resident__isnull=False)
    try:
        with transaction.atomic():
            return Waiting.objects.create(
                resource=resource,
                session=session,
                wanted=wanted,
                resident_id=party.resident,
                called=party.called,
                building=party.building,
                community_id=party.community,
                grid_id=party.grid,
                priority=priority,
                joined_at=now,
            )
    except IntegrityError:
        found = mine.active().first()
        if found is None:
            raise
        return found


def before(waiting: Waiting) -> int:
    """How many stand before this one."""
    with scopes.scope(scopes.EVERYTHING):
        line = Waiting.objects.filter(resource=waiting.resource_id, session=waiting.session_id).in_line()
        return line.filter(
            Q(priority__gt=waiting.priority)
            | Q(priority=waiting.priority, joined_at__lt=waiting.joined_at)
            | Q(priority=waiting.priority, joined_at=waiting.joined_at, pk__lt=waiting.pk)
        ).count()


def offer_hold(hold: Hold, now: datetime) -> bool:
    """Keep a freed seat for the first who wants that time. False where nobody does: the seat is then free."""
    with scopes.scope(scopes.EVERYTHING):
        resource = hold.resource
        line = Waiting.objects.filter(resource=resource, session__isnull=True).in_line()
        first = line.filter(Q(wanted__isnull=True) | Q(wanted__contains=hold.during)).first()
        if first is None:
            return False
        _offer(first, resource, now, hold=hold)
        return True


def offer_place(session: int, now: datetime) -> bool:
    """Keep a freed place of a session for the first in line; its count stays. False where nobody waits."""
    with scopes.scope(scopes.EVERYTHING):
        found = Session.objects.select_related("resource").get(pk=session)
        first = Waiting.objects.filter(session=session).in_line().first()
        if first is None or found.state != "open":
            return False
        _offer(first, found.resource, now, session=found)
        return True


def offer_thing(resource: Resource, now: datetime) -> Waiting | None:
    """The next in line for a resource whose things the room itself keeps; None where nobody waits."""
    with scopes.scope(scopes.EVERYTHING):
        first = Waiting.objects.filter(resource=resource, session__isnull=True).in_line().first()
        if first is None:
            return None
        first.state, first.offered_until = WaitingState.OFFERED, now + timedelta(minutes=resource.offer_minutes)
        first.save()
        publish(PlaceOffered(first.pk, resource.about, None))
        return first


def _offer(
    first: Waiting, resource: Resource, now: datetime, *, hold: Hold | None = None, session: Session | None = None
) -> None:
    during = hold.during if hold is not None else session.during if session is not None else None
    start = during.lower if during is not None else now
    until = min(now + timedelta(minutes=resource.offer_minutes), start)
    booking = Booking.objects.create(
        resource=resource,
        hold=hold,
        session=session,
        resident_id=first.resident_id,
        called=first.called,
        building=first.building,
        community_id=first.community_id,
        grid_id=first.grid_id,
        during=during,
        state=BookingState.OFFERED,
        rules=resource.rules,
        created_at=now,
        offered_until=until,
    )
    first.state, first.offered_until, first.booking = WaitingState.OFFERED, until, booking
    first.save()
    publish(PlaceOffered(first.pk, resource.about, booking.pk))


def confirm(booking: Booking, *, by: Actor, now: datetime, reason: str) -> Booking:
    """Yes to an offer, while it is kept. The same lock as for any booking."""
    from jiamenkou.foundation.bookings.placing import lock

    lock(booking.resource_id)
    kept = Booking.objects.filter(pk=booking.pk, state=BookingState.OFFERED, offered_until__gt=now)
    if not kept.update(state=BookingState.BOOKED, booked_by=by.account, offered_until=None):
        booking.refresh_from_db()
        if booking.state == BookingState.BOOKED:
            return booking
        raise Conflict("留的时间过了，已经给了下一位。可以再排队。", code="lapsed")
    Waiting.objects.filter(booking=booking.pk).update(state=WaitingState.TAKEN)
    booking.refresh_from_db()
    return booking


def leave(waiting: Waiting, *, by: Actor, now: datetime, reason: str) -> None:
    """No longer in line. An offer is passed on to the next."""
    from jiamenkou.foundation.bookings.ending import cancel

    if waiting.state == WaitingState.OFFERED and waiting.booking is not None:
        cancel(waiting.booking, by=by, now=now, reason=reason, staff=True)
    was_offered = waiting.state == WaitingState.OFFERED and waiting.booking is None
    Waiting.objects.filter(pk=waiting.pk).active().update(state=WaitingState.LEFT)
    if was_offered:
        publish(OfferLapsed(waiting.pk, waiting.resource.about))


def lapse(now: datetime) -> int:
    """Offers whose time is over go to the next in line. Run by the worker with everything in view."""
    from jiamenkou.foundation.bookings.ending import give_back
    from jiamenkou.foundation.bookings.placing import lock

    over = Waiting.objects.filter(state=WaitingState.OFFERED, offered_until__lte=now)
    count = 0
    for pk, resource in list(over.order_by("id").values_list("pk", "resource_id")):
        with transaction.atomic():
            lock(resource)
            mine = Waiting.objects.filter(pk=pk, state=WaitingState.OFFERED, offered_until__lte=now)
            if not mine.update(state=WaitingState.LAPSED):
                continue
            one = Waiting.objects.select_related("resource", "booking").get(pk=pk)
            if one.booking is not None and one.booking.state == BookingState.OFFERED:
                give_back(one.booking, BookingState.LAPSED, now)
            publish(OfferLapsed(pk, one.resource.about))
            count += 1
    return count


def free_places(session: Session, more: int, now: datetime) -> None:
    """The room grew: the line gets the new places first. The caller raised ``places``."""
    for _ in range(more):
        taken = Session.objects.filter(pk=session.pk, taken__lt=F("places")).update(taken=F("taken") + 1)
        if taken and not offer_place(session.pk, now):
            Session.objects.filter(pk=session.pk).update(taken=F("taken") - 1)
            return
