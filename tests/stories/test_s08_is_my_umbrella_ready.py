"""S8: "is my umbrella ready?" is answered on the phone; discarded umbrellas are mended and given away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

STATION = "3 栋楼道驿站"


def open_station(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("邻里驿站")).first.click()
    page.get_by_role("link", name=STATION).first.click()
    expect(page.get_by_role("heading", name=STATION)).to_be_visible()


def mended(page: Page) -> int:
    """The figure on the station's own page."""
    text = page.get_by_label("一起做到的").inner_text()
    found = re.search(r"[\d,]+", text)
    assert found, text
    return int(found[0].replace(",", ""))


def test_an_umbrella_is_mended_fetched_and_counted(
    house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    owner = next(one for one in house.accounts() if one["username"] == "demo-resident-graduate-1")
    phone = someone("demo-resident-graduate-1")
    open_station(phone)
    before = mended(phone)
    assert before > 1000  # nine years of umbrellas before the system came
    shot(phone, "phone-station")

    # brought with two taps and a word
    phone.get_by_role("link", name="东西坏了，送来修").click()
    phone.get_by_label("什么东西坏了").fill("格子雨伞")
    phone.get_by_label("哪里坏了").fill("断了一根伞骨")
    phone.get_by_role("button", name="登记，送过去").click()
    expect(phone.get_by_text("修格子雨伞")).to_be_visible()
    ticket = phone.url

    # the host mends it
    host = someone("demo-host-1")
    host.goto("/")
    host.get_by_role("link", name=re.compile(STATION)).first.click()
    row = host.locator(".host-row", has_text="格子雨伞")
    expect(row).to_contain_text(re.compile(f"{owner['name'][0]}(女士|先生)"))
    expect(row).not_to_contain_text(owner["name"])
    row.get_by_text("收到了").click()
    row.get_by_role("button", name="开始修").click()
    row = host.locator(".host-row", has_text="格子雨伞")
    row.get_by_text("修得怎样").click()
    row.get_by_label("怎么修的").fill("换了一根伞骨")
    row.get_by_role("button", name="修好了，叫人来取").click()
    expect(host.locator("section[role=status]")).to_contain_text("待取件")
    shot(host, "phone-host")

    # nobody had to come and ask
    phone.goto("/me/messages/")
    expect(phone.get_by_text("您的格子雨伞修好了，可以来取").first).to_be_visible()
    open_station(phone)
    expect(phone.get_by_text("您的格子雨伞修好了")).to_be_visible()
    phone.goto(ticket)
    code = phone.locator(".digits").inner_text().strip()
    assert re.fullmatch(r"\d{4}", code)

    # fetched with the code; the figure has grown by one
    host.get_by_label("来取东西：取件码").fill(code)
    host.get_by_role("button", name="取走", exact=True).click()
    expect(host.locator("section[role=status]")).to_contain_text("格子雨伞 取走了")
    phone.goto(ticket)
    expect(phone.get_by_text("取走了").first).to_be_visible()
    open_station(phone)
    assert mended(phone) == before + 1


def test_discarded_umbrellas_are_given_to_those_who_need_them(someone: Callable[..., Page]) -> None:
    host, phone = someone("demo-host-1"), someone()
    open_station(phone)
    before = mended(phone)
    host.goto("/stations/")
    host.get_by_role("link", name=re.compile("我管的")).first.click()
    host.get_by_text("收来旧物").click()
    host.get_by_label("什么", exact=True).fill("黑雨伞")
    host.get_by_label("几件").fill("2")
    host.get_by_label("哪里来的").fill("垃圾房捡的")
    host.get_by_role("button", name="记下").click()
    host.locator(".host-row", has_text="黑雨伞").get_by_role("button", name="修好了").click()
    # somebody without a phone, known by name and building: looked for first
    host.locator(".host-row", has_text="黑雨伞").get_by_role("link", name="送出一件").click()
    host.get_by_label("姓名").fill("老郑头")
    host.get_by_label("住哪栋楼").fill("5 栋")
    host.get_by_label("为什么给").fill("家里没有伞")
    host.get_by_role("button", name="找这个人").click()
    expect(host.get_by_text("登记册里没有这个名字")).to_be_visible()
    host.get_by_role("button", name="都不是，就记这个名字").click()
    expect(host.get_by_text("黑雨伞 送给 老郑头 了")).to_be_visible()
    open_station(phone)
    assert mended(phone) == before + 2
    expect(phone.get_by_label("一起做到的")).to_contain_text("4")
