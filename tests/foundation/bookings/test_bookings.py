"""Booking, moving, cancelling, waiting, reminding: the rules of the day it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings import ending, placing, sessions, waiting
from jiamenkou.foundation.bookings.events import BookingEnded, BookingSoon, PlaceOffered
from jiamenkou.foundation.bookings.models import Booking, DayException, Hold, Resource, Waiting
from jiamenkou.foundation.bookings.people import Party, party_of
from jiamenkou.foundation.bookings.placing import Taken, Wanted
from jiamenkou.foundation.events import bus
from jiamenkou.foundation.refusals import Conflict, Refused
from tests.foundation.bookings.make import at, make_resource
from tests.people import Town, make_resident

BY = Actor(None)


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What was published, in order."""
    found: list[Any] = []
    kinds = (PlaceOffered, BookingSoon, BookingEnded)
    for kind in kinds:
        bus._handlers[kind].append(found.append)
    yield found
    for kind in kinds:
        bus._handlers[kind].remove(found.append)


@pytest.fixture
def hair(town: Town) -> Resource:
    return make_resource(town.community, hours=((540, 720), (840, 1080)))


def party(town: Town, **fields: Any) -> Party:
    return party_of(
        make_resident(town.community, town.grids[0], sex="female", address="桂花园3幢2单元501室", **fields)
    )


def book(hair: Resource, who: Party, start: Any, **fields: Any) -> Booking:
    return placing.book(Wanted(hair.pk, start, who, **fields), by=BY, now=timezone.now(), reason="test")


def test_a_keeper_reads_family_name_and_building_only(town: Town, hair: Resource) -> None:
    booking = book(hair, party(town, name="苏映禾"), at(9))
    assert (booking.called, booking.building) == ("苏女士", "桂花园3幢")


def test_the_clash_is_explained_with_the_next_free_time(town: Town, hair: Resource) -> None:
    book(hair, party(town), at(9))
    with pytest.raises(Taken) as refused:
        book(hair, party(town), at(9))
    assert refused.value.next_free == at(9, 30)
    assert "9:30" in refused.value.message


@pytest.mark.parametrize(
    ("start", "minutes", "says"),
    [((11, 30), 60, "开放 9:00–12:00、14:00–18:00"), ((8, 0), 30, "开放"), ((9, 0), 20, "30 分钟一格")],
)
def test_outside_the_hours(town: Town, hair: Resource, start: tuple[int, int], minutes: int, says: str) -> None:
    with pytest.raises(Refused) as refused:
        book(hair, party(town), at(*start), minutes=minutes)
    assert says in refused.value.message


def test_a_booking_across_a_closing_day(town: Town, hair: Resource) -> None:
    DayException.objects.create(resource=hair, day=at(9).date(), why="换地板")
    with pytest.raises(Taken) as refused:
        book(hair, party(town), at(9))
    assert "休息（换地板）" in refused.value.message
    assert refused.value.next_free == at(9, days=2)


def test_never_over_midnight(town: Town) -> None:
    room = make_resource(town.community, hours=((0, 1440),), kind="room", slot_minutes=60)
    with pytest.raises(Refused) as refused:
        book(room, party(town), at(23), minutes=120)
    assert "半夜" in refused.value.message
    assert book(room, party(town), at(23), minutes=60).end == at(0, days=2)


def test_closing_a_day_cancels_and_tells(town: Town, hair: Resource, heard: list[Any]) -> None:
    booking = book(hair, party(town), at(9))
    other = book(hair, party(town), at(9, days=2))
    hit = ending.close_day(hair, at(9).date(), "师傅看病", by=BY, now=timezone.now(), reason="test")
    booking.refresh_from_db()
    other.refresh_from_db()
    assert hit == [booking.pk] and booking.state == "cancelled" and other.state == "booked"
    assert heard == [BookingEnded(booking.pk, "", heard[0].why)] and "师傅看病" in heard[0].why
    assert Hold.objects.count() == 1


def test_rules_are_those_of_the_day_it_was_made(town: Town, hair: Resource) -> None:
    Resource.objects.filter(pk=hair.pk).update(cancel_minutes=60)
    booking = book(hair, party(town), at(9))
    Resource.objects.filter(pk=hair.pk).update(cancel_minutes=2880, most_moves=0)
    moved = placing.move(booking, at(10), by=BY, now=timezone.now(), reason="test")
    assert (moved.start, moved.moves) == (at(10), 1)
    assert ending.cancel(moved, by=BY, now=at(8, 59), reason="test").state == "cancelled"
    assert not Hold.objects.exists()


def test_too_late_to_cancel_alone_but_not_for_the_host(town: Town, hair: Resource) -> None:
    booking = book(hair, party(town), at(9))
    with pytest.raises(Refused, match="2 小时"):
        ending.cancel(booking, by=BY, now=at(7, 1), reason="test")
    with pytest.raises(Refused, match="2 小时"):
        placing.move(booking, at(10), by=BY, now=at(7, 1), reason="test")
    assert ending.cancel(booking, by=BY, now=at(7, 1), reason="test", staff=True).state == "cancelled"


def test_moving_keeps_the_old_place_until_the_new_one_is_held(town: Town, hair: Resource) -> None:
    booking, _other = book(hair, party(town), at(9)), book(hair, party(town), at(10))
    with pytest.raises(Taken):
        placing.move(booking, at(10), by=BY, now=timezone.now(), reason="test")
    booking.refresh_from_db()
    assert booking.start == at(9) and booking.hold is not None and booking.hold.during.lower == at(9)


def test_fair_limits(town: Town, hair: Resource) -> None:
    Resource.objects.filter(pk=hair.pk).update(per_person=2)
    who = party(town)
    book(hair, who, at(9))
    book(hair, who, at(10))
    with pytest.raises(Refused, match="最多约 2 个"):
        book(hair, who, at(11))
    assert book(hair, who, at(11), staff=True).state == "booked"


def test_a_weekly_limit_says_what_is_left(town: Town, hair: Resource) -> None:
    Resource.objects.filter(pk=hair.pk).update(week_minutes=60, ahead_days=21)
    who, days = party(town), 8 - timezone.localdate().weekday()
    book(hair, who, at(9, days=days), minutes=30)
    with pytest.raises(Refused, match="这周还剩 30 分钟"):
        book(hair, who, at(10, days=days), minutes=60)


def test_three_times_away_and_the_host_books(town: Town, hair: Resource) -> None:
    who = party(town)
    for hour in (9, 10, 11):
        booking = book(hair, who, at(hour))
        with pytest.raises(Conflict):
            ending.stayed_away(booking, by=BY, now=at(8), reason="test")
        ending.stayed_away(booking, by=BY, now=at(hour, 20), reason="test")
    with pytest.raises(Refused, match="三次"):
        book(hair, who, at(9, days=3))


def test_a_freed_time_goes_to_the_line_then_to_the_next(town: Town, hair: Resource, heard: list[Any]) -> None:
    booking = book(hair, party(town), at(9))
    now = timezone.now()
    day = (at(0), at(0, days=2))
    lines = [
        waiting.join(hair, party(town), by=BY, now=now + timedelta(seconds=n), reason="test", wanted=day)
        for n in range(2)
    ]
    assert [waiting.before(one) for one in lines] == [0, 1]
    ending.cancel(booking, by=BY, now=now, reason="test")
    # nobody who happens to look gets past the line
    with pytest.raises(Taken):
        book(hair, party(town), at(9))
    lines[0].refresh_from_db()
    assert lines[0].state == "offered" and lines[0].booking is not None
    assert waiting.lapse(now + timedelta(minutes=121)) == 1
    lines[0].refresh_from_db()
    lines[1].refresh_from_db()
    assert (lines[0].state, lines[1].state) == ("lapsed", "offered")
    assert lines[0].booking is not None and lines[0].booking.state == "lapsed"
    with pytest.raises(Conflict, match="下一位"):
        waiting.confirm(lines[0].booking, by=BY, now=now + timedelta(minutes=122), reason="test")
    assert lines[1].booking is not None
    confirmed = waiting.confirm(lines[1].booking, by=BY, now=now + timedelta(minutes=122), reason="test")
    assert confirmed.state == "booked" and Hold.objects.count() == 1
    assert [type(event) for event in heard] == [PlaceOffered, PlaceOffered]


def test_the_line_ends_and_the_place_is_free(town: Town, hair: Resource) -> None:
    booking = book(hair, party(town), at(9))
    now = timezone.now()
    waiting.join(hair, party(town), by=BY, now=now, reason="test")
    ending.cancel(booking, by=BY, now=now, reason="test")
    waiting.lapse(now + timedelta(hours=3))
    assert not Hold.objects.exists()


def test_need_goes_before_time(town: Town, hair: Resource) -> None:
    now = timezone.now()
    early = waiting.join(hair, party(town), by=BY, now=now, reason="test")
    needy = waiting.join(hair, party(town), by=BY, now=now + timedelta(hours=1), reason="test", priority=2)
    assert (waiting.before(needy), waiting.before(early)) == (0, 1)


def test_in_line_once(town: Town, hair: Resource) -> None:
    who, now = party(town), timezone.now()
    first = waiting.join(hair, who, by=BY, now=now, reason="test")
    assert waiting.join(hair, who, by=BY, now=now, reason="test").pk == first.pk
    assert Waiting.objects.count() == 1


def test_a_session_passes_its_place_on(town: Town, hair: Resource) -> None:
    now = timezone.now()
    session = sessions.open_session(hair, "画画", at(14), 120, 1, by=BY, now=now, reason="test")
    with pytest.raises(Taken):
        book(hair, party(town), at(15))
    first = sessions.sign_up(session, party(town), by=BY, now=now, reason="test")
    second = party(town)
    with pytest.raises(Conflict) as full:
        sessions.sign_up(session, second, by=BY, now=now, reason="test")
    assert full.value.code == "full"
    waiting.join(hair, second, by=BY, now=now, reason="test", session=session)
    ending.cancel(first, by=BY, now=now, reason="test")
    session.refresh_from_db()
    assert session.taken == 1
    offer = Booking.objects.get(state="offered")
    with pytest.raises(Conflict):
        sessions.sign_up(session, party(town), by=BY, now=now, reason="test")
    ending.cancel(offer, by=BY, now=now, reason="test")
    session.refresh_from_db()
    assert session.taken == 0


def test_reminded_once_and_never_for_what_is_cancelled(town: Town, hair: Resource, heard: list[Any]) -> None:
    now = timezone.now()
    kept, gone = book(hair, party(town), at(9, days=3)), book(hair, party(town), at(10, days=3))
    ending.cancel(gone, by=BY, now=now, reason="test")
    assert ending.remind(now) == 0
    evening = at(18, days=2)
    assert ending.remind(evening) == 1
    assert ending.remind(evening) == 0
    assert heard == [BookingSoon(kept.pk, "")]


def test_sign_in_and_out_by_the_servers_clock(town: Town, hair: Resource) -> None:
    now = timezone.now()
    session = sessions.open_session(hair, "画画", at(14), 120, 5, by=BY, now=now, reason="test")
    mine = sessions.sign_up(session, party(town), by=BY, now=now, reason="test")
    with pytest.raises(Refused, match="还没到时间"):
        sessions.sign_in(mine, by=BY, now=at(12, 59), reason="test")
    sessions.sign_in(mine, by=BY, now=at(13, 55), reason="test")
    assert sessions.sign_in(mine, by=BY, now=at(14, 30), reason="test").signed_in_at == at(13, 55)
    # a scan after midnight counts to an hour past the end, not to the morning
    assert sessions.sign_out(mine, by=BY, now=at(2, days=2), reason="test") == 185
    assert sessions.sign_out(mine, by=BY, now=at(3, days=2), reason="test") == 185


def test_a_clock_that_jumps_back_never_counts_less_than_nothing(town: Town, hair: Resource) -> None:
    now = timezone.now()
    session = sessions.open_session(hair, "画画", at(14), 120, 5, by=BY, now=now, reason="test")
    mine = sessions.sign_up(session, party(town), by=BY, now=now, reason="test")
    sessions.sign_in(mine, by=BY, now=at(14, 5), reason="test")
    assert sessions.sign_out(mine, by=BY, now=at(13, 50), reason="test") == 0


def test_tomorrow_is_counted_from_the_local_midnight(town: Town, hair: Resource) -> None:
    """At 23:30 in Shanghai the world's clock still says the day before."""
    night = timezone.localtime().replace(hour=23, minute=30, second=0, microsecond=0)
    with time_machine.travel(night, tick=False):
        booking = book(hair, party(town), at(9))
        assert timezone.localdate(booking.during.lower) == timezone.localdate() + timedelta(days=1)
        with pytest.raises(Refused, match="过了"):
            book(hair, party(town), at(9, days=0))
