"""Who is shown a post: its own community, every community of the street, everybody. Whose it is stays as it is."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import Workbook, load_workbook
from tests.people import Town, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_vacancy
from tests.services.jobs.test_desk_vacancies import FORM

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.search import find_vacancies, reindex
from jiamenkou.services.jobs.sheets.importing import plan_file
from jiamenkou.services.jobs.showing import Reach, showing_for

NEW = "/desk/jobs/vacancies/new/"


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def reaches(role: Role, place: Place, vacancy: Vacancy | None = None) -> list[str]:
    return list(showing_for(Actor(make_staff(role, place)), vacancy).reaches)


def test_a_place_shows_its_posts_one_level_above_itself(town: Town) -> None:
    assert reaches(Role.GRID_WORKER, town.grids[0]) == ["community", "street"]
    assert reaches(Role.WORKER, town.community) == ["community", "street"]
    assert reaches(Role.STREET_OFFICER, town.street) == ["street", "everyone"]
    assert reaches(Role.DISTRICT_OFFICER, town.district) == ["everyone"]
    # the street may show a community's post to all, and the community then leaves it as it is
    post = make_vacancy(community=town.community)
    assert reaches(Role.STREET_OFFICER, town.street, post) == ["community", "street", "everyone"]
    wide = make_vacancy(community=None, owner=town.community)
    assert reaches(Role.WORKER, town.community, wide) == ["community", "street", "everyone"]


def test_a_post_for_the_street_is_found_next_door_and_changed_only_at_home(
    desk: Client, client_for: Any, town: Town
) -> None:
    assert 'name="shown"' in desk.get(NEW).content.decode()
    answer = desk.post(NEW, FORM | {"shown": "street", "do": "publish"})
    post = Vacancy.objects.get()
    assert (post.owner, post.community, post.street) == (town.community, None, town.street)
    assert "梧桐街道各社区" in desk.get(answer["Location"]).content.decode()

    residents = {place: client_for(make_signed_up(make_resident(place))) for place in (town.neighbour, town.far)}
    assert post.title in residents[town.neighbour].get("/jobs/").content.decode()
    assert post.title not in residents[town.far].get("/jobs/").content.decode()
    assert post.title in residents[town.neighbour].get("/jobs/?q=护理").content.decode()
    assert post.title not in residents[town.far].get("/jobs/?q=护理").content.decode()
    own_page = residents[town.neighbour].get(f"/jobs/{post.pk}/").content.decode()
    assert "谁登记的" in own_page and town.community.name in own_page

    url = f"/desk/jobs/vacancies/{post.pk}/"
    near, far = (client_for(make_staff(Role.WORKER, place)) for place in (town.neighbour, town.far))
    grid = client_for(make_staff(Role.GRID_WORKER, town.neighbour_grids[0]))
    assert [one.get(url).status_code for one in (desk, near, grid, far)] == [200, 200, 200, 404]
    assert f"{town.community.name}发布" in near.get("/desk/jobs/vacancies/?shown=street").content.decode()
    for visitor in (near, grid, far):
        assert visitor.get(f"{url}edit/").status_code == 404
        assert visitor.post(f"{url}edit/", FORM | {"shown": "community"}).status_code == 404
        assert visitor.post(f"{url}act/", {"do": "pause"}).status_code == 404
    # the street may take it back to its community
    street = client_for(make_staff(Role.STREET_OFFICER, town.street))
    version = post.version
    assert street.post(f"{url}edit/", FORM | {"shown": "community", "version": version}).status_code == 302
    post.refresh_from_db()
    assert (post.owner, post.community, post.street) == (town.community, town.community, None)
    assert near.get(url).status_code == 404


def test_a_community_does_not_show_its_post_to_the_district(desk: Client) -> None:
    answer = desk.post(NEW, FORM | {"shown": "everyone"})
    assert answer.status_code == 422
    assert "不能给这么大的范围看" in answer.content.decode()
    assert not Vacancy.objects.exists()


def test_what_the_street_made_wide_the_community_keeps(desk: Client, town: Town) -> None:
    post = make_vacancy(community=None, owner=town.community, title=FORM["title"])
    url = f"/desk/jobs/vacancies/{post.pk}/edit/"
    assert desk.post(url, FORM | {"shown": "everyone", "version": post.version, "headcount": "5"}).status_code == 302
    post.refresh_from_db()
    assert (post.headcount, post.community, post.street) == (5, None, None)


def test_a_pasted_post_says_who_is_shown_it(desk: Client, town: Town) -> None:
    text = "招聘保洁员2名，3000元/月"
    form = {"text": text, "do": "publish", "p0-employer": "洁美佳", "p0-title": "保洁员", "p0-kind": "full_time",
            "p0-headcount": "2", "p0-pay_min_fen": "3000", "p0-pay_unit": "month", "p0-answer_days": "3",
            "p0-shown": "street"}  # fmt: skip
    assert 'name="p0-shown"' in desk.post("/desk/jobs/paste/", {"text": text, "do": "read"}).content.decode()
    assert desk.post("/desk/jobs/paste/", form | {"p0-shown": "everyone"}).status_code == 422
    answer = desk.post("/desk/jobs/paste/", form)
    assert answer.status_code == 302, re.findall(r'class="(?:error|note)[^>]*>(.*?)<', answer.content.decode())
    post = Vacancy.objects.get()
    assert (post.owner, post.street, post.state) == (town.community, town.street, "open")


def test_the_database_knows_one_way(town: Town) -> None:
    with pytest.raises(IntegrityError, match="vacancy_shown_one_way"), transaction.atomic():
        make_vacancy(community=town.community, street=town.street)


@pytest.mark.parametrize("reach", Reach)
def test_the_list_and_the_sheet_say_it(desk: Client, town: Town, reach: Reach) -> None:
    showing: dict[Reach, dict[str, Any]] = {
        Reach.COMMUNITY: {"community": town.community},
        Reach.STREET: {"community": None, "street": town.street},
        Reach.EVERYONE: {"community": None},
    }
    for one, fields in showing.items():
        make_vacancy(title=f"岗位{one}", owner=town.community, **fields)
    page = desk.get(f"/desk/jobs/vacancies/?shown={reach}").content.decode()
    assert [one for one in Reach if f"岗位{one}" in page] == [reach]
    answer = desk.post(f"/desk/jobs/vacancies/export/?shown={reach}")
    rows = list(load_workbook(BytesIO(b"".join(answer)), read_only=True).worksheets[0].iter_rows(values_only=True))
    head = [str(cell) for cell in rows[0]]
    assert [(row[head.index("给谁看")], row[head.index("谁管")]) for row in rows[1:]] == [
        (str(reach.label), town.community.name)
    ]


@pytest.mark.parametrize(
    ("said", "column"),
    [("", "community"), ("本社区", "community"), ("本街道各社区", "street"), ("全街道", "street")],
)
def test_an_imported_post_says_it_too(town: Town, tmp_path: Path, said: str, column: str) -> None:
    values = planned(town, tmp_path, said).meant.form.values()
    assert values[column] == (town.community if column == "community" else town.street)


def test_what_a_sheet_may_not_say_is_named(town: Town, tmp_path: Path) -> None:
    for said in ("全区各社区", "隔壁"):
        (fault,) = planned(town, tmp_path, said).faults
        assert (fault.column, fault.value) == ("给谁看", said)
    # an export brought back: the post is there already, and stays as whoever owns it has it
    make_vacancy(title="保洁员", community=None, owner=town.street, employer=None, negotiable=True)
    Vacancy.objects.update(pay_min_fen=None, pay_max_fen=None, pay_unit="")
    firm = Vacancy.objects.get().employer.name
    assert planned(town, tmp_path, "全区各社区", firm).faults == ()


def planned(town: Town, folder: Path, said: str, firm: str = "洁美佳") -> Any:
    book, path = Workbook(), folder / "posts.xlsx"
    book.worksheets[0].append(["单位", "岗位名称", "工资从", "给谁看"])
    book.worksheets[0].append([firm, "保洁员", "面议", said])
    book.save(path)
    (row,) = plan_file(path, showing_for(Actor(make_staff(Role.WORKER, town.community)))).rows
    return row


def test_the_index_written_anew_finds_it_too(town: Town) -> None:
    post = make_vacancy(title="助浴师", community=None, street=town.street, owner=town.community)
    reindex()
    found = [find_vacancies("助浴", place.pk, limit=5) for place in (town.community, town.neighbour, town.far)]
    assert found == [[post], [post], []]
