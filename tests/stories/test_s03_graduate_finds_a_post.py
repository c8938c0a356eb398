"""S3: a graduate at home finds and applies for a bureau's vacancy on the phone, and is placed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

BUREAU = "云溪人力资源服务站"
CHINA = ZoneInfo("Asia/Shanghai")


def sign_in_by_phone(page: Page, number: str) -> None:
    """Number, consent, the six digits that the demo shows instead of a text message."""
    page.get_by_label("手机号").fill(number)
    page.get_by_label("我看过并同意").check()
    page.get_by_role("button", name=re.compile("验证码|登录|下一步")).first.click()
    digits = page.locator("#screen-code").inner_text()
    page.locator("input.code-input").fill(digits)
    # the last digit sends the form


def test_graduate_finds_a_post_and_is_placed(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    graduate = next(one for one in house.accounts() if one["username"] == "demo-resident-graduate-2")

    # at home, on the phone, before signing in: the bureau's vacancies are there for everybody
    phone = someone()
    phone.goto("/")
    shot(phone, "phone-home")
    phone.get_by_role("link", name=re.compile("找工作")).first.click()
    phone.get_by_role("searchbox").fill("前台文员")
    phone.get_by_role("searchbox").press("Enter")
    phone.get_by_role("link", name=re.compile("前台文员")).first.click()
    expect(phone.get_by_text(BUREAU).first).to_be_visible()
    shot(phone, "phone-vacancy")

    # tap 1 asks who one is, by a code; tap 2 sends
    phone.get_by_role("link", name="投这个岗位").click()
    sign_in_by_phone(phone, graduate["phone"])
    phone.get_by_role("button", name="确认投递").click()
    expect(phone.get_by_text("投出去了")).to_be_visible()
    application = phone.url.split("?")[0]

    # the worker sees it, writes down what the bureau says on the phone
    worker = someone("demo-worker-2", desk=True)
    worker.goto("/desk/jobs/applications/?q=" + graduate["name"])
    worker.get_by_role("row", name=re.compile("前台文员")).get_by_role("link").first.click()
    interview = datetime.now(CHINA) + timedelta(days=3)
    worker.get_by_label("面试时间").fill(f"{interview:%Y-%m-%d}T09:30")
    worker.get_by_label("面试地点").fill("云溪大道 1 号")
    worker.get_by_role("button", name="约了面试").click()
    expect(worker.get_by_text("约了面试").first).to_be_visible()

    # the graduate is told, and knows what comes next
    phone.goto("/me/messages/")
    expect(phone.get_by_text(re.compile(f"{BUREAU} 约您面试")).first).to_be_visible()
    phone.goto("/me/things/")
    expect(phone.get_by_text(re.compile(rf"(?<!\d){interview.month}月{interview.day}日 9:30")).first).to_be_visible()
    shot(phone, "phone-things")

    # hired, started, counted
    worker.reload()
    worker.get_by_role("button", name="录用，等上岗").click()
    worker.get_by_label("哪天上的岗").fill(
        worker.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    )
    worker.get_by_role("button", name="确认上岗").click()
    expect(worker.get_by_text("已上岗").first).to_be_visible()
    worker.goto("/desk/jobs/placements/")
    expect(worker.locator("#recent").get_by_text(graduate["name"])).to_be_visible()
    shot(worker, "desk-placements")

    # and the graduate's own page says so
    phone.goto(application)
    expect(phone.get_by_text("已上岗").first).to_be_visible()
