"""Handing over in a basement: the network is really cut, tabs are really closed, and every parcel is handed over once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.stored import stored

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]


def at_the_point(page: Page) -> list[str]:
    """The leader opens the point with the most parcels waiting; returns the names on its list, in order."""
    page.goto("/groups/lead/")
    page.get_by_role("article").filter(has_text="已到货").get_by_role("link").first.click()
    expect(page.get_by_text("已到货").first).to_be_visible()
    points = [str(link.get_attribute("href")) for link in page.get_by_role("link", name=re.compile("交货$")).all()]
    counts = {}
    for href in points:
        page.goto(href)
        counts[href] = page.locator("[data-waiting] li.row").count()
    page.goto(max(counts, key=lambda href: counts[href]))
    page.locator("body[data-ready=online]").wait_for()
    page.evaluate(
        # its own worker, not the one of the residents' pages
        """async () => { while (!navigator.serviceWorker.controller?.scriptURL.includes("/groups/lead/"))
             await new Promise((done) => setTimeout(done, 100)); }"""
    )
    return page.locator("[data-waiting] li b").all_inner_texts()


def code_at(page: Page, row: int) -> str:
    """What the buyer reads out: the leader's paper list has it."""
    return str(
        page.evaluate(
            "(row) => JSON.parse(document.querySelector('#pickup-list').dataset.along).orders[row].code", row
        )
    )


def give(page: Page, code: str) -> None:
    page.get_by_label(re.compile("取货码 6 位")).fill(code)
    page.get_by_role("button", name="查一下").click()


def test_parcels_are_handed_over_without_signal(
    someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    page = someone("demo-leader-1")
    context = page.context
    # careless: a page that was not taken along shows nothing without signal
    page.goto("/groups/lead/")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    context.set_offline(False)

    names = at_the_point(page)
    assert len(names) >= 2
    first, second = code_at(page, 0), code_at(page, 1)
    address = page.url
    assert names[0] not in stored(page), "a name lies readable on the phone"
    assert "key(false)" in stored(page)

    # down in the basement, where the phone also closed the tab
    context.set_offline(True)
    page.close()
    page = context.new_page()
    page.goto(address)
    page.locator("body[data-ready=offline]").wait_for()
    expect(page.get_by_text("没有信号，名单是")).to_be_visible()
    assert page.locator("[data-list] li b").all_inner_texts() == names
    shot(page, "phone-pickup-offline")
    give(page, "000000" if "000000" not in {first, second} else "999999")
    expect(page.get_by_text("名单里没有这个码")).to_be_visible()
    give(page, first)
    expect(page.get_by_role("heading", name="交给这位")).to_be_visible()
    shot(page, "phone-pickup-offline-found")
    page.get_by_role("button", name="交给他了").click()
    expect(page.get_by_text(f"交给了{names[0]}")).to_be_visible()
    give(page, first)
    expect(page.get_by_text("这一单已经交过了")).to_be_visible()

    # killed again: what was handed over is still known
    page.close()
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("记下了 1 单")).to_be_visible()
    assert page.locator("[data-list] li b").all_inner_texts() == names[1:]
    give(page, second)
    page.get_by_role("button", name="交给他了").click()
    expect(page.get_by_text("记下了 2 单")).to_be_visible()

    # upstairs: told once, and once more does nothing
    told: list[str] = []
    page.on("request", lambda request: told.append(request.post_data or "") if "/sync/" in request.url else None)
    context.set_offline(False)  # which the page hears by itself
    page.locator("body[data-ready=online]").wait_for()
    expect(page.locator("[data-queue]")).to_be_hidden()
    expect(page.locator("[data-waiting] li b")).to_have_count(len(names) - 2)
    assert len(told) == 1
    page.reload()
    page.locator("body[data-ready=online]").wait_for()
    assert len(told) == 1
    give(page, first)
    expect(page.get_by_text("这一单已经取走了")).to_be_visible()

    # signing out takes the list with it
    page.goto("/me/")
    page.locator("form[action='/signin/out/'] button").click()
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    assert "session-pickup" not in str(
        page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    )


def test_a_signed_code_is_verified_on_the_phone(
    someone: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    """The buyer's QR, read by the leader's phone without signal; one letter changed, and it is nobody's."""
    buyer, page = someone("demo-resident-1"), someone("demo-leader-1")
    buyer.goto("/groups/orders/")
    buyer.get_by_role("article").filter(has_text="待提货").get_by_role("link").first.click()
    buyer.get_by_role("link", name="出示取货码").click()
    slip = str(buyer.locator("[data-slip]").get_attribute("data-slip"))
    shot(buyer, "phone-pickup-code")
    mark, cycle, point, orders, signature = slip.split(".")
    at_the_point(page)
    page.goto(f"/groups/lead/{cycle}/points/{point}/")
    page.locator("body[data-ready=online]").wait_for()
    page.context.set_offline(True)
    page.reload()
    page.locator("body[data-ready=offline]").wait_for()
    wrong = {
        ".".join((mark, cycle, point, "1" + orders, signature)): "这不是家门口的取货码",
        ".".join(
            (mark, cycle, point, orders, ("A" if signature[0] != "A" else "B") + signature[1:])
        ): "这不是家门口的取货码",
        "J1.x": "名单里没有这个码",
    }
    for text, answer in wrong.items():
        give(page, text)
        expect(page.get_by_text(answer)).to_be_visible()
        expect(page.get_by_role("button", name="交给他了")).to_have_count(0)
    give(page, slip)
    expect(page.get_by_role("heading", name="交给这位")).to_be_visible()
