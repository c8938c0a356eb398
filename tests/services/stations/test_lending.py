"""Lending: one tap; never twice; back even if nobody was asked; the line by need."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests.foundation.bookings.test_races import together
from tests.guards import see_everything
from tests.people import Town, make_town
from tests.services.stations.make import BY, make_host, make_kind, make_station, make_thing, neighbour

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.bookings import waiting
from jiamenkou.foundation.bookings.people import stranger
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.actions import lending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.models import Loan, Thing
from jiamenkou.services.stations.need import need_of
from jiamenkou.services.stations.states import ThingState


def lend(thing: Thing, party, **fields):  # type: ignore[no-untyped-def]
    return lending.lend(thing, party, by=BY, now=fields.pop("now", timezone.now()), reason="test", **fields)


def back(thing: Thing, **fields):  # type: ignore[no-untyped-def]
    return lending.take_back(thing, by=BY, now=fields.pop("now", timezone.now()), reason="test", **fields)


def test_out_and_back(town: Town) -> None:
    thing = make_thing(make_station(town.community))
    person, party = neighbour(town.community, name="苏映禾")
    loan = lend(thing, party)
    thing.refresh_from_db()
    assert (thing.state, thing.due_on) == (ThingState.LENT, timezone.localdate() + timedelta(days=7))
    assert (loan.called, loan.building) == ("苏女士", "桂花园3幢")
    back(thing)
    thing.refresh_from_db()
    assert thing.state == ThingState.FREE and thing.due_on is None
    assert list(Message.objects.filter(resident=person).order_by("id").values_list("notice", flat=True)) == [
        "stations.lent",
        "stations.returned",
    ]


def test_a_thing_scanned_twice_is_lent_once(town: Town) -> None:
    thing = make_thing(make_station(town.community))
    lend(thing, neighbour(town.community, name="苏映禾")[1])
    with pytest.raises(Conflict, match="已经借给 苏女士（桂花园3幢）了，先点“还”再借"):
        lend(thing, neighbour(town.community)[1])
    assert Loan.objects.count() == 1


def test_return_of_something_never_lent(town: Town) -> None:
    thing = make_thing(make_station(town.community))
    with pytest.raises(Conflict, match="没有借出去的记录"):
        back(thing)
    lend(thing, neighbour(town.community)[1])
    back(thing)
    with pytest.raises(Conflict, match="可能已经还过了"):
        back(thing)


def test_somebody_without_a_phone(town: Town) -> None:
    station = make_station(town.community)
    loan = lend(make_thing(station), stranger("老郑", "5 栋", town.community.pk))
    assert loan.resident_id is None and (loan.called, loan.building) == ("老郑", "5 栋")
    assert not Message.objects.exists()


def test_late_is_occupied_without_end(town: Town) -> None:
    station = make_station(town.community)
    thing = make_thing(station)
    lend(thing, neighbour(town.community)[1], now=timezone.now() - timedelta(days=400))
    thing.refresh_from_db()
    assert thing.is_late(timezone.localdate())
    mine = lending.reserve(thing.kind, neighbour(town.community)[1], 0, by=BY, now=timezone.now(), reason="test")
    assert mine.state == "waiting"
    with pytest.raises(Conflict):
        lend(thing, neighbour(town.community)[1])


def test_wheelchairs_by_need_first(town: Town) -> None:
    station = make_station(town.community)
    thing = make_thing(station, by_need=True)
    lend(thing, neighbour(town.community)[1])
    today, now = timezone.localdate(), timezone.now()
    quick, quick_party = neighbour(town.community)
    bound, bound_party = neighbour(town.community, categories=["失能老人"])
    early = lending.reserve(thing.kind, quick_party, need_of(quick, today), by=BY, now=now, reason="test")
    late = lending.reserve(
        thing.kind, bound_party, need_of(bound, today), by=BY, now=now + timedelta(hours=1), reason="test"
    )
    back(thing)
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == ("waiting", "offered")
    thing.refresh_from_db()
    assert thing.state == ThingState.RESERVED and thing.kept_for == late
    assert Message.objects.filter(resident=bound, notice="stations.offered").exists()
    # it is kept for exactly that person
    with pytest.raises(Conflict, match="留着"):
        lend(thing, quick_party)
    lend(thing, bound_party)
    late.refresh_from_db()
    assert late.state == "taken"


def test_a_kept_thing_moves_on_when_its_time_is_over(town: Town) -> None:
    station = make_station(town.community)
    thing = make_thing(station)
    lend(thing, neighbour(town.community)[1])
    now = timezone.now()
    lines = [
        lending.reserve(
            thing.kind, neighbour(town.community)[1], 0, by=BY, now=now + timedelta(minutes=n), reason="test"
        )
        for n in range(2)
    ]
    back(thing)
    waiting.lapse(now + timedelta(days=2))
    thing.refresh_from_db()
    for one in lines:
        one.refresh_from_db()
    assert ([one.state for one in lines], thing.kept_for) == (["lapsed", "offered"], lines[1])
    waiting.leave(lines[1], by=BY, now=now, reason="test")
    thing.refresh_from_db()
    assert thing.state == ThingState.FREE


def test_reminders_never_for_what_is_back(town: Town) -> None:
    station = make_station(town.community)
    things = [make_thing(station, number=f"轮椅-{n}") for n in range(3)]
    people = [neighbour(town.community) for _ in things]
    today, now = timezone.localdate(), timezone.now()
    lend(things[0], people[0][1], due_on=today + timedelta(days=1))
    lend(things[1], people[1][1], due_on=today + timedelta(days=1))
    lend(things[2], people[2][1], now=now - timedelta(days=30))
    back(things[1])
    assert lending.remind(today) == 2
    assert lending.remind(today) == 0
    said = set(Message.objects.filter(notice__in=["stations.due", "stations.late"]).values_list("resident", "notice"))
    assert said == {(people[0][0].pk, "stations.due"), (people[2][0].pk, "stations.late")}
    # late ones are asked about each week
    assert lending.remind(today + timedelta(days=7)) == 2


def test_extending_is_refused_while_somebody_waits(town: Town) -> None:
    thing = make_thing(make_station(town.community))
    loan = lend(thing, neighbour(town.community)[1])
    lending.reserve(thing.kind, neighbour(town.community)[1], 0, by=BY, now=timezone.now(), reason="test")
    with pytest.raises(Refused, match="有人排队"):
        lending.extend(loan, by=BY, now=timezone.now(), reason="test")


def test_broken_is_not_offered(town: Town) -> None:
    thing = make_thing(make_station(town.community))
    lend(thing, neighbour(town.community)[1])
    mine = lending.reserve(thing.kind, neighbour(town.community)[1], 0, by=BY, now=timezone.now(), reason="test")
    back(thing, broken=True)
    mine.refresh_from_db()
    assert mine.state == "waiting"
    lending.set_state(thing, ThingState.FREE, by=BY, now=timezone.now(), reason="test")
    mine.refresh_from_db()
    assert mine.state == "offered"


def test_a_host_who_leaves_hands_over(town: Town) -> None:
    station = make_station(town.community)
    old = make_host(station)
    person, party = neighbour(town.community)
    lend(make_thing(station), party)
    host = station.hosts.get()
    with pytest.raises(Refused, match="请先选谁来接"):
        acts.end_host(host, None, "", by=BY, now=timezone.now(), reason="test")
    heir = make_host(make_station(town.neighbour)).account
    counts = acts.end_host(host, heir, "钱阿姨", by=BY, now=timezone.now(), reason="test")
    assert counts == {"loans": 1, "repairs": 0}
    assert [one.called for one in station.hosts.current()] == ["钱阿姨"]
    assert Message.objects.filter(resident=person, notice="stations.new_host").count() == 1
    keepers = station.calendar.keepers.filter(ended_at__isnull=True)
    assert [keeper.account_id for keeper in keepers] == [heir.pk if heir else 0]
    assert old.account is not None


@pytest.mark.django_db(transaction=True)
def test_two_hosts_scan_the_same_thing_at_once() -> None:
    with transaction.atomic():
        see_everything()
        town = make_town()
        thing = make_thing(make_station(town.community))
    answers: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        try:
            with scope(EVERYTHING, actor="test", reason="test"):
                lend(thing, stranger(f"第{number}位", "3 栋", town.community.pk))
            said = "lent"
        except Conflict as refused:
            said = refused.code
        with lock:
            answers.append(said)

    assert together(work) == []
    assert sorted(answers) == ["lent"] + ["not_free"] * 7
    with scope(EVERYTHING):
        assert Loan.objects.filter(thing=thing).count() == 1


def test_a_kind_is_made_once(town: Town) -> None:
    station = make_station(town.community)
    assert make_kind(station).pk == make_kind(station).pk
    make_thing(station, number="轮椅-1")
    with pytest.raises(Conflict, match="编号已经有了"):
        make_thing(station, number="轮椅-1")
