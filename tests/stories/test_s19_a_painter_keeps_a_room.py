"""S19: a retired painter keeps a calligraphy room, writes couplets for neighbours, and gives works; the hours are credited."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

ROOM = "桂香书画室"


def test_couplets_works_and_hours(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    accounts = {one["username"]: one for one in house.accounts()}
    phone = someone("demo-resident-graduate-1")
    phone.goto("/stations/")
    phone.get_by_role("link", name=ROOM).click()
    phone.get_by_role("link", name=re.compile("写春联")).click()
    phone.get_by_label("要几副").fill("2")
    phone.get_by_label("想写什么").fill("步步生花")
    phone.get_by_role("button", name="登记").click()
    expect(phone.get_by_text("等着写").first).to_be_visible()
    mine = phone.url

    # the painter writes them; the neighbour is told and fetches them
    painter = someone("demo-host-4")
    painter.goto("/stations/")
    painter.get_by_role("link", name=re.compile("我管的")).click()
    painter.locator(".host-row", has_text="步步生花").get_by_role("button", name="写好了").click()
    expect(painter.locator("section[role=status]")).to_contain_text("写好了")
    phone.goto("/me/messages/")
    expect(phone.get_by_text("您的春联写好了，来取").first).to_be_visible()
    painter.locator(".host-row", has_text="步步生花").get_by_role("button", name="取走了").click()
    phone.goto(mine)
    expect(phone.get_by_text("取走了").first).to_be_visible()

    # a work hangs only with its author's yes, and comes down as easily
    author = accounts["demo-volunteer-1"]["name"]
    painter.get_by_role("link", name="请作者同意展出").click()
    painter.get_by_label("姓名").fill(author)
    painter.get_by_label("住哪栋楼").fill("桂花园")
    painter.get_by_label("作品名").fill("雪后")
    painter.get_by_role("button", name="找这个人").click()
    painter.locator("button.option").last.click()
    expect(painter.get_by_text("《雪后》等作者同意")).to_be_visible()
    stranger = someone()
    stranger.goto("/stations/2/")
    expect(stranger.get_by_text("《雪后》")).to_have_count(0)
    volunteer = someone("demo-volunteer-1")
    volunteer.goto("/me/things/")
    volunteer.get_by_role("link", name=re.compile("《雪后》")).first.click()
    volunteer.get_by_role("button", name="同意展出").click()
    stranger.reload()
    expect(stranger.get_by_text("《雪后》")).to_be_visible()
    shot(stranger, "phone-culture")
    volunteer.get_by_role("button", name="收回，不展了").click()
    stranger.reload()
    expect(stranger.get_by_text("《雪后》")).to_have_count(0)

    # a work is given
    painter.goto("/stations/host/2/")
    painter.locator(".host-row", has_text="秋荷").get_by_role("link", name="送人").click()
    painter.get_by_label("姓名").fill("老郑头")
    painter.get_by_label("住哪栋楼").fill("5 栋")
    painter.get_by_role("button", name="找这个人").click()
    painter.get_by_role("button", name="都不是，就记这个名字").click()
    expect(painter.get_by_text("《秋荷》送给 老郑头 了")).to_be_visible()

    # who was helped says yes with a tap, and the minutes are in the helper's account
    helped = someone("demo-resident-1")
    volunteer.goto("/stations/hours/")
    before = volunteer.locator(".figure").inner_text()
    helped.goto("/me/things/")
    helped.get_by_role("link", name=re.compile("帮您修纱窗")).first.click()
    helped.get_by_role("button", name="对，帮我了").click()
    volunteer.reload()
    expect(volunteer.locator(".figure")).not_to_have_text(before)
    volunteer.get_by_role("button", name="开一张时长证明").click()
    expect(volunteer.get_by_role("heading", name="志愿服务时长证明")).to_be_visible()
    code = volunteer.locator(".foot-line span").last.inner_text()
    stranger.goto(f"/stations/certificate/{code}/")
    expect(stranger.get_by_text("这张证明是真的")).to_be_visible()
    assert author not in stranger.locator("body").inner_text()
