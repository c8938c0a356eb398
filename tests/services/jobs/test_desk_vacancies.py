"""The desk's vacancies: list, form, publish, take down."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.jobs.models import Application, Vacancy

FORM = {
    "employer": "颐安居养老服务中心",
    "title": "护理员（白班）",
    "kind": "full_time",
    "headcount": "3",
    "pay_min_fen": "3,800",
    "pay_max_fen": "4500.50",
    "pay_unit": "month",
    "weekdays": ["0", "1", "2", "3", "4"],
    "start_minute": "07:30",
    "end_minute": "15:30",
    "requirements": "护理证优先、耐心",
    "answer_days": "3",
}


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def test_form_publishes_a_vacancy(desk: Client, town: Town) -> None:
    answer = desk.post("/desk/jobs/vacancies/new/", FORM | {"do": "publish"})
    vacancy = Vacancy.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/jobs/vacancies/{vacancy.pk}/")
    assert (vacancy.state, vacancy.pay_min_fen, vacancy.pay_max_fen) == ("open", 380000, 450050)
    assert (vacancy.weekdays, vacancy.start_minute, vacancy.end_minute) == (31, 450, 930)
    assert vacancy.employer.name == FORM["employer"]
    assert vacancy.community == town.community
    page = desk.get(answer["Location"]).content.decode()
    assert "3800–4500.5 元/月" in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("pay_min_fen", "很多", "请填数字"),
        ("pay_max_fen", "100", "工资上限不能低于下限"),
        ("pay_unit", "", "请选是每小时"),
        ("headcount", "0", "1"),
        ("end_minute", "", "上下班时间要一起填"),
        ("title", "", "这个字段是必填项"),
    ],
)
def test_wrong_input_comes_back_with_the_error_beside_it(desk: Client, field: str, value: str, says: str) -> None:
    answer = desk.post("/desk/jobs/vacancies/new/", FORM | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert "护理证优先" in text
    assert not Vacancy.objects.exists()


def test_second_editor_is_told(desk: Client) -> None:
    vacancy = make_vacancy()
    form = FORM | {"version": "1"}
    assert desk.post(f"/desk/jobs/vacancies/{vacancy.pk}/edit/", form).status_code == 302
    late = desk.post(f"/desk/jobs/vacancies/{vacancy.pk}/edit/", form | {"title": "别的名字"})
    assert late.status_code == 422
    assert "别人刚改过" in late.content.decode()


def test_taking_down_tells_those_who_wait(desk: Client, town: Town) -> None:
    vacancy = make_vacancy()
    waiting = make_resident(town.community)
    Application.objects.create(
        vacancy=vacancy, resident=waiting, community=town.community, state="sent", filed_by="self"
    )
    url = f"/desk/jobs/vacancies/{vacancy.pk}/act/"
    assert desk.post(url, {"do": "take_down", "why": ""}).status_code == 409
    assert desk.post(url, {"do": "take_down", "why": "单位收押金"}).status_code == 302
    assert Message.objects.get(resident=waiting).body.startswith("单位收押金")
    assert Application.objects.get().state == "gone"


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?page=-9999999999999", "?sort=password", "?q=%00%ff", "?kind[]=1&page=x"]
)
def test_garbage_in_the_address_is_an_ordinary_list(desk: Client, query: str) -> None:
    make_vacancy()
    assert desk.get(f"/desk/jobs/vacancies/{query}").status_code == 200


def test_vacancy_of_another_community_does_not_exist(desk: Client, town: Town) -> None:
    foreign = make_vacancy(community=town.neighbour)
    assert desk.get(f"/desk/jobs/vacancies/{foreign.pk}/").status_code == 404
    assert desk.post(f"/desk/jobs/vacancies/{foreign.pk}/act/", {"do": "pause"}).status_code == 404
