"""The pages of an officer and of everybody; one finding for two equal taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.guards import see_everything
from tests.people import Town, make_resident, make_signed_up
from tests.services.walkthrough.make import WHY, Scene, handled, make_finding, make_scene

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.services.walkthrough.actions.finding import check_finding, publish_finding
from jiamenkou.services.walkthrough.models import Errand, Finding, Officer, Round, Walk

pytestmark = pytest.mark.postgres


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town.community)


@pytest.fixture
def phone(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.account)


@pytest.fixture
def desk(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.worker)


def start(phone: Client, scene: Scene) -> str:
    sent = {"round": scene.round.pk, "errand": scene.errand.pk, "point": scene.point.pk}
    answer = phone.post("/walks/start/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_walk_from_its_start_to_its_end(phone: Client, scene: Scene) -> None:
    assert "去社保窗口" in phone.get("/walks/mine/").content.decode()
    page = start(phone, scene)
    assert "到了" in phone.get(page).content.decode()
    assert phone.post(f"{page}steps/1/", {"do": "arrive"}).status_code == 302
    assert "办完" in phone.get(page).content.decode()
    done = {"do": "finish", "waiting_minutes": "12", "asked": "身份证\n房产证"}
    assert phone.post(f"{page}steps/1/", done).status_code == 302
    assert "房产证" in phone.get(page).content.decode()
    assert phone.post(f"{page}end/", {"outcome": "done"}).status_code == 302
    see_everything()
    assert Walk.objects.get().outcome == "done"


def test_a_wrong_number_keeps_what_was_written(phone: Client, scene: Scene) -> None:
    page = start(phone, scene)
    phone.post(f"{page}steps/1/", {"do": "arrive"})
    answer = phone.post(f"{page}steps/1/", {"do": "finish", "waiting_minutes": "99999", "words": "排到门外"})
    assert answer.status_code == 422
    assert "排到门外" in answer.content.decode()


def test_two_equal_taps_are_one_finding(phone: Client, scene: Scene) -> None:
    page = start(phone, scene)
    sent = {"kind": "waiting", "words": "等太久", "idempotency_key": "once"}
    first, second = phone.post(f"{page}find/", sent), phone.post(f"{page}find/", sent)
    assert (first.status_code, second.status_code) == (302, 302)
    see_everything()
    assert Finding.objects.count() == 1
    phone.post(f"{page}find/", sent | {"idempotency_key": "another"})
    see_everything()
    assert Finding.objects.count() == 2


def test_the_finder_checks_on_the_phone(phone: Client, scene: Scene) -> None:
    finding = handled(make_finding(scene, scene.walk()), scene.worker)
    page = f"/walks/findings/{finding.pk}/"
    assert "改好了吗" in phone.get(page).content.decode()
    assert phone.post(page, {"do": "not_fixed"}).status_code == 422
    assert phone.post(page, {"do": "fixed"}).status_code == 302
    assert "已解决" in phone.get(page).content.decode()
    assert phone.post(page, {"do": "fixed"}).status_code == 409


def test_the_public_list_counts_all_and_shows_only_what_was_published(client: Client, scene: Scene) -> None:
    walk = scene.walk()
    first, _second = make_finding(scene, walk, words="老张没理我"), make_finding(scene, walk, "papers")
    check_finding(handled(first, scene.worker), True, "", by=scene.by, now=timezone.now(), reason=WHY)
    see_everything()
    first.refresh_from_db()
    by = Actor(scene.worker)
    publish_finding(first, "排队太久", "加开一个窗口", False, True, by=by, now=timezone.now(), reason=WHY)
    listed = client.get("/walks/").content.decode()
    assert "2 项问题 · 已解决 1 项" in listed
    page = client.get(f"/walks/rounds/{scene.round.pk}/").content.decode()
    assert "2 项问题 · 1 项已解决" in page
    assert "排队太久" in page
    assert "老张" not in page
    assert scene.account.display_name not in page


def test_a_resident_joins_and_leaves_by_the_link(client_for: Callable[[Any], Client], scene: Scene) -> None:
    walk = scene.walk()
    neighbour = make_resident(scene.community)
    phone = client_for(make_signed_up(neighbour))
    page = f"/walks/join/{walk.join_code}/"
    assert "同意一起走" in phone.get(page).content.decode()
    assert phone.post(page, {"do": "join"}).status_code == 302
    assert "撤回同意" in phone.get(page).content.decode()
    assert phone.post(page, {"do": "leave"}).status_code == 302
    see_everything()
    walk.refresh_from_db()
    assert walk.resident_id is None


def test_the_desk_plans_a_round_with_a_window_an_errand_and_an_officer(desk: Client, scene: Scene) -> None:
    point = {"name": "民政窗口", "address": "二楼", "charge": "民政所"}
    assert desk.post("/desk/walks/points/new/", point).status_code == 302
    assert "已经有这个名字" in desk.post("/desk/walks/points/new/", point).content.decode()
    errand = {"name": "优待证", "points": [scene.point.pk], "steps": "取号\n交材料", "papers": "身份证"}
    assert desk.post("/desk/walks/errands/new/", errand).status_code == 302
    see_everything()
    made = Errand.objects.get(name="优待证")
    planned = {"title": "再走", "first_on": "2026-12-10", "last_on": "2026-12-01", "errands": [made.pk]}
    assert "结束的日子" in desk.post("/desk/walks/rounds/new/", planned).content.decode()
    planned |= {"last_on": "2026-12-20", "officers": [scene.officer.pk]}
    answer = desk.post("/desk/walks/rounds/new/", planned)
    assert answer.status_code == 302
    see_everything()
    assert Round.objects.get(title="再走").number == 2
    assert desk.get(answer["Location"]).status_code == 200


def test_the_desk_looks_at_officers_and_walks_itself(
    desk: Client, client_for: Callable[[Any], Client], scene: Scene
) -> None:
    person = make_resident(scene.community)
    phone = client_for(make_signed_up(person))
    assert phone.post("/walks/officer/", {"words": "有空"}).status_code == 422
    assert phone.post("/walks/officer/", {"words": "有空", "agreed": "on"}).status_code == 302
    see_everything()
    asked = Officer.objects.get(resident=person)
    assert desk.post(f"/desk/walks/officers/{asked.pk}/review/", {"do": "refuse"}).status_code == 422
    assert desk.post(f"/desk/walks/officers/{asked.pk}/review/", {"do": "accept"}).status_code == 302
    assert desk.post("/desk/walks/officers/me/").status_code == 302
    see_everything()
    assert Officer.objects.active().count() == 3


@pytest.mark.parametrize("name", ["rounds", "errands", "points", "officers", "visits", "findings"])
def test_every_list_searches_sorts_and_survives_what_somebody_types(desk: Client, scene: Scene, name: str) -> None:
    make_finding(scene, scene.walk())
    for query in ("", "?q=%00社保", "?sort=-nothing", "?state=nothing", "?page=99", "?round=x&walk=9999999999&kind=x"):
        assert desk.get(f"/desk/walks/{name}/{query}").status_code == 200


def test_the_lists_of_a_round_are_printed_and_exported(desk: Client, scene: Scene) -> None:
    finding = make_finding(scene, scene.walk())
    assert desk.get(f"/desk/walks/findings/{finding.pk}/").status_code == 200
    assert desk.get(f"/desk/walks/rounds/{scene.round.pk}/").status_code == 200
    paper = desk.get(f"/desk/walks/rounds/{scene.round.pk}/print/").content.decode()
    assert scene.account.display_name not in paper
    assert desk.post("/desk/walks/findings/export/").status_code == 200


def test_today_says_what_waits(desk: Client, scene: Scene) -> None:
    make_finding(scene, scene.walk())
    assert "1 项问题还没人接" in desk.get("/desk/").content.decode()
