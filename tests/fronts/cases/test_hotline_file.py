"""A platform's table uploaded as a file: filed under its own numbers, a repeated call only makes it hotter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.cases.actions import hotline as taking
from jiamenkou.foundation.cases.actions.opening import Upper
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.tickets import Ticket
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.fronts.cases.desk import hotline
from tests.foundation.cases.make import Office, make_case

ClientFor = Callable[[Any], Any]
HEAD = ["工单编号", "诉求标题", "诉求内容", "办理时限"]


def send(office: Office, client_for: ClientFor, *lines: list[Any], raw: bytes = b"") -> Any:
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    for line in [HEAD, *lines]:
        book.active.append(line)
    book.save(out)
    upload = SimpleUploadedFile("tickets.xlsx", raw or out.getvalue())
    form = {"place": office.town.community.pk, "lines": "", "sheet": upload}
    return client_for(office.worker.account).post("/desk/cases/hotline/", form)


def test_a_file_is_filed_once_and_a_repeat_is_heat(office: Office, client_for: ClientFor) -> None:
    line = [20260001, "路灯不亮", "三天没亮了", ""]
    assert send(office, client_for, line).status_code == 200
    assert "又来一次" in send(office, client_for, line).content.decode()
    assert [case.upper_number for case in Case.objects.all()] == ["20260001"]


def test_a_wrong_line_or_no_table_files_nothing(office: Office, client_for: ClientFor) -> None:
    wrong = send(office, client_for, ["A1", "路灯不亮", "", ""], ["", "没有编号", "", ""])
    assert wrong.status_code == 422 and "没有工单编号" in wrong.content.decode()
    assert send(office, client_for, raw=b"PK no table").status_code == 422
    assert not Case.objects.exists()


def test_a_deadline_keeps_its_hour(office: Office, client_for: ClientFor) -> None:
    """In Excel a deadline is a date cell; its hour decides whether an answer is late."""
    send(
        office,
        client_for,
        ["A1", "路灯不亮", "", datetime(2026, 3, 10, 17, 30)],
        ["A2", "灯坏了", "", datetime(2026, 3, 10)],
    )
    due = dict(Case.objects.order_by("pk").values_list("upper_number", "upper_due"))
    assert due["A1"] == datetime(2026, 3, 10, 17, 30, tzinfo=CHINA)
    assert due["A2"] == datetime(2026, 3, 10, 23, 59, tzinfo=CHINA), "a day alone is its end"


def test_a_fault_names_the_row_of_the_sheet(office: Office, client_for: ClientFor) -> None:
    wrong = send(office, client_for, [], ["A1", "路灯不亮", "", ""], [], ["", "没有编号", "", ""]).content.decode()
    assert "第 5 行" in wrong and "第 3 行" not in wrong


def test_a_title_above_the_heading(office: Office, client_for: ClientFor) -> None:
    lines = "梧桐街道 12345 工单汇总\n\n工单编号\t诉求内容\nA1\t路灯不亮\n\t没有编号"
    form = {"place": office.town.community.pk, "lines": lines}
    answer = client_for(office.worker.account).post("/desk/cases/hotline/", form).content.decode()
    assert "第 5 行" in answer
    client_for(office.worker.account).post("/desk/cases/hotline/", form | {"lines": lines.rpartition("\n")[0]})
    assert Case.objects.get().upper_number == "A1"


def _refuses_the_second(monkeypatch: Any) -> None:
    real = taking.take_in

    def take_in(ticket: Ticket, *args: Any, **kwargs: Any) -> Any:
        if ticket.number == "A2":
            raise Conflict("这个上级单号已在其他社区登记。", field="number", code="elsewhere")
        return real(ticket, *args, **kwargs)

    monkeypatch.setattr(hotline, "take_in", take_in)


def test_a_refusal_halfway_files_nothing(office: Office, client_for: ClientFor, monkeypatch: Any) -> None:
    lines = [["A1", "路灯不亮", "", ""], [], ["A2", "灯坏了", "", ""], ["A3", "灯坏了", "", ""]]
    known = make_case(office, upper=Upper("12345", "A0"))
    _refuses_the_second(monkeypatch)
    # careless: one after the other, the first stays filed although the table was refused
    first = Ticket(2, "A1", "路灯不亮", "", "", "", "", None, {})
    assert hotline.take_in(first, office.town.community, by=office.worker, reason="测试")[0] == taking.Taken.NEW
    Case.objects.exclude(pk=known.pk).get()
    answer = send(office, client_for, ["A0", "又来", "", ""], ["B1", "路灯不亮", "", ""], *lines)
    text = answer.content.decode()
    assert answer.status_code == 422 and "第 6 行" in text and "一行都没有登记" in text and "收下了" not in text
    assert not Case.objects.filter(upper_number="B1").exists()
    known.refresh_from_db()
    assert known.heat == 0
