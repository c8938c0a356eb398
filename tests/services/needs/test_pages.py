"""The room's pages: saying a need in two taps, answering, the gap list, a project from the first to the last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from tests.people import Town, make_resident, make_signed_up, make_staff
from tests.services.needs.make import make_category, make_need

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.needs.catalogue import COMMON
from jiamenkou.services.needs.models import Category, LocalSupply, Need, Project

pytestmark = pytest.mark.postgres


def test_two_taps_and_a_double_tap_say_one_need(town: Town, client_for: Any) -> None:
    person, category = make_resident(town.community, town.grids[0]), make_category(label="放学后看孩子", group="child")
    phone = client_for(make_signed_up(person))
    assert f"/needs/say/?category={category.pk}" in phone.get("/needs/").content.decode()
    assert "告诉社区" in phone.get(f"/needs/say/?category={category.pk}").content.decode()
    for _ in range(2):
        answer = phone.post("/needs/say/", {"category": category.pk, "words": "五点半才下班"})
        assert answer.status_code == 302
    need = Need.objects.get()
    assert (need.resident, need.channel, need.filed_by, need.words) == (person, "phone", "self", "五点半才下班")
    page = phone.get(f"/needs/{need.pk}/?new=1").content.decode()
    assert "记下了" in page
    assert "前给您回音" in page
    assert "放学后看孩子" in phone.get("/me/things/").content.decode()


def test_a_category_that_was_switched_off_is_refused_in_words(town: Town, client_for: Any) -> None:
    phone = client_for(make_signed_up(make_resident(town.community, town.grids[0])))
    off = make_category(is_active=False, label="学吹笛")
    assert "学吹笛" not in phone.get("/needs/").content.decode()
    answer = phone.post("/needs/say/", {"category": off.pk})
    assert answer.status_code == 422
    assert not Need.objects.exists()
    for garbage in ("", "x", "9" * 30, "-1", "²"):
        assert phone.get("/needs/say/", {"category": garbage}).status_code == 302
        assert phone.post("/needs/say/", {"category": garbage}).status_code == 422


def test_what_was_spoken_is_heard_by_those_who_answer_and_nobody_else(town: Town, client_for: Any) -> None:
    person, category = make_resident(town.community, town.grids[0]), make_category(code="other", label="别的")
    phone = client_for(make_signed_up(person))
    assert "说一段" in phone.get("/needs/").content.decode()

    def say(data: bytes) -> Any:
        return phone.post("/needs/say/", {"category": category.pk, "voice": SimpleUploadedFile("a.ogg", data)})

    wrong = say(b"<svg onload=1>" * 9)
    assert wrong.status_code == 422
    assert "听不了这个录音" in wrong.content.decode()
    assert not Need.objects.exists()
    assert say(b"OggS" + bytes(60)).status_code == 302
    first = Need.objects.get().voice
    assert say(b"OggS" + bytes(90)).status_code == 302
    need = Need.objects.get()
    assert need.voice is not None and need.voice != first, "the newest is kept"
    assert StoredFile.objects.count() == 1
    assert need.voice.href in phone.get(f"/needs/{need.pk}/").content.decode()
    desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert need.voice.href in desk.get(f"/desk/needs/{need.pk}/").content.decode()
    street = town.community.parent
    assert street is not None
    for role, place, status in (
        (Role.GRID_WORKER, town.grids[0], 200),
        (Role.GRID_WORKER, town.grids[1], 404),
        (Role.WORKER, town.neighbour, 404),
        (Role.STREET_OFFICER, street, 404),
    ):
        assert client_for(make_staff(role, place)).get(need.voice.href).status_code == status, role
    with transaction.atomic():
        publish(ResidentErased(person.pk))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("do", "state"), [("yes", "met"), ("no", "open")])
def test_a_project_is_opened_told_and_answered(town: Town, client_for: Any, do: str, state: str) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    person, category = make_resident(town.community, town.grids[0]), make_category()
    phone, need = client_for(make_signed_up(person)), make_need(person, category)
    make_need(make_resident(town.neighbour, town.neighbour_grids[0]), category)
    assert "1 人在等" in desk.get("/desk/needs/gaps/").content.decode()
    address = f"/desk/needs/gaps/{category.pk}/project/"
    day = timezone.localdate() + timedelta(days=3)
    form = {"title": "剪发班", "kind": "class", "opens_on": day.isoformat(), "place_words": "服务中心"}
    past = desk.post(address, form | {"opens_on": (timezone.localdate() - timedelta(days=1)).isoformat()})
    assert past.status_code == 422
    assert "已经过了" in past.content.decode()
    assert desk.post(address, form).status_code == 302
    again = desk.post(address, form)
    assert again.status_code == 422, "a second tap finds nobody waiting"
    project = Project.objects.get()
    assert project.needs.count() == 1, "the neighbour's own community opens its own"
    page = f"/desk/needs/projects/{project.pk}/"
    assert person.name in desk.get(page).content.decode()
    dropped = desk.post(f"{page}move/", {"to": "dropped"})
    assert dropped.status_code == 422
    assert "为什么" in dropped.content.decode()
    assert desk.post(f"{page}move/", {"to": "open"}).status_code == 302
    assert Message.objects.filter(resident=person, notice="needs.opened", answer="").count() == 1
    assert "用上了没有" in phone.get(f"/needs/{need.pk}/").content.decode()
    assert phone.post(f"/needs/{need.pk}/answer/", {"do": do}).status_code == 302
    need.refresh_from_db()
    assert need.state == state
    assert not Message.objects.filter(resident=person, notice="needs.opened", answer="").exists()
    assert phone.post(f"/needs/{need.pk}/answer/", {"do": "yes"}).status_code == 409, "once"


def test_an_answer_under_the_message_moves_the_need(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    person = make_resident(town.community, town.grids[0])
    phone, need = client_for(make_signed_up(person)), make_need(person)
    assert desk.post(f"/desk/needs/{need.pk}/move/", {"to": "answered", "text": "周六来"}).status_code == 302
    message = Message.objects.get(resident=person)
    phone.post(f"/me/messages/{message.pk}/answer/", {"answer": "用上了"})
    need.refresh_from_db()
    assert need.state == "met"


def test_the_worker_files_at_the_door(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    person, category = make_resident(town.community, town.grids[0]), make_category()
    other = make_resident(town.community, town.grids[1])
    form = {"category": category.pk, "channel": "door", "words": "下不了楼"}
    assert desk.post(f"/desk/needs/for/{person.pk}/", form).status_code == 302
    assert Need.objects.get().channel == "door"
    assert desk.post(f"/desk/needs/for/{other.pk}/", form).status_code == 404
    assert desk.post(f"/desk/needs/for/{person.pk}/", form | {"category": "0"}).status_code == 422
    listing = desk.get("/desk/needs/?q=下不了楼&sort=-name&channel=door").content.decode()
    assert person.name in listing


def test_the_lists_answer_whatever_stands_in_the_address(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    make_need(make_resident(town.community, town.grids[0]), at=timezone.now() - timedelta(days=20))
    for query in (
        "?sort=-asked",
        "?sort=served&q=学",
        "?q=没有",
        "?state=open",
        "?only=late",
        "?state=x&page=99",
        "?category=1'--",
        "?grid=999",
        "?group=learn",
    ):
        for page in ("", "gaps/", "projects/"):
            assert desk.get(f"/desk/needs/{page}{query}").status_code == 200, (page, query)
    assert "超 5 天" in desk.get("/desk/needs/?only=late").content.decode()
    assert "没回音" in desk.get("/desk/").content.decode()
    for sheet in ("", "gaps/", "projects/"):
        assert desk.post(f"/desk/needs/{sheet}export/")["Content-Disposition"].startswith("attachment")


def test_officers_see_figures_and_no_name(town: Town, client_for: Any) -> None:
    street = town.community.parent
    assert street is not None
    person = make_resident(town.community, town.grids[0], name="欧阳听雨")
    need = make_need(person)
    officer = client_for(make_staff(Role.STREET_OFFICER, street))
    page = officer.get("/desk/needs/gaps/").content.decode()
    assert need.category.label in page
    assert "欧阳听雨" not in page
    assert "开成项目" not in page
    assert officer.get("/desk/needs/").status_code == 404
    assert officer.get(f"/desk/needs/{need.pk}/").status_code == 404


def test_supply_is_noted_counted_and_taken_off(town: Town, client_for: Any) -> None:
    desk, category = client_for(make_staff(Role.WORKER, town.community)), make_category()
    make_need(make_resident(town.community, town.grids[0]), category)
    form = {"category": category.pk, "words": "周三义剪", "people": "8"}
    assert desk.post("/desk/needs/supply/", form).status_code == 302
    assert desk.post("/desk/needs/supply/", form).status_code == 422, "noted once"
    assert "周三义剪 8" in desk.get("/desk/needs/gaps/").content.decode()
    assert desk.post(f"/desk/needs/supply/{LocalSupply.objects.get().pk}/drop/").status_code == 302
    assert not LocalSupply.objects.exists()


def test_categories_are_planted_once_and_changed(town: Town, client_for: Any) -> None:
    lead = client_for(make_staff(Role.COMMUNITY_LEAD, town.community))
    for _ in range(2):
        assert lead.post("/desk/needs/categories/plant/").status_code == 302
    assert Category.objects.count() == len(COMMON)
    one = Category.objects.get(code="learn_sew")
    form = {"code": one.code, "label": "学织毛衣", "group": "learn", "order": "40", "is_active": ""}
    assert lead.post(f"/desk/needs/categories/{one.pk}/", form).status_code == 302
    one.refresh_from_db()
    assert (one.label, one.is_active) == ("学织毛衣", False)
    assert lead.post("/desk/needs/categories/new/", form).status_code == 422, "a code stands once"
