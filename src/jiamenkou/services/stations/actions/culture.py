"""Couplets for neighbours, works on show with their author's consent, works given; classes and painting afternoons."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings import sessions
from jiamenkou.foundation.bookings.models import Booking, Resource
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.bookings.placing import Wanted, book
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.models import Activity, Couplet, Room, Service, Station, Work
from jiamenkou.services.stations.need import may_be_visited
from jiamenkou.services.stations.notices import BOOKED, COUPLET_READY, WORK_ASKED, WORK_GIVEN, say
from jiamenkou.services.stations.states import ActivityKind, CoupletState, check_move


def ask_couplet(
    station: Station, party: Party, *, by: Actor, now: datetime, reason: str, wish: str = "", count: int = 1
) -> Couplet:
    """Raises Conflict where one is asked for already."""
    if not station.couplets or station.closed_on is not None:
        raise Refused("这里眼下不写春联。", code="closed")
    if not 1 <= count <= 5:
        raise Refused("一户最多五副，让大家都有。", field="count", code="range")
    try:
        with transaction.atomic():
            return Couplet.objects.create(
                station=station,
                community_id=station.community_id,
                resident_id=party.resident,
                called=party.called,
                building=party.building,
                by=by.account,
                wish=wish.strip()[:60],
                count=count,
                asked_at=now,
            )
    except IntegrityError as error:
        raise Conflict("已经登记过了，写好告诉您。", code="exists") from error


def move_couplet(
    couplet: Couplet, to: CoupletState, *, by: Actor, now: datetime, reason: str, text: str = ""
) -> Couplet:
    check_move(CoupletState, couplet.state, to)
    fields: dict[str, object] = {"state": to}
    if to == CoupletState.WRITTEN:
        fields |= {"written_at": now, "text": text.strip()[:60]}
    if to == CoupletState.COLLECTED:
        fields["fetched_at"] = now
    if not Couplet.objects.filter(pk=couplet.pk, state=couplet.state).update(**fields):
        raise Conflict("刚才已经改过了，刷新看看。", code="moved")
    couplet.refresh_from_db()
    if to == CoupletState.WRITTEN:
        href = f"/stations/mine/couplet/{couplet.pk}/"
        say(COUPLET_READY, couplet.resident_id, href=href, station=couplet.station.name)
    return couplet


def propose_work(
    station: Station, author: int | None, signed: str, title: str, *, by: Actor, now: datetime, reason: str,
    photo: StoredFile | None = None,
) -> Work:  # fmt: skip
    """It hangs nowhere before its author says yes on their own phone; one without a phone says it to the host, who signs."""
    if not title.strip() or not signed.strip():
        raise Refused("请写作品和署名。", field="title", code="required")
    work = Work.objects.create(
        station=station,
        community_id=station.community_id,
        author_id=author,
        author_called=signed.strip()[:20],
        title=title.strip()[:40],
        photo=photo,
        asked_at=now,
    )
    if author is not None:
        say(WORK_ASKED, author, href=f"/stations/mine/work/{work.pk}/", title=work.title)
    return work


def consent(work: Work, *, by: Actor, now: datetime, reason: str) -> Work:
    """Yes, until taken back."""
    work.consented_at, work.withdrawn_at = now, None
    work.save()
    return work


def withdraw(work: Work, *, by: Actor, now: datetime, reason: str) -> Work:
    """As easy as saying yes; it is gone from the page with the next look."""
    if work.consented_at is not None and work.withdrawn_at is None:
        work.withdrawn_at = now
        work.save()
    return work


def give_work(work: Work, party: Party, *, by: Actor, now: datetime, reason: str) -> Work:
    """A gift of the author's. Once."""
    done = Work.objects.filter(pk=work.pk, given_at__isnull=True).update(
        given_to_id=party.resident, given_called=party.called, given_at=now
    )
    if not done:
        raise Conflict("这幅已经送出去了。", code="given")
    work.refresh_from_db()
    say(
        WORK_GIVEN,
        party.resident,
        href=f"/stations/{work.station_id}/",
        author=work.author_called,
        title=work.title,
        station=work.station.name,
    )
    return work


def open_activity(
    station: Station,
    kind: ActivityKind,
    title: str,
    start: datetime,
    minutes: int,
    places: int,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    resource: Resource | None = None,
    who: str = "",
    for_whom: str = "",
    about: str = "",
    counts_hours: bool = False,
) -> Activity:
    """A session in the station, or in one of its rooms."""
    if not title.strip():
        raise Refused("请写办什么。", field="title", code="required")
    session = sessions.open_session(
        resource or station.calendar, title.strip(), start, minutes, places, by=by, now=now, reason=reason
    )
    return Activity.objects.create(
        station=station,
        session=session,
        kind=kind,
        who=who[:20],
        for_whom=for_whom[:40],
        about=about[:200],
        counts_hours=counts_hours,
    )


def book_service(
    service: Service,
    resident: Resident | None,
    party: Party,
    start: datetime,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    at_home: bool = False,
    address: str = "",
    note: str = "",
    staff: bool = False,
) -> Booking:
    """A haircut: at the station, or at home for those who cannot come."""
    if service.stopped_at is not None:
        raise Refused("这一项停了，看看别的。", code="stopped")
    if at_home:
        if not service.at_home:
            raise Refused("这一项不上门。", field="at_home", code="not_here")
        if resident is None or not may_be_visited(resident, service.home_age, timezone.localdate(now)):
            raise Refused(
                f"上门只给 {service.home_age} 岁以上、卧床或行动不便的人，其他人请来站里。",
                field="at_home",
                code="home",
            )
        if not address.strip():
            raise Refused("请写上门的地址。", field="address", code="required")
    booking = book(
        Wanted(service.resource_id, start, party, at_home=at_home, address=address, note=note, staff=staff),
        by=by,
        now=now,
        reason=reason,
    )
    say(
        BOOKED,
        party.resident,
        href=f"/stations/mine/booking/{booking.pk}/",
        what=service.title,
        when=words.dated_when(booking.start),
        station="上门，您在家等着" if at_home else service.station.name,
    )
    return booking


def book_room(
    room: Room, party: Party, start: datetime, minutes: int, *, by: Actor, now: datetime, reason: str, note: str = "",
    staff: bool = False,
) -> Booking:  # fmt: skip
    if room.closed_on is not None:
        raise Refused("这个空间停用了，看看别的。", code="closed")
    booking = book(
        Wanted(room.resource_id, start, party, minutes=minutes, note=note, staff=staff), by=by, now=now, reason=reason
    )
    say(
        BOOKED,
        party.resident,
        href=f"/stations/mine/booking/{booking.pk}/",
        what=room.name,
        when=words.span(booking.start, booking.end),
        station=room.where,
    )
    return booking
