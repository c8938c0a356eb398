"""S12: selenium rice from a trial field to a bigger one, tested, certified, sold on line only, traced by its QR."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House
from tests.stories.ledger import ledger_faults
from tests.stories.test_s04_leader_runs_a_group_buy import clock, press, stamp

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]
LOT = "新田-7"


def test_rice_is_traced(house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]) -> None:
    today = clock()
    farmer, leader, buyer = someone("demo-supplier-11"), someone("demo-leader-1"), someone("demo-resident-1")

    # the co-operative writes down the bigger field: sown, tended, harvested, tested, certified
    farmer.goto("/groups/supply/")
    farmer.get_by_role("link", name=re.compile("5kg")).first.click()
    expect(farmer.get_by_text("北坡试验田")).to_be_visible()
    farmer.get_by_role("link", name="登记一批").click()
    facts = {
        "number": LOT, "field": "北坡六号田", "mu": "46", "tested_by": "云溪区农产品质量检测中心", "report_no": "NJ-7007",
        "finding": "硒 0.21 mg/kg，农残未检出", "certificate": "绿色食品", "certificate_no": "LB-03-7007",
    }  # fmt: skip
    for name, value in facts.items():
        farmer.locator(f"[name={name}]").fill(value)
    farmer.locator("[name=treatments]").fill(f"{stamp(today - timedelta(days=90))[:10]} 人工除草")
    for name, days in (("sown_on", -170), ("harvested_on", -40), ("tested_on", -30), ("certificate_until", 400)):
        farmer.locator(f"[name={name}]").fill(stamp(today + timedelta(days=days))[:10])
    press(farmer, "保存")
    farmer.get_by_role("link", name=re.compile(LOT)).click()
    farmer.get_by_role("link", name="居民扫码看到的").click()
    chain = farmer.url

    # anybody who scans the bag sees the field, the harvest, the report
    stranger = someone()
    stranger.goto(chain)
    for words in ("北坡六号田", "NJ-7007", "LB-03-7007", "人工除草"):
        expect(stranger.get_by_text(re.compile(words)).first).to_be_visible()
    shot(stranger, "phone-lot")

    # the leader opens a group with this lot; a neighbour buys
    leader.goto("/groups/lead/new/")
    leader.get_by_label("卖什么").select_option(label="富硒大米 5kg 袋")
    leader.locator("[name=lot]").select_option(label=LOT)
    leader.get_by_label("团名").fill("六号田新米")
    leader.get_by_label("团购价（元）").fill("39.8")
    leader.get_by_label("一共几份").fill("40")
    press(leader, "存成草稿")
    press(leader, "开团")
    expect(leader.get_by_text("进行中").first).to_be_visible()
    cycle = "/groups/" + leader.url.rstrip("/").rsplit("/", 1)[1] + "/"
    buyer.goto(cycle)
    expect(buyer.get_by_text("检测报告 · 产地可查")).to_be_visible()
    shot(buyer, "phone-group")
    press(buyer, "参加团购")
    buyer.get_by_role("link", name=re.compile(f"批次 {LOT}")).click()
    expect(buyer.get_by_text("绿色食品").first).to_be_visible()

    # withdrawn: exactly those who bought are told, and whoever scans sees it
    worker = someone("demo-worker-1", desk=True)
    worker.goto(f"/desk/groupbuy/lots/?q={LOT}")
    worker.get_by_role("link", name=LOT, exact=True).click()
    expect(worker.get_by_role("table")).to_contain_text("待付款")
    worker.get_by_label("为什么").fill("复检水分偏高")
    press(worker, "召回")
    expect(worker.get_by_text("已召回").first).to_be_visible()
    buyer.goto("/me/messages/")
    expect(buyer.get_by_text("请先不要吃：富硒大米").first).to_be_visible()
    stranger.goto(chain)
    expect(stranger.get_by_text("这一批已召回，请先不要吃。")).to_be_visible()
    leader.goto("/groups/lead/new/")
    expect(leader.locator("[name=lot] option", has_text=LOT)).to_have_count(0)
    assert ledger_faults(house) == []
