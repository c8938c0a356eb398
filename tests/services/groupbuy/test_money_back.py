"""Commissions by 分账, what comes back after a refund, payments that end, and the supplier's own 收款码."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from tests.foundation.ledger.gateway import SUB, Gateway, running
from tests.people import Town, make_account
from tests.services.groupbuy.make import (
    REASON,
    Shop,
    book_of,
    bought,
    broken,
    make_buyer,
    make_cycle,
    make_shop,
    order,
)
from tests.services.groupbuy.test_cycle import PNG, close, pay_refunds, to_arrival

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.files.keepers import may_have
from jiamenkou.foundation.ledger.models import IntentState, PaymentIntent, Refund, Share, Way
from jiamenkou.foundation.ledger.settling import check_intent, prepare_intent, run_refund, run_share
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy.actions.complaints import complain, decide_complaint
from jiamenkou.services.groupbuy.actions.cycles import finish_cycle, publish_cycle
from jiamenkou.services.groupbuy.actions.orders import intents_of
from jiamenkou.services.groupbuy.actions.parties import apply_as_leader
from jiamenkou.services.groupbuy.actions.paycodes import check_pay_code, pay_code_of, upload_pay_code
from jiamenkou.services.groupbuy.actions.pickup import hand_over
from jiamenkou.services.groupbuy.actions.settlements import confirm_settled, declare_settled, say_settled
from jiamenkou.services.groupbuy.actions.sharing import share_due
from jiamenkou.services.groupbuy.leading import phone_of
from jiamenkou.services.groupbuy.models import Cycle, Leader, Order, OrderLine, Settlement
from jiamenkou.services.groupbuy.states import CycleState, OrderState, PickedHow, SettlementState

BAG, COMMISSION = 3980, 318


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town, merchant=SUB)


@pytest.fixture
def by(shop: Shop) -> Actor:
    return Actor(shop.leader.account)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as found:
        yield found


def picked(cycle: Cycle, placed: Order, by: Actor) -> None:
    hand_over(cycle, placed.point, [placed.pk], how=PickedHow.QR, by=by, at=timezone.now(), reason=REASON)


def complained(placed: Order, shop: Shop) -> None:
    """Said in time, agreed to, and the money goes back."""
    line = OrderLine.objects.select_related("order__resident", "order__cycle").get(order=placed)
    said = complain(line, 1, "袋子破了", [PNG], by=Actor(placed.account), now=timezone.now(), reason=REASON)
    decide_complaint(said, accept=True, answer="", by=shop.worker, now=timezone.now(), reason=REASON)


def settle(settlement: Settlement, shop: Shop) -> None:
    declare_settled(settlement, by=shop.worker, reason=REASON)
    confirm_settled(settlement, by=shop.second, now=timezone.now(), reason=REASON)


class TestPaidByPeople:
    """Whoever was paid and then refunded gives back, on the word of two."""

    def over(self, shop: Shop, by: Actor) -> tuple[Cycle, Order]:
        cycle = make_cycle(shop, stock=10)
        placed = bought(cycle, shop)
        to_arrival(cycle, by, came=1)
        return cycle, Order.objects.select_related("point", "account").get(pk=placed.pk)

    def finished(self, cycle: Cycle, placed: Order, by: Actor) -> None:
        picked(cycle, placed, by)
        finish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)

    def test_a_refund_before_it_is_paid_changes_what_is_paid(self, shop: Shop, by: Actor) -> None:
        cycle, placed = self.over(shop, by)
        with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)):
            self.finished(cycle, placed, by)
            assert cycle.settlements.count() == 2
            complained(placed, shop)
            # the whole bag goes back: nobody is owed anything any more
            assert not cycle.settlements.exists()
            pay_refunds(shop)
        assert (book_of(cycle), broken()) == ({}, [])

    def test_a_refund_after_it_was_paid_comes_back(self, shop: Shop, by: Actor) -> None:
        cycle, placed = self.over(shop, by)
        with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)):
            self.finished(cycle, placed, by)
            for settlement in cycle.settlements.order_by("id"):
                settle(settlement, shop)
            assert book_of(cycle) == {}
            complained(placed, shop)
            pay_refunds(shop)
            assert book_of(cycle) == {"money": -BAG, "supplier": BAG - COMMISSION, "commission": COMMISSION}
            owing = cycle.settlements.filter(back=True).order_by("party")
            assert [(one.party, one.amount_fen) for one in owing] == [
                ("leader", COMMISSION),
                ("supplier", BAG - COMMISSION),
            ]
            back = owing[0]
            say_settled(back, by=by, now=timezone.now(), reason=REASON)  # her word, which is not two
            with pytest.raises(NotAllowed):
                confirm_settled(back, by=by, now=timezone.now(), reason=REASON)
            confirm_settled(back, by=shop.worker, now=timezone.now(), reason=REASON)
            settle(owing.get(state=SettlementState.OPEN), shop)
        assert (book_of(cycle), broken()) == ({}, [])


class TestSharing:
    def over(self, shop: Shop, by: Actor, gateway: Gateway, *, known: bool = True) -> tuple[Cycle, Order]:
        """One bag paid in WeChat, picked up in the last minute, the cycle done."""
        if known:
            SocialAccount.objects.create(user=shop.leader.account, provider="weixin", uid="o-leader")
        cycle = make_cycle(shop, way=Way.WECHAT)
        resident, buyer = make_buyer(shop.town)
        SocialAccount.objects.create(user=buyer.account, provider="weixin", uid=f"o-{resident.pk}")
        placed = order(cycle, resident, buyer)
        intent = intents_of(placed)[0]
        prepare_intent(intent.pk)
        gateway.pay(intent.number)
        check_intent(intent.pk)
        to_arrival(cycle, by, came=1)
        placed = Order.objects.select_related("point", "account").get(pk=placed.pk)
        return cycle, placed

    def done(self, cycle: Cycle, placed: Order, by: Actor) -> None:
        picked(cycle, placed, by)
        finish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)

    def test_it_waits_for_the_end_of_after_sales_and_is_written_in_the_book(
        self, shop: Shop, by: Actor, gateway: Gateway
    ) -> None:
        cycle, placed = self.over(shop, by, gateway)
        with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)) as traveller:
            self.done(cycle, placed, by)
            # people pay the supplier alone: the commission is WeChat's errand
            assert [one.party for one in cycle.settlements.all().order_by("id")] == ["supplier"]
            assert share_due(timezone.now(), by=by, reason=REASON) == 0
            traveller.shift(timedelta(hours=25))
            assert [share_due(timezone.now(), by=by, reason=REASON) for _ in range(2)] == [1, 0]
            run_share(Share.objects.get().pk)
        assert (Share.objects.get().state, Share.objects.get().amount) == ("done", COMMISSION)
        assert book_of(cycle) == {"money": BAG - COMMISSION, "supplier": COMMISSION - BAG}
        assert broken() == []

    def test_an_open_complaint_holds_it_and_an_accepted_one_takes_it_away(
        self, shop: Shop, by: Actor, gateway: Gateway
    ) -> None:
        cycle, placed = self.over(shop, by, gateway)
        with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)) as traveller:
            self.done(cycle, placed, by)
            line = OrderLine.objects.select_related("order__resident", "order__cycle").get(order=placed)
            said = complain(line, 1, "坏了", [PNG], by=Actor(placed.account), now=timezone.now(), reason=REASON)
            traveller.shift(timedelta(hours=25))
            assert share_due(timezone.now(), by=by, reason=REASON) == 0
            decide_complaint(said, accept=True, answer="", by=shop.worker, now=timezone.now(), reason=REASON)
            run_refund(Refund.objects.get().pk)
            assert share_due(timezone.now(), by=by, reason=REASON) == 0
        assert (Share.objects.exists(), book_of(cycle), broken()) == (False, {}, [])

    def test_a_leader_whom_wechat_does_not_know_is_paid_by_people(
        self, shop: Shop, by: Actor, gateway: Gateway
    ) -> None:
        cycle, placed = self.over(shop, by, gateway, known=False)
        with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)) as traveller:
            self.done(cycle, placed, by)
            traveller.shift(timedelta(hours=25))
            share_due(timezone.now(), by=by, reason=REASON)
            run_share(Share.objects.get().pk)
            assert Share.objects.get().state == "failed"
            for settlement in cycle.settlements.order_by("id"):
                settle(settlement, shop)
            assert cycle.settlements.count() == 2
        assert (book_of(cycle), broken()) == ({}, [])


class TestPaymentsThatEnd:
    def test_refused_for_good_lets_the_boxes_go_at_once_and_says_why(self, shop: Shop, gateway: Gateway) -> None:
        cycle = make_cycle(shop, stock=3, way=Way.WECHAT)
        resident, buyer = make_buyer(shop.town)  # who never signed in by WeChat
        placed = order(cycle, resident, buyer, 2)
        prepare_intent(intents_of(placed)[0].pk)
        placed.refresh_from_db()
        offer = cycle.offers.get()
        assert (placed.state, offer.left, PaymentIntent.objects.get().state) == (
            OrderState.EXPIRED,
            3,
            IntentState.FAILED,
        )
        assert "请用微信登录" in Message.objects.get(notice="groupbuy.ended").body
        assert (book_of(cycle), broken()) == ({}, [])

    def test_without_a_provider_nothing_opens_that_wants_one(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, way=Way.WECHAT, opened=False)
        with pytest.raises(Refused, match="还没有接通微信支付"):
            publish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)
        assert cycle.state == CycleState.DRAFT


class TestPayCode:
    def test_shown_only_after_somebody_else_looked(self, shop: Shop) -> None:
        supplier, firm, buyer = shop.supplier, Actor(shop.supplier_account), Actor(make_account())
        upload_pay_code(supplier, PNG, by=firm, reason=REASON)
        first = supplier.pay_code
        assert first is not None
        assert (pay_code_of(supplier), may_have(buyer, first), may_have(shop.worker, first)) == (None, False, True)
        with pytest.raises(NotAllowed):
            check_pay_code(supplier, True, by=firm, reason=REASON)
        check_pay_code(supplier, True, by=shop.worker, reason=REASON)
        assert (pay_code_of(supplier), may_have(buyer, first)) == (first, True)
        with pytest.raises(Conflict):
            check_pay_code(supplier, True, by=shop.second, reason=REASON)
        # another picture begins again
        upload_pay_code(supplier, PNG, by=firm, reason=REASON)
        assert pay_code_of(supplier) is None
        check_pay_code(supplier, False, by=shop.worker, reason=REASON)
        assert supplier.pay_code is None

    def test_the_database_wants_two_people_too(self, shop: Shop) -> None:
        from django.db import IntegrityError, transaction

        upload_pay_code(shop.supplier, PNG, by=Actor(shop.supplier_account), reason=REASON)
        shop.supplier.pay_code_checked_by = shop.supplier_account
        with pytest.raises(IntegrityError, match="pay_code_two_people"), transaction.atomic():
            shop.supplier.save()

    def test_a_buyer_sees_it_where_she_pays(self, shop: Shop, client_for: Any) -> None:
        cycle = make_cycle(shop)
        resident, buyer = make_buyer(shop.town)
        placed, page = order(cycle, resident, buyer), client_for(buyer.account)
        upload_pay_code(shop.supplier, PNG, by=Actor(shop.supplier_account), reason=REASON)
        address = shop.supplier.pay_code.href if shop.supplier.pay_code else ""
        assert address not in page.get(f"/groups/orders/{placed.pk}/").content.decode()
        check_pay_code(shop.supplier, True, by=shop.worker, reason=REASON)
        assert address in page.get(f"/groups/orders/{placed.pk}/").content.decode()


class TestPhones:
    def lead(self, shop: Shop) -> Leader:
        resident, buyer = make_buyer(shop.town)
        return apply_as_leader(resident, {"name": "李姐"}, phone="13800001234", by=buyer, reason=REASON)

    def test_sealed_and_opened_for_neighbours_alone(self, shop: Shop, client: Any, client_for: Any) -> None:
        leader = self.lead(shop)
        assert leader.phone_sealed is not None and b"13800001234" not in bytes(leader.phone_sealed)
        assert phone_of(leader) == "13800001234"
        Leader.objects.filter(pk=leader.pk).update(state="approved", trained_on=timezone.localdate())
        address = f"/groups/leaders/{leader.code}/"
        assert "13800001234" not in client.get(address).content.decode()
        assert "13800001234" in client_for(make_buyer(shop.town)[1].account).get(address).content.decode()

    def test_forgotten_with_the_person(self, shop: Shop) -> None:
        leader = self.lead(shop)
        publish(ResidentErased(leader.resident_id))
        leader.refresh_from_db()
        assert phone_of(leader) == ""

    def test_two_erased_buyers_of_one_cycle_have_no_code(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        orders = [bought(cycle, shop) for _ in range(2)]
        close(cycle, by)
        for one in orders:
            publish(ResidentErased(one.resident_id or 0))
            Order.objects.filter(pk=one.pk).update(code="", name="", room="", note="")
        assert not Order.objects.filter(last_four__isnull=False).exists()
