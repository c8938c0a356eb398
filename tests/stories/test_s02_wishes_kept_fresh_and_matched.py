"""S2: three hundred women's and families' wishes are collected, kept fresh, and matched to what comes in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jiamenkou.foundation.sheets.writing import Column, WorkbookWriter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

NEWCOMER = "颜知秋"
MESSAGE = """晨曦养老服务中心急招👇
护理员（白班）2名，限女，有健康证，耐心
上班：周一到周五 8:00-15:00，双休
工资4000-4500元/月，缴五险，包午饭
地址：梧桐街道锦荷路66号
联系：蒋经理 13700001234"""


def roster(path: Path) -> Path:
    """A worker's sheet of one newcomer; the number is invented, its check digit right."""
    writer = WorkbookWriter()
    headings = ["姓名", "身份证号", "手机号", "网格", "楼栋", "单元", "房号", "就业状态"]
    row = [NEWCOMER, "320499199003070020", "13800004321", "第三网格", "8幢", "1", "302", "求职中"]
    writer.sheet("花名册", [Column(heading) for heading in headings], [row])
    writer.save(path)
    return path


def test_wishes_are_collected_kept_fresh_and_matched(
    someone: Callable[..., Page], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    worker = someone("demo-worker-1", desk=True)
    worker.goto("/desk/")
    shot(worker, "desk-today")

    # a sheet comes in: looked at first, then written
    worker.get_by_role("link", name=re.compile("居民")).first.click()
    shot(worker, "desk-residents")
    worker.get_by_role("link", name="导入 Excel").click()
    worker.locator("input[type=file]").set_input_files(roster(tmp_path / "新住户.xlsx"))
    worker.get_by_role("button", name=re.compile("预演|看结果|下一步|上传")).first.click()
    expect(worker.get_by_text(re.compile("新建")).first).to_be_visible()
    shot(worker, "desk-import")
    worker.get_by_role("button", name=re.compile("^写入")).click()
    expect(worker.get_by_text(re.compile("写好了|已写入|写入了")).first).to_be_visible()

    # the newcomer's wish is asked and written down
    worker.goto(f"/desk/residents/?q={NEWCOMER}")
    worker.get_by_role("row", name=re.compile(NEWCOMER)).get_by_role("link").first.click()
    worker.get_by_role("link", name="登记求职意向").first.click()
    worker.get_by_label("想做什么").fill("护理员")
    worker.get_by_label("要接送孩子").check()
    worker.get_by_role("button", name="保存").click()
    expect(worker).to_have_url(re.compile("/desk/jobs/intentions/"))

    # the oldest wishes are asked about again, one call after the other
    worker.goto("/desk/jobs/round/")
    before = worker.locator(".title-row p").inner_text()
    worker.get_by_role("button", name="还在找").click()
    expect(worker.locator(".title-row p")).not_to_have_text(before)
    shot(worker, "desk-round")

    # what comes in on the chat group becomes a vacancy; what the law forbids is struck
    worker.goto("/desk/jobs/paste/")
    worker.get_by_label("原文").fill(MESSAGE)
    worker.get_by_role("button", name="认一认").click()
    expect(worker.get_by_label("岗位名称")).to_have_value(re.compile("护理员"))
    expect(worker.locator("li del", has_text="限女")).to_be_visible()
    shot(worker, "desk-paste")
    for day in "一二三四五":
        worker.get_by_label(f"周{day}", exact=True).check()
    worker.get_by_role("button", name=re.compile("确认，发布")).click()

    # who can take it, and why; the newcomer is recommended
    worker.goto("/desk/jobs/vacancies/?q=晨曦养老服务中心")
    worker.get_by_role("link", name="找人").first.click()
    shot(worker, "desk-people")
    row = worker.get_by_role("row", name=re.compile(NEWCOMER))
    expect(row.get_by_text("能接孩子")).to_be_visible()
    row.get_by_role("checkbox").check()
    worker.get_by_role("button", name="推荐选中的人").click()
    expect(worker.get_by_text(re.compile("等本人点头")).first).to_be_visible()

    # she has no account yet: the worker asks her on the phone and writes down her yes
    worker.get_by_role("row", name=re.compile(NEWCOMER)).get_by_role("link").first.click()
    worker.get_by_role("button", name="等单位回话").click()
    expect(worker.get_by_text("等单位回话").first).to_be_visible()
    worker.goto("/desk/jobs/board/")
    expect(worker.get_by_text(NEWCOMER).first).to_be_visible()
    shot(worker, "desk-board")
