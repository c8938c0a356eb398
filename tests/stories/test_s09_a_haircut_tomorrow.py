"""S9: "I'd like a haircut tomorrow", also at home for the very old."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House
from tests.stories.test_s08_is_my_umbrella_ready import open_station

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]


def test_a_haircut_is_booked_moved_and_seen_by_the_host(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    phone = someone("demo-resident-1")
    open_station(phone)
    card = phone.locator("section.card", has_text="约理发")
    card.locator("a.slot").first.click()
    clock = phone.locator("form.framed h2").inner_text()
    shot(phone, "phone-haircut")
    phone.get_by_role("button", name="就约这个时间").click()
    expect(phone.get_by_text("约好了").first).to_be_visible()
    mine = phone.url

    # the slot is gone for others
    other = someone()
    open_station(other)
    time_of_day = clock.split()[-1]
    other.locator("section.card", has_text="约理发").get_by_role("link", name="看所有时间").click()
    day = other.locator("section.card").filter(has=other.locator(".slots")).first
    expect(day.locator(".slot[aria-disabled=true]", has_text=re.compile(f"^{time_of_day}$"))).to_be_visible()

    # another time, with one tap more
    phone.get_by_role("link", name="改时间").click()
    phone.locator("button.slot").last.click()
    expect(phone).to_have_url(mine)
    moved = phone.locator("dl, .facts").first.inner_text()
    assert time_of_day not in moved.split("–")[0] or clock.split()[0] not in moved

    # the host has it in the list, by family name and building only; the desk in its week
    host = someone("demo-host-1")
    host.goto("/stations/host/1/")
    name = next(one for one in house.accounts() if one["username"] == "demo-resident-1")["name"]
    row = host.locator(".host-row", has_text=re.compile(f"{name[0]}(女士|先生)")).filter(has_text="约理发")
    expect(row.first).to_be_visible()
    worker = someone("demo-worker-1", desk=True)
    worker.goto("/desk/stations/calendar/")
    worker.get_by_role("link", name="下一周").click()
    expect(worker.get_by_role("rowheader", name=re.compile("约理发"))).to_be_visible()
    shot(worker, "desk-week")

    # not going after all: the place is free again
    phone.get_by_role("button", name="不去了，取消").click()
    expect(phone.get_by_text("取消了").first).to_be_visible()


def test_the_barber_comes_to_an_old_neighbour(house: House, someone: Callable[..., Page]) -> None:
    """Large type, two taps; the address is there for the barber until the visit is over."""
    phone = someone("demo-elder-1")
    open_station(phone)
    phone.get_by_role("link", name=re.compile("王师傅上门")).click()
    phone.locator("a.slot").nth(2).click()
    phone.get_by_text("请师傅上门").click()
    phone.get_by_label("上门地址").fill("桂花园 2 单元 501 室")
    phone.get_by_role("button", name="就约这个时间").click()
    expect(phone.get_by_text("约好了").first).to_be_visible()
    expect(phone.get_by_text("桂花园 2 单元 501 室")).to_be_visible()

    host = someone("demo-host-1")
    host.goto("/stations/host/1/")
    row = host.locator(".host-row", has_text="桂花园 2 单元 501 室")
    expect(row).to_be_visible()
    row.get_by_role("button", name="取消").click()
    expect(host.locator("section[role=status]")).to_contain_text("取消了")
    expect(host.get_by_text("桂花园 2 单元 501 室")).to_have_count(0)

    # somebody young is told who is visited, and offered the station instead
    young = someone("demo-resident-1")
    young.goto(phone.url.split("/stations/")[0] + "/stations/1/")
    young.get_by_role("link", name=re.compile("王师傅上门")).click()
    young.locator("a.slot").first.click()
    expect(young.get_by_text("请师傅上门")).to_have_count(0)
