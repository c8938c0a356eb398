"""Households, the one search box, and one's own page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Membership
from tests.fronts.desk.make import household, number_of, person
from tests.people import Town, make_employer, make_resident, make_staff
from tests.services.jobs.make import make_vacancy


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def test_households_and_their_past(client_for: Any, desk: Client, town: Town) -> None:
    mother = person(town.community, town.grids[0], name="苏映禾")
    child = make_resident(town.community, town.grids[0], name="丁小禾")
    home = household(town.community, town.grids[0], "9幢1单元1102", "1102", mother, child)
    alone = household(
        town.community, town.grids[1], "7幢301", "301", person(town.community, town.grids[1], name="沐云舒")
    )
    gone = make_resident(town.community, name="丁建舟")
    Membership.objects.create(
        household=home, resident=gone, relation="配偶", since=date(2018, 1, 1), until=date(2024, 1, 1)
    )

    def doors(query: str = "") -> list[str]:
        return [row.door for row in desk.get(f"/desk/households/{query}").context["listing"].page]

    assert sorted(doors()) == ["7幢301", "9幢1单元1102"]
    assert doors("?only=alone") == ["7幢301"]
    assert doors("?q=苏映") == ["9幢1单元1102"]
    assert doors(f"?grid={town.grids[1].pk}") == ["7幢301"]
    for garbage in ("?grid=x&page=x&sort=x&only=x", "?q=%00", "?q=13800005172"):
        assert len(doors(garbage)) in {0, 2}
    page = desk.get(f"/desk/households/{home.pk}/")
    assert [one["person"].name for one in page.context["members"]] == ["苏映禾", "丁小禾"]
    assert [one["person"].name for one in page.context["past"]] == ["丁建舟"]
    grid_worker = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert grid_worker.get(f"/desk/households/{home.pk}/").status_code == 200
    assert grid_worker.get(f"/desk/households/{alone.pk}/").status_code == 404
    assert client_for(make_staff(Role.WORKER, town.neighbour)).get(f"/desk/households/{home.pk}/").status_code == 404


def test_search_finds_people_posts_and_pages(client_for: Any, desk: Client, town: Town) -> None:
    somebody = person(town.community, name="苏映禾", phones=("13800005172",), identity=number_of("19850302", 2))
    make_vacancy(title="养老护理员", employer=make_employer("颐安居"), community=town.community)
    make_vacancy(title="养老护理员", employer=make_employer("远方"), community=town.far)
    assert desk.get("/desk/search/").status_code == 200
    found = desk.post("/desk/search/", {"q": "syh"}, follow=True)
    assert [row["person"].pk for row in found.context["rows"]] == [somebody.pk]
    posts = desk.get("/desk/search/?q=护理").context["found"]
    assert [hit.sub for hit in posts] == ["颐安居"]
    assert "/desk/households/" in desk.get("/desk/search/?q=家庭").content.decode()
    assert "没有找到" in desk.get("/desk/search/?q=没有的").content.decode()
    number = desk.post("/desk/search/", {"q": "13800005172"})
    assert (number.status_code, len(number.context["rows"])) == (200, 1)
    assert "不放进网址" in desk.get("/desk/search/?q=13800005172").content.decode()
    stranger = client_for(make_staff(Role.WORKER, town.far))
    assert stranger.post("/desk/search/", {"q": "13800005172"}).context["rows"] == []
    officer = client_for(make_staff(Role.STREET_OFFICER, town.street))
    assert officer.get("/desk/search/?q=苏").context["rows"] == []
    for garbage in ("%00", "%5C", "[(", "a" * 500):
        assert desk.get(f"/desk/search/?q={garbage}").status_code == 200


def test_my_page(client_for: Any, town: Town) -> None:
    desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0], display_name="林知夏"))
    text = desk.get("/desk/me/").content.decode()
    for words in ("林知夏", "网格员", "第一网格", "看居民", "退出登录", "/me/devices/"):
        assert words in text
    assert "导出居民" not in text
    desk.post("/desk/me/look/", {"look": "dark"})
    assert "data-dark" in desk.get("/desk/me/").content.decode()
    desk.post("/desk/me/look/", {"look": "auto"})
    assert "data-dark" not in desk.get("/desk/me/").content.decode()
