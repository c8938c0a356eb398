"""The frame around every desk page, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from tests.browser.conftest import Tab
from tests.people import make_staff, make_town

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


def test_a_group_that_is_not_used_stays_folded(browser_page: Callable[..., Tab], transactional_db: None) -> None:
    with scope(EVERYTHING, actor="test", reason="test"):
        worker = make_staff(Role.WORKER, make_town().community)
    tab = browser_page("desk", worker)
    page = tab.open("/desk/")
    group = page.locator('details[data-fold="供需"]')
    link = group.get_by_role("link").first
    assert link.is_visible()
    group.locator("summary").click()
    assert not link.is_visible()
    tab.check("folded")
    tab.open("/desk/residents/")
    page.wait_for_function("!document.querySelector('details[data-fold=\"供需\"]').open")
    # where one stands is open, whatever was folded
    tab.open("/desk/jobs/vacancies/")
    assert page.locator('details[data-fold="供需"]').get_by_role("link").first.is_visible()
    page.locator('details[data-fold="人与家"] summary').press("Enter")
    assert not page.locator('details[data-fold="人与家"]').get_by_role("link").first.is_visible()
