"""A caller's number proposes who it was; a worker who has asked decides, and only then is it the resident's matter."""

from __future__ import annotations

from typing import Any

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.access import own_followings
from jiamenkou.foundation.cases.actions import callbacks, handling, knowing
from jiamenkou.foundation.cases.actions.hotline import answer_of, take_in
from jiamenkou.foundation.cases.actions.opening import follow
from jiamenkou.foundation.cases.callers import Found, candidates, known_numbers
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.states import EventKind, Outcome, Satisfaction, Solved
from jiamenkou.foundation.cases.tickets import cells_of, read
from jiamenkou.foundation.people.actions.erase import erase_person
from jiamenkou.foundation.people.models import Household, Membership, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.fronts.cases.phone.entries import timeline
from tests.foundation.access.test_reveal import with_phone
from tests.foundation.cases.make import START, Office, make_case
from tests.people import make_resident, make_signed_up

NUMBER = "13800004321"
HEAD = "工单编号\t诉求标题\t诉求内容\t来电人\t联系电话\n"


def ticket(office: Office, phone: str = NUMBER, name: str = "来电人", number: str = "W-1") -> Follower:
    """The caller of a ticket that was taken in."""
    tickets, faults = read(cells_of(f"{HEAD}{number}\t楼道灯\t楼道灯不亮\t{name}\t{phone}"))
    assert not faults
    _how, case = take_in(tickets[0], office.town.community, by=office.worker, reason="测试", now=START)
    return Follower.objects.get(case=case)


def found(office: Office, caller: Follower, by: Actor | None = None) -> Found:
    return candidates(caller, by or office.worker)


def people(told: Found) -> list[Resident]:
    return [one.resident for one in told.candidates]


def at_home(office: Office, *members: Resident) -> Household:
    grid = office.town.grids[0]
    building = Place.plant(grid, code=f"{grid.code}-3", kind=PlaceKind.BUILDING, name="3幢")
    unit = Place.plant(building, code=f"{grid.code}-3-2", kind=PlaceKind.UNIT, name="2单元")
    home = Household.objects.create(community=office.town.community, grid=grid, unit=unit, door="3幢2单元601")
    for member in members:
        Membership.objects.create(household=home, resident=member, relation="子")
        member.household = home
        member.save()
    return home


def test_one_resident_is_proposed_and_nothing_is_theirs_before_a_worker_says_so(office: Office) -> None:
    person = with_phone(office.resident, NUMBER)
    account = make_signed_up(person)
    caller = ticket(office, "138-0000 4321")
    told = found(office, caller)
    assert people(told) == [person] and told.sole
    assert told.candidates[0].name == f"{person.name[:1]}**"
    assert own_followings(Actor(account)) == [] and timeline([person.pk]) == []
    assert caller.case.resident is None
    knowing.recognise(caller.case, caller.pk, person.pk, by=office.worker, reason="测试")
    assert [one.pk for one in own_followings(Actor(account))] == [caller.pk]
    assert [entry.title for entry in timeline([person.pk])] == ["楼道灯"]
    caller.case.refresh_from_db()
    caller.refresh_from_db()
    assert caller.case.resident == person and caller.name == "来电人"
    assert found(office, caller) == Found()


def test_two_residents_with_one_number_are_both_shown(office: Office) -> None:
    with_phone(office.resident, NUMBER)
    with_phone(office.neighbour, NUMBER)
    told = found(office, ticket(office))
    assert set(people(told)) == {office.resident, office.neighbour} and not told.sole


def test_a_number_that_a_household_shares_shows_the_household(office: Office) -> None:
    third = make_resident(office.town.community, office.town.grids[0], name="陶知远")
    with_phone(office.resident, NUMBER)
    with_phone(office.neighbour, NUMBER)
    at_home(office, office.resident, office.neighbour, third)
    told = found(office, ticket(office, name="陶知远"))
    assert set(people(told)) == {office.resident, office.neighbour, third} and not told.sole
    marks = {one.resident: (one.has_number, one.same_name, one.relation) for one in told.candidates}
    assert {one.building for one in told.candidates} == {"3幢2单元"}
    assert marks[third] == (False, True, "子") and marks[office.resident][:2] == (True, False)


def test_one_number_in_a_household_is_one_person(office: Office) -> None:
    """Who alone has it is asked first; the rest of the household is not shown for it."""
    with_phone(office.resident, NUMBER)
    at_home(office, office.resident, office.neighbour)
    told = found(office, ticket(office))
    assert people(told) == [office.resident] and told.sole


@pytest.mark.parametrize("phone", ["13811112222", "", "不详", "138****4321"])
def test_an_unknown_number_proposes_nobody(office: Office, phone: str) -> None:
    with_phone(office.resident, NUMBER)
    caller = ticket(office, phone)
    assert found(office, caller) == Found()
    with pytest.raises(Refused, match="列出的人"):
        knowing.recognise(caller.case, caller.pk, office.resident.pk, by=office.worker, reason="测试")
    assert timeline([office.resident.pk]) == []


def test_who_lives_elsewhere_is_dead_or_went_into_another_row_is_not_proposed(office: Office) -> None:
    with_phone(make_resident(office.town.neighbour), NUMBER)
    with_phone(make_resident(office.town.community, deceased_on="2026-01-05"), NUMBER)
    with_phone(make_resident(office.town.community, merged_into=office.resident), NUMBER)
    assert found(office, ticket(office)) == Found()


def test_an_erased_person_is_proposed_no_more_and_forgotten_where_they_were_tied(office: Office) -> None:
    person = with_phone(office.resident, NUMBER)
    at_home(office, person, office.neighbour)
    tied, open_one = ticket(office), ticket(office, number="W-2")
    knowing.recognise(tied.case, tied.pk, person.pk, by=office.worker, reason="测试")
    erase_person(person, by=office.lead, reason="测试")
    assert found(office, open_one) == Found()
    tied.refresh_from_db()
    case = Case.objects.get(pk=tied.case_id)
    assert (tied.resident, tied.name, tied.phone, tied.phone_masked) == (None, "", None, "")
    assert case.title == "（已删除）" and case.upper_row is None
    assert NUMBER not in str(answer_of(case)) and answer_of(case)["工单编号"] == "W-1"


def test_somebody_out_of_sight_is_counted_and_cannot_be_chosen(office: Office) -> None:
    """A grid's worker sees the people of the grid; that there are others makes it unsure."""
    here = with_phone(office.resident, NUMBER)
    there = with_phone(make_resident(office.town.community, office.town.grids[1]), NUMBER)
    case = make_case(office, reporter=None, place=office.town.grids[0])
    caller = ticket(office)
    Follower.objects.filter(pk=caller.pk).update(case=case, grid=office.town.grids[0])
    caller.refresh_from_db()
    told = found(office, caller, office.grid)
    assert people(told) == [here] and told.unseen == 1 and not told.sole
    with pytest.raises(Refused, match="列出的人"):
        knowing.recognise(case, caller.pk, there.pk, by=office.grid, reason="测试")


def test_nobody_but_who_handles_it_decides(office: Office) -> None:
    with_phone(office.resident, NUMBER)
    caller = ticket(office)
    with pytest.raises(NotAllowed):
        knowing.recognise(
            caller.case, caller.pk, office.resident.pk, by=Actor(make_signed_up(office.resident)), reason="测试"
        )


def test_once_and_not_twice_in_one_case(office: Office) -> None:
    with_phone(office.resident, NUMBER)
    caller = ticket(office)
    follow(caller.case, office.resident, by=office.worker, reason="测试", now=START)
    with pytest.raises(Conflict, match="已经在这一件里"):
        knowing.recognise(caller.case, caller.pk, office.resident.pk, by=office.worker, reason="测试")


def test_the_wrong_one_is_let_go(office: Office) -> None:
    person = with_phone(office.resident, NUMBER)
    caller = ticket(office)
    with pytest.raises(Refused, match="不是按号码"):
        knowing.let_go(caller.case, caller.pk, by=office.worker, reason="测试")
    knowing.recognise(caller.case, caller.pk, person.pk, by=office.worker, reason="测试")
    knowing.let_go(caller.case, caller.pk, by=office.colleague, reason="测试")
    assert timeline([person.pk]) == [] and Case.objects.get(pk=caller.case_id).resident is None
    caller.refresh_from_db()
    assert people(found(office, caller)) == [person]
    # a reporter who was known from the start is not taken away so
    case = make_case(office)
    with pytest.raises(Refused, match="不是按号码"):
        knowing.let_go(case, Follower.objects.get(case=case).pk, by=office.worker, reason="测试")


def test_who_recognises_a_caller_may_still_call_back(office: Office) -> None:
    """It is no handling: the case has not moved, and the three answers may be taken by the same person."""
    person = with_phone(office.resident, NUMBER)
    caller = ticket(office)
    before = Case.objects.get(pk=caller.case_id).moved_at
    knowing.recognise(caller.case, caller.pk, person.pk, by=office.colleague, reason="测试")
    case = Case.objects.get(pk=caller.case_id)
    assert case.moved_at == before and office.colleague.account is not None
    assert office.colleague.account.pk not in derive(case).touched
    assert handling.last_undoable(case, office.colleague, START) is None
    handling.sign(case, by=office.worker, reason="测试", now=START)
    handling.handle(case, Outcome.SOLVED, "换了灯泡", by=office.worker, reason="测试", now=START)
    caller.refresh_from_db()
    callbacks.answer(
        caller, Solved.YES, Satisfaction.VERY, by=office.colleague, reason="测试", text="", own=False, now=START
    )
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert EventKind.RECOGNISED in kinds


def test_the_sheet_says_which_callers_to_ask(office: Office, django_assert_max_num_queries: Any) -> None:
    with_phone(office.resident, NUMBER)
    phones = [NUMBER, "13811112222", "", "不详", *(f"1380000{n:04d}" for n in range(40))]
    with django_assert_max_num_queries(8):
        assert known_numbers(phones, office.town.community.pk) == {NUMBER}
    assert known_numbers(phones, office.town.neighbour.pk) == set()
