"""S10: children paint in a stairwell corner whose young host runs sessions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House
from tests.stories.test_s08_is_my_umbrella_ready import open_station

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

TODAY = "new Date(Date.now() + 8 * 3600e3 + %d * 60e3).toISOString().slice(0, 16)"
HERE = "a => a.getAttribute('href')"


def test_a_session_is_opened_joined_signed_in_by_the_code_on_the_wall_and_counted(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    # the station is asked to keep longer hours today, so that the story runs at any hour
    worker = someone("demo-worker-1", desk=True)
    worker.goto("/desk/stations/1/edit/")
    worker.get_by_label("开放时间").fill("每天 0:00-24:00")
    worker.get_by_role("button", name="存好").click()
    expect(worker.get_by_text("0:00-24:00").first).to_be_visible()

    host = someone("demo-host-1")
    host.goto("/stations/host/1/")
    host.get_by_role("link", name="办一场").click()
    host.get_by_label("办什么").fill("小画家值班")
    host.get_by_label("类别").select_option(label="画画")
    # within the hour in which one may sign in; never over midnight
    host.get_by_label("什么时候").fill(host.evaluate(TODAY % soon(host)))
    host.get_by_label("多长（分钟）").fill("30")
    host.get_by_label("几个名额").fill("1")
    host.get_by_label("来的人记志愿时长").check()
    host.get_by_role("button", name="开始报名").click()
    expect(host.get_by_role("heading", name="小画家值班")).to_be_visible()

    # a parent joins; the second stands in line
    parent = someone("demo-resident-1")
    open_station(parent)
    parent.get_by_role("link", name=re.compile("小画家值班")).click()
    session = parent.url
    parent.get_by_role("button", name="报名").click()
    expect(parent.get_by_text("约好了").first).to_be_visible()
    second = someone("demo-resident-graduate-1")
    second.goto(session)
    second.get_by_role("button", name=re.compile("排队")).click()
    expect(second.get_by_text("您排第一位")).to_be_visible()

    # who cannot come passes the place on, and the next one says yes
    parent.get_by_role("button", name="不去了，取消").click()
    refused = parent.get_by_text(re.compile("请打电话说一声"))
    gone = parent.get_by_text("取消了")
    expect(refused.or_(gone).first).to_be_visible()
    if refused.count():
        host.reload()
        # so shortly before only the host may take somebody off; the parent comes after all
        comer = parent
    else:
        second.goto("/me/things/")
        second.get_by_role("link", name=re.compile("小画家值班")).first.click()
        second.get_by_role("button", name="要，我去").click()
        comer = second

    # the code on the wall changes; the phone that scans it signs in, and out at the end
    host.reload()
    first = host.locator("#wall-link").evaluate(HERE)
    comer.goto(first)
    comer.get_by_role("button", name="我到了，签到").click()
    expect(comer.get_by_text("签到好了")).to_be_visible()
    host.get_by_role("link", name="签退码").click()
    leaving = host.locator("#wall-link").evaluate(HERE)
    assert leaving != first
    comer.goto(leaving)
    comer.get_by_role("button", name="我走了，签退").click()
    expect(comer.get_by_text(re.compile("签退好了"))).to_be_visible()
    host.reload()
    expect(host.get_by_text("来过了")).to_be_visible()
    shot(host, "phone-session")

    # the desk sees it in the week
    worker.goto("/desk/stations/calendar/")
    expect(worker.get_by_text("小画家值班")).to_be_visible()


def soon(page: Page) -> int:
    """Minutes from now to a start within the sign-in hour: before midnight, on a full minute."""
    left = int(page.evaluate("1440 - (Math.floor((Date.now() + 8 * 3600e3) / 60e3) % 1440)"))
    return 5 if left > 40 else left
