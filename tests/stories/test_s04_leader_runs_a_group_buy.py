"""S4: a leader trained by the community runs a cycle with a supplier, at no cost of her own.

From the supplier's application to settled accounts, with a proxy order for an elder, one box short, one refund and one
who did not come.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import House
from tests.stories.ledger import ledger_faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]
FIRM, BOX = "南塘水产合作社", "大闸蟹礼盒"


def clock() -> datetime:
    """What the clocks of these phones say."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def buy(page: Page, cycle: str, boxes: int) -> str:
    page.goto(cycle)
    page.get_by_label(BOX, exact=True).fill(str(boxes))
    press(page, "参加团购")
    page.wait_for_url(re.compile(r"/groups/orders/\d+/"))
    press(page, "扫码付了")
    expect(page.get_by_text("您说付过了")).to_be_visible()
    return page.url


def refunds(page: Page, name: str) -> None:
    """One of the staff does the next step of the first refund that waits."""
    page.goto("/desk/groupbuy/refunds/")
    page.get_by_role("row", name=re.compile("少到货")).get_by_role("link").first.click()
    press(page, name)


def test_a_leader_runs_a_cycle(house: House, someone: Callable[..., Page], shot: Callable[[Page, str], None]) -> None:
    today = clock()
    supplier, leader = someone("demo-resident-graduate-3"), someone("demo-resident-3")
    worker, second = someone("demo-worker-3", desk=True), someone("demo-lead-3", desk=True)

    # the supplier applies, the community looks at the licence
    supplier.goto("/groups/supply/apply/")
    for label, value in (
        ("单位名称", FIRM),
        ("供什么", "湖蟹、白虾"),
        ("联系人", "沈南塘"),
        ("对外公开的电话", "0519-88010909"),
        ("编号", "92320499MA1DEMO09X"),
    ):
        supplier.get_by_label(label).first.fill(value)
    supplier.get_by_label("有效期至").fill(stamp(today + timedelta(days=700))[:10])
    press(supplier, "交给社区审核")
    expect(supplier.get_by_text("等审核")).to_be_visible()
    worker.goto("/desk/groupbuy/suppliers/?state=applied")
    worker.get_by_role("link", name=FIRM).click()
    worker.get_by_label("已通过").check()
    press(worker, "记下审核结果")
    expect(worker.get_by_text("已通过").first).to_be_visible()
    supplier.goto("/groups/supply/products/new/")
    for label, value in (("品名", BOX), ("规格", "4 对"), ("单位", "盒"), ("团购价（元）", "168")):
        supplier.get_by_label(label, exact=True).fill(value)
    press(supplier, "保存")

    # the leader applies, is trained, opens a group on her phone
    leader.goto("/groups/lead/apply/")
    leader.get_by_label("邻居怎么称呼您").fill("林姐")
    leader.get_by_label("为什么想做主理人").fill("邻居都熟，想在家门口做点事")
    press(leader, "交给社区")
    worker.goto("/desk/groupbuy/leaders/?state=applied&q=林姐")
    worker.get_by_role("link", name="林姐", exact=True).click()
    worker.get_by_label("已通过").check()
    worker.get_by_label("培训日期").fill(stamp(today)[:10])
    worker.get_by_label("佣金（%）").fill("8")
    press(worker, "记下审核结果")
    leader.goto("/groups/lead/")
    leader.get_by_role("link", name="开一个新团").click()
    leader.get_by_label("卖什么").select_option(label=f"{BOX} 4 对")
    leader.get_by_label("团名").fill("南塘蟹，周末到")
    leader.get_by_label("团购价（元）").fill("168")
    leader.get_by_label("一共几份").fill("30")
    leader.get_by_label("几家成团").fill("2")
    press(leader, "存成草稿")
    managing = leader.url
    press(leader, "开团")
    expect(leader.get_by_text("进行中").first).to_be_visible()
    cycle = "/groups/" + managing.rstrip("/").rsplit("/", 1)[1] + "/"

    # neighbours order; the worker orders for an elder who has no phone
    elder = someone("demo-elder-3")
    paid = buy(elder, cycle, 2)
    shot(elder, "phone-group-order")
    worker.goto("/desk/residents/?q=")
    hrefs = [str(link.get_attribute("href")) for link in worker.locator("tr[data-row] a").all()]
    number = [found[1] for href in hrefs if (found := re.fullmatch(r"/desk/residents/(\d+)/", href))][5]
    worker.goto(f"/desk/groupbuy/cycles/{cycle.strip('/').rsplit('/', 1)[1]}/")
    worker.get_by_label("居民编号").fill(number)
    worker.get_by_label("怎么说的").fill("本人打电话来说的")
    press(worker, "替老人下单")
    expect(worker.get_by_role("table").last).to_contain_text("待付款")
    shot(worker, "desk-group")
    buy(supplier, cycle, 1)

    # she sees the money of two, takes cash from the third; the community confirms that
    leader.goto(managing)
    shot(leader, "phone-group-lead")
    for _ in range(2):
        press(leader, "我看到钱了")
    press(leader, "收了现金")
    worker.goto("/desk/groupbuy/payments/?state=declared")
    worker.locator("tr[data-row] a").first.click()
    press(worker, "确认收到")
    elder.goto(paid)
    expect(elder.get_by_text("已付款，等截单")).to_be_visible()

    # closed, on the way, one box short: shared out by rule, the difference goes back
    leader.goto(managing)
    press(leader, "现在就截单")
    press(leader, "供货商开始备货了")
    press(leader, "货在路上了")
    leader.get_by_role("link", name="货到了，点数").click()
    leader.locator(".group-count").fill("3")
    press(leader, "告诉大家来取")
    expect(leader.get_by_text("已到货").first).to_be_visible()
    refunds(worker, "退了")
    refunds(second, "确认已退")
    expect(second.get_by_text("已到账").first).to_be_visible()

    # the elder shows her code; the other one does not come
    elder.goto(paid)
    elder.get_by_role("link", name="出示取货码").click()
    digits = elder.locator(".ticket .digits").inner_text().replace(" ", "")
    shot(elder, "phone-group-code")
    leader.get_by_role("link", name=re.compile("交货")).first.click()
    leader.get_by_label(re.compile("取货码 6 位")).fill(digits)
    press(leader, "查一下")
    press(leader, "交给他了")
    elder.goto(paid)
    expect(elder.get_by_text("已提货").first).to_be_visible()
    leader.goto(managing)
    leader.get_by_text("改取货时间").click()
    leader.locator("[name=pickup_until]").fill(stamp(clock() + timedelta(minutes=1, seconds=30)))
    press(leader, "改了，告诉大家")
    finishing = leader.get_by_role("button", name="取货结束")
    for _ in range(30):
        if finishing.count():
            break
        leader.wait_for_timeout(5_000)
        leader.goto(managing)
    finishing.click()
    expect(leader.get_by_text("没来取").first).to_be_visible()

    # settled on the word of two: the community pays, leader and supplier say that it came
    for _ in range(2):
        worker.goto("/desk/groupbuy/settlements/?state=open&q=南塘蟹")
        worker.locator("tr[data-row] a").first.click()
        press(worker, "钱付了")
    leader.goto(managing)
    press(leader, "收到了")
    supplier.goto("/groups/supply/")
    press(supplier, "收到了")
    expect(supplier.get_by_text("已结清")).to_be_visible()

    # anybody reads the account, and it is nothing in sum
    stranger = someone()
    stranger.goto(f"{cycle}account/")
    expect(stranger.get_by_text("主理人佣金")).to_be_visible()
    expect(stranger.get_by_text("0.00 元", exact=True)).to_be_visible()
    expect(stranger.get_by_text("还没付")).to_have_count(0)
    shot(stranger, "phone-group-account")
    assert ledger_faults(house) == []
