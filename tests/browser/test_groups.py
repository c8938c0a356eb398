"""Group-buying as it looks: every page of buyers, leaders, suppliers and staff, in every mode, and what axe says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.people.models import Account
from jiamenkou.services.groupbuy.actions.complaints import complain
from jiamenkou.services.groupbuy.actions.cycles import Wanted, fail_cycle
from jiamenkou.services.groupbuy.actions.parties import save_lot, save_product
from jiamenkou.services.groupbuy.actions.paycodes import check_pay_code, upload_pay_code
from jiamenkou.services.groupbuy.actions.pickup import hand_over
from jiamenkou.services.groupbuy.models import Cycle, Order, OrderLine
from jiamenkou.services.groupbuy.states import PickedHow
from tests.browser.conftest import Tab
from tests.people import make_town
from tests.services.groupbuy.make import REASON, Shop, bought, make_buyer, make_cycle, make_shop, order, pay
from tests.services.groupbuy.test_cycle import PNG, to_arrival

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


@dataclass
class Scene:
    """``worker`` is one of the staff; the pages are named by what one sees on them."""

    worker: Account
    buyer: Account
    leader: Account
    supplier: Account
    buying: dict[str, str]
    leading: dict[str, str]
    supplying: dict[str, str]
    desk: dict[str, str]


def farmed(shop: Shop) -> Wanted:
    firm = Actor(shop.supplier_account)
    rice = save_product(
        shop.supplier, None,
        {"name": "富硒大米", "spec": "5kg 袋", "unit": "袋", "price_fen": 3980, "market_fen": 5200, "by_lot": True,
         "origin": "宣恩珠山镇", "keeping": "阴凉干燥，三个月吃完", "about": "山泉水浇的田，收了当月碾。"},
        by=firm, reason=REASON,
    )  # fmt: skip
    lot = save_lot(
        rice, None,
        {"number": "2026-1", "field": "北坡一号田", "mu": 46, "sown_on": date(2026, 6, 8), "harvested_on": date(2026, 10, 18),
         "treatments": [{"on": "2026-07-15", "what": "人工除草"}], "tested_by": "区农产品检测中心", "report_no": "NJ-1001",
         "tested_on": date(2026, 10, 26), "finding": "硒 0.21 mg/kg", "certificate": "绿色食品", "certificate_no": "LB-03-1",
         "certificate_until": timezone.localdate() + timedelta(days=400)},
        by=firm, reason=REASON,
    )  # fmt: skip
    return Wanted(rice, 3980, 20, 4, lot)


def several(shop: Shop) -> list[Wanted]:
    goods = [("菜籽油", "5L 桶", 8990), ("土鸡蛋", "30 枚", 3500), ("红薯粉条", "2 斤", 1880)]
    return [
        Wanted(
            save_product(
                shop.supplier, None, {"name": name, "spec": spec, "unit": "份", "price_fen": fen},
                by=Actor(shop.supplier_account), reason=REASON,
            ),
            fen, 0 if fen == 3500 else 12, 3,
        )
        for name, spec, fen in goods
    ]  # fmt: skip


def make_scene() -> Scene:
    town = make_town()
    shop = make_shop(town)
    by, worker = Actor(shop.leader.account), shop.worker
    upload_pay_code(shop.supplier, PNG, by=Actor(shop.supplier_account), reason=REASON)
    check_pay_code(shop.supplier, True, by=worker, reason=REASON)
    person, buyer = make_buyer(town, name="苏映禾")
    now = timezone.now()

    come = make_cycle(shop, title="南塘蟹", stock=10)
    ready, parcel = pay(order(come, person, buyer, 2), shop), bought(come, shop, 2)
    to_arrival(come, by, came=3)
    old = make_cycle(shop, title="上月新米", stock=10)
    picked = pay(order(old, person, buyer), shop)
    to_arrival(old, by, came=1)
    hand_over(old, picked.point, [picked.pk], how=PickedHow.QR, by=by, at=now, reason=REASON)
    line = OrderLine.objects.select_related("order__resident", "order__cycle").get(order=picked)
    complaint = complain(line, 1, "袋子破了", [PNG], by=buyer, now=now, reason=REASON)
    rice = make_cycle(shop, title="六号田新米", offers=[farmed(shop)], minimum=8, note="下班路过就能拿。")
    basket = make_cycle(shop, title="周末菜篮子", offers=several(shop))
    waiting = order(rice, person, buyer)
    paid = pay(order(basket, person, buyer, 2), shop)
    for _ in range(3):
        bought(rice, shop)
    failed = make_cycle(shop, title="没成的团", stock=10)
    fail_cycle(failed, "货源断了", by=by, now=now, reason=REASON)
    draft = make_cycle(shop, title="还没开的团", opened=False)
    lot = rice.offers.get().lot
    assert lot is not None
    return Scene(
        worker.account or shop.leader.account,
        buyer.account or shop.leader.account,
        shop.leader.account,
        shop.supplier_account,
        _buying([rice, basket, come, failed], [waiting, paid, ready, picked], line.pk, lot.code, shop.leader.code),
        {
            "lead": "/groups/lead/", "lead-new": "/groups/lead/new/", "lead-open": f"/groups/lead/{rice.pk}/",
            "lead-arrived": f"/groups/lead/{come.pk}/", "lead-draft": f"/groups/lead/{draft.pk}/",
            "lead-paste": f"/groups/lead/{rice.pk}/paste/", "lead-arrival": f"/groups/lead/{rice.pk}/arrival/",
            "lead-point": f"/groups/lead/{come.pk}/points/{parcel.point_id}/",
        },
        {
            "supply": "/groups/supply/", "supply-product": f"/groups/supply/products/{lot.product_id}/",
            "supply-lot": f"/groups/supply/products/{lot.product_id}/lots/{lot.pk}/",
            "supply-cycle": f"/groups/supply/cycles/{rice.pk}/",
        },
        _desk(rice, ready, shop, complaint.pk, lot.pk),
    )  # fmt: skip


def _buying(cycles: list[Cycle], orders: list[Order], line: int, lot: str, leader: str) -> dict[str, str]:
    names = ("rice", "basket", "arrived", "failed")
    states = ("to-pay", "paid", "ready", "picked")
    return {
        "groups": "/groups/",
        "groups-ended": "/groups/?view=ended",
        **{f"group-{name}": f"/groups/{cycle.pk}/" for name, cycle in zip(names, cycles, strict=True)},
        "group-share": f"/groups/{cycles[0].pk}/share/",
        "group-account": f"/groups/{cycles[0].pk}/account/",
        "group-lot": f"/groups/lots/{lot}/",
        "leader": f"/groups/leaders/{leader}/",
        "leader-share": f"/groups/leaders/{leader}/share/",
        "orders": "/groups/orders/",
        **{f"order-{state}": f"/groups/orders/{one.pk}/" for state, one in zip(states, orders, strict=True)},
        "order-code": f"/groups/orders/{orders[2].pk}/code/",
        "order-complain": f"/groups/orders/lines/{line}/complain/",
        "lead-apply": "/groups/lead/apply/",
        "supply-apply": "/groups/supply/apply/",
    }


def _desk(cycle: Cycle, placed: Order, shop: Shop, complaint: int, lot: int) -> dict[str, str]:
    lists = ("cycles", "orders", "suppliers", "leaders", "products", "lots", "complaints", "points", "settlements",
             "payments", "refunds", "reconciliation")  # fmt: skip
    things = {
        "cycle": f"cycles/{cycle.pk}", "order": f"orders/{placed.pk}", "supplier": f"suppliers/{shop.supplier.pk}",
        "leader": f"leaders/{shop.leader.pk}", "complaint": f"complaints/{complaint}", "lot": f"lots/{lot}",
        "point": f"points/{shop.points[0].pk}",
    }  # fmt: skip
    return {f"desk-{name}": f"/desk/groupbuy/{name}/" for name in lists} | {
        f"desk-one-{name}": f"/desk/groupbuy/{path}/" for name, path in things.items()
    }


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    with scope(EVERYTHING, actor="test", reason="test"):
        return make_scene()


@pytest.mark.parametrize("mode", ["phone", "care", "dark", "small", "small-care"])
def test_buyers_pages(browser_page: Callable[..., Tab], scene: Scene, mode: str) -> None:
    tab = browser_page(mode, scene.buyer)
    for name, path in scene.buying.items():
        tab.open(path)
        tab.check(name)


@pytest.mark.parametrize("mode", ["phone", "care", "dark", "small"])
def test_leaders_and_suppliers_pages(browser_page: Callable[..., Tab], scene: Scene, mode: str) -> None:
    for account, pages in ((scene.leader, scene.leading), (scene.supplier, scene.supplying)):
        tab = browser_page(mode, account)
        for name, path in pages.items():
            tab.open(path)
            tab.check(name)


def test_desk_pages(browser_page: Callable[..., Tab], scene: Scene) -> None:
    tab = browser_page("desk", scene.worker)
    for name, path in scene.desk.items():
        tab.open(path)
        tab.check(name)


@pytest.mark.parametrize(("mode", "least"), [("phone", 44), ("care", 60)])
def test_targets_are_large_enough(browser_page: Callable[..., Tab], scene: Scene, mode: str, least: int) -> None:
    tab = browser_page(mode, scene.buyer)
    for name, path in scene.buying.items():
        page = tab.open(path)
        small = page.evaluate(
            """least => [...document.querySelectorAll("a, button, .item, .option, .button, summary")].filter(element => {
                const box = element.getBoundingClientRect(), card = element.closest(".whole, .find, .prose, .note, .meta, p, h2");
                return box.height && !card && !element.matches(".skip") && Math.round(box.height) < least;
            }).map(element => element.outerHTML.slice(0, 120))""",
            least,
        )
        assert small == [], name
