"""Repairs told at each step, figures with the opening count, gifts, couplets, works, haircuts, corners."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.people import Town, make_signed_up
from tests.services.stations.make import BY, at, make_host, make_service, make_station, neighbour

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentDied, ResidentErased
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations import codes
from jiamenkou.services.stations.actions import corners, culture, mending
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.models import Ballot, Proposal, Repair, RepairLog, Station, Work
from jiamenkou.services.stations.states import CoupletState, GiftState, RepairState


def how() -> dict[str, object]:
    return {"by": BY, "now": timezone.now(), "reason": "test"}


def register(station: Station, party, what: str = "雨伞") -> Repair:  # type: ignore[no-untyped-def]
    return mending.register(station, party, what, brought=True, **how())  # type: ignore[arg-type]


def move(repair: Repair, to: RepairState, **fields: object) -> Repair:
    return mending.move(repair, to, **how(), **fields)  # type: ignore[arg-type]


def test_each_change_is_told_and_the_figure_grows(town: Town) -> None:
    station = make_station(town.community, mended_before=1000)
    person, party = neighbour(town.community)
    repair = register(station, party)
    repair = move(repair, RepairState.MENDING)
    repair = move(repair, RepairState.READY, done="换了一根伞骨")
    assert figures_of([station])[station.pk].mended == 1001
    fetched = mending.fetch(station, repair.code, **how())  # type: ignore[arg-type]
    assert fetched.state == RepairState.COLLECTED
    told = list(Message.objects.filter(resident=person).order_by("id").values_list("notice", flat=True))
    assert told == ["stations.mending", "stations.ready", "stations.fetched"]
    assert list(RepairLog.objects.filter(repair=repair).order_by("id").values_list("state", flat=True)) == [
        "registered", "mending", "ready", "collected",
    ]  # fmt: skip
    with pytest.raises(Refused, match="没有这个取件码"):
        mending.fetch(station, repair.code, **how())  # type: ignore[arg-type]


def test_beyond_repair_needs_a_reason_and_is_fetched_too(town: Town) -> None:
    station = make_station(town.community)
    repair = register(station, neighbour(town.community)[1])
    with pytest.raises(Refused, match="为什么修不了"):
        move(repair, RepairState.BEYOND)
    repair = move(repair, RepairState.BEYOND, done="没有零件了")
    assert mending.fetch(station, repair.code, **how()).state == RepairState.RETURNED  # type: ignore[arg-type]
    assert figures_of([station])[station.pk].mended == 0


def test_no_arrow_no_move_and_two_taps_count_once(town: Town) -> None:
    station = make_station(town.community)
    repair = register(station, neighbour(town.community)[1])
    with pytest.raises(Conflict):
        move(repair, RepairState.COLLECTED)
    stale = Repair.objects.get(pk=repair.pk)
    move(repair, RepairState.READY, done="好了")
    with pytest.raises(Conflict):
        move(stale, RepairState.READY, done="好了")
    assert RepairLog.objects.filter(repair=repair, state="ready").count() == 1


def test_collected_mended_given(town: Town) -> None:
    station = make_station(town.community)
    pile = mending.collect(station, "雨伞", 3, "物业", **how())  # type: ignore[arg-type]
    pile = mending.move_gift(pile, GiftState.MENDED, **how())  # type: ignore[arg-type]
    person, party = neighbour(town.community)
    mending.move_gift(pile, GiftState.GIVEN, party=party, need="没有伞", **how())  # type: ignore[arg-type]
    figures = figures_of([station])[station.pk]
    assert (figures.mended, figures.given) == (3, 1)
    pile.refresh_from_db()
    assert (pile.count, pile.state) == (2, GiftState.MENDED)
    assert Message.objects.filter(resident=person, notice="stations.gift").exists()


def test_a_haircut_at_home_is_for_those_who_cannot_come(town: Town) -> None:
    service = make_service(make_station(town.community), at_home=True)
    young, young_party = neighbour(town.community)
    old, old_party = neighbour(town.community, birth_date=date(timezone.localdate().year - 85, 1, 1))
    with pytest.raises(Refused, match="80 岁以上"):
        culture.book_service(service, young, young_party, at(9), at_home=True, address="3-2-501", **how())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="上门的地址"):
        culture.book_service(service, old, old_party, at(9), at_home=True, **how())  # type: ignore[arg-type]
    booking = culture.book_service(service, old, old_party, at(9), at_home=True, address="3-2-501", **how())  # type: ignore[arg-type]
    assert booking.at_home and booking.address == "3-2-501"
    assert Message.objects.filter(resident=old, notice="stations.booked").exists()


def test_nothing_hangs_without_its_author(town: Town) -> None:
    station = make_station(town.community)
    author, _party = neighbour(town.community)
    work = culture.propose_work(station, author.pk, "苏映", "秋荷", **how())  # type: ignore[arg-type]
    assert not work.on_show
    assert Message.objects.filter(resident=author, notice="stations.work").exists()
    culture.consent(work, **how())  # type: ignore[arg-type]
    assert figures_of([station])[station.pk].works == 1
    culture.withdraw(work, **how())  # type: ignore[arg-type]
    assert not Work.objects.get(pk=work.pk).on_show
    assert figures_of([station])[station.pk].works == 0


def test_couplets_once_and_at_most_five(town: Town) -> None:
    station = make_station(town.community, couplets=True)
    person, party = neighbour(town.community)
    couplet = culture.ask_couplet(station, party, wish="家和", count=2, **how())  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已经登记过"):
        culture.ask_couplet(station, party, **how())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="最多五副"):
        culture.ask_couplet(station, neighbour(town.community)[1], count=6, **how())  # type: ignore[arg-type]
    culture.move_couplet(couplet, CoupletState.WRITTEN, **how())  # type: ignore[arg-type]
    assert Message.objects.filter(resident=person, notice="stations.couplet").exists()
    assert figures_of([station])[station.pk].couplets == 2


def test_a_corner_from_idle_to_open(town: Town) -> None:
    corner = corners.register(town.community, "架空层", "7 栋", **how())  # type: ignore[arg-type]
    people = [neighbour(town.community)[0] for _ in range(3)]
    first = corners.propose(corner, people[0], "写作业", **how())  # type: ignore[arg-type]
    second = corners.propose(corner, people[1], "下棋", **how())  # type: ignore[arg-type]
    for person in people:
        corners.vote(first, person, **how())  # type: ignore[arg-type]
        corners.vote(first, person, **how())  # type: ignore[arg-type]
    corners.vote(second, people[0], **how())  # type: ignore[arg-type]
    votes = dict(Proposal.objects.order_by("id").values_list("text", "votes"))
    assert votes == {"写作业": 2, "下棋": 1} and Ballot.objects.count() == 3
    stranger = neighbour(town.neighbour)[0]
    with pytest.raises(Refused, match="别的社区"):
        corners.vote(first, stranger, **how())  # type: ignore[arg-type]
    corner.refresh_from_db()
    corners.close_vote(corner, **how())  # type: ignore[arg-type]
    me = Actor(make_signed_up(people[2]))
    claim = corners.claim(corner, people[2], "每天开门", by=me, now=timezone.now(), reason="test")
    corner = corners.agree(claim, **how())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="照片"):
        corners.open_corner(corner, timezone.localdate(), **how())  # type: ignore[arg-type]
    assert (corner.state, corner.keeper_called) == ("claimed", claim.called)


def test_the_code_on_the_wall_is_good_for_a_moment() -> None:
    now = timezone.now()
    token = codes.rotating(7, now, out=True)
    assert codes.read_rotating(token, now + timedelta(seconds=60)) == (7, True)
    with pytest.raises(Refused, match="过时"):
        codes.read_rotating(token, now + timedelta(seconds=150))
    with pytest.raises(Refused, match="不对"):
        codes.read_rotating(token[:-2] + "xx", now)
    with pytest.raises(Refused, match="过时"):
        codes.read_rotating(codes.rotating(7, now + timedelta(hours=1)), now)


def test_death_ends_what_is_booked_and_erasing_leaves_counts(town: Town) -> None:
    station = make_station(town.community)
    make_host(station)
    service = make_service(station)
    person, party = neighbour(town.community)
    booking = culture.book_service(service, person, party, at(9), **how())  # type: ignore[arg-type]
    repair = register(station, party)
    publish(ResidentDied(person.pk, timezone.localdate()))
    booking.refresh_from_db()
    assert booking.state == "cancelled" and booking.hold_id is None
    publish(ResidentErased(person.pk))
    repair.refresh_from_db()
    assert (repair.called, repair.building, repair.fault) == ("已注销", "", "")
    assert Repair.objects.filter(station=station).count() == 1
