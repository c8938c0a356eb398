"""The hours account: minutes as double entry, confirmed, given, spent, corrected by reversing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone
from tests.people import Town
from tests.services.stations.make import BY, at, make_station, neighbour

from jiamenkou.foundation.bookings import sessions
from jiamenkou.foundation.ledger.models import Entry, Transaction
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.actions import culture, hours
from jiamenkou.services.stations.models import Certificate, Help
from jiamenkou.services.stations.states import ActivityKind, HoursState


def how() -> dict[str, object]:
    return {"by": BY, "now": timezone.now(), "reason": "test"}


def claim(giver: Resident, helped: Resident | None, minutes: int = 60) -> Help:
    return hours.claim(giver, helped, "帮拎米", minutes, timezone.localdate(), **how())  # type: ignore[arg-type]


def entries_sum() -> int:
    return int(Entry.objects.aggregate(total=Sum("amount"))["total"] or 0)


def test_nothing_counts_before_the_yes_of_the_person_helped(town: Town) -> None:
    giver, helped = neighbour(town.community)[0], neighbour(town.community)[0]
    one = claim(giver, helped)
    assert hours.balance(giver) == 0
    assert Message.objects.filter(resident=helped, notice="stations.help").exists()
    hours.confirm(one, **how())  # type: ignore[arg-type]
    hours.confirm(Help.objects.get(pk=one.pk), **how())  # type: ignore[arg-type]
    assert hours.balance(giver) == 60 and Transaction.objects.count() == 1 and entries_sum() == 0


def test_a_no_counts_nothing(town: Town) -> None:
    giver, helped = neighbour(town.community)[0], neighbour(town.community)[0]
    one = claim(giver, helped)
    hours.refuse(one, "没有这回事", **how())  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        hours.confirm(one, **how())  # type: ignore[arg-type]
    assert hours.balance(giver) == 0


@pytest.mark.parametrize("minutes", [0, -5, 721])
def test_impossible_minutes(town: Town, minutes: int) -> None:
    with pytest.raises(Refused):
        claim(neighbour(town.community)[0], neighbour(town.community)[0], minutes)


def test_not_for_oneself_and_not_tomorrow(town: Town) -> None:
    giver = neighbour(town.community)[0]
    with pytest.raises(Refused, match="帮自己"):
        claim(giver, giver)
    with pytest.raises(Refused, match="以后"):
        hours.claim(giver, None, "值班", 60, timezone.localdate() + timedelta(days=1), **how())  # type: ignore[arg-type]


def test_given_and_spent_never_below_zero_and_once(town: Town) -> None:
    giver, helped = neighbour(town.community)[0], neighbour(town.community)[0]
    hours.confirm(claim(giver, helped), **how())  # type: ignore[arg-type]
    for _ in range(2):
        hours.give(giver, helped, 40, "a-key", **how())  # type: ignore[arg-type]
    assert (hours.balance(giver), hours.balance(helped)) == (20, 40)
    with pytest.raises(Refused, match="余额不够"):
        hours.spend(giver, 21, "理发", "b", **how())  # type: ignore[arg-type]
    hours.spend(giver, 20, "理发", "b", **how())  # type: ignore[arg-type]
    assert hours.balance(giver) == 0 and entries_sum() == 0


def test_a_mistake_is_reversed_not_rubbed_out(town: Town) -> None:
    giver, helped = neighbour(town.community)[0], neighbour(town.community)[0]
    one = hours.confirm(claim(giver, helped, 600), **how())  # type: ignore[arg-type]
    right = hours.correct(one, 60, "多写了一个零", **how())  # type: ignore[arg-type]
    assert right is not None and hours.balance(giver) == 60
    assert Transaction.objects.count() == 3 and entries_sum() == 0
    assert Help.objects.get(pk=one.pk).state == HoursState.REVERSED
    with pytest.raises(Conflict):
        hours.correct(Help.objects.get(pk=one.pk), 0, "又改", **how())  # type: ignore[arg-type]
    assert Message.objects.filter(resident=giver, notice="stations.reversed").exists()


def test_sign_in_and_out_credit_the_volunteer(town: Town) -> None:
    station = make_station(town.community)
    activity = culture.open_activity(
        station, ActivityKind.DUTY, "楼道值班", at(14), 120, 5, counts_hours=True, **how()
    )  # type: ignore[arg-type]
    person, party = neighbour(town.community)
    booking = sessions.sign_up(activity.session, party, **how())  # type: ignore[arg-type]
    sessions.sign_in(booking, by=BY, now=at(14, 5), reason="test")
    minutes = sessions.sign_out(booking, by=BY, now=at(15, 50), reason="test")
    for _ in range(2):
        hours.signed(booking, "楼道值班", minutes, station, by=BY, now=at(15, 50), reason="test")
    assert minutes == 105 == hours.balance(person)


def test_a_certificate_says_what_is_in_the_book(town: Town) -> None:
    giver, helped = neighbour(town.community, name="韩墨生")[0], neighbour(town.community)[0]
    with pytest.raises(Refused, match="还没有"):
        hours.certify(giver, **how())  # type: ignore[arg-type]
    hours.confirm(claim(giver, helped, 90), **how())  # type: ignore[arg-type]
    one = hours.certify(giver, **how())  # type: ignore[arg-type]
    assert hours.certify(giver, **how()).pk == one.pk  # type: ignore[arg-type]
    assert (one.minutes, one.times, one.named) == (90, 1, "韩＊＊")
    assert Certificate.objects.count() == 1
