"""Excel in and out of the desk."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from tests.people import Town, make_employer, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import AuditEntry, ExportLog
from jiamenkou.foundation.people.models import ArchiveItem, Household, Membership
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.jobs.models import Application, Vacancy
from jiamenkou.services.jobs.sheets.importing import apply_plan, plan_file, write_template
from jiamenkou.services.jobs.showing import showing_for

IMPORT = "/desk/jobs/vacancies/import/"
HEADER = ["序号", "用人单位", "招聘岗位", "招聘人数", "薪资待遇", "上班", "下班", "哪几天上班", "截止日期", "星级"]
SOON = date.today() + timedelta(days=30)
GOOD = [
    [1, "颐安居养老服务中心", "护理员", 3, "4200-4600元/月", "7:30", "15:30", "周一至周五", SOON, "★"],
    [2, "洁美佳物业", "保洁员", 2.0, "22元/小时", "", "", "", "", ""],
    [3, "安达保安", "夜班保安", None, "面议", "22:00", "6:00", "每天", f"{SOON:%Y年%m月%d日}", ""],
]
BAD = [
    [4, "", "缝纫工", 1, "面议", "", "", "", "", ""],
    [5, "锦绣服装厂", "缝纫工", "很多", "两千多", "", "", "", "2026-13-40", ""],
]


def sheet(*rows: list[Any], title: bool = True) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    if title:
        page.append(["桂花园社区招工表"])
    page.append(HEADER)
    for row in rows:
        page.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def upload(content: bytes, name: str = "a.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def workbook(answer: Any) -> Any:
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return load_workbook(BytesIO(answer.content))


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community, display_name="王丽"))


def signed(page: str) -> str:
    return page.split('name="plan" value="')[1].split('"')[0]


def test_a_dry_run_names_every_bad_cell_and_writes_nothing(desk: Client) -> None:
    page = desk.post(IMPORT, {"file": upload(sheet(*GOOD, *BAD))}).content.decode()
    assert "3 行能导入，2 行有错" in page
    assert "星级" in page
    for said in ("很多", "两千多", "请填数字", "2026-13-40"):
        assert said in page
    assert page.count("<tr>") >= 5
    assert not Vacancy.objects.exists()


def test_bad_rows_hold_everything_back_until_skipping_is_asked(desk: Client, town: Town) -> None:
    plan = signed(desk.post(IMPORT, {"file": upload(sheet(*GOOD, *BAD))}).content.decode())
    assert desk.post(IMPORT, {"plan": plan, "publish": "1"}).status_code == 422
    assert not Vacancy.objects.exists()
    page = desk.post(IMPORT, {"plan": plan, "publish": "1", "skip": "1"}).content.decode()
    assert "导入 3 个岗位" in page
    night = Vacancy.objects.get(title="夜班保安")
    assert (night.start_minute, night.end_minute, night.weekdays) == (1320, 1800, 127)
    assert (night.negotiable, night.closes_on, night.state) == (True, SOON, "open")
    care = Vacancy.objects.get(title="护理员")
    assert (care.headcount, care.pay_min_fen, care.pay_max_fen, care.closes_on) == (3, 420000, 460000, SOON)
    assert (care.source, care.community) == ("sheet", town.community)
    again = desk.post(IMPORT, {"plan": plan, "skip": "1"}).content.decode()
    assert "3 个早就有了" in again
    assert Vacancy.objects.count() == 3


def test_a_broken_formula_of_the_look_is_still_one_at_the_write(desk: Client) -> None:
    broken = [6, "颐安居养老服务中心", "护理员", "=1/0", "面议", "", "", "", "", ""]
    page = desk.post(IMPORT, {"file": upload(sheet(broken, *GOOD[1:2]))}).content.decode()
    assert "1 行能导入，1 行有错" in page and "公式" in page
    assert desk.post(IMPORT, {"plan": signed(page)}).status_code == 422
    assert not Vacancy.objects.exists()


def test_a_dry_run_belongs_to_who_made_it(desk: Client, client_for: Any, town: Town) -> None:
    plan = signed(desk.post(IMPORT, {"file": upload(sheet(*GOOD))}).content.decode())
    other = client_for(make_staff(Role.WORKER, town.neighbour))
    assert other.post(IMPORT, {"plan": plan}).status_code == 422
    assert desk.post(IMPORT, {"plan": plan + "x"}).status_code == 422
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04junk", "姓名,手机号\n苏映,1\n".encode()])
def test_other_files_are_refused_in_a_sentence(desk: Client, content: bytes) -> None:
    answer = desk.post(IMPORT, {"file": upload(content)})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_the_template_can_be_filled_and_read(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    showing = showing_for(Actor(make_staff(Role.WORKER, town.community)))
    write_template(path, showing)
    book = load_workbook(path)
    page = book.worksheets[0]
    heads = [str(cell.value).lstrip("*") for cell in page[1]]
    row = {
        "单位": "颐安居",
        "岗位名称": "护理员",
        "工资从": 4200,
        "工资单位": "月",
        "形式": "全职",
        "最低学历": "初中",
    }
    page.append([row.get(head) for head in heads])
    book.save(path)
    plan = plan_file(path, showing)
    assert [row.faults for row in plan.rows] == [()]
    assert plan.rows[0].meant.form.cleaned_data["education"] == 2


def test_an_export_can_be_brought_back(desk: Client, town: Town, tmp_path: Path) -> None:
    make_vacancy(
        title="=cmd|' /C calc'!A0", community=town.community, weekdays=31, start_minute=450, end_minute=1470,
        requirements=["耐心"], settle="monthly", closes_on=SOON,
    )  # fmt: skip
    answer = desk.post("/desk/jobs/vacancies/export/?state=open")
    page = workbook(answer).worksheets[0]
    assert [cell.value for cell in page[2]][:2] == [Vacancy.objects.get().employer.name, "=cmd|' /C calc'!A0"]
    assert page["B2"].data_type == "s"
    path = tmp_path / "back.xlsx"
    path.write_bytes(answer.content)
    by = Actor(make_staff(Role.WORKER, town.community))
    plan = plan_file(path, showing_for(by))
    assert plan.bad == []
    assert apply_plan(plan, publish=True, by=by, now=timezone.localtime(), reason="t") == (0, 1, 0)


def test_exports_are_masked_marked_logged_and_scoped(desk: Client, town: Town, client_for: Any) -> None:
    vacancy = make_vacancy()
    for community, name in ((town.community, "苏映禾"), (town.neighbour, "林知秋")):
        person = make_resident(community, name=name, phone_masked="138****1234")
        Application.objects.create(
            vacancy=vacancy, resident=person, community=community, state="sent", filed_by="self"
        )
        make_intention(person)
    for what in ("applications", "intentions"):
        book = workbook(desk.post(f"/desk/jobs/{what}/export/"))
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        assert [row[1:3] for row in rows] == [("苏映禾", "138****1234")]
        log = ExportLog.objects.order_by("-id")[0]
        assert (log.rows, log.community, log.by.display_name) == (1, town.community, "王丽")
        assert log.number in book.worksheets[0].oddHeader.center.text
        assert AuditEntry.objects.filter(table="audit_exportlog", row=log.pk, act="insert").exists()
    assert desk.get("/desk/jobs/intentions/export/").status_code == 405
    grid_worker = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert grid_worker.post("/desk/jobs/intentions/export/").status_code == 404
    assert "/export/" not in grid_worker.get("/desk/jobs/intentions/").content.decode()
    assert "/desk/jobs/intentions/export/?only=stale" in desk.get("/desk/jobs/intentions/?only=stale").content.decode()


def blank_form() -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["梧桐街道求职登记表"])
    page.merge_cells("A1:H1")
    page.append(["序号", "姓名", "性别", "身份证号码", "联系电话", "求职意向", "期望月薪（元）", "社保编号"])
    page["B2"].style = "Title"
    page.append([])
    page.append([])
    page["A5"] = "填表人："
    page.merge_cells("A5:C5")
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_streets_form_comes_back_filled(desk: Client, town: Town) -> None:
    for number in range(3):
        person = make_resident(
            town.community,
            name=f"苏映{number}",
            sex="female",
            phone_masked="138****1234",
            identity_masked="3204**********8515",
        )
        make_intention(person, wanted="=护理", min_pay_fen=350000, min_pay_unit="month")
    make_resident(town.community, name="没有意向")
    make_intention(make_resident(town.neighbour, name="别的社区"))
    answer = desk.post("/desk/jobs/fill/", {"file": upload(blank_form()), "who": "seekers"})
    page = workbook(answer).worksheets[0]
    rows = list(page.iter_rows(min_row=3, max_row=5, values_only=True))
    assert rows[0] == (1, "苏映0", "女", "3204**********8515", "138****1234", "=护理", 3500, None)
    assert [row[1] for row in rows] == ["苏映0", "苏映1", "苏映2"]
    assert page["F3"].data_type == "s"
    assert page["A1"].value == "梧桐街道求职登记表"
    assert page["A6"].value == "填表人："
    assert {"A1:H1", "A6:C6"} == {merged.coord for merged in page.merged_cells.ranges}
    assert ExportLog.objects.get().rows == 3
    everyone = workbook(desk.post("/desk/jobs/fill/", {"file": upload(blank_form()), "who": "all"})).worksheets[0]
    assert [row[1].value for row in everyone.iter_rows(min_row=3, max_row=6)].count("没有意向") == 1


def test_doors_and_archive_are_filled_too(desk: Client, town: Town, django_assert_max_num_queries: Any) -> None:
    building = Place.plant(town.grids[0], code="32-1-1-1-b", kind=PlaceKind.BUILDING, name="20幢")
    unit = Place.plant(building, code="32-1-1-1-b-3", kind=PlaceKind.UNIT, name="3")
    home = Household.objects.create(community=town.community, grid=town.grids[0], unit=unit, room="1002")
    for number in range(4):
        person = make_resident(town.community, town.grids[0], name=f"苏映{number}", household=home)
        Membership.objects.create(household=home, resident=person, relation="女儿")
        ArchiveItem.objects.create(resident=person, kind="skill", text="理发")
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["姓名", "所属网格", "楼号", "单元号", "房号", "与户主关系", "技能"])
    target = BytesIO()
    book.save(target)
    with django_assert_max_num_queries(40):
        answer = desk.post("/desk/jobs/fill/", {"file": upload(target.getvalue()), "who": "all"})
    filled = workbook(answer).worksheets[0]
    assert [cell.value for cell in filled[2]] == ["苏映0", "第一网格", "20幢", "3", "1002", "女儿", "理发"]


@pytest.mark.parametrize("content", [b"", "姓名\n".encode(), b"PK\x03\x04"])
def test_forms_that_cannot_be_filled(desk: Client, content: bytes) -> None:
    make_employer()
    answer = desk.post("/desk/jobs/fill/", {"file": upload(content), "who": "all"})
    assert answer.status_code == 422
    assert not ExportLog.objects.exists()
