"""Rosters against the database: the gold again, and what the register in memory cannot show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.importing import CommunityRegister, apply_plan, request_transfer
from jiamenkou.foundation.people.models import (
    ArchiveItem,
    EmploymentStatus,
    Evidence,
    Household,
    Identity,
    Membership,
    Phone,
    Resident,
    TransferRequest,
)
from jiamenkou.foundation.people.models.resident import DisabilityLevel
from jiamenkou.foundation.people.roster import Plan, make_plan, read_roster
from jiamenkou.foundation.people.roster.identity import check_digit
from jiamenkou.foundation.people.roster.values import DISABILITY_LEVELS, EMPLOYMENT
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets import Cell
from jiamenkou.foundation.vault.service import open_field
from tests.foundation.people.sheets_by_hand import roster_of
from tests.foundation.people.test_roster_gold import FOLDER, GOLD, within
from tests.people import Town, make_staff

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
HEADINGS = [
    *(
        "姓名",
        "身份证号",
        "手机号",
        "网格",
        "楼栋",
        "单元",
        "房号",
        "与户主关系",
        "户主身份证号",
        "技能",
        "居住地址",
        "备注",
    )
]


def number(serial: int, born: str = "19520329") -> str:
    first17 = f"320402{born}{serial:03d}"
    return first17 + check_digit(first17)


GUO, REN = number(1), number(2)
FAMILY: list[list[Cell]] = [
    [
        "郭佳",
        GUO,
        "13800001234",
        "第一网格",
        "20幢",
        3.0,
        "1002",
        "户主",
        GUO,
        "缝纫、理发",
        "兰翔二村20幢3单元1002室",
    ],
    ["任静", REN, "13800001234", "第一网格", "20幢", "3", "1002", "配偶", GUO, None, "兰翔二村20幢3单元1002室"],
    ["郭宁", None, None, "第一网格", "20幢", "3", "1002", "儿子", GUO, None, "兰翔二村20幢3单元1002室"],
]


def imported(community: Place, *rows: list[Cell], keep_extra: bool = False) -> Plan:
    plan = make_plan(roster_of(HEADINGS, *rows, keep_extra=keep_extra), CommunityRegister(community))
    apply_plan(plan, community, today=TODAY, now=NOW)
    return plan


def counts(plan: Plan) -> tuple[int, ...]:
    summary = plan.summary()
    return tuple(summary[key] for key in ("create", "update", "unchanged", "error"))


def test_the_values_of_the_template_are_those_of_the_register() -> None:
    assert list(EMPLOYMENT) == [str(label) for label in EmploymentStatus.labels]
    assert list(DISABILITY_LEVELS) == [str(label) for label in DisabilityLevel.labels]


@pytest.mark.postgres
@pytest.mark.parametrize("gold", GOLD.values(), ids=GOLD.keys())
def test_a_sample_goes_as_its_gold_says(gold: dict[str, Any], town: Town) -> None:
    community = Place.plant(town.street, code="32-1-2", kind=PlaceKind.COMMUNITY, name="样本社区")
    for place, name in enumerate(gold["grids"], 1):
        Place.plant(community, code=f"32-1-2-{place}", kind=PlaceKind.GRID, name=name)

    def run(file: str) -> dict[str, Any]:
        plan = make_plan(read_roster(FOLDER / file, TODAY), CommunityRegister(community))
        written = apply_plan(plan, community, today=TODAY, now=NOW)
        summary = plan.summary()
        assert written == summary["create"] + summary["update"]
        return summary

    within(run(gold["file"]), gold["first"])
    within(run(gold["file"]), gold["again"])
    for followup in gold["followups"]:
        edited = run(followup["file"])
        assert {key: edited[key] for key in followup["expect"]} == followup["expect"]
        again = run(followup["file"])
        assert (again["create"], again["update"], again["unchanged"]) == (0, 0, followup["rows"])
    assert not any(Place.objects.find_problems())


@pytest.mark.postgres
def test_a_family_becomes_one_household_behind_one_door(town: Town) -> None:
    assert counts(imported(town.community, *FAMILY)) == (3, 0, 0, 0)
    head = Resident.objects.get(name="郭佳")
    household = Household.objects.get()
    assert household.head == head
    assert {member.relation for member in household.memberships.order_by("pk")} == {"户主", "配偶", "儿子"}
    assert household.unit is not None and household.unit.name == "3单元"
    building = Place.objects.get(path=household.unit.ancestor_path(household.unit.depth - 1))
    assert building.name == "兰翔二村20幢"
    assert town.grids[0].contains(building)
    assert (head.grid, head.birth_date, head.sex) == (town.grids[0], date(1952, 3, 29), "male")
    assert sorted(head.archive.order_by("text").values_list("text", flat=True)) == ["理发", "缝纫"]
    assert head.identity_masked == f"3204**********{GUO[-4:]}"
    assert counts(imported(town.community, *FAMILY)) == (0, 0, 3, 0)
    assert not any(Place.objects.find_problems())


@pytest.mark.postgres
def test_numbers_are_sealed_and_found_again(town: Town) -> None:
    imported(town.community, *FAMILY)
    head = Resident.objects.get(name="郭佳")
    assert open_field(head.uid, "identity.number", Identity.objects.get(resident=head).sealed) == GUO
    phone = Phone.objects.get(resident=head)
    assert open_field(head.uid, "phone.number", phone.sealed) == "13800001234"
    assert (phone.is_main, phone.is_mobile, phone.masked) == (True, True, "138****1234")
    changed = imported(town.community, ["郭佳", GUO, "13800009999、0519-85719983"])
    assert counts(changed) == (0, 1, 0, 0)
    assert [p.masked for p in head.phones.order_by("-is_main", "pk")] == ["138****9999", "0519-****9983"]


@pytest.mark.postgres
def test_a_head_who_is_not_registered_yet_is_named_later(town: Town) -> None:
    assert counts(imported(town.community, FAMILY[1])) == (1, 0, 0, 0)
    assert Household.objects.get().head is None
    assert counts(imported(town.community, FAMILY[1])) == (0, 0, 1, 0)
    imported(town.community, FAMILY[0])
    household = Household.objects.get()
    assert household.head == Resident.objects.get(name="郭佳")
    assert household.memberships.count() == 2


@pytest.mark.postgres
def test_moving_ends_a_membership_and_keeps_it(town: Town) -> None:
    imported(town.community, *FAMILY)
    row: list[Cell] = [*FAMILY[1][:4], "21幢", "1", "301", "户主", None, None, "兰翔二村21幢1单元301室"]
    plan = imported(town.community, row)
    assert counts(plan) == (0, 1, 0, 0)
    wife = Resident.objects.get(name="任静")
    ended, current = Membership.objects.filter(resident=wife).order_by("pk")
    assert (ended.until, current.until, current.relation) == (TODAY, None, "户主")
    assert wife.household == current.household != ended.household
    assert current.household.head == wife
    assert counts(imported(town.community, row)) == (0, 0, 1, 0)


@pytest.mark.postgres
def test_a_certified_skill_is_not_taken_away(town: Town) -> None:
    imported(town.community, FAMILY[0])
    ArchiveItem.objects.filter(text="理发").update(evidence=Evidence.CERTIFIED)
    row = [*FAMILY[0][:9], "月嫂", *FAMILY[0][10:]]
    assert counts(imported(town.community, row)) == (0, 1, 0, 0)
    assert sorted(ArchiveItem.objects.order_by("text").values_list("text", flat=True)) == ["月嫂", "理发"]
    assert counts(imported(town.community, row)) == (0, 0, 1, 0)


@pytest.mark.postgres
def test_a_number_of_another_community_is_not_touched(town: Town) -> None:
    imported(town.neighbour, ["郭佳", GUO, None, "第一网格"])
    plan = imported(town.community, FAMILY[0])
    assert counts(plan) == (0, 0, 0, 1)
    assert "已在其他社区登记" in plan.errors[0].problem
    assert Resident.objects.get().community == town.neighbour
    by = Actor(make_staff(Role.WORKER, town.community))
    for _ in range(2):
        request_transfer(GUO, town.community, by=by, reason="搬来了")
    request = TransferRequest.objects.get()
    assert (request.resident.community, request.to_community) == (town.neighbour, town.community)
    with pytest.raises(Refused, match="没有在其他社区"):
        request_transfer(REN, town.community, by=by, reason="搬来了")


@pytest.mark.postgres
def test_a_community_without_grids_takes_those_of_the_file(town: Town) -> None:
    plan = imported(town.far, ["郭佳", GUO, None, "东网格"], ["任静", REN, None, "西网格"])
    assert counts(plan) == (2, 0, 0, 0)
    assert CommunityRegister(town.far).grids() == ["东网格", "西网格"]
    assert counts(imported(town.far, ["许生", None, None, "南网格"])) == (0, 0, 0, 1)


@pytest.mark.postgres
def test_our_code_comes_first(town: Town) -> None:
    imported(town.community, FAMILY[0])
    known = Resident.objects.get()
    roster = roster_of(["编号", "姓名", "身份证号", "备注"], [known.number, "郭佳佳", known.identity_masked, "改名"])
    plan = make_plan(roster, CommunityRegister(town.community))
    assert counts(plan) == (0, 1, 0, 0)
    apply_plan(plan, town.community, today=TODAY, now=NOW)
    known.refresh_from_db()
    assert (known.name, known.note) == ("郭佳佳", "改名")
    assert Identity.objects.count() == 1


@pytest.mark.postgres
def test_lookups_do_not_grow_with_the_rows(town: Town, django_assert_max_num_queries: Any) -> None:
    rows: list[list[Cell]] = [["郭佳", number(n), f"1380000{n:04d}", "第一网格", f"{n}幢"] for n in range(60)]
    imported(town.community, *rows)
    roster = roster_of(HEADINGS, *rows)
    with django_assert_max_num_queries(40):
        make_plan(roster, CommunityRegister(town.community))
