"""Needs from Excel: a dry run that writes nothing, every bad cell named, the same file twice counted once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.people import Town, make_resident, make_staff
from tests.services.needs.make import make_category

from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.needs.models import Need

pytestmark = pytest.mark.postgres
HEAD = "编号,姓名,门牌,需要什么,原话,哪天说的,人数,备注\n"


def sheet(*lines: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("需求.csv", (head + "\n".join(lines) + "\n").encode(), content_type="text/csv")


def signed(page: str) -> str:
    return page.partition('name="plan" value="')[2].partition('"')[0]


def test_a_file_is_checked_then_written_and_twice_is_once(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    make_category(label="上门剪发", group="elder")
    by_name = make_resident(town.community, town.grids[0], name="欧阳听雨")
    by_number = make_resident(town.community, town.grids[1], name="欧阳听风")
    lines = [
        ",欧阳听雨,,上门剪发,下不了楼,2026.1.5,,",
        f"{by_number.number},,,上门剪发,,,,",
        ",,,上门剪发,纸质问卷,20260105,12,",
    ]
    for _ in range(2):
        looked = desk.post("/desk/needs/import/", {"file": sheet(*lines)})
        page = looked.content.decode()
        assert "3 行能导入，0 行有错" in page
        assert "备注" in page, "a column nobody knows is named"
        before = Need.objects.count()
        done = desk.post("/desk/needs/import/", {"plan": signed(page)})
        assert "记下了 3 行" in done.content.decode()
        assert Need.objects.count() == 3 or before == 0
    assert {(need.resident, need.heads, need.channel) for need in Need.objects.all()} == {
        (by_name, 1, "sheet"),
        (by_number, 1, "sheet"),
        (None, 12, "sheet"),
    }
    assert Need.objects.get(resident=by_name).at.date().isoformat() == "2026-01-05"


def test_every_bad_cell_is_named_and_nothing_is_written(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    make_category(label="上门剪发", group="elder")
    make_category(label="学吹笛", is_active=False)
    mine = make_resident(town.community, town.grids[0], name="欧阳听雨")
    make_resident(town.community, town.grids[0], name="同名")
    make_resident(town.community, town.grids[0], name="同名")
    other = make_resident(town.community, town.grids[1], name="隔壁网格")
    bad = {
        ",欧阳听雨,,剪发,,,,": "没有这一类",
        ",欧阳听雨,,学吹笛,,,,": "已经停用",
        ",同名,,上门剪发,,,,": "2 位同名",
        ",隔壁网格,,上门剪发,,,,": "没有这位居民",
        f"{other.number},,,上门剪发,,,,": "不在您负责的范围",
        f"{mine.number},隔壁网格,,上门剪发,,,,": "不是同一个人",
        ",欧阳听雨,,上门剪发,,2999-01-01,,": "不晚于今天",
        ",欧阳听雨,,上门剪发,,某天,,": "不晚于今天",
        ",,,上门剪发,,,很多,": "没记名字就写人数",
        f",欧阳听雨,,上门剪发,{'长' * 301},,,": "太长",
    }
    page = desk.post("/desk/needs/import/", {"file": sheet(*bad, ",欧阳听雨,,上门剪发,,,,")}).content.decode()
    assert f"1 行能导入，{len(bad)} 行有错" in page
    for line, why in bad.items():
        assert why in page, line
    assert not Need.objects.exists()
    refused = desk.post("/desk/needs/import/", {"plan": signed(page)})
    assert refused.status_code == 422
    assert not Need.objects.exists()
    assert desk.post("/desk/needs/import/", {"plan": signed(page), "skip": "1"}).status_code == 200
    assert Need.objects.get().resident == mine


def test_what_is_no_list_of_needs_is_refused_in_one_sentence(town: Town, client_for: Any) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    for file in (
        sheet("1,2", head="甲,乙\n"),
        sheet(),
        SimpleUploadedFile("x.xlsx", b"PK\x03\x04nothing"),
        SimpleUploadedFile("x.xls", b"<html><table></table></html>"),
    ):
        assert desk.post("/desk/needs/import/", {"file": file}).status_code == 422
    assert desk.post("/desk/needs/import/", {"plan": "forged"}).status_code == 422
    template = desk.get("/desk/needs/import/template/")
    assert template["Content-Disposition"].startswith("attachment")
    assert io.BytesIO(b"".join(template)).read(2) == b"PK"
