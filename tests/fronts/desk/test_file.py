"""The file of a resident: what it shows, what staff may write on it, and that strangers see none of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import (
    AccountResident,
    ArchiveItem,
    Consent,
    Identity,
    Membership,
    Phone,
    Resident,
)
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.jobs.actions.applications import recommend
from jiamenkou.services.jobs.models import Application, Intention
from tests.fronts.desk.make import household, number_of, person
from tests.people import Town, actor, make_account, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

PAGES = (
    "",
    "?tab=facts",
    "?tab=aid",
    "?tab=%00",
    "?reveal=phone",
    "?reveal=x",
    "edit/",
    "numbers/",
    "death/",
    "move/",
)
ACTS = (
    "edit/",
    "numbers/",
    "death/",
    "move/",
    "account/",
    "archive/",
    "archive/1/drop/",
    "consent/",
    "consent/withdraw/",
)


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community, display_name="林知夏"))


def address(resident: Resident) -> str:
    return f"/desk/residents/{resident.pk}/"


def test_every_page_opens_for_whoever_may(desk: Client, town: Town) -> None:
    somebody = person(
        town.community, town.grids[0], name="苏映禾", phones=("13800005172",), identity=number_of("19850302", 2)
    )
    for page in (*PAGES, "account/", "archive/", "consent/"):
        answer = desk.get(address(somebody) + page)
        assert answer.status_code == 200, page
        assert "13800005172" not in answer.content.decode()


def test_other_communities_and_grids_see_nothing(client_for: Any, town: Town) -> None:
    somebody = make_resident(town.community, town.grids[0], name="苏映禾")
    for stranger in (
        client_for(make_staff(Role.WORKER, town.neighbour)),
        client_for(make_staff(Role.GRID_WORKER, town.grids[1])),
        client_for(make_staff(Role.STREET_OFFICER, town.street)),
    ):
        for page in PAGES:
            assert stranger.get(address(somebody) + page).status_code == 404, page
        for act in ACTS:
            assert stranger.post(address(somebody) + act, {"purpose": "service"}).status_code == 404, act


def test_file_tells_who_lives_there_and_what_is_known(desk: Client, town: Town) -> None:
    mother = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",), categories=["单亲"])
    child = make_resident(town.community, town.grids[0], name="丁小禾", birth_date=date(2019, 1, 1))
    gone = make_resident(town.community, town.grids[0], name="丁建舟")
    home = household(town.community, town.grids[0], "9幢1单元1102", "1102", mother, child)
    Membership.objects.create(
        household=home, resident=gone, relation="配偶", since=date(2018, 1, 1), until=date(2024, 5, 1)
    )
    ArchiveItem.objects.create(resident=mother, kind="certificate", text="养老护理员五级", evidence="certified")
    Consent.objects.create(resident=mother, purpose="messages", version="1", how="口头", withdrawn_at=timezone.now())
    page = desk.get(address(mother))
    text = page.content.decode()
    for words in (
        "丁小禾",
        "2018-01 – 2024-05",
        "养老护理员五级",
        "有证",
        "撤回",
        "没问过",
        "9幢1单元1102",
        "户主",
        "单亲",
    ):
        assert words in text
    assert [one["person"].name for one in page.context["household"]["members"]] == ["苏映禾", "丁小禾"]
    locked = desk.get(address(mother) + "?tab=aid").content.decode()
    assert "只有救助岗能看" in locked


def test_story_has_the_rooms_and_the_changes_in_words(desk: Client, town: Town) -> None:
    somebody = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",))
    make_intention(somebody, wanted="护理员")
    given = {"name": "苏映禾", "employment": "looking", "sex": "female", "categories": "单亲、低保"}
    assert desk.post(address(somebody) + "edit/", given).status_code == 302
    page = desk.get(address(somebody))
    story = page.context["story"]
    assert story[0]["title"] == "修改资料"
    assert story[0]["who"] == "林知夏"
    assert "就业状态" in story[0]["text"]
    assert "人员类别" in story[0]["text"]
    assert any("护理员" in entry["title"] for entry in story)
    somebody.refresh_from_db()
    assert somebody.categories == ["单亲", "低保"]


def test_today_s_looks_are_counted(desk: Client, town: Town) -> None:
    somebody = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",))
    shown = desk.post(address(somebody) + "reveal/phone/", {"reason": "联系面试或上岗"})
    assert "13800005172" in shown.content.decode()
    page = desk.get(address(somebody)).content.decode()
    assert "今天已看 1 次，上限 50 次" in page
    assert "联系面试或上岗" in page
    assert Reveal.objects.count() == 1


def test_numbers_are_changed_with_a_reason(desk: Client, town: Town) -> None:
    identity = number_of("19850302", 2)
    somebody = person(town.community, name="苏映禾", phones=("13800005172",))
    for given, field in [
        ({"reason": "本人来说"}, "phones"),
        ({"reason": "本人来说", "identity": "123"}, "identity"),
        ({"reason": "本人来说", "phones": "138"}, "phones"),
        ({"phones": "13800006666"}, "reason"),
        ({"reason": "本人来说", "identity": number_of("19900302", 2)}, "identity"),
    ]:
        answer = desk.post(address(somebody) + "numbers/", given)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), given
    ok = {"reason": "本人来说", "identity": identity, "phones": "13800006666、13900000816"}
    assert desk.post(address(somebody) + "numbers/", ok).status_code == 302
    somebody.refresh_from_db()
    assert somebody.phone_masked == "138****6666"
    assert Phone.objects.filter(resident=somebody).count() == 2
    assert bytes(Identity.objects.get(resident=somebody).index) == blind_index("identity", identity)
    other = make_resident(town.neighbour, name="费若棠")
    assert desk.post(address(other) + "numbers/", ok).status_code == 404
    twin = make_resident(town.community, name="苏映和")
    taken = desk.post(address(twin) + "numbers/", ok)
    assert "已经登记过了" in taken.content.decode()
    assert not Phone.objects.filter(resident=twin).exists()


def test_a_death_ends_what_waits(desk: Client, town: Town) -> None:
    somebody = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",))
    child = make_resident(town.community, town.grids[0], name="丁小禾")
    home = household(town.community, town.grids[0], "9幢1102", "1102", somebody, child)
    make_intention(somebody)
    by = actor(make_account())
    recommend(make_vacancy(community=town.community), somebody, by=by, now=timezone.now(), reason="test")
    today = timezone.localdate()
    wrong = desk.post(address(somebody) + "death/", {"deceased_on": today + timedelta(days=1), "reason": "家属告知"})
    assert wrong.status_code == 422
    before = desk.post(address(somebody) + "death/", {"deceased_on": "1980-01-01", "reason": "家属告知"})
    assert "早于出生日期" in before.content.decode()
    assert desk.post(address(somebody) + "death/", {"deceased_on": today, "reason": "家属告知"}).status_code == 302
    assert Intention.objects.get().state == "closed"
    assert Application.objects.get().state == "withdrawn"
    assert Membership.objects.get(resident=somebody).until == today
    home.refresh_from_db()
    assert home.head is None
    assert desk.get(address(somebody)).status_code == 200
    assert desk.get(address(somebody) + "edit/").status_code == 404
    assert "苏映禾" not in desk.get("/desk/residents/").content.decode()


def test_moving_takes_every_scoped_row_along(desk: Client, town: Town) -> None:
    somebody = person(town.community, town.grids[0], name="苏映禾")
    household(town.community, town.grids[0], "9幢1102", "1102", somebody)
    make_intention(somebody, grid=town.grids[0])
    there = town.grids[1].pk
    assert desk.post(address(somebody) + "move/", {"grid": there}).status_code == 422
    elsewhere = {"grid": town.neighbour_grids[0].pk, "reason": "搬家"}
    assert desk.post(address(somebody) + "move/", elsewhere).status_code == 422
    assert desk.post(address(somebody) + "move/", {"grid": there, "reason": "换房"}).status_code == 302
    somebody.refresh_from_db()
    assert (somebody.grid_id, somebody.household) == (there, None)
    assert Intention.objects.get().grid_id == there
    assert Membership.objects.get().until == timezone.localdate()
    again = desk.post(address(somebody) + "move/", {"grid": there, "reason": "换房"})
    assert "已经在这里了" in again.content.decode()


def test_archive_consent_and_account(desk: Client, town: Town) -> None:
    somebody = person(town.community, name="苏映禾")
    wrong = desk.post(address(somebody) + "archive/", {"kind": "skill", "text": " ", "evidence": "seen"})
    assert wrong.status_code == 422
    desk.post(address(somebody) + "archive/", {"kind": "skill", "text": "烘焙", "evidence": "seen"})
    item = ArchiveItem.objects.get()
    assert (item.text, item.evidence) == ("烘焙", "seen")
    other = make_resident(town.community)
    assert desk.post(f"{address(other)}archive/{item.pk}/drop/").status_code == 404
    assert desk.post(f"{address(somebody)}archive/{item.pk}/drop/").status_code == 302
    assert not ArchiveItem.objects.exists()

    desk.post(address(somebody) + "consent/", {"purpose": "messages", "how": "当面口头"})
    assert Consent.objects.get().withdrawn_at is None
    assert desk.post(address(somebody) + "consent/withdraw/", {"purpose": "nonsense"}).status_code == 404
    desk.post(address(somebody) + "consent/withdraw/", {"purpose": "messages"})
    assert Consent.objects.get().withdrawn_at is not None

    account = make_account(phone_index=blind_index("phone", "13900000816"))
    given = {"phone": "139 0000 0816", "relation": "self", "reason": "看过身份证"}
    assert desk.post(address(somebody) + "account/", {**given, "phone": "13900000817"}).status_code == 422
    assert desk.post(address(somebody) + "account/", given).status_code == 302
    assert AccountResident.objects.get().account == account
    assert desk.post(address(somebody) + "account/", given).status_code == 422


def test_file_asks_few_questions(desk: Client, town: Town) -> None:
    somebody = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",))
    family = [make_resident(town.community, town.grids[0]) for _ in range(6)]
    household(town.community, town.grids[0], "9幢1102", "1102", somebody, *family)
    for text in ["烘焙", "面点", "收纳", "电工"]:
        ArchiveItem.objects.create(resident=somebody, kind="skill", text=text)
    desk.get(address(somebody))
    with CaptureQueriesContext(connection) as queries:
        desk.get(address(somebody))
    assert len(queries) <= 30, "\n".join(query["sql"][:160] for query in queries)
