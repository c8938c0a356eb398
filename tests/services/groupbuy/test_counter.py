"""The line before an order: it refuses nobody for whom a box is left, and lets nobody keep others away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.people import Town
from tests.services.groupbuy.make import Shop, left, make_buyer, make_cycle, make_shop, order

from jiamenkou.services.groupbuy.actions.stock import SoldOut, Standing
from jiamenkou.services.groupbuy.counter import Counter, counter
from jiamenkou.services.groupbuy.models import Cycle, Order

OFFER = 7


@pytest.fixture
def line() -> Iterator[Callable[..., None]]:
    """``line(account, boxes, left=…)`` stands in line until the test ends."""
    place = Counter()
    with ExitStack() as standing:
        yield lambda account, boxes=1, left=3, limit=0: standing.enter_context(
            place.boxes(account, {OFFER: boxes}, {OFFER: Standing(left, limit)})
        )


def test_as_many_as_there_are_boxes_stand_in_line(line: Callable[..., None]) -> None:
    for account in range(3):
        line(account)
    with pytest.raises(SoldOut, match="正有人在下单"):
        line(3)


def test_who_wants_more_than_is_left_is_told_how_many_are(line: Callable[..., None]) -> None:
    with pytest.raises(SoldOut, match="只剩 3 份了"):
        line(1, 4)
    with pytest.raises(SoldOut, match="已抢光"):
        line(1, 1, left=0)


def test_one_account_keeps_one_place(line: Callable[..., None]) -> None:
    for _ in range(5):
        line(1)
    line(2, 2)
    with pytest.raises(SoldOut):
        line(3)


def test_who_may_not_have_so_many_keeps_none(line: Callable[..., None]) -> None:
    line(1, 3, limit=2)
    line(2, 2, limit=2)
    line(3)


def test_who_leaves_makes_room() -> None:
    place, one = Counter(), {OFFER: Standing(1, 0)}
    with place.boxes(1, {OFFER: 1}, one), pytest.raises(SoldOut), place.boxes(2, {OFFER: 1}, one):
        pass
    with pytest.raises(ZeroDivisionError), place.boxes(1, {OFFER: 1}, one):
        raise ZeroDivisionError
    with place.boxes(2, {OFFER: 1}, one):
        pass


def test_only_so_many_are_served_at_a_time() -> None:
    place, together, most, lock = Counter(places=2), 0, 0, threading.Lock()
    meet = threading.Barrier(2, timeout=10)

    def come() -> None:
        nonlocal together, most
        with place.place():
            with lock:
                together += 1
                most = max(most, together)
            meet.wait()
            with lock:
                together -= 1

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


class TestDoor:
    @pytest.fixture
    def shop(self, town: Town) -> Shop:
        return make_shop(town)

    @pytest.fixture
    def cycle(self, shop: Shop) -> Cycle:
        return make_cycle(shop, stock=1)

    @pytest.fixture
    def browser(self, shop: Shop, client_for: Callable[[Any], Any]) -> Any:
        return client_for(make_buyer(shop.town)[1].account)

    def form(self, cycle: Cycle, **more: Any) -> dict[str, Any]:
        offer, point = cycle.offers.order_by("id")[0], cycle.points.order_by("id")[0]
        return {f"offer-{offer.pk}": 1, "point": point.pk, **more}

    def send(self, browser: Any, cycle: Cycle, **more: Any) -> Any:
        return browser.post(f"/groups/{cycle.pk}/order/", self.form(cycle, **more))

    def test_too_late_is_said_without_a_transaction(self, browser: Any, cycle: Cycle, shop: Shop) -> None:
        order(cycle, *make_buyer(shop.town))
        data = self.form(cycle)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(f"/groups/{cycle.pk}/order/", data)
        assert answer.status_code == 409
        assert "已抢光" in answer.content.decode()
        assert Order.objects.count() == 1
        words = [query["sql"].split()[0].upper() for query in asked.captured_queries]
        assert set(words) == {"SELECT"}
        assert sum("groupbuy_" in query["sql"] for query in asked.captured_queries) == 1

    def test_the_last_box_is_answered_twice_under_its_key(self, browser: Any, cycle: Cycle) -> None:
        """The answer was lost on the way: who asks again hears that the order is there, not that all is sold."""
        answers = [self.send(browser, cycle, idempotency_key="k1") for _ in range(2)]
        assert [(one.status_code, one["Location"]) for one in answers] == [
            (302, f"/groups/orders/{Order.objects.get().pk}/")
        ] * 2

    def test_behind_somebody_for_the_last_box(self, browser: Any, cycle: Cycle) -> None:
        offer = cycle.offers.order_by("id")[0]
        with counter.boxes(0, {offer.pk: 1}, {offer.pk: Standing(1, 0)}):
            answer = self.send(browser, cycle)
        assert answer.status_code == 409
        assert "正有人在下单" in answer.content.decode()
        assert left(cycle) == 1
        assert self.send(browser, cycle).status_code == 302

    def test_a_closed_group_is_said_by_the_page(self, browser: Any, cycle: Cycle) -> None:
        Cycle.objects.filter(pk=cycle.pk).update(state="closed")
        assert self.send(browser, cycle).status_code == 422

    def test_strangers_are_sent_to_sign_in(self, cycle: Cycle, client: Any) -> None:
        assert self.send(client, cycle)["Location"].startswith("/signin/")
