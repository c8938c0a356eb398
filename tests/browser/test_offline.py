"""The page of the store: what axe says of it, in every mode, and that it needs nobody to be signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Tab

pytestmark = [pytest.mark.postgres, pytest.mark.browser]


@pytest.mark.parametrize(
    ("mode", "attribute"), [("phone", ""), ("care", "data-care"), ("dark", "data-dark"), ("small-care", "data-care")]
)
def test_the_page_of_the_store(browser_page: Callable[..., Tab], mode: str, attribute: str) -> None:
    tab = browser_page(mode)
    tab.page.add_init_script(f"localStorage.setItem('phone-modes', '{attribute}')")
    tab.open("/jobs/")
    tab.page.locator("body[data-store=ready]").wait_for()
    tab.open("/offline/")
    tab.page.locator("body[data-store=shell]").wait_for()
    expect(tab.page.get_by_text("没有等着发的")).to_be_visible()
    expect(tab.page.locator("[data-kept-list] a")).to_have_count(1)
    tab.check("offline")
