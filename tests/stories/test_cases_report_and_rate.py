"""A neighbour reports on the phone, the desk handles it, the neighbour says it is solved. The year before it has its figures."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]


def test_reported_handled_and_rated(someone: Callable[..., Page], shot: Callable[[Page, str], None]) -> None:
    phone = someone("demo-resident-1")
    phone.goto("/help/")
    shot(phone, "help-door")
    phone.goto("/help/report/")
    shot(phone, "help-report")
    phone.get_by_label("什么事？").fill("楼道灯坏了，晚上看不见台阶")
    expect(phone.locator("#promise")).to_contain_text("楼道照明")
    phone.get_by_role("button", name="报上去").click()
    expect(phone.get_by_text("编号")).to_be_visible()
    mine = phone.url
    shot(phone, "help-mine")

    desk = someone("demo-worker-1", desk=True)
    desk.goto("/desk/cases/?view=sign&sort=-submitted")
    shot(desk, "desk-cases")
    desk.goto(mine.replace("/help/", "/desk/cases/"))
    desk.get_by_role("button", name="签收", exact=True).click()
    shot(desk, "desk-case")
    desk.get_by_label("怎么办的，报的人会看到").fill("换了灯泡")
    desk.get_by_role("button", name="办好了", exact=True).click()
    expect(desk.get_by_text("待回访").first).to_be_visible()
    desk.goto("/desk/cases/figures/?days=365")
    expect(desk.get_by_text(re.compile(r"\d+\.\d%")).first).to_be_visible()
    shot(desk, "desk-case-figures")

    phone.goto(mine)
    phone.get_by_label("解决了", exact=True).check()
    phone.get_by_label("很满意", exact=True).check()
    shot(phone, "help-rate")
    phone.get_by_role("button", name="就这样").click()
    expect(phone.get_by_text("办完了").first).to_be_visible()
