"""派单目录 as it looks, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.cases.actions.catalogue import write_rule
from jiamenkou.foundation.cases.catalogue import Limit, Rule
from jiamenkou.foundation.people.models import Account
from tests.browser.conftest import Tab
from tests.people import make_staff, make_town

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


@pytest.fixture
def lead(transactional_db: None) -> Account:
    with scope(EVERYTHING, actor="test", reason="test"):
        town = make_town()
        account = make_staff(Role.COMMUNITY_LEAD, town.community, display_name="林知夏")
        own = Rule("lighting", "公共设施", "楼道照明", Role.GRID_WORKER, Limit(2), Limit(2, "working_days"), Limit(4),
                   place=town.community.code, icon="lightbulb", words=("灯",))  # fmt: skip
        write_rule(own, seen=0, by=Actor(account), reason="test")
        return account


def test_every_page(browser_page: Callable[..., Tab], lead: Account) -> None:
    tab = browser_page("desk", lead)
    for name, path in {
        "catalogue": "", "catalogue-none": "?q=没有", "catalogue-new": "new/", "catalogue-row": "lighting/",
    }.items():  # fmt: skip
        tab.open(f"/desk/cases/catalogue/{path}")
        tab.check(name)
    page = tab.open("/desk/cases/catalogue/lighting/")
    page.get_by_label("谁来办").select_option("")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("谁来办？请选一个岗位").wait_for()
