"""Tables of platforms above: whatever they call their columns, in and out."""

from __future__ import annotations

from datetime import datetime

import pytest

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.cases.tickets import Fault, Line, cells_of, moment, read, reply

PASTED = (
    "*工单编号\t诉求标题\t诉求内容\t来电人\t联系电话（必填）\t办理时限\t答复内容\n"
    "JS001\t路灯不亮\t三天没亮了\t王某\t138-0000-0000\t2026/3/10\t\n"
    "JS001\t路灯不亮\t又说一遍\t王某\t\t\t\n"
    "\t没有编号\t\t\t\t\t\n"
    "JS002\t\t井盖松了\t\t\t下周\t\n"
    "JS003\t\t井盖松了，车过就响\t\t\t\t\n"
)


def test_read_by_the_names_of_the_columns() -> None:
    tickets, faults = read(cells_of(PASTED))
    assert [(one.number, one.title, one.phone) for one in tickets] == [
        ("JS001", "路灯不亮", "13800000000"), ("JS003", "井盖松了，车过就响", ""),
    ]  # fmt: skip
    assert tickets[0].due == datetime(2026, 3, 10, 23, 59, tzinfo=CHINA)
    assert [fault.row for fault in faults] == [3, 4, 5]


@pytest.mark.parametrize("text", ["", "只是一句话", "标题\t内容\n灯\t坏了"])
def test_what_is_no_table(text: str) -> None:
    tickets, faults = read(cells_of(text))
    assert tickets == [] and isinstance(faults[0], Fault)


@pytest.mark.parametrize(("text", "there"), [("2026年3月10日 9:05", True), ("2026-13-40", False), ("", False)])
def test_dates_as_people_write_them(text: str, there: bool) -> None:
    assert (moment(text) is not None) is there


def test_empty_cells_at_the_end_keep_their_columns() -> None:
    lines = [Line(1, ["工单编号", "诉求内容", "办理情况", "", "备注"]), Line(2, ["A1", "路灯不亮"])]
    [ticket], _faults = read(lines)
    back = reply(ticket.line, {"text": "修好了"})
    assert list(back)[:4] == ["工单编号", "诉求内容", "办理情况", "备注"] and back["办理情况"] == "修好了"


def test_the_reply_goes_back_in_their_columns() -> None:
    [ticket, _other], _faults = read(cells_of(PASTED))
    back = reply(ticket.line, {"text": "灯修好了", "state": "已办结"})
    assert list(back)[:7] == list(ticket.line) and back["答复内容"] == "灯修好了" and back["办理状态"] == "已办结"
