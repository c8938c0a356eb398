"""A visit is received once, whatever the phone does; two phones at one door are both kept."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.guards import see_everything
from tests.people import Town, make_staff
from tests.services.visits.make import PHONE_B, make_door, make_plan, record, send, told_of

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events import bus
from jiamenkou.foundation.events.kinds import VisitRecorded
from jiamenkou.foundation.people.actions.erase import erase_person
from jiamenkou.foundation.people.actions.merging import merge
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.actions.settling import decide_fact, settle
from jiamenkou.services.visits.comparing import clock_words, lines
from jiamenkou.services.visits.models import ProposedFact, Visit, VisitConflict, VisitFile
from jiamenkou.services.visits.reading import read_facts, read_told
from jiamenkou.services.visits.sealing import open_words
from jiamenkou.services.visits.states import Fact

VOICE = b"OggS" + bytes(60)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[VisitRecorded]:
    events: list[VisitRecorded] = []
    monkeypatch.setitem(bus._handlers, VisitRecorded, [events.append])
    return events


@pytest.fixture
def door(town: Town) -> Resident:
    return make_door(town.community, town.grids[0])


@pytest.fixture
def worker(town: Town) -> Account:
    return make_staff(Role.GRID_WORKER, town.grids[0])


def test_a_visit_ends_its_plan_and_is_told(door: Resident, worker: Account, heard: list[VisitRecorded]) -> None:
    plan = make_plan(door)
    done = record(door, worker, needs=[["care", "想有人送饭"]], answers={"living": "alone", "safety": ["gas"]})
    plan.refresh_from_db()
    assert (plan.state, done.visit.plan_id) == ("done", plan.pk)
    assert heard[0].needs == (("care", "想有人送饭"),)
    assert heard[0].findings == ("living.alone", "safety.gas")


def test_a_closed_door_stays_on_the_list(door: Resident, worker: Account) -> None:
    plan = make_plan(door)
    record(door, worker, outcome="absent")
    record(door, worker, outcome="refused")
    plan.refresh_from_db()
    assert (plan.state, plan.tries) == ("open", 2)


def test_words_lie_sealed(door: Resident, worker: Account) -> None:
    visit = record(door, worker, note="儿子在外地", answers={"body": "slow"}).visit
    with connection.cursor() as cursor:
        cursor.execute("select visits_visit::text from visits_visit where id = %s", [visit.pk])
        row = cursor.fetchone()[0]
    assert "外地".encode().hex() not in row and b"slow".hex() not in row
    assert lines(visit, "note") == ["儿子在外地"]
    assert lines(visit, "answers") == ["身体怎么样：走路不便"]


def test_the_same_number_again_is_the_same_visit(door: Resident, worker: Account, heard: list[VisitRecorded]) -> None:
    uid = str(uuid4())
    first, second = (record(door, worker, uid=uid) for _ in range(2))
    assert first.visit == second.visit and first.fresh and not second.fresh
    assert len(heard) == 1
    # careless: a phone that draws a new number for every try doubles the visit
    record(door, worker)
    assert Visit.objects.count() == 2


def test_a_number_of_somebody_else_is_refused(door: Resident, worker: Account, town: Town) -> None:
    uid = str(uuid4())
    record(door, worker, uid=uid)
    with pytest.raises(Refused):
        record(door, make_staff(Role.WORKER, town.community), uid=uid)


def test_two_phones_are_both_kept_and_the_second_is_held_back(
    door: Resident, worker: Account, town: Town, heard: list[VisitRecorded]
) -> None:
    other = make_staff(Role.WORKER, town.community)
    record(door, worker, outcome="met", needs=[["repair", "水龙头漏"]], answers={"money": "enough"})
    held = record(door, other, device=str(PHONE_B), needs=[["repair", "水龙头漏"], ["aid", "药费多"]], note="手头紧")
    assert held.conflict and Visit.objects.count() == 2 and len(heard) == 1
    conflict = VisitConflict.objects.get()
    by = Actor(other)
    with pytest.raises(Refused, match="还有没选的"):
        settle(conflict, {"needs": "second"}, by=by, now=timezone.now(), reason="测试")
    chosen = {"needs": "both", "answers": "first", "note": "second"}
    settle(conflict, chosen, by=by, now=timezone.now(), reason="测试")
    assert heard[1].needs == (("aid", "药费多"),), "what the first said is not told twice"
    with pytest.raises(Refused, match="别人已经定好"):
        settle(conflict, chosen, by=by, now=timezone.now(), reason="测试")


def test_a_phone_that_knew_of_the_other_makes_no_conflict(door: Resident, worker: Account) -> None:
    first = record(door, worker).visit
    assert not record(door, worker, device=str(PHONE_B), seen=first.pk).conflict
    assert not record(make_door(door.community, door.grid), worker).conflict


@pytest.mark.parametrize(
    ("ahead", "shift", "wrong"),
    [(0, 0, False), (3, 3, False), (180, 180, True), (-1440, -1440, True), (0, 120, True), (0, -60 * 24 * 40, True)],
)
def test_a_wrong_clock_is_said_and_decides_nothing(
    door: Resident, worker: Account, ahead: int, shift: int, wrong: bool
) -> None:
    said = timezone.now() + timedelta(minutes=shift)
    visit = record(door, worker, ahead=ahead, at=said.timestamp() * 1000).visit
    assert visit.clock_wrong is wrong
    assert abs(visit.received_at - timezone.now()) < timedelta(minutes=1)
    assert bool(clock_words(visit)) is wrong
    later = record(make_door(door.community, door.grid), worker).visit
    assert list(Visit.objects.all().newest_first()) == [later, visit]


def test_a_clock_put_back_after_the_list_was_taken_is_seen(door: Resident, worker: Account) -> None:
    now = timezone.now().timestamp() * 1000
    assert record(door, worker, at=now - 3_600_000, taken=now - 60_000).visit.clock_wrong


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "gone"}, {"outcome": None}, {"form": 99}, {"form": "1"}, {"at": "gestern"}, {"at": 1e20},
        {"answers": {"living": "moon"}}, {"answers": {"unknown": "x"}}, {"answers": []}, {"needs": [["x", "y"]]},
        {"needs": "care"}, {"facts": {"phone": "123"}}, {"facts": {"employment": "king"}}, {"facts": {"x": "y"}},
        {"note": 7}, {"note": "长" * 2001}, {"uid": "x"}, {"people": [True]}, {"seen": -1}, {"resident": 2**60},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_nothing_is_written(
    door: Resident, worker: Account, broken: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        record(door, worker, **broken)
    assert refused.value.message and not Visit.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"{}", b'"x"'])
def test_bytes_that_are_no_visit_are_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_told(raw, 0)


def test_a_fact_changes_the_file_only_when_somebody_says_yes(door: Resident, worker: Account, town: Town) -> None:
    record(door, worker, facts={"phone": "138 0000 4321", "employment": "retired"})
    by = Actor(make_staff(Role.WORKER, town.community))
    door.refresh_from_db()
    assert (door.phone_masked, door.employment) == ("", "")
    phone, work = (ProposedFact.objects.get(fact=fact) for fact in (Fact.PHONE, Fact.EMPLOYMENT))
    when: dict[str, Any] = {"by": by, "now": timezone.now(), "today": timezone.localdate(), "reason": "测试"}
    assert phone.masked == "138****4321"
    decide_fact(phone, True, **when)
    decide_fact(work, False, **when)
    door.refresh_from_db()
    assert (door.phone_masked, door.employment) == ("138****4321", "")
    with pytest.raises(Refused, match="别人已经确认"):
        decide_fact(phone, True, **when)


def test_an_empty_fact_is_none() -> None:
    assert read_facts({"phone": "  "}) == {}


def test_files_go_to_those_who_may_read_notes(
    client_for: Any, door: Resident, worker: Account, town: Town, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    told = told_of(door)
    assert send(client_for(worker), told, worker, voice=[VOICE]).status_code == 200
    address = VisitFile.objects.get().file.href
    answers = {
        role: client_for(make_staff(role, place)).get(address).status_code
        for role, place in (
            (Role.WORKER, town.community),
            (Role.BUILDING_HEAD, town.grids[0]),
            (Role.STREET_OFFICER, town.street),
        )
    }
    assert answers == {Role.WORKER: 200, Role.BUILDING_HEAD: 404, Role.STREET_OFFICER: 404}
    assert client_for(make_staff(Role.WORKER, town.neighbour)).get(address).status_code == 404


def test_a_grid_worker_sees_the_own_grid(client_for: Any, door: Resident, worker: Account, town: Town) -> None:
    mine = record(door, worker).visit
    other = record(make_door(town.community, town.grids[1]), make_staff(Role.WORKER, town.community)).visit
    browser = client_for(worker)
    assert browser.get(f"/desk/visits/{mine.pk}/").status_code == 200
    assert browser.get(f"/desk/visits/{other.pk}/").status_code == 404


def test_erasing_leaves_a_row_without_words(door: Resident, worker: Account, town: Town) -> None:
    visit = record(door, worker, note="秘密", needs=[["care", "送饭"]], facts={"phone": "13800004321"}).visit
    lead = make_staff(Role.COMMUNITY_LEAD, town.community)
    erase_person(door, by=Actor(lead), reason="本人要求")
    visit.refresh_from_db()
    assert visit.note_sealed is None and lines(visit, "note") == []
    assert not visit.needs.exists() and not ProposedFact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_the_same_moment_are_one_conflict(transactional_db: None) -> None:
    """Eight phones at one door at once: without the lock on the household each would find nobody before it."""
    from tests.people import make_town

    with transaction.atomic():
        see_everything()
        town = make_town()
        door = make_door(town.community, town.grids[0])
        workers = [make_staff(Role.WORKER, town.community) for _ in range(8)]
    barrier, faults = threading.Barrier(8), []

    def visit(number: int) -> None:
        try:
            with transaction.atomic():
                see_everything()
                barrier.wait(20)
                record(door, workers[number], device=str(uuid4()))
        except Exception as fault:  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        see_everything()
        assert faults == []
        assert Visit.objects.count() == 8
        assert VisitConflict.objects.count() == 7, "every phone but the first found one before it"


@pytest.mark.django_db(transaction=True)
def test_the_same_visit_at_the_same_moment_is_one(transactional_db: None) -> None:
    from tests.people import make_town

    with transaction.atomic():
        see_everything()
        town = make_town()
        door = make_door(town.community, town.grids[0])
        worker = make_staff(Role.WORKER, town.community)
    barrier, uid, fresh = threading.Barrier(6), str(uuid4()), []

    def visit() -> None:
        try:
            with transaction.atomic():
                see_everything()
                barrier.wait(20)
                fresh.append(record(door, worker, uid=uid).fresh)
        finally:
            connection.close()

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        see_everything()
        assert sorted(fresh) == [False] * 5 + [True]
        assert Visit.objects.count() == 1


def test_words_outlive_a_merge_and_no_erasure(door: Resident, worker: Account, town: Town) -> None:
    """What was said lies under the key of the row it was said for: it goes with the person, not with the row."""
    visit = record(door, worker, note="夜里咳嗽").visit
    kept, by = make_door(town.community, town.grids[0]), Actor(make_staff(Role.WORKER, town.community))

    def note() -> str:
        visit.refresh_from_db()
        return str(open_words(visit.sealed_for, visit.uid, "note", visit.note_sealed, ""))

    merge(kept, door, by=by, now=timezone.now(), reason="同一个人")
    assert (Visit.objects.get(pk=visit.pk).resident_id, note()) == (kept.pk, "夜里咳嗽")
    kept.refresh_from_db()
    erase_person(kept, by=by, reason="本人要求")
    assert note() == ""
