"""The pages of an officer and of everybody; one finding for two equal taps."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.guards import see_everything
from tests.people import Town, make_resident, make_signed_up, make_staff
from tests.services.walkthrough.make import WHY, Scene, another_round, handled, make_finding, make_scene

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import AccountResident
from jiamenkou.services.walkthrough.actions import walking
from jiamenkou.services.walkthrough.actions.finding import check_finding, publish_finding
from jiamenkou.services.walkthrough.actions.walking import end_walk
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
    done = {"do": "finish", "waiting_minutes": "12", "asked": ["身份证"], "more": "房产证"}
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


LISTS = ["", "errands/", "points/", "officers/", "visits/", "findings/"]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_searches_sorts_and_survives_what_somebody_types(desk: Client, scene: Scene, path: str) -> None:
    make_finding(scene, scene.walk())
    for query in ("", "?q=%00社保", "?sort=-nothing", "?state=nothing", "?page=99", "?round=x&walk=9999999999&kind=x"):
        assert desk.get(f"/desk/walks/{path}{query}").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_every_list_that_is_empty_says_what_to_do(
    client_for: Callable[[Any], Client], town: Town, path: str
) -> None:  # fmt: skip
    desk = client_for(make_staff(Role.WORKER, town.community))
    assert 'class="empty' in desk.get(f"/desk/walks/{path}").content.decode()


@pytest.mark.parametrize("name", ["rounds", "errands", "points", "officers", "visits", "findings"])
def test_every_list_leaves_as_a_workbook_with_its_rows(desk: Client, scene: Scene, name: str) -> None:
    make_finding(scene, scene.walk())
    answer = desk.post(f"/desk/walks/{name}/export/")
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    said = {
        "rounds": "办证明", "errands": "居住证明", "points": "社区服务中心", "officers": "在岗", "visits": "正在走",
        "findings": "等了四十分钟",
    }[name]  # fmt: skip
    assert any(said in str(value) for row in rows for value in row)
    if name == "findings":
        assert not any(scene.account.display_name in str(value) for row in rows for value in row)
    assert desk.post("/desk/walks/nothing/export/").status_code == 404


def test_a_figure_of_a_round_opens_the_rows_it_counts(desk: Client, scene: Scene) -> None:
    walk = scene.walk()
    walking.arrive(walk, 1, by=scene.by, now=timezone.now(), reason=WHY)
    walking.finish(walk, 1, by=scene.by, now=timezone.now(), reason=WHY, waiting_minutes=3, asked=["房产证"])
    finding = make_finding(scene, walk)
    page = desk.get(f"/desk/walks/rounds/{scene.round.pk}/").content.decode()
    assert "房产证" in page
    here = f"?round={scene.round.pk}&amp;errand={scene.errand.pk}&amp;point={scene.point.pk}"
    for path in ("visits/", "findings/"):
        assert f"/desk/walks/{path}{here}" in page
        query = here.replace("&amp;", "&")
        assert "居住证明 · 社保窗口" in desk.get(f"/desk/walks/{path}{query}").content.decode()
        elsewhere = query.replace(f"point={scene.point.pk}", f"point={scene.point.pk + 1}")
        assert "居住证明 · 社保窗口" not in desk.get(f"/desk/walks/{path}{elsewhere}").content.decode()
    seen = desk.get(f"/desk/walks/visits/{walk.pk}/").content.decode()
    assert "房产证" in seen
    assert finding.words in seen


def test_a_finding_that_came_back_shows_its_history(desk: Client, scene: Scene) -> None:
    first = make_finding(scene, scene.walk(), words="第一回等了半天")
    end_walk(first.walk, "done", "", by=scene.by, now=timezone.now(), reason=WHY)
    scene.round = another_round(scene)
    again = make_finding(scene, scene.walk())
    page = desk.get(f"/desk/walks/findings/{again.pk}/").content.decode()
    assert "前几期也有" in page
    assert "第一回等了半天" in page
    assert "前几期也有" not in desk.get(f"/desk/walks/findings/{first.pk}/").content.decode()
    assert first.words not in desk.get("/desk/walks/findings/?state=recurring").content.decode()


def test_the_paper_of_a_round_names_nobody_and_says_only_what_was_published(desk: Client, scene: Scene) -> None:
    walk = scene.walk()
    first, second = make_finding(scene, walk, words="老张没理我"), make_finding(scene, walk, "papers")
    by, now = Actor(scene.worker), timezone.now()
    publish_finding(first, "没人答话", "", False, True, by=by, now=now, reason=WHY)
    publish_finding(second, "写好了没放", "", False, False, by=by, now=now, reason=WHY)
    paper = desk.get(f"/desk/walks/rounds/{scene.round.pk}/print/").content.decode()
    assert "没人答话" in paper
    for hidden in (scene.account.display_name, "老张", "写好了没放"):
        assert hidden not in paper


def test_my_things_say_what_waits_and_how_it_went(
    phone: Client, client_for: Callable[[Any], Client], scene: Scene
) -> None:  # fmt: skip
    walk, neighbour = scene.walk(), make_resident(scene.community)
    other = client_for(make_signed_up(neighbour))
    assert other.post(f"/walks/join/{walk.join_code}/", {"do": "join"}).status_code == 302
    finding = make_finding(scene, walk)
    assert "正在走" in phone.get("/me/things/").content.decode()
    end_walk(walk, "done", "", by=scene.by, now=timezone.now(), reason=WHY)
    handled(finding, scene.worker)
    assert "请您去看一眼" in phone.get("/me/things/?view=waiting").content.decode()
    assert "发现 1 项问题，解决了 0 项" in other.get("/me/things/").content.decode()
    assert "请您去看一眼" not in other.get("/me/things/").content.decode()
    assert phone.post(f"/walks/findings/{finding.pk}/", {"do": "fixed"}).status_code == 302
    assert "请您去看一眼" not in phone.get("/me/things/?view=waiting").content.decode()
    assert "解决了 1 项" in other.get("/me/things/?view=done").content.decode()


def test_a_relative_is_not_sent_to_what_only_the_officer_may_open(
    client_for: Callable[[Any], Client], scene: Scene
) -> None:  # fmt: skip
    handled(make_finding(scene, scene.walk()), scene.worker)
    child = make_signed_up(make_resident(scene.community))
    AccountResident.objects.create(account=child, resident=scene.resident, relation="parent", proof="测试")
    assert "请您去看一眼" not in client_for(child).get("/me/things/").content.decode()


def test_today_says_what_waits(desk: Client, scene: Scene) -> None:
    make_finding(scene, scene.walk())
    assert "1 项问题还没人接" in desk.get("/desk/").content.decode()
