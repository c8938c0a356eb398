"""Many buyers, few boxes; payments that come late, or while it closes. The careless way oversells first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from tests.foundation.ledger.gateway import SUB, Gateway, running
from tests.guards import see_everything
from tests.people import make_town
from tests.services.groupbuy.make import (
    REASON,
    Shop,
    book_of,
    broken,
    make_buyer,
    make_cycle,
    make_shop,
    order,
)

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import PaymentIntent, Refund, Way
from jiamenkou.foundation.ledger.settling import prepare_intent, run_refund, settle_all
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy.actions import stock
from jiamenkou.services.groupbuy.actions.cycles import close_due
from jiamenkou.services.groupbuy.actions.orders import cancel_order, intents_of, release_expired
from jiamenkou.services.groupbuy.models import Cycle, Offer, Order
from jiamenkou.services.groupbuy.states import CycleState, LateRule, OrderState


def at_once(deeds: list[Callable[[], Any]]) -> list[BaseException]:
    """Each in a thread and a transaction of its own, started together; what was refused."""
    start, refused = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            with transaction.atomic():
                see_everything()
                deed()
        except Refused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.django_db(transaction=True)
class TestRush:
    @pytest.fixture
    def shop(self) -> Shop:
        with transaction.atomic():
            see_everything()
            return make_shop(make_town())

    def buyers(self, shop: Shop, cycle: Cycle, how_many: int) -> list[Callable[[], Any]]:
        with transaction.atomic():
            see_everything()
            people = [make_buyer(shop.town) for _ in range(how_many)]
        return [lambda who=who: order(cycle, *who) for who in people]

    def cycle(self, shop: Shop, **fields: Any) -> Cycle:
        with transaction.atomic():
            see_everything()
            return make_cycle(shop, **fields)

    def sold(self, cycle: Cycle) -> tuple[int, int]:
        with transaction.atomic():
            see_everything()
            return Order.objects.filter(cycle=cycle).count(), Offer.objects.get(cycle=cycle).left

    def test_who_looks_and_then_takes_oversells(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        """The careless way: everybody reads that one box is left, and writes down what they computed."""
        cycle, together = self.cycle(shop, stock=1), threading.Barrier(4)

        def careless(wanted: dict[int, int]) -> None:
            for offer, boxes in wanted.items():
                left = Offer.objects.get(pk=offer).left
                together.wait()
                if left < boxes:
                    raise stock.SoldOut("已抢光。")
                Offer.objects.filter(pk=offer).update(left=left - boxes)

        monkeypatch.setattr(stock, "take", careless)
        at_once(self.buyers(shop, cycle, 4))
        assert self.sold(cycle)[0] > 1

    def test_the_last_boxes_are_sold_exactly(self, shop: Shop) -> None:
        cycle = self.cycle(shop, stock=3)
        refused = at_once(self.buyers(shop, cycle, 10))
        assert [type(error) for error in refused] == [stock.SoldOut] * 7
        assert self.sold(cycle) == (3, 0)

    def test_without_the_lock_one_person_passes_the_limit(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        cycle, together = self.cycle(shop, limit=1), threading.Barrier(3)
        look = stock.within_limit

        def careless(cycle: int, resident: int, *rest: Any) -> None:
            monkeypatch.setattr(stock, "one_at_a_time", lambda *_: None)
            look(cycle, resident, *rest)
            together.wait()

        monkeypatch.setattr(stock, "within_limit", careless)
        at_once(self.same_person(shop, cycle, 3))
        assert self.sold(cycle)[0] == 3

    def test_one_person_at_once_keeps_the_limit(self, shop: Shop) -> None:
        cycle = self.cycle(shop, limit=1)
        assert len(at_once(self.same_person(shop, cycle, 4))) == 3
        assert self.sold(cycle)[0] == 1

    def same_person(self, shop: Shop, cycle: Cycle, times: int) -> list[Callable[[], Any]]:
        with transaction.atomic():
            see_everything()
            who = make_buyer(shop.town)
        return [lambda: order(cycle, *who)] * times

    def test_releasing_and_cancelling_at_once_gives_the_box_back_once(self, shop: Shop) -> None:
        cycle = self.cycle(shop, stock=5)
        with transaction.atomic():
            see_everything()
            placed = order(cycle, *make_buyer(shop.town))
        late = placed.hold_until + timedelta(seconds=1)
        who = Actor(placed.account)

        def cancel() -> None:
            fresh = Order.objects.select_related("cycle").get(pk=placed.pk)
            cancel_order(fresh, by=who, now=timezone.now(), reason=REASON)

        at_once([cancel, *[lambda: release_expired(late, by=who, reason=REASON)] * 3])
        assert self.sold(cycle) == (1, 5)


class TestLateMoney:
    """WeChat's word comes after the boxes were let go."""

    @pytest.fixture
    def gateway(self) -> Iterator[Gateway]:
        with running() as found:
            yield found

    @pytest.fixture
    def shop(self, everything: None, gateway: Gateway) -> Shop:
        return make_shop(make_town(), merchant=SUB)

    def held(self, shop: Shop, **fields: Any) -> tuple[Cycle, Order, PaymentIntent]:
        cycle = make_cycle(shop, way=Way.WECHAT, **fields)
        resident, buyer = make_buyer(shop.town)
        SocialAccount.objects.create(user=buyer.account, provider="weixin", uid=f"o-{resident.pk}")
        placed = order(cycle, resident, buyer)
        intent = intents_of(placed)[0]
        prepare_intent(intent.pk)
        return cycle, placed, intent

    def later(self, placed: Order) -> Any:
        return placed.hold_until + timedelta(seconds=5)

    def test_in_time(self, shop: Shop, gateway: Gateway) -> None:
        cycle, placed, intent = self.held(shop)
        gateway.pay(intent.number)
        settle_all(timezone.now() + timedelta(minutes=2))
        placed.refresh_from_db()
        cycle.refresh_from_db()
        assert (placed.state, cycle.joined, book_of(cycle)) == (OrderState.PAID, 1, {"money": 3980, "orders": -3980})

    @pytest.mark.parametrize(
        ("rule", "sold_out", "state"),
        [
            (LateRule.HONOUR, False, OrderState.PAID),
            (LateRule.HONOUR, True, OrderState.EXPIRED),
            (LateRule.REFUND, False, OrderState.EXPIRED),
        ],
    )
    def test_too_late_is_honoured_by_rule_or_goes_back(
        self, shop: Shop, gateway: Gateway, rule: LateRule, sold_out: bool, state: OrderState
    ) -> None:
        cycle, placed, intent = self.held(shop, late_rule=rule, stock=5)
        gateway.pay(intent.number)
        with time_machine.travel(self.later(placed)):
            assert release_expired(timezone.now(), by=shop.worker, reason=REASON) == 1
            if sold_out:
                Offer.objects.filter(cycle=cycle).update(left=0, stock=F("stock") - 5)
            settle_all(timezone.now())
            for refund in Refund.objects.order_by("id"):
                run_refund(refund.pk)
        placed.refresh_from_db()
        assert placed.state == state
        honoured = state == OrderState.PAID
        assert book_of(cycle) == ({"money": 3980, "orders": -3980} if honoured else {})
        assert Refund.objects.filter(state="done").count() == (0 if honoured else 1)
        assert broken() == []

    def test_payment_after_cancel_goes_back(self, shop: Shop, gateway: Gateway) -> None:
        cycle, placed, intent = self.held(shop)
        cancel_order(
            Order.objects.select_related("cycle").get(pk=placed.pk),
            by=Actor(placed.account),
            now=timezone.now(),
            reason=REASON,
        )
        gateway.pay(intent.number)  # he had WeChat's page still open
        settle_all(timezone.now() + timedelta(minutes=2))
        run_refund(Refund.objects.get().pk)
        placed.refresh_from_db()
        assert (placed.state, Refund.objects.get().state, book_of(cycle)) == (OrderState.CANCELLED, "done", {})

    def test_closing_waits_for_who_is_paying(self, shop: Shop, gateway: Gateway) -> None:
        cycle, placed, intent = self.held(shop, closes_at=timezone.now() + timedelta(minutes=5))
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert close_due(timezone.now(), by=shop.worker, reason=REASON) == 0
            gateway.pay(intent.number)
            settle_all(timezone.now())
            assert close_due(timezone.now(), by=shop.worker, reason=REASON) == 1
        cycle.refresh_from_db()
        placed.refresh_from_db()
        assert (cycle.state, placed.state) == (CycleState.CLOSED, OrderState.PAID)

    def test_nobody_pays_and_wechat_closes_it_too(self, shop: Shop, gateway: Gateway) -> None:
        cycle, placed, intent = self.held(shop)
        with time_machine.travel(self.later(placed)):
            release_expired(timezone.now(), by=shop.worker, reason=REASON)
            settle_all(timezone.now())
        assert gateway.orders[intent.number]["trade_state"] == "CLOSED"
        assert (book_of(cycle), broken()) == ({}, [])
