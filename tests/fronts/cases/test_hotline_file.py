"""A platform's table uploaded as a file: filed under its own numbers, a repeated call only makes it hotter."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from jiamenkou.foundation.cases.models import Case
from tests.foundation.cases.make import Office

ClientFor = Callable[[Any], Any]
HEAD = ["工单编号", "诉求标题", "诉求内容", "办理时限"]


def send(office: Office, client_for: ClientFor, *lines: list[Any], raw: bytes = b"") -> Any:
    book, out = Workbook(), BytesIO()
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
