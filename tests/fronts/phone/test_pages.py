"""Every resident page answers, signed in and not, in every mode; a GET changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiamenkou.foundation.access.demo import report_demo_progress
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.actions.archive import CONSENT_VERSION
from jiamenkou.foundation.people.models import Account, ArchiveItem, Consent
from jiamenkou.services.jobs.models import Application, Intention
from jiamenkou.services.jobs.states import ApplicationState, IntentionState
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import Town, make_account, make_resident, make_signed_up

pytestmark = pytest.mark.postgres

OPEN = ["/", "/jobs/", "/community/", "/about/terms/", "/about/privacy/", "/jobs/?near=1&daily=1&q=护理"]
MINE = ["/me/things/", "/me/things/?view=waiting", "/me/things/?view=done", "/me/messages/", "/me/", "/me/archive/",
        "/me/privacy/", "/jobs/wish/", "/jobs/say/", "/jobs/?saved=1", "/jobs/?all=1"]  # fmt: skip


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


@pytest.fixture
def phone(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.account)


def pages_of(scene: Scene) -> list[str]:
    first = scene.vacancies[0].pk
    return [
        *OPEN,
        *MINE,
        *(f"/jobs/{vacancy.pk}/" for vacancy in scene.vacancies),
        f"/jobs/{first}/apply/",
        f"/jobs/{first}/share/",
        f"/jobs/{first}/report/",
        *(f"/jobs/applications/{one.pk}/" for one in (scene.recommended, scene.interview, scene.sent, scene.refused)),
    ]


@pytest.mark.parametrize("care", ["0", "1"])
def test_every_page_answers(phone: Client, scene: Scene, care: str) -> None:
    phone.cookies["care"] = care
    for path in pages_of(scene):
        answer = phone.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert ("data-care" in text) is (care == "1")
        assert text.count("<h1") == 1, path
        assert text.count('class="button go') <= 3, path


def test_without_signing_in(client: Client, scene: Scene) -> None:
    for path in [*OPEN, *(f"/jobs/{vacancy.pk}/" for vacancy in scene.vacancies)]:
        assert client.get(path).status_code == 200, path
    for path in MINE:
        if not path.startswith("/jobs/?"):
            answer = client.get(path)
            assert answer["Location"].startswith("/signin/?next="), path


def test_nobody_elses_things(client_for: Callable[[Any], Client], scene: Scene, town: Town) -> None:
    stranger = client_for(make_signed_up(make_resident(town.community)))
    message = Message.objects.exclude(answers=[]).get()
    item = ArchiveItem.objects.order_by("pk").first()
    assert item is not None
    for path in (
        f"/me/messages/{message.pk}/open/",
        f"/me/messages/{message.pk}/answer/",
        f"/me/archive/{item.pk}/drop/",
        f"/jobs/applications/{scene.sent.pk}/answer/",
    ):
        assert stranger.post(path, {"answer": "想去", "do": "withdraw"}).status_code == 404, path
    assert stranger.get(f"/jobs/applications/{scene.sent.pk}/").status_code == 404
    assert stranger.post("/me/acting/", {"resident": scene.mother.pk}).status_code == 302
    assert "acting_for" not in stranger.session


def test_somebody_not_yet_known_is_asked_who_they_are(client_for: Callable[[Any], Client], scene: Scene) -> None:
    browser = client_for(make_account())
    assert "对一下" in browser.get("/me/").content.decode()
    assert "对一下姓名" in browser.get("/me/things/").content.decode()
    assert browser.get("/jobs/wish/")["Location"] == "/me/link/?next=/jobs/wish/"
    assert browser.get("/me/link/?next=/jobs/wish/")["Location"] == "/signin/who/?next=%2Fjobs%2Fwish%2F"
    assert browser.get("/me/link/?next=https://elsewhere.invalid/")["Location"] == "/signin/who/?next=%2Fme%2F"


@pytest.mark.parametrize(("path", "most"), [("/", 12), ("/me/things/", 12), ("/me/messages/", 12), ("/jobs/", 12)])
def test_few_queries(phone: Client, path: str, most: int) -> None:
    with CaptureQueriesContext(connection) as seen:
        phone.get(path)
    # a test's request is a savepoint where a visitor's is the transaction itself
    asked = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    # what follows is the test's own scope coming back
    ours = asked[: next((at for at, sql in enumerate(asked) if "'app.everything', 'on'" in sql), len(asked))]
    assert len(ours) <= most, "\n".join(sql[:150] for sql in ours)


def test_home_says_how_far_the_demo_is(client: Client, town: Town, settings: Any, tmp_path: Any) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    report_demo_progress(2, 5, "居民在搬进来")
    page = client.get("/").content.decode()
    assert "居民在搬进来" in page
    assert '<progress value="2" max="5"' in page
    report_demo_progress(5, 5, "好了")
    assert "搬进来" not in client.get("/").content.decode()


def test_home_shows_what_waits_and_the_best_vacancies(phone: Client, scene: Scene) -> None:
    page = phone.get("/").content.decode()
    assert "等您办的 1 件" in page
    assert page.index("等您办的") < page.index("家门口的岗位")
    assert page.index(scene.vacancies[0].title) > page.index("家门口的岗位")


def test_care_is_kept_in_the_cookie_and_the_profile(phone: Client, scene: Scene) -> None:
    answer = phone.post("/care/", {"care": "on", "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert answer.cookies["care"].value == "1"
    assert answer.cookies["care"]["max-age"] == 365 * 24 * 3600
    assert Account.objects.get(pk=scene.account.pk).care
    del phone.cookies["care"]
    assert "data-care" in phone.get("/").content.decode()
    assert phone.post("/care/", {"care": "off", "next": "//elsewhere.invalid/"})["Location"] == "/"
    assert not Account.objects.get(pk=scene.account.pk).care


def test_dark_is_the_devices_until_chosen(client: Client, town: Town) -> None:
    assert "data-dark" not in client.get("/").content.decode()
    client.post("/dark/", {"dark": "on"})
    assert "data-dark" in client.get("/").content.decode()
    client.post("/dark/", {"dark": "off"})
    assert "data-light" in client.get("/").content.decode()
    client.post("/dark/", {"dark": ""})
    page = client.get("/").content.decode()
    assert "data-light" not in page
    assert "data-dark" not in page


def test_another_community(client: Client, town: Town) -> None:
    assert town.neighbour.name in client.get("/community/").content.decode()
    client.post("/community/", {"code": town.neighbour.code})
    assert town.neighbour.name in client.get("/").content.decode()
    client.post("/community/", {"code": "no-such-place"})
    assert town.neighbour.name in client.get("/").content.decode()


def test_search_goes_to_the_vacancies(client: Client, town: Town) -> None:
    assert client.get("/search/?q=护理 员")["Location"].startswith("/jobs/?q=%E6%8A%A4")
    assert client.get("/search/")["Location"] == "/jobs/"


def test_opening_a_message_is_a_post(phone: Client, scene: Scene) -> None:
    message = Message.objects.get(notice="jobs.refused")
    phone.get("/me/messages/")
    assert Message.objects.get(pk=message.pk).read_at is None
    assert phone.get(f"/me/messages/{message.pk}/open/").status_code == 405
    assert phone.post(f"/me/messages/{message.pk}/open/")["Location"] == message.href
    assert Message.objects.get(pk=message.pk).read_at is not None


def test_all_read_leaves_what_waits(phone: Client, scene: Scene) -> None:
    phone.post("/me/messages/read/")
    assert [m.notice for m in Message.objects.filter(resident=scene.resident, read_at=None)] == ["jobs.recommended"]


@pytest.mark.parametrize(("answer", "state"), [("想去", ApplicationState.SENT), ("不去", ApplicationState.DECLINED)])
def test_answering_a_recommendation_in_the_messages(
    phone: Client, scene: Scene, answer: str, state: ApplicationState
) -> None:
    message = Message.objects.get(notice="jobs.recommended")
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": answer})
    assert Application.objects.get(pk=scene.recommended.pk).state == state
    message.refresh_from_db()
    assert (message.answer, message.answered_at is not None) == (answer, True)
    assert "等您回一句" not in phone.get("/me/messages/").content.decode()
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": "想去"})
    assert Application.objects.get(pk=scene.recommended.pk).state == state


def test_an_answer_that_was_not_offered(phone: Client, scene: Scene) -> None:
    message = Message.objects.get(notice="jobs.recommended")
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": "随便"})
    assert Application.objects.get(pk=scene.recommended.pk).state == ApplicationState.RECOMMENDED
    assert "请点下面的一个回答" in phone.get("/me/messages/").content.decode()


def test_a_matter_that_went_on_without_the_message(phone: Client, scene: Scene) -> None:
    message = Message.objects.get(notice="jobs.recommended")
    Application.objects.filter(pk=scene.recommended.pk).update(state=ApplicationState.GONE)
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": "想去"})
    message.refresh_from_db()
    assert message.answer == "不用回了"
    assert Application.objects.get(pk=scene.recommended.pk).state == ApplicationState.GONE


@pytest.mark.parametrize(("answer", "state"), [("还在找", IntentionState.OPEN), ("不找了", IntentionState.CLOSED)])
def test_answering_whether_one_still_looks(phone: Client, scene: Scene, answer: str, state: IntentionState) -> None:
    message = Message.objects.create(
        notice="jobs.renew", resident=scene.resident, title="您还在找工作吗？", answers=["还在找", "不找了"]
    )
    Intention.objects.filter(pk=scene.intention.pk).update(renew_on="2026-01-01")
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": answer})
    intention = Intention.objects.get(pk=scene.intention.pk)
    assert intention.state == state
    assert (intention.renew_on.isoformat() > "2026-01-01") is (state == IntentionState.OPEN)


def test_things_by_what_waits_then_by_day(phone: Client, scene: Scene) -> None:
    page = phone.get("/me/things/").content.decode()
    assert page.index("等您办的") < page.index("食堂帮厨") < page.index("明天") < page.index("手工串珠")
    assert "超市理货员" not in page
    assert page.count('class="button go') == 1
    assert "超市理货员" in phone.get("/me/things/?view=done").content.decode()
    phone.cookies["care"] = "1"
    assert "别人在替您办" in phone.get("/me/things/").content.decode()


def test_the_badge_equals_the_cards_that_wait(phone: Client, scene: Scene) -> None:
    page = phone.get("/me/things/?view=waiting").content.decode()
    assert page.count('<article class="event') == 1
    assert '<span class="badge">1<' in page


def test_archive_takes_and_drops_what_one_says(phone: Client, scene: Scene) -> None:
    assert phone.post("/me/archive/", {"kind": "interest", "text": " 种花 "}).status_code == 302
    item = ArchiveItem.objects.get(text="种花")
    assert (item.resident, item.evidence) == (scene.resident, "self_said")
    phone.post(f"/me/archive/{item.pk}/drop/")
    assert not ArchiveItem.objects.filter(pk=item.pk).exists()
    assert phone.post("/me/archive/", {"kind": "certificate", "text": "电工证"}).status_code == 422
    certificate = ArchiveItem.objects.get(kind="certificate")
    phone.post(f"/me/archive/{certificate.pk}/drop/")
    assert ArchiveItem.objects.filter(pk=certificate.pk).exists()


def test_consents_are_given_and_withdrawn_with_one_tap(phone: Client, scene: Scene) -> None:
    phone.post("/me/privacy/", {"purpose": "family", "do": "give"})
    consent = Consent.objects.get(resident=scene.resident, purpose="family")
    assert (consent.version, consent.withdrawn_at) == (CONSENT_VERSION, None)
    phone.post("/me/privacy/", {"purpose": "family", "do": "withdraw"})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    page = phone.get("/me/privacy/").content.decode()
    assert "看了手机号：约面试，打电话说一声" in page
    assert "林知夏" in page


def test_acting_for_the_mother(phone: Client, scene: Scene) -> None:
    phone.post("/me/acting/", {"resident": scene.mother.pk})
    assert f'<h1 class="h1">{scene.mother.name}' in phone.get("/me/").content.decode()
    assert "<b>会钩针" not in phone.get("/me/archive/").content.decode()


@pytest.mark.parametrize("path", ["/about/terms/", "/about/privacy/"])
def test_texts_carry_the_version_of_the_consents(client: Client, town: Town, path: str) -> None:
    assert CONSENT_VERSION in client.get(path).content.decode()
