"""S20: needs are collected at doors and fairs; the gap list opens a service; supply follows demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import PHONE, House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]
WHAT = "家里装扶手"


def waiting(desk: Page) -> int:
    """How many wait for it, as the gap list says; 0 where it has no line yet."""
    desk.goto("/desk/needs/gaps/")
    row = desk.locator("tbody tr", has_text=WHAT)
    if not row.count():
        return 0
    words = row.first.locator("td.num").first.inner_text().strip()
    return int(words) if words.isdecimal() else 0


def in_place(desk: Page) -> int:
    """The figure 30 天内用上 counts what is ripe; a project's own figure moves at once."""
    head = desk.locator(".card-head small", has_text="用上").first.inner_text()
    found = re.search(r"用上 (\d+) 人", head)
    assert found is not None, head
    return int(found[1])


def test_needs_are_collected_a_service_opens_and_the_figure_moves(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    worker = someone("demo-worker-1", desk=True)
    before = waiting(worker)

    # at the door: the grid worker's own phone, the resident's file, one form
    door = someone("demo-grid-worker-11")
    assert door.viewport_size == PHONE
    door.goto("/desk/residents/")
    door.locator("tbody tr a").first.click()
    door.get_by_role("link", name="登记需求").first.click()
    door.get_by_label("需要什么").select_option(label=WHAT)
    door.get_by_label("在哪说的").select_option(label="上门走访")
    door.get_by_label("原话").fill("洗澡怕滑")
    door.get_by_role("button", name="记下").click()
    expect(door.locator("h1")).to_be_visible()
    expect(door).to_have_url(re.compile(r"/desk/needs/\d+/$"))

    # on the phone: two taps and a sentence; said twice it stays one
    phone = someone("demo-resident-1")
    for _ in range(2):
        phone.goto("/needs/")
        phone.get_by_role("link", name=WHAT).last.click()
        phone.get_by_label("还想说一句").fill("给我妈装")
        phone.get_by_role("button", name="告诉社区").click()
        expect(phone.get_by_text("记下了").first).to_be_visible()
    mine = phone.url.split("?")[0]
    shot(phone, "phone-need-said")

    # at the fair: a tap a person, nobody's name
    worker.goto("/desk/needs/fairs/?state=planned")
    worker.get_by_role("link", name=re.compile("便民市集")).first.click()
    worker.get_by_role("link", name="记需求").click()
    for heads in range(1, 4):
        line = worker.locator("li", has=worker.get_by_role("button", name=WHAT))
        line.get_by_role("button", name=WHAT).click()
        expect(worker.locator("li", has=worker.get_by_role("button", name=WHAT)).locator(".figure")).to_have_text(
            str(heads)
        )
    worker.locator("li", has=worker.get_by_role("button", name=WHAT)).get_by_role("button", name="减一个").click()
    expect(worker.locator("li", has=worker.get_by_role("button", name=WHAT)).locator(".figure")).to_have_text("2")
    shot(worker, "desk-fair-stand")

    # the gap list counts all of them, and opens a project
    assert waiting(worker) == before + 1 + 1 + 2
    shot(worker, "desk-gaps")
    worker.locator("tbody tr", has_text=WHAT).get_by_role("link", name="开成项目").click()
    worker.get_by_label("叫什么").fill("装扶手，上门量")
    worker.get_by_label("哪天开").fill((date.today() + timedelta(days=3)).isoformat())
    worker.get_by_label("在哪").fill("到家里装")
    worker.get_by_role("button", name="定下来，告诉大家").click()
    expect(worker.locator("h1")).to_have_text("装扶手，上门量")
    project = worker.url
    used = in_place(worker)
    assert waiting(worker) == 0, "everybody who waited is in the project now"

    # who asked is told, and asked afterwards
    phone.goto("/me/messages/")
    expect(phone.get_by_text(f"您说的“{WHAT}”，社区在张罗了").first).to_be_visible()
    worker.goto(project)
    worker.get_by_role("button", name="开好了，告诉大家").click()
    expect(worker.get_by_text("开好了").first).to_be_visible()
    phone.goto(mine)
    shot(phone, "phone-need-asked")
    phone.get_by_role("button", name="用上了", exact=True).click()
    expect(phone.get_by_text("用上了").first).to_be_visible()

    # the figure moves: on the project's page, and behind it stands the person
    worker.goto(project)
    assert in_place(worker) == used + 1
    name = next(one["name"] for one in house.accounts() if one["username"] == "demo-resident-1")
    expect(worker.locator("tbody tr", has_text=name)).to_contain_text("用上了")
    shot(worker, "desk-project")
