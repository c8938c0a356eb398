"""找工作 on the phone: the list, one vacancy, applying, keeping, reporting, saying what one looks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import Town, make_resident, make_signed_up
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Consent, ConsentPurpose
from jiamenkou.services.jobs.models import Application, Intention, SavedVacancy, VacancyReport
from jiamenkou.services.jobs.states import ApplicationState, FiledBy, VacancyState

pytestmark = pytest.mark.postgres


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def phone(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.account)


def titles(answer: Any) -> list[str]:
    return [found.get_text() for found in BeautifulSoup(answer.content, "html.parser").select("article h3")]


def test_list_is_sorted_by_the_wish_and_says_why(phone: Client, scene: Scene) -> None:
    answer = phone.get("/jobs/")
    assert titles(answer)[0] == "日间照料中心护理员"
    first = BeautifulSoup(answer.content, "html.parser").select_one("article")
    assert first is not None
    assert [line.get_text(strip=True) for line in first.select(".why li")][1:] == ["能接孩子", "您有养老护理员证"]
    # what is too late for the school run is not in the sorted list, and in the whole one it is
    assert "超市理货员" not in titles(answer)
    assert "超市理货员" in titles(phone.get("/jobs/?all=1"))


def test_reasons_against_are_shown_in_care_too(phone: Client, scene: Scene) -> None:
    phone.cookies["care"] = "1"
    assert "要健康证" in phone.get("/jobs/").content.decode()


def test_nothing_found_says_which_filter_to_drop(phone: Client, scene: Scene) -> None:
    page = phone.get("/jobs/?public=1&home=1").content.decode()
    assert "不要“公益岗”，有 1 个" in page
    assert 'href="?home=1"' in page.split("不要“公益岗”")[0].rpartition("<a ")[2]


def test_garbage_in_the_address_is_as_if_absent(client: Client, scene: Scene) -> None:
    for query in ("?page=x", "?page=99999999", "?near=2", "?q=%00%01", "?saved=1", "?page=-1"):
        assert client.get(f"/jobs/{query}").status_code == 200, query


def test_a_closed_vacancy_offers_others(phone: Client, scene: Scene) -> None:
    page = phone.get(f"/jobs/{scene.vacancies[5].pk}/").content.decode()
    assert "这个岗位不招了" in page
    assert "看类似的" in page
    assert "投这个岗位" not in page


def test_a_draft_is_nobodys_business(phone: Client) -> None:
    draft = make_vacancy(state=VacancyState.DRAFT, published_at=None)
    assert phone.get(f"/jobs/{draft.pk}/").status_code == 404


def test_the_record_of_an_employer_counts_everybody(phone: Client, scene: Scene, town: Town) -> None:
    """Row-level security hides the others' applications; their number is no secret."""
    for _ in range(6):
        someone = make_resident(town.community, town.grids[0])
        Application.objects.create(
            vacancy=scene.vacancies[0],
            resident=someone,
            community=town.community,
            grid=town.grids[0],
            state=ApplicationState.PLACED,
            filed_by="self",
        )
    assert "收到 6 份，回了 6 份，上岗 6 人" in phone.get(f"/jobs/{scene.vacancies[0].pk}/").content.decode()


def test_the_day_and_the_way(phone: Client, scene: Scene) -> None:
    page = BeautifulSoup(phone.get(f"/jobs/{scene.vacancies[0].pk}/").content, "html.parser")
    words = page.select_one(".day-bar .words")
    assert words is not None
    assert words.get_text(" ", strip=True) == "7:40 送 8:00 上班 – 15:30 下班 15:50 接孩子"
    assert [step.get_text(strip=True) for step in page.select(".walk li")] == [
        "您家",
        "小区东门",
        "幼儿园右拐",
        "绿招牌一楼",
    ]


def test_two_taps_and_a_second_one_is_the_same(phone: Client, scene: Scene) -> None:
    vacancy = scene.vacancies[0]
    for _ in "12":
        answer = phone.post(f"/jobs/{vacancy.pk}/apply/")
        sent = Application.objects.get(vacancy=vacancy, resident=scene.resident)
        assert answer["Location"] == f"/jobs/applications/{sent.pk}/?sent=1"
    assert (sent.state, sent.filed_by) == (ApplicationState.SENT, FiledBy.SELF)
    assert Consent.objects.filter(resident=scene.resident, purpose=ConsentPurpose.SHARE_EMPLOYER).count() == 1
    page = phone.get(f"/jobs/applications/{sent.pk}/?sent=1").content.decode()
    assert "投出去了" in page
    assert f"编号 {sent.pk}" in page


def test_for_the_mother_only_with_her_consent(phone: Client, scene: Scene) -> None:
    path, who = f"/jobs/{scene.vacancies[0].pk}/apply/", {"resident": scene.mother.pk}
    # without it she is asked first (tests/services/jobs/test_family.py)
    assert phone.post(path, who).status_code == 302
    asked = Application.objects.get(resident=scene.mother)
    assert (asked.state, asked.unagreed) == (ApplicationState.ASKED, True)
    asked.delete()
    Message.objects.all().delete()
    Consent.objects.create(resident=scene.mother, purpose=ConsentPurpose.FAMILY, version="2026-11", how="当面")
    assert phone.post(path, who).status_code == 302
    sent = Application.objects.get(resident=scene.mother)
    assert sent.filed_by == FiledBy.FAMILY
    told = Message.objects.get(notice="jobs.filed")
    assert (told.resident, told.href) == (scene.mother, f"/jobs/applications/{sent.pk}/")


def test_for_nobody_elses_relative(phone: Client, scene: Scene, town: Town) -> None:
    stranger = make_resident(town.community)
    assert phone.post(f"/jobs/{scene.vacancies[0].pk}/apply/", {"resident": stranger.pk}).status_code == 404


def test_full_in_the_meantime(phone: Client, scene: Scene) -> None:
    vacancy = scene.vacancies[0]
    vacancy.state = VacancyState.FILLED
    vacancy.save()
    answer = phone.post(f"/jobs/{vacancy.pk}/apply/")
    assert answer.status_code == 409
    assert "已经不招了" in answer.content.decode()


def test_keeping_and_letting_go(phone: Client, scene: Scene) -> None:
    vacancy = scene.vacancies[3]
    phone.post(f"/jobs/{vacancy.pk}/save/")
    assert titles(phone.get("/jobs/?saved=1")) == [vacancy.title]
    assert 'aria-pressed="true"' in phone.get(f"/jobs/{vacancy.pk}/").content.decode()
    phone.post(f"/jobs/{vacancy.pk}/save/")
    assert not SavedVacancy.objects.exists()
    assert phone.get(f"/jobs/{vacancy.pk}/save/").status_code == 405


def test_sharing_holds_the_code_and_no_person(phone: Client, scene: Scene) -> None:
    page = phone.get(f"/jobs/{scene.vacancies[0].pk}/share/").content.decode()
    assert f"/q/{scene.vacancies[0].code}" in page
    assert scene.resident.name not in page


def test_anybody_may_report(client: Client, scene: Scene) -> None:
    path = f"/jobs/{scene.vacancies[0].pk}/report/"
    assert client.post(path, {}).status_code == 422
    assert "谢谢您" in client.post(path, {"kind": "要交钱", "more": "说要 300 押金"}).content.decode()
    found = VacancyReport.objects.get()
    assert (found.what, found.by) == ("要交钱：说要 300 押金", None)


def test_saying_what_one_looks_for(phone: Client, scene: Scene) -> None:
    text = "上午四个小时，电话 13800001234"
    assert phone.post("/jobs/say/", {"text": text})["Location"] == "/jobs/"
    assert Intention.objects.get(resident=scene.resident).note == text
    told = Message.objects.get(notice="jobs.asked")
    assert told.account == scene.worker
    assert "13800001234" not in told.body
    assert "周**" in told.title
    assert phone.post("/jobs/say/", {"text": " "}).status_code == 422


def test_saying_it_without_a_wish_makes_one(client_for: Callable[[Any], Client], town: Town) -> None:
    resident = make_resident(town.community, town.grids[0])
    client_for(make_signed_up(resident)).post("/jobs/say/", {"text": "想在家做点手工"})
    assert Intention.objects.get(resident=resident).note == "想在家做点手工"
