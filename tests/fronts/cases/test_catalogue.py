"""派单目录 on the desk: found, changed, said at the field, shown to the second writer, taken along as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.routing import catalogue
from tests.foundation.cases.make import Office, make_case
from tests.people import make_staff

ClientFor = Callable[[Any], Any]
ROOT = "/desk/cases/catalogue/"
GOOD = {
    "seen": "0", "group": "公共设施", "label": "楼道照明", "owner": "grid_worker", "response": "2",
    "response_unit": "working_hours", "handle": "1", "handle_unit": "working_days", "holder": "4",
    "holder_unit": "working_hours", "questions": "几楼？\n几单元？", "words": "灯、照明、黑", "privacy": "neighbours",
    "may_return": "on",
}  # fmt: skip


@pytest.fixture
def desk(office: Office, client_for: ClientFor) -> Any:
    return client_for(make_staff(Role.COMMUNITY_LEAD, office.town.community))


def test_a_lead_writes_a_row_for_the_community(desk: Any, office: Office) -> None:
    code = office.town.community.code
    listed = desk.get(ROOT).content.decode()
    assert f"给{office.town.community.name}单写" in listed
    page = desk.get(f"{ROOT}lighting/?place={code}").content.decode()
    assert "楼道照明" in page and "现在派给" in page
    assert desk.post(f"{ROOT}lighting/?place={code}", GOOD | {"place": code}).status_code == 302
    rule = catalogue().rule("lighting", [code])
    assert (rule.owner, str(rule.handle), rule.questions, rule.icon) == (
        "grid_worker", "1 个工作日", ("几楼？", "几单元？"), "lightbulb",
    )  # fmt: skip
    assert catalogue().rule("lighting", [""]).owner == "worker"
    assert make_case(office).catalogue == catalogue().number
    listed = desk.get(ROOT).content.decode()
    assert "写了“楼道照明”" in listed and "修改" in listed
    seen = {"do": "drop", "seen": str(catalogue().number)}
    assert desk.post(f"{ROOT}lighting/?place={code}", seen).status_code == 302
    assert catalogue().rule("lighting", [code]).owner == "worker"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"owner": ""}, "谁来办？请选一个岗位"),
        ({"response": "9", "response_unit": "days"}, "先回应、后办好"),
        ({"handle": "0"}, "大于或等于"),
        ({"handle": "千"}, "整数"),
        ({"privacy": "protected"}, "protected"),
        ({"label": ""}, "必填"),
        ({"owner": "mayor"}, "mayor"),
    ],
)
def test_bad_input_stays_at_its_field(desk: Any, office: Office, changed: dict[str, str], words: str) -> None:
    code = office.town.community.code
    answer = desk.post(f"{ROOT}lighting/?place={code}", GOOD | {"place": code} | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and 'class="error"' in page
    assert catalogue().number == 0


def test_a_new_kind_needs_a_word_of_its_own(desk: Any, office: Office) -> None:
    code = office.town.community.code
    new = GOOD | {"place": code, "category": "lake", "label": "湖面"}
    assert "这个代号用过了" in desk.post(f"{ROOT}new/", new | {"category": "lighting"}).content.decode()
    assert "小写字母" in desk.post(f"{ROOT}new/", new | {"category": "湖"}).content.decode()
    assert desk.post(f"{ROOT}new/", new).status_code == 302
    assert catalogue().rule("lake", [code]).label == "湖面"
    assert "湖面" in desk.get(f"{ROOT}?q=湖").content.decode()


def test_the_second_writer_sees_what_the_first_has_written(desk: Any, office: Office) -> None:
    code = office.town.community.code
    there = f"{ROOT}lighting/?place={code}"
    assert desk.post(there, GOOD | {"place": code, "label": "楼道灯"}).status_code == 302
    answer = desk.post(there, GOOD | {"place": code, "label": "楼道的灯"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚有人改过这一条" in page and 'value="楼道灯"' in page
    assert f'name="seen" value="{catalogue().number}"' in page


def test_what_lies_outside_the_scope_is_not_there(desk: Any, office: Office, client_for: ClientFor) -> None:
    for path in ("lighting/?place=", "lighting/?place=99", f"lighting/?place={office.town.street.code}", "nothing/"):
        assert desk.get(ROOT + path).status_code == 404
    worker = client_for(office.worker.account)
    assert worker.get(ROOT).status_code == 200
    assert "单写" not in worker.get(ROOT).content.decode()


@pytest.mark.parametrize(
    "query", ["?q=%00灯", "?sort=-handle", "?sort=x", "?owner=x&group=y", "?group=安全", "?page=99"]
)
def test_the_list_searches_sorts_and_survives_what_somebody_types(desk: Any, query: str) -> None:
    assert desk.get(ROOT + query).status_code == 200


def test_the_workbook_has_the_rows_of_the_list(desk: Any) -> None:
    answer = desk.post(f"{ROOT}export/?group=安全")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    said = [value for row in rows for value in row]
    assert "消防和飞线充电" in said and "楼道照明" not in said
