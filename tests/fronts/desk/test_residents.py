"""The list of residents: found, narrowed, exported, and closed to everybody else."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.people.models import ArchiveItem, Resident
from tests.fronts.desk.make import household, number_of, person
from tests.people import Town, make_resident, make_staff

LIST = "/desk/residents/"
# what the client of the tests asks to put its own scope back
TESTS_OWN = 2


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def names(page: Any) -> list[str]:
    return [row["person"].name for row in page.context["rows"]]


def test_scope_is_said_and_kept(client_for: Any, town: Town) -> None:
    person(town.community, town.grids[0], name="苏映禾")
    person(town.community, town.grids[1], name="古月笙")
    person(town.neighbour, town.neighbour_grids[0], name="费若棠")
    worker = client_for(make_staff(Role.WORKER, town.community)).get(LIST)
    assert names(worker) == ["古月笙", "苏映禾"]
    assert "全社区 2 人" in worker.content.decode()
    grid_worker = client_for(make_staff(Role.GRID_WORKER, town.grids[0])).get(LIST)
    assert names(grid_worker) == ["苏映禾"]
    assert "全社区 2 人 · 您能看 1 人" in grid_worker.content.decode()
    stranger = client_for(make_staff(Role.WORKER, town.far)).get(LIST)
    assert names(stranger) == []
    assert client_for(make_staff(Role.STREET_OFFICER, town.street)).get(LIST).status_code == 404


def test_dead_and_merged_are_not_listed(desk: Client, town: Town) -> None:
    kept = make_resident(town.community, name="苏映禾")
    make_resident(town.community, name="苏映和", merged_into=kept)
    make_resident(town.community, name="沐云舒", deceased_on=date(2026, 1, 1))
    assert names(desk.get(LIST)) == ["苏映禾"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("苏", ["苏映禾"]),
        ("syh", ["苏映禾"]),
        ("SUYING", ["苏映禾"]),
        ("9-1-1102", ["苏映禾"]),
        ("1102", ["苏映禾"]),
        ("5172", ["苏映禾"]),
        ("5173", []),
        ("yh", []),
        ("没有的人", []),
    ],
)
def test_search_by_word(desk: Client, town: Town, word: str, found: list[str]) -> None:
    wanted = person(town.community, town.grids[0], name="苏映禾", phones=("13800005172",))
    household(town.community, town.grids[0], "桂花园9幢1单元1102", "1102", wanted)
    person(town.community, town.grids[0], name="古月笙", phones=("13900000816",))
    answer = desk.post(f"{LIST}find/", {"q": word}, follow=True)
    assert names(answer) == found
    assert answer.request["QUERY_STRING"].startswith("q=")


def test_numbers_never_stand_in_an_address(desk: Client, town: Town) -> None:
    identity = number_of("19850302", 2)
    wanted = person(town.community, name="苏映禾", identity=identity, phones=("13800005172", "0519-00001234"))
    person(town.community, name="丁小禾", phones=("13800005172",))
    person(town.neighbour, name="费若棠", phones=("13800005172",))
    refused = desk.get(LIST, {"q": "138 0000 5172"})
    assert "电话和证件号不放进网址" in refused.content.decode()
    assert "13800005172" not in refused.content.decode().replace(" ", "")
    for typed in ("13800005172", "+86 138-0000-5172", "１３８００００５１７２"):
        assert sorted(names(desk.post(f"{LIST}find/", {"q": typed}))) == ["丁小禾", "苏映禾"]
    for typed in (identity, identity.lower(), "0519-00001234"):
        answer = desk.post(f"{LIST}find/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{wanted.pk}/")
    nobody = desk.post(f"{LIST}find/", {"q": "13900009999"})
    assert names(nobody) == []
    assert "没有人登记过这个号码" in nobody.content.decode()


def test_conditions(desk: Client, town: Town) -> None:
    today = timezone.localdate()
    cook = make_resident(
        town.community,
        town.grids[0],
        name="古月笙",
        employment="looking",
        categories=["就业困难人员"],
        last_contact_on=today,
    )
    ArchiveItem.objects.create(resident=cook, kind="certificate", text="养老护理员五级", evidence="certified")
    make_resident(town.community, town.grids[1], name="沐云舒", birth_date=date(1940, 1, 1), employment="retired")
    for query, found in [
        (f"grid={town.grids[0].pk}", ["古月笙"]),
        ("employment=looking", ["古月笙"]),
        ("category=就业困难人员", ["古月笙"]),
        ("skill=护理", ["古月笙"]),
        ("certified=1", ["古月笙"]),
        ("old=1", ["沐云舒"]),
        ("stale=1", ["沐云舒"]),
        ("wish=1", []),
        ("employment=looking&old=1", []),
        ("sort=-name", ["沐云舒", "古月笙"]),
    ]:
        assert names(desk.get(f"{LIST}?{query}")) == found, query
    views = {view["label"]: (view["count"], view["on"]) for view in desk.get(f"{LIST}?old=1").context["views"]}
    assert views == {
        "全部": (2, False),
        "在找工作": (1, False),
        "就业困难": (1, False),
        "80 岁以上": (1, True),
        "有证书": (1, False),
    }


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=-1",
        "page=999999999999",
        "grid=abc",
        "grid=99999999999999999999",
        "employment=%00",
        "category=%00%00",
        "skill=" + "长" * 500,
        "q=%00%E2%80%AE",
        "q=[a-z]*(",
        "q=%5C",
        "q=%25_",
        "sort=;drop",
        "wish=maybe",
        "q=1-2-3-4",
        "q=R1",
        "q=" + "a" * 300,
    ],
)
def test_whatever_stands_in_the_address(desk: Client, town: Town, query: str) -> None:
    make_resident(town.community, name="苏映禾")
    assert desk.get(f"{LIST}?{query}").status_code == 200


def test_list_asks_few_questions(desk: Client, town: Town) -> None:
    for _ in range(3):
        make_resident(town.community, town.grids[0])
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    for _ in range(17):
        someone = make_resident(town.community, town.grids[0])
        ArchiveItem.objects.create(resident=someone, kind="skill", text="烘焙")
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) == len(few)
    asked = [query["sql"] for query in many if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) - TESTS_OWN <= 12, "\n".join(asked)


def test_columns_are_remembered(desk: Client, town: Town) -> None:
    make_resident(town.community, name="苏映禾", hukou="云溪区河畔街道")
    assert "云溪区河畔街道" not in desk.get(LIST).content.decode()
    answer = desk.post(f"{LIST}columns/", {"column": ["hukou", "nonsense"], "back": "old=1"})
    assert answer["Location"] == f"{LIST}?old=1"
    assert "云溪区河畔街道" in desk.get(LIST).content.decode()
    desk.post(f"{LIST}columns/", {"usual": "1"})
    assert "云溪区河畔街道" not in desk.get(LIST).content.decode()


def test_export_is_the_list_masked_and_written_down(desk: Client, town: Town) -> None:
    first = person(
        town.community,
        town.grids[0],
        name="=苏映禾",
        identity=number_of("19850302", 2),
        phones=("13800005172",),
        employment="looking",
    )
    person(town.community, name="古月笙", phones=("13900000816",))
    assert desk.post(f"{LIST}export/?employment=looking", {"everyone": "1"}).status_code == 422
    answer = desk.post(f"{LIST}export/?employment=looking", {"everyone": "1", "reason": "招聘会通知"})
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.content))
    sheet = book["居民"]
    head, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(lines) == 1
    told = dict(zip(head, lines[0], strict=True))
    assert told["编号"] == f"R{first.pk}"
    assert told["姓名"] == "=苏映禾"
    assert sheet["B2"].data_type == "s"
    assert told["手机号"] == "138****5172"
    assert "19850302" not in told["身份证号"]
    record = ExportLog.objects.get()
    assert (record.rows, record.reason, record.conditions) == (1, "招聘会通知", "就业 求职中")
    assert record.number in sheet.oddHeader.center.text


def test_export_of_chosen_rows_stays_in_scope(desk: Client, town: Town) -> None:
    here = make_resident(town.community, name="苏映禾")
    make_resident(town.community, name="古月笙")
    other = make_resident(town.neighbour, name="费若棠")
    answer = desk.post(f"{LIST}export/", {"chosen": [here.pk, other.pk, "x"], "reason": "走访", "only": "chosen"})
    sheet = load_workbook(BytesIO(answer.content))["居民"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["苏映禾"]
    assert desk.post(f"{LIST}export/", {"reason": "走访", "only": "chosen"}).status_code == 422


def test_grid_worker_may_not_export(client_for: Any, town: Town) -> None:
    desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    make_resident(town.community, town.grids[0])
    assert "导出" not in desk.get(LIST).content.decode()
    assert desk.post(f"{LIST}export/", {"reason": "走访", "everyone": "1"}).status_code == 404
    assert not ExportLog.objects.exists()
    assert Resident.objects.count() == 1
