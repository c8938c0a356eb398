"""The buyer's pages: what the form may say, what it may not, and what everybody may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from tests.people import Town
from tests.services.groupbuy.make import Shop, bought, broken, left, make_buyer, make_cycle, make_shop, order, pay

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.services.groupbuy.actions.cycles import Wanted, fail_cycle
from jiamenkou.services.groupbuy.actions.parties import save_product
from jiamenkou.services.groupbuy.models import Cycle, Order


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def cycle(shop: Shop) -> Cycle:
    return make_cycle(shop, stock=5)


@pytest.fixture
def buyer(shop: Shop) -> Actor:
    return make_buyer(shop.town)[1]


@pytest.fixture
def browser(buyer: Actor, client_for: Callable[[Any], Any]) -> Any:
    return client_for(buyer.account)


def form(cycle: Cycle, boxes: object = 1, **more: Any) -> dict[str, Any]:
    offer = cycle.offers.order_by("id")[0]
    point = cycle.points.order_by("id")[0]
    return {f"offer-{offer.pk}": boxes, "point": point.pk, "seen": 3980, **more}


def send(browser: Any, cycle: Cycle, data: dict[str, Any], **headers: str) -> Any:
    return browser.post(f"/groups/{cycle.pk}/order/", data, headers=headers)


def test_one_post_is_an_order(browser: Any, cycle: Cycle) -> None:
    answer = send(browser, cycle, form(cycle))
    placed = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/groups/orders/{placed.pk}/")
    page = browser.get(answer["Location"]).content.decode()
    assert "待付款" in page
    assert broken() == []


@pytest.mark.parametrize("boxes", ["0", "-1", "100", "9999999999", "1.5", "一", "1 or 1=1", "", "１０００"])
def test_nonsense_quantities(browser: Any, cycle: Cycle, boxes: str) -> None:
    answer = send(browser, cycle, form(cycle, boxes))
    assert answer.status_code in {409, 422}
    assert (Order.objects.count(), left(cycle)) == (0, 5)


def test_a_changed_price_is_said_and_never_believed(browser: Any, cycle: Cycle) -> None:
    answer = send(browser, cycle, form(cycle, seen=1))
    assert answer.status_code == 422
    assert "39.80 元" in answer.content.decode()
    send(browser, cycle, form(cycle, price_fen=1, total=1))
    assert Order.objects.get().total_fen == 3980


@pytest.mark.parametrize("wrong", [{"point": "0"}, {"point": ""}, {"point": "x"}, {"point": "9" * 30}])
def test_a_point_that_is_not_the_cycles(browser: Any, cycle: Cycle, wrong: dict[str, str]) -> None:
    assert send(browser, cycle, form(cycle) | wrong).status_code == 422
    assert not Order.objects.exists()


def test_an_offer_of_another_cycle(browser: Any, cycle: Cycle, shop: Shop) -> None:
    other = make_cycle(shop)
    assert send(browser, cycle, form(other) | {"point": cycle.points.order_by("id")[0].pk}).status_code == 422


def test_a_double_tap_is_one_order(browser: Any, cycle: Cycle) -> None:
    answers = [send(browser, cycle, form(cycle), **{"Idempotency-Key": "tap"}) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Order.objects.count(), left(cycle)) == (1, 4)
    assert send(browser, cycle, form(cycle, 2), **{"Idempotency-Key": "tap"}).status_code == 422


def test_sold_out_is_said_in_a_small_answer(browser: Any, shop: Shop) -> None:
    cycle = make_cycle(shop, stock=1)
    bought(cycle, shop)
    answer = send(browser, cycle, form(cycle))
    assert (answer.status_code, "已抢光" in answer.content.decode()) == (409, True)


def test_both_dates_stand_on_the_page(client: Any, cycle: Cycle) -> None:
    text = BeautifulSoup(client.get(f"/groups/{cycle.pk}/").content, "html.parser").get_text()
    assert "截单" in text
    assert "到货" in text


def test_a_draft_is_nobodys(client: Any, shop: Shop) -> None:
    draft = make_cycle(shop, opened=False)
    assert client.get(f"/groups/{draft.pk}/").status_code == 404


def test_the_account_of_a_cycle_adds_up_at_every_moment(client: Any, shop: Shop, cycle: Cycle) -> None:
    def read() -> str:
        answer = client.get(f"/groups/{cycle.pk}/account/")
        assert answer.status_code == 200
        return answer.content.decode()

    read()
    order(cycle, *make_buyer(shop.town))
    read()
    bought(cycle, shop, 2)
    assert "79.60 元" in read()
    fail_cycle(cycle, "车坏了", by=shop.worker, now=timezone.now(), reason="测试")
    assert "等着退的" in read()


def test_somebody_elses_order_does_not_exist(browser: Any, shop: Shop, cycle: Cycle) -> None:
    placed = bought(cycle, shop)
    for page in ("", "code/", "paying/"):
        assert browser.get(f"/groups/orders/{placed.pk}/{page}").status_code == 404


def test_saying_it_is_paid_and_cancelling(browser: Any, buyer: Actor, cycle: Cycle, shop: Shop) -> None:
    send(browser, cycle, form(cycle))
    placed = Order.objects.get()
    assert browser.post(f"/groups/orders/{placed.pk}/pay/", {"method": "bitcoin"}).status_code == 409
    assert browser.post(f"/groups/orders/{placed.pk}/pay/", {"method": "code"}).status_code == 302
    assert browser.post(f"/groups/orders/{placed.pk}/pay/", {"method": "code"}).status_code == 409
    assert browser.post(f"/groups/orders/{placed.pk}/cancel/").status_code == 302
    assert browser.post(f"/groups/orders/{placed.pk}/cancel/").status_code == 409
    assert left(cycle) == 5


def test_the_list_by_state_and_my_orders(browser: Any, buyer: Actor, cycle: Cycle, shop: Shop) -> None:
    for view in ("open", "soon", "ended", "nonsense"):
        assert browser.get(f"/groups/?view={view}").status_code == 200
    pay(order(cycle, buyer.residents[0].resident, buyer), shop)
    assert "已付款，等截单" in browser.get("/groups/orders/").content.decode()


def test_several_products_in_one_order(browser: Any, shop: Shop) -> None:
    oil = save_product(
        shop.supplier,
        None,
        {"name": "菜籽油", "spec": "5L", "unit": "桶", "price_fen": 7800},
        by=shop.worker,
        reason="测试",
    )
    cycle = make_cycle(shop, offers=[Wanted(shop.product, 3980, 5), Wanted(oil, 7800, 1)])
    first, second = cycle.offers.order_by("id")
    data = {f"offer-{first.pk}": 2, f"offer-{second.pk}": 1, "point": cycle.points.order_by("id")[0].pk, "seen": 15760}
    assert send(browser, cycle, data).status_code == 302
    assert Order.objects.get().total_fen == 15760
    again = send(browser, cycle, data)
    assert again.status_code == 409  # the oil is gone: nothing of the rest was taken
    assert Order.objects.count() == 1
