"""Taking a place on a resource. One way for the phone, the desk, the confirmation of an offer and a new time.

The resource's row is locked, so that two askers stand in line; the exclusion constraint of
:class:`~jiamenkou.foundation.bookings.models.Hold` stands behind the lock. Where it, or a deadlock, speaks up
(23P01, 40P01), the attempt is undone and made once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import Error, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.calendars import Calendar, calendar_of, next_free
from jiamenkou.foundation.bookings.models import Booking, BookingState, Hold, Resource
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.bookings.slots import fits, words_of
from jiamenkou.foundation.refusals import Conflict, Refused

T = TypeVar("T")
CLASHES = frozenset({"23P01", "40P01"})
# somebody who stayed away so often within so long books through the host
NO_SHOWS, NO_SHOW_DAYS = 3, 90


class Taken(Conflict):
    """The time is gone. ``next_free`` is when the next one begins, None where there is none within three weeks."""

    def __init__(self, message: str, next_free: datetime | None) -> None:
        super().__init__(message, field="start", code="taken")
        self.next_free = next_free


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. ``minutes`` 0 means one slot; ``staff`` waives how often and how far ahead, never the clash."""

    resource: int
    start: datetime
    party: Party
    minutes: int = 0
    at_home: bool = False
    address: str = ""
    note: str = ""
    staff: bool = False


def book(wanted: Wanted, *, by: Actor, now: datetime, reason: str) -> Booking:
    """A place at that time. Raises :class:`Taken`, or Refused with the rule that stands against it."""
    return twice(lambda: _book(wanted, by, now), wanted.resource, wanted.start, wanted.minutes)


def move(booking: Booking, start: datetime, *, by: Actor, now: datetime, reason: str, staff: bool = False) -> Booking:
    """Another time, same length, by the rules the booking was made under; the old place is kept until the new one is held."""
    return twice(lambda: _move(booking, start, now, staff), booking.resource_id, start, 0)


def twice(attempt: Callable[[], T], resource: int, start: datetime, minutes: int) -> T:
    """``attempt`` in a savepoint, and once more where the database saw a clash or a deadlock."""
    for last in (False, True):
        try:
            with transaction.atomic():
                return attempt()
        except Error as error:
            if getattr(error.__cause__, "sqlstate", None) not in CLASHES:
                raise
            if last:
                raise _taken(Resource.objects.get(pk=resource), start, minutes) from error
    raise AssertionError("unreachable")


def lock(resource: int) -> Resource:
    """The row, locked until the end of the transaction."""
    return Resource.objects.select_for_update(of=("self",)).get(pk=resource)


def free_seat(resource: Resource, during: DateTimeTZRange, *, besides: int | None = None) -> int | None:
    """The lowest seat that nobody holds; None where all are held. The caller has the lock."""
    held = Hold.objects.filter(resource=resource, during__overlap=during).exclude(pk=besides or 0)
    taken = set(held.order_by("seat").values_list("seat", flat=True))
    return next((seat for seat in range(1, resource.capacity + 1) if seat not in taken), None)


def _book(wanted: Wanted, by: Actor, now: datetime) -> Booking:
    resource = lock(wanted.resource)
    minutes = wanted.minutes or resource.slot_minutes
    start, end = wanted.start, wanted.start + timedelta(minutes=minutes)
    check_time(resource, start, end, now, staff=wanted.staff)
    if not wanted.staff:
        _check_fair(resource, wanted.party, start, minutes, now)
    seat = free_seat(resource, DateTimeTZRange(start, end))
    if seat is None:
        raise _taken(resource, start, minutes)
    hold = Hold.objects.create(resource=resource, seat=seat, during=DateTimeTZRange(start, end))
    party = wanted.party
    return Booking.objects.create(
        resource=resource,
        hold=hold,
        resident_id=party.resident,
        called=party.called,
        building=party.building,
        community_id=party.community,
        grid_id=party.grid,
        during=hold.during,
        state=BookingState.BOOKED,
        rules=resource.rules,
        at_home=wanted.at_home,
        address=wanted.address[:120] if wanted.at_home else "",
        note=wanted.note[:200],
        booked_by=by.account,
        created_at=now,
    )


def _move(booking: Booking, start: datetime, now: datetime, staff: bool) -> Booking:
    resource = lock(booking.resource_id)
    held = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if held.state != BookingState.BOOKED or held.session_id is not None or held.hold_id is None:
        raise Conflict("这个预约已经不能改时间了。", code="state")
    if not staff:
        check_notice(held, now)
        if held.moves >= int(held.rules.get("most_moves", 2)):
            raise Refused("改过两次了，再改请打电话给站长。", code="moves")
    end = start + (held.end - held.start)
    check_time(resource, start, end, now, staff=staff)
    during = DateTimeTZRange(start, end)
    seat = free_seat(resource, during, besides=held.hold_id)
    if seat is None:
        raise _taken(resource, start, int((end - start).total_seconds()) // 60)
    Hold.objects.filter(pk=held.hold_id).update(seat=seat, during=during)
    held.during, held.moves, held.reminded_at = during, held.moves + 1, None
    held.save()
    return held


def check_notice(booking: Booking, now: datetime) -> None:
    """Refused where it is too late for the person to change or cancel it alone, by the rule of the day it was made."""
    minutes = int(booking.rules.get("cancel_minutes", 0))
    if now > booking.start - timedelta(minutes=minutes):
        hours = f"{minutes // 60} 小时" if minutes >= 60 and minutes % 60 == 0 else f"{minutes} 分钟"
        raise Refused(f"离约好的时间不到 {hours}，请打电话说一声。", code="too_late")


def check_time(resource: Resource, start: datetime, end: datetime, now: datetime, *, staff: bool) -> None:
    local, until = timezone.localtime(start), timezone.localtime(end)
    if resource.closed_at is not None:
        raise Refused("这里已经停用了，看看别处。", code="closed")
    if start <= now and not (staff and start > now - timedelta(minutes=resource.slot_minutes)):
        raise Refused("这个时间已经过了，请选以后的时间。", field="start", code="past")
    if not staff and start > now + timedelta(days=resource.ahead_days + 1):
        raise Refused(f"最多提前 {resource.ahead_days} 天约。", field="start", code="ahead")
    length = int((end - start).total_seconds()) // 60
    if length <= 0 or length % resource.slot_minutes:
        raise Refused(f"时间长短请按 {resource.slot_minutes} 分钟一格。", field="minutes", code="length")
    if not staff and resource.most_minutes and length > resource.most_minutes:
        raise Refused(f"一次最多用 {resource.most_minutes} 分钟。", field="minutes", code="length")
    calendar = calendar_of(resource, local.date())
    spans = calendar.days[local.date()].open
    if not fits(spans, start, end, local.date(), timezone.get_current_timezone()):
        raise _not_open(resource, calendar, local, until)


def _not_open(resource: Resource, calendar: Calendar, start: datetime, end: datetime) -> Refused:
    day = start.date()
    spans, why = calendar.days[day].open, calendar.whys.get(day, "")
    if not spans:
        said = f"{day.month}月{day.day}日休息" + (f"（{why}）" if why else "")
    elif end.date() > day and (end.hour or end.minute):
        said = "不能跨过半夜，请分两天约"
    else:
        said = f"{day.month}月{day.day}日开放 {words_of(spans)}"
    later = next_free(resource, start)
    tail = f"，最近可约 {_when(later)}" if later else ""
    return Taken(f"{said}{tail}。", later)


def _check_fair(resource: Resource, party: Party, start: datetime, minutes: int, now: datetime) -> None:
    """So that the quick do not take everything; staff may book beyond it for somebody who needs it."""
    if party.resident is None:
        return
    own = Booking.objects.filter(resource=resource, resident=party.resident)
    since = now - timedelta(days=NO_SHOW_DAYS)
    if own.filter(state=BookingState.NO_SHOW, during__startswith__gt=since).count() >= NO_SHOWS:
        raise Refused("最近有三次约了没来，请打电话让站长帮您约。", code="no_shows")
    if resource.per_person and own.ahead(now).count() >= resource.per_person:
        raise Refused(f"每人同时最多约 {resource.per_person} 个，用完再约下一个。", code="limit")
    if resource.week_minutes:
        local = timezone.localtime(start)
        monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())
        week = DateTimeTZRange(monday, monday + timedelta(days=7))
        used = sum(
            int((one.end - one.start).total_seconds()) // 60
            for one in own.exclude(state__in=[BookingState.CANCELLED, BookingState.LAPSED]).filter(
                during__overlap=week
            )
        )
        if used + minutes > resource.week_minutes:
            left = max(0, resource.week_minutes - used)
            raise Refused(f"每人每周最多用 {resource.week_minutes} 分钟，这周还剩 {left} 分钟。", code="limit")


def _taken(resource: Resource, start: datetime, minutes: int) -> Taken:
    later = next_free(resource, max(start, timezone.now()), minutes)
    if later is None:
        return Taken("这个时间刚被约走了，三周内没有空了。可以排队，有人取消就轮到您。", None)
    return Taken(f"这个时间刚被约走了，下一个空的是 {_when(later)}。", later)


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"
