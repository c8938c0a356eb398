"""Campaigns, stand-ins, notices and paper as they look, in a real Chromium; A4 pages are counted in the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.lending import lend_role
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.campaigns.actions import confirm_campaign, write_campaign
from jiamenkou.foundation.messages.campaigns.sending import send_batch
from jiamenkou.foundation.messages.models import Campaign, Delivery
from jiamenkou.foundation.people.actions.archive import give_consent
from jiamenkou.foundation.people.models import Account, ConsentPurpose
from tests.browser.conftest import SHOTS, Tab
from tests.fronts.desk.make import person
from tests.people import make_signed_up, make_staff, make_town

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
PAGES = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
BODY = "灵活就业、缴了养老或医疗保险的，可以申领社保补贴。\n带身份证、缴费凭证，工作日到社区窗口，我们帮您填。12 月 20 日前有效。"


@pytest.fixture
def scene(transactional_db: None) -> dict[str, Any]:
    with scope(EVERYTHING, actor="test", reason="test"):
        town = make_town()
        worker = make_staff(Role.WORKER, town.community, display_name="林知夏")
        colleague = make_staff(Role.WORKER, town.community, display_name="王敏")
        by, today, now = Actor(worker), timezone.localdate(), timezone.now()
        names = [a + b for a in "苏古纪童冉费商虞晏左" for b in ("映禾", "月笙", "青禾", "雪见")]
        people = []
        for number, name in enumerate(names):
            phones = (f"138{number:04d}5172",) if number % 5 else ()
            people.append(person(town.community, town.grids[number % 2], name=name, phones=phones))
            if number % 3:
                give_consent(people[-1], ConsentPurpose.MESSAGES, how="t", by=by, reason="t")
        made = {
            "title": "灵活就业人员社保补贴开始登记",
            "body": BODY,
            "answers": ["我要办", "知道了"],
            "ways": ["sms", "wechat", "group", "leaflet"],
            "who_words": "全社区",
        }
        sent = write_campaign(town.community, by=by, reason="t", **made)
        confirm_campaign(sent, typed="40", by=by, now=now - timedelta(days=3), today=today, reason="t")
        while send_batch(sent.pk, 100):
            pass
        for number, delivery in enumerate(Delivery.objects.filter(channel="sms").order_by("id")):
            delivery.state, delivery.problem = ("failed", "空号") if number % 4 == 0 else ("delivered", "")
            delivery.cost_fen = 5
            delivery.save()
        draft = write_campaign(town.community, by=by, reason="t", **made | {"title": "冬至包饺子，缺几位帮手"})
        going = write_campaign(town.community, by=by, reason="t", **made | {"title": "周三停水通知"})
        confirm_campaign(going, typed="40", by=by, now=now, today=today, reason="t")
        send_batch(going.pk, 13)
        role = StaffRole.objects.get(account=colleague)
        lend_role(
            role,
            worker,
            first=today,
            last=today + timedelta(days=3),
            today=today,
            by=Actor(colleague),
            reason="年休假",
        )
        return {
            "worker": Account.objects.get(pk=worker.pk),
            "resident": make_signed_up(people[0]),
            "sent": Campaign.objects.get(pk=sent.pk),
            "draft": draft,
            "going": going,
            "role": StaffRole.objects.own().get(account=worker),
        }


def test_every_desk_page(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    tab = browser_page("desk", scene["worker"])
    sent, draft, going = (f"/desk/campaigns/{scene[name].pk}/" for name in ("sent", "draft", "going"))
    for name, path in {
        "campaigns": "/desk/campaigns/",
        "campaigns-none": "/desk/campaigns/?q=没有",
        "campaign-write": f"{draft}edit/",
        "campaign-send": f"{draft}send/",
        "campaign-going": going,
        "campaign": sent,
        "campaign-people": f"{sent}people/?reach=not",
        "campaign-round": f"{sent}round/",
        "stand-ins": "/desk/stand-ins/",
        "stand-in-lend": f"/desk/stand-ins/{scene['role'].pk}/",
        "today-standing-in": "/desk/",
    }.items():
        tab.open(path)
        tab.check(name)


@pytest.mark.parametrize("mode", ["phone", "care", "dark", "small", "small-care"])
def test_every_phone_page(browser_page: Callable[..., Tab], scene: dict[str, Any], mode: str) -> None:
    tab = browser_page(mode, scene["resident"])
    for name, path in {
        "notices": "/me/notices/",
        "news": f"/news/{scene['sent'].code}/?via=qr",
        "me-notices": "/me/",
    }.items():
        tab.open(path)
        tab.check(name)


def test_the_code_counts_when_the_page_is_seen(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    from jiamenkou.foundation.messages.models import Opening

    tab = browser_page("phone")
    with tab.page.expect_response(lambda answer: answer.url.endswith("/seen/")) as counted:
        tab.open(f"/q/{scene['sent'].code}")
    assert counted.value.status == 204
    with scope(EVERYTHING):
        assert list(Opening.objects.values_list("by_code", "count")) == [(True, 1)]


def paper(tab: Tab, name: str) -> int:
    """How many A4 pages the open page prints on."""
    pdf = tab.page.pdf(prefer_css_page_size=True)
    if SHOTS:
        (Path(SHOTS) / f"{name}.pdf").write_bytes(pdf)
    assert b"/MediaBox [0 0 594.95" in pdf or b"/MediaBox [0 0 595" in pdf, "A4 is 595 × 842 points"
    return len(PAGES.findall(pdf))


def test_paper(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    tab = browser_page("desk", scene["worker"])
    tab.open(f"/desk/campaigns/{scene['sent'].pk}/leaflet/")
    tab.check("leaflet")
    assert paper(tab, "leaflet") == 1
    tab.open(f"/desk/campaigns/{scene['sent'].pk}/people/")
    tab.page.get_by_role("button", name="打印", exact=True).click()
    tab.page.wait_for_selector(".print-table")
    tab.check("print-people")
    rows = tab.page.locator(".print-table tbody tr").count()
    assert rows == 40 and paper(tab, "print-people") == 2
    tab.open("/desk/residents/")
    tab.page.locator("[data-pick-all]").check()
    tab.page.get_by_role("button", name="导出 40 人").click()
    tab.page.locator("#export-reason").fill("元旦活动签到")
    tab.page.get_by_role("button", name="签到表（选中的）").click()
    tab.page.wait_for_selector(".print-table")
    tab.check("print-sign")
    assert tab.page.locator(".print-table tbody tr").count() == 20 and paper(tab, "print-sign") == 1
