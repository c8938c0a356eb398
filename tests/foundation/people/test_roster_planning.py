"""Who is who: matching against a register, likenesses, and what counts as a change."""

from __future__ import annotations

from jiamenkou.foundation.people.roster import Action, Plan, make_plan
from jiamenkou.foundation.people.roster.identity import check_digit
from jiamenkou.foundation.people.roster.memory import MemoryRegister
from jiamenkou.foundation.sheets import Cell
from tests.foundation.people.sheets_by_hand import GRIDS, roster_of


def number(serial: int, born: str = "19520329") -> str:
    first17 = f"320402{born}{serial:03d}"
    return first17 + check_digit(first17)


HEADINGS = ["编号", "姓名", "身份证号", "出生日期", "手机号", "居住地址", "网格", "技能", "备注"]
GUO = [None, "郭佳", number(1), None, "13800001234", "兰翔二村20幢", "第三网格", "会计、烹饪", "租户"]
REN = [None, "任静", None, "1959-03-22", "13800005678", "兰翔二村21幢", None, None, None]


def plan_of(register: MemoryRegister, *rows: list[Cell]) -> Plan:
    return make_plan(roster_of(HEADINGS, *rows), register)


def known(*rows: list[Cell]) -> MemoryRegister:
    register = MemoryRegister(GRIDS)
    register.apply(plan_of(register, *rows))
    return register


def actions(plan: Plan) -> list[Action]:
    return [step.action for step in plan.steps]


def test_the_same_file_again_changes_nothing() -> None:
    register = known(GUO, REN)
    assert actions(plan_of(register, REN, GUO)) == [Action.UNCHANGED, Action.UNCHANGED]


def test_another_way_of_writing_is_no_change() -> None:
    rewritten = [
        None,
        "郭\u3000佳",
        f" {number(1)}",
        "1952年3月29日",
        "138-0000-1234",
        "兰翔二村２０幢",
        "第3网格",
        "烹饪;会计",
        "租户 ",
    ]
    assert actions(plan_of(known(GUO), rewritten)) == [Action.UNCHANGED]


def test_empty_cells_leave_what_is_stored() -> None:
    assert actions(plan_of(known(GUO), [None, "郭佳", number(1)])) == [Action.UNCHANGED]


def test_a_change_names_its_fields() -> None:
    plan = plan_of(known(GUO), [*GUO[:4], "13800009999", *GUO[5:7], "会计", "已走访"])
    assert actions(plan) == [Action.UPDATE]
    assert plan.steps[0].changed == ("skills", "note", "phones")


def test_without_a_number_by_name_and_birth_date() -> None:
    plan = plan_of(known(GUO, REN), [None, "任静", None, "1959-03-22", None, "别处"])
    assert [(step.action, step.changed, step.looks_like) for step in plan.steps] == [
        (Action.UPDATE, ("address",), False)
    ]


def test_without_a_number_by_name_and_phone_or_address() -> None:
    for row in ([None, "任静", None, None, "13800005678"], [None, "任静", None, None, None, "兰翔二村21幢"]):
        assert actions(plan_of(known(REN), row)) == [Action.UNCHANGED]
    assert actions(plan_of(known(REN), [None, "任静", None, None, "13800000000"])) == [Action.CREATE]


def test_a_number_is_added_to_a_person_without_one() -> None:
    plan = plan_of(known(REN), [None, "任静", number(1, "19590322")])
    assert (actions(plan), plan.steps[0].changed, plan.steps[0].looks_like) == (
        [Action.UPDATE],
        ("sex", "number"),
        True,
    )


def test_somebody_of_whom_only_the_name_is_known() -> None:
    bare = [None, "许生", None, None, None, None, "第一网格"]
    register = known(bare)
    assert actions(plan_of(register, bare)) == [Action.UNCHANGED]
    assert actions(plan_of(register, [*bare[:6], "第二网格"])) == [Action.CREATE]
    assert actions(plan_of(register, [*bare[:4], "13800001234"])) == [Action.CREATE]
    assert actions(plan_of(known(GUO), [None, "郭佳"])) == [Action.CREATE]


def test_two_numbers_are_two_people() -> None:
    plan = plan_of(known(GUO), [None, "郭佳", number(3), None, "13800001234"])
    assert [(step.action, step.looks_like) for step in plan.steps] == [(Action.CREATE, False)]


def test_the_same_person_twice_once_without_number_is_a_possible_duplicate() -> None:
    twice = [GUO, [None, "郭佳", None, "1952-03-29", "13800001234"]]
    register = MemoryRegister(GRIDS)
    first = plan_of(register, *twice)
    assert actions(first) == [Action.CREATE, Action.CREATE]
    assert first.summary()["possible_duplicates"] == 1
    register.apply(first)
    for rows in (twice, twice[::-1]):
        again = plan_of(register, *rows)
        assert actions(again) == [Action.UNCHANGED, Action.UNCHANGED]
        assert again.summary()["possible_duplicates"] == 1


def test_namesakes_find_themselves_again() -> None:
    rows: list[list[Cell]] = [[None, "任静", None, "1959-03-22", f"1380000{n:04d}"] for n in range(5)]
    register = known(*rows)
    again = plan_of(register, *rows[::-1])
    assert actions(again) == [Action.UNCHANGED] * 5
    assert len({step.known.ref for step in again.steps if step.known}) == 5


def test_the_code_of_our_export_comes_first() -> None:
    register = known(GUO, REN)
    assert actions(plan_of(register, ["R2", "任静芳", "3204**********1234"])) == [Action.UPDATE]
    plan = plan_of(register, ["R2", "郭佳", number(1)])
    assert actions(plan) == [Action.ERROR]
    assert plan.errors[0].column == "编号"


def test_the_same_number_again_is_an_error_at_the_later_row() -> None:
    plan = plan_of(
        MemoryRegister(GRIDS), GUO, [None, "邵斌", number(1)], [None, "郭佳", number(1)[:6] + number(1)[8:17]]
    )
    assert actions(plan) == [Action.CREATE, Action.ERROR, Action.ERROR]
    assert [(error.row, error.column, error.problem) for error in plan.errors] == [
        (3, "身份证号", "与第 2 行的号码相同"),
        (4, "身份证号", "与第 2 行的号码相同"),
    ]


def test_a_number_of_another_community_shows_nothing_of_the_person() -> None:
    plan = plan_of(MemoryRegister(GRIDS, elsewhere=[number(1)]), GUO)
    assert actions(plan) == [Action.ERROR]
    assert "已在其他社区登记" in plan.errors[0].problem
    assert plan.steps[0].known is None


def test_unknown_grids_are_errors_unless_there_are_none_yet() -> None:
    row = [None, "郭佳", None, None, None, None, "第九网格"]
    assert actions(plan_of(MemoryRegister(GRIDS), row)) == [Action.ERROR]
    plan = plan_of(MemoryRegister(), row, [*row[:6], "第 9 网格"])
    assert actions(plan) == [Action.CREATE, Action.CREATE]
    assert plan.new_grids == ["第九网格"]


def test_the_counts_add_up() -> None:
    plan = plan_of(known(GUO), GUO, REN, [None, None, None, None, "13800001234"])
    summary = plan.summary()
    assert list(summary) == [
        "rows",
        "create",
        "update",
        "unchanged",
        "error",
        "possible_duplicates",
        "ignored",
        "errors",
    ]
    assert (summary["rows"], summary["create"], summary["update"], summary["unchanged"], summary["error"]) == (
        3,
        1,
        0,
        1,
        1,
    )
