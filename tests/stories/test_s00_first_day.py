"""The first day of an empty house: README.zh-CN.md's walk, from the first account to a counted placement."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from jiamenkou.foundation.sheets.writing import Column, WorkbookWriter
from tests.stories.conftest import DESK, House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

MESSAGE = """晨曦养老服务中心急招👇
护理员（白班）2名，有健康证，耐心
上班：周一到周五 8:00-15:00，双休
工资4000-4500元/月，缴五险，包午饭
地址：梧桐街道锦荷路66号
联系：蒋经理 13700001234"""


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("empty"), "--no-demo") as found:
        yield found


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def sign_in_first(page: Page, made: dict[str, str]) -> None:
    """Password, then the app is set up and its six digits typed; the last digit sends the form."""
    page.goto("/desk/")
    page.get_by_label("用户名").fill(made["username"])
    page.get_by_label("密码").fill(made["password"])
    page.get_by_role("button", name="下一步").click()
    secret = page.locator("b.nowrap").inner_text().replace(" ", "")
    page.locator("input.code-input").fill(code_of(secret))
    expect(page).to_have_url(re.compile(r"/desk/$"))


def roster(path: Path) -> Path:
    writer = WorkbookWriter()
    headings = ["姓名", "身份证号", "手机号", "网格", "楼栋", "单元", "房号", "就业状态"]
    rows = [
        ["颜知秋", "320499199003070020", "13800004321", "第一网格", "8幢", "1", "302", "求职中"],
        ["石青山", "", "13800004322", "第二网格", "9幢", "2", "501", "在职"],
    ]
    writer.sheet("花名册", [Column(heading) for heading in headings], rows)
    writer.save(path)
    return path


def test_from_an_empty_house_to_a_counted_placement(
    empty_house: House, chromium: Browser, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    made = json.loads(empty_house.command("staff", "add", "林知夏", "--community", "桂花园社区", "--json"))
    assert (made["role"], made["place"]) == ("社区负责人", "桂花园社区")
    with pytest.raises(subprocess.CalledProcessError) as wrong:
        empty_house.command("staff", "add", "费若棠", "--community", "没有的社区")
    assert wrong.value.returncode == 2
    assert wrong.value.stderr.count("\n") == 1 and "桂花园社区" in wrong.value.stderr
    context = chromium.new_context(viewport=DESK, base_url=empty_house.url, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_in_first(page, made)
    shot(page, "first-day-today")

    # 1 a roster comes in: looked at, then written
    page.get_by_role("link", name=re.compile("^居民")).first.click()
    page.get_by_role("link", name="导入 Excel").first.click()
    page.locator("input[type=file]").set_input_files(roster(tmp_path / "花名册.xlsx"))
    page.get_by_role("button", name="上传并看结果").click()
    page.get_by_role("button", name=re.compile("^写入")).click()
    expect(page.get_by_text(re.compile("写好了|已写入|写入了")).first).to_be_visible()

    # 2 a wish
    page.get_by_role("link", name=re.compile("^居民")).first.click()
    page.get_by_role("row", name=re.compile("颜知秋")).get_by_role("link").first.click()
    page.get_by_role("link", name="登记求职意向").first.click()
    page.get_by_label("想做什么").fill("护理员")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("/desk/jobs/intentions/"))

    # 3 a vacancy from the chat group
    page.get_by_role("link", name=re.compile("^岗位")).first.click()
    page.get_by_role("link", name="粘贴招工").first.click()
    page.get_by_label("原文").fill(MESSAGE)
    page.get_by_role("button", name="认一认").click()
    page.get_by_role("button", name=re.compile("确认，发布")).click()

    # 4 who can take it
    page.get_by_role("link", name="找人").first.click()
    page.get_by_role("row", name=re.compile("颜知秋")).get_by_role("checkbox").check()
    page.get_by_role("button", name="推荐选中的人").click()

    # 5 and 6: said yes on the phone, hired, started
    page.get_by_role("row", name=re.compile("颜知秋")).get_by_role("link").first.click()
    page.get_by_role("button", name="等单位回话").click()
    page.get_by_role("button", name="录用，等上岗").click()
    page.get_by_label("哪天上的岗").fill(f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}")
    page.get_by_role("button", name="确认上岗").click()
    expect(page.get_by_text("已上岗").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^上岗")).first.click()
    expect(page.locator("#recent").get_by_text("颜知秋")).to_be_visible()
    expect(page.get_by_text("1 / 1").first).to_be_visible()
    shot(page, "first-day-placements")

    # a colleague gets an account without the command line
    page.get_by_role("link", name=re.compile("^人员")).first.click()
    assert Axe().run(page).response["violations"] == []
    shot(page, "first-day-staff")
    page.get_by_role("link", name="新人员").first.click()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("姓名").fill("沐云舒")
    page.get_by_label("角色").select_option(label="网格员")
    page.get_by_label("管哪里").select_option(label="第一网格")
    page.get_by_role("button", name="开账号").click()
    expect(page.get_by_text("muyunshu")).to_be_visible()
    shot(page, "first-day-new-account")
    context.close()
