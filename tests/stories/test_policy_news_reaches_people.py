"""Policy news to those it is for: written, looked at, confirmed, sent by the worker process, answered on the phone,
and the people it did not reach phoned."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]


def test_news_reaches_people_and_the_rest_is_phoned(
    someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    desk, phone = someone("demo-worker-1", desk=True), someone("demo-resident-1")
    desk.goto("/desk/campaigns/")
    expect(desk.get_by_text("灵活就业人员社保补贴开始登记")).to_be_visible()
    shot(desk, "campaigns")
    desk.get_by_role("link", name="写一条").click()
    desk.get_by_label("标题").fill("周六招聘会在社区活动室")
    desk.get_by_label("正文").fill("周六上午 9 点到 11 点，十五家单位来招人，带身份证就行。")
    desk.get_by_label("让居民点一下回复").fill("我去、去不了")
    desk.get_by_label("短信", exact=True).check()
    desk.get_by_label("微信提醒").check()
    desk.get_by_label("就业状态").select_option("looking")
    desk.get_by_role("button", name="下一步：看看发给谁").click()

    go = desk.get_by_role("button", name=re.compile(r"发给 \d+ 位"))
    people = re.search(r"\d+", go.inner_text())
    assert people is not None
    shot(desk, "campaign-look")
    typed = desk.get_by_label(re.compile("请输入人数"))
    if typed.count():
        typed.fill(people[0])
    go.click()
    expect(desk.get_by_text("发完了")).to_be_visible(timeout=60_000)
    expect(desk.get_by_role("link", name=re.compile("一共"))).to_contain_text(people[0])

    phone.goto("/me/messages/")
    asks = phone.locator("section", has=phone.get_by_role("heading", name="周六招聘会在社区活动室"))
    asks.get_by_role("button", name="我去").click()
    expect(phone.get_by_text("已经回了：我去")).to_be_visible()
    desk.reload()
    expect(desk.get_by_role("link", name=re.compile("回复"))).to_contain_text("1")
    shot(desk, "campaign-reach")

    desk.get_by_role("link", name="打电话告知").click()
    before = desk.locator("h1 + p").inner_text()
    desk.get_by_role("button", name="已告知").click()
    expect(desk.locator("h1 + p")).not_to_have_text(before)
    shot(desk, "campaign-round")


def test_a_colleague_stands_in(someone: Callable[..., Page], shot: Callable[[Page, str], None]) -> None:
    """Lent on the desk, seen on 今天, given back early."""
    away = someone("demo-lead-1", desk=True)
    away.goto("/desk/stand-ins/")
    row = away.locator("li", has_text="社区工作者").first
    row.get_by_role("link", name="请人代").click()
    colleague = away.get_by_label("请谁代").locator("option", has_text=re.compile("网格员")).first
    away.get_by_label("请谁代").select_option(colleague.get_attribute("value"))
    away.get_by_label("为什么").fill("年休假")
    away.get_by_role("button", name="安排").click()
    expect(away.get_by_text(re.compile("安排好了"))).to_be_visible()
    shot(away, "stand-ins")
    away.get_by_role("button", name="结束").click()
    expect(away.get_by_text("现在没有人代班")).to_be_visible()
