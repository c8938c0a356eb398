"""Payments through the real client code: counted once, never lost, never believed of another amount."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events import bus
from jiamenkou.foundation.ledger import paying
from jiamenkou.foundation.ledger.events import PaymentArrived, PaymentEnded, RefundEnded
from jiamenkou.foundation.ledger.models import (
    BillLine,
    BillVerdict,
    ErrandState,
    IntentState,
    Method,
    PaymentIntent,
    Refund,
    Share,
    Way,
)
from jiamenkou.foundation.ledger.models.payments import IntentQuerySet
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid, give_up, open_intent
from jiamenkou.foundation.ledger.providers import Forged, Seen, Unknown, in_use
from jiamenkou.foundation.ledger.reconciling import compare, handle_line
from jiamenkou.foundation.ledger.refunding import (
    confirm_refunded,
    declare_refunded,
    request_refund,
    request_share,
)
from jiamenkou.foundation.ledger.settling import prepare_intent, run_refund, run_share, settle_all
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from tests.foundation.ledger.gateway import SUB, Gateway, keys, running
from tests.guards import see_everything
from tests.people import Town, make_account, make_resident, make_signed_up, make_town

SYSTEM = Actor(None)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as found:
        yield found


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was published, while no room listens."""
    told: list[Any] = []
    for kind in (PaymentArrived, PaymentEnded, RefundEnded):
        monkeypatch.setitem(bus._handlers, kind, [told.append])
    return told


def make_intent(town: Town, *, amount: int = 3980, way: Way = Way.WECHAT, **fields: Any) -> PaymentIntent:
    resident = make_resident(town.community)
    buyer = make_signed_up(resident)
    SocialAccount.objects.create(user=buyer, provider="weixin", uid=f"o-{buyer.pk}")
    return open_intent(
        ("test.order", 1),
        amount,
        way=way,
        merchant=SUB if way == Way.WECHAT else "",
        description="富硒大米 5 公斤",
        resident=resident,
        community=town.community.pk,
        expires_at=fields.pop("expires_at", timezone.now() + timedelta(minutes=15)),
        by=Actor(buyer),
        reason="下单",
        **fields,
    )


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def send(notice: tuple[bytes, dict[str, str]]) -> int:
    body, headers = notice
    answer = Client().post("/hooks/wechatpay/", body, content_type="application/json", headers=headers)
    see_everything()
    return answer.status_code


@pytest.fixture
def intent(town: Town, gateway: Gateway) -> PaymentIntent:
    made = make_intent(town)
    prepare_intent(made.pk)
    return fresh(made)


class TestPreparing:
    def test_the_order_names_both_merchants_the_buyer_and_the_amount(
        self, intent: PaymentIntent, gateway: Gateway
    ) -> None:
        order = gateway.orders[intent.number]
        assert (intent.state, order["sub_mchid"]) == (IntentState.WAITING, SUB)
        assert order["amount"] == {"total": 3980, "currency": "CNY"}
        assert order["payer"]["sp_openid"].startswith("o-")
        provider = in_use()
        assert provider is not None
        assert provider.invocation(intent.prepay)["package"] == f"prepay_id={intent.prepay}"

    def test_without_an_answer_it_is_unknown_and_asked_for_again_under_the_same_number(
        self, town: Town, gateway: Gateway
    ) -> None:
        made = make_intent(town)
        gateway.mute = True
        prepare_intent(made.pk)
        assert fresh(made).state == IntentState.UNKNOWN
        gateway.mute = False
        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            settle_all(timezone.now())
        assert (fresh(made).state, len(gateway.orders)) == (IntentState.WAITING, 1)

    def test_an_answer_with_a_forged_signature_is_no_answer(self, town: Town, gateway: Gateway) -> None:
        made = make_intent(town)
        gateway.forge = True
        prepare_intent(made.pk)
        assert (fresh(made).state, made.prepay) == (IntentState.UNKNOWN, "")

    def test_without_a_sign_in_by_wechat_it_says_so(self, town: Town, gateway: Gateway, heard: list[Any]) -> None:
        made = make_intent(town)
        SocialAccount.objects.all().delete()
        prepare_intent(made.pk)
        assert (fresh(made).state, made.problem) == (IntentState.FAILED, "请用微信登录后再付")
        assert heard == [PaymentEnded(made.pk)]


class TestNotices:
    def test_a_notice_makes_it_paid_once(self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]) -> None:
        order = gateway.pay(intent.number)
        assert [send(gateway.notice(order)) for _ in range(3)] == [200, 200, 200]
        assert (fresh(intent).state, intent.transaction_id) == (IntentState.PAID, order["transaction_id"])
        assert heard == [PaymentArrived(intent.pk)]
        assert list(intent.events.order_by("id").values_list("verdict", flat=True)) == ["accepted", "again", "again"]

    @pytest.mark.parametrize(
        "falsified",
        [
            {"amount": {"total": 1, "currency": "CNY"}},
            {"amount": {"total": 3980, "currency": "USD"}},
            {"sub_mchid": "1900000999"},
        ],
    )
    def test_another_amount_currency_or_merchant_is_not_believed(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any], falsified: dict[str, Any]
    ) -> None:
        order = gateway.pay(intent.number)
        assert send(gateway.notice(order, **falsified)) == 200
        assert (fresh(intent).state, heard) == (IntentState.WAITING, [])
        assert intent.problem
        settle_all(timezone.now())  # asked for ourselves: the truth is 3980
        assert (fresh(intent).state, heard) == (IntentState.PAID, [PaymentArrived(intent.pk)])

    def test_the_provider_itself_says_another_amount(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        gateway.pay(intent.number, amount=39)
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            settle_all(timezone.now())
        assert (fresh(intent).state, heard) == (IntentState.WAITING, [])
        assert intent.problem.startswith("金额对不上")

    @pytest.mark.parametrize("wrong", [{"forged": True}, {"age": 400}, {"age": -400}, {"sp_mchid": "1900000002"}])
    def test_forged_stale_or_somebody_elses_is_refused(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any], wrong: dict[str, Any]
    ) -> None:
        assert send(gateway.notice(gateway.pay(intent.number), **wrong)) == 401
        assert (fresh(intent).state, heard) == (IntentState.WAITING, [])

    def test_a_changed_body_is_refused(self, intent: PaymentIntent, gateway: Gateway) -> None:
        body, headers = gateway.notice(gateway.pay(intent.number))
        assert send((body.replace(b"TRANSACTION", b"TRANSACTIOM"), headers)) == 401
        assert send((b"", headers)) == 401
        assert send((body, {})) == 401

    def test_a_number_that_is_not_ours_changes_nothing(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        order = gateway.pay(intent.number)
        assert send(gateway.notice(order, out_trade_no="0000")) == 200
        assert heard == []


class TestAsking:
    def test_a_notice_that_never_comes_is_found_within_ten_minutes(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        gateway.pay(intent.number)
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            settle_all(timezone.now())
        assert heard == [PaymentArrived(intent.pk)]

    def test_while_the_provider_is_down_the_questions_go_on(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        gateway.pay(intent.number)
        start, gateway.down = timezone.now(), True
        gaps = []
        for minute in range(1, 40):
            with time_machine.travel(start + timedelta(minutes=minute)):
                if settle_all(timezone.now()):
                    gaps.append(minute)
                    assert fresh(intent).state == IntentState.UNKNOWN
        assert max(b - a for a, b in pairwise(gaps)) <= 10
        gateway.down = False
        with time_machine.travel(start + timedelta(minutes=50)):
            settle_all(timezone.now())
        assert heard == [PaymentArrived(intent.pk)]

    def test_past_its_time_it_is_closed_there_first(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            settle_all(timezone.now())
        assert gateway.orders[intent.number]["trade_state"] == "CLOSED"
        assert (fresh(intent).state, heard) == (IntentState.CLOSED, [PaymentEnded(intent.pk)])

    def test_paid_while_we_were_closing_is_paid(
        self, intent: PaymentIntent, gateway: Gateway, heard: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        close = Gateway._close

        def paid_first(self: Gateway, number: str) -> tuple[int, Any]:
            self.pay(number)
            return close(self, number)

        monkeypatch.setattr(Gateway, "_close", paid_first)
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            settle_all(timezone.now())
            assert heard == []
        with time_machine.travel(timezone.now() + timedelta(minutes=30)):
            settle_all(timezone.now())
        assert (fresh(intent).state, heard) == (IntentState.PAID, [PaymentArrived(intent.pk)])

    def test_given_up_is_closed_at_once(self, intent: PaymentIntent, gateway: Gateway, heard: list[Any]) -> None:
        give_up([intent], now=timezone.now(), by=SYSTEM, reason="取消")
        settle_all(timezone.now() + timedelta(seconds=1))
        assert heard == [PaymentEnded(intent.pk)]


@pytest.fixture
def paid(intent: PaymentIntent, gateway: Gateway) -> PaymentIntent:
    send(gateway.notice(gateway.pay(intent.number)))
    return fresh(intent)


class TestRefunds:
    def ask(self, paid: PaymentIntent, amount: int, key: str = "r1") -> Refund:
        return request_refund(paid, amount, key=key, by=SYSTEM, reason="缺货")

    def test_money_goes_back_once(self, paid: PaymentIntent, gateway: Gateway, heard: list[Any]) -> None:
        refund, again = self.ask(paid, 1000), self.ask(paid, 1000)
        assert refund == again
        run_refund(refund.pk)
        run_refund(refund.pk)
        assert (fresh(refund).state, fresh(paid).refunded) == (ErrandState.DONE, 1000)
        assert list(gateway.refunds) == [refund.number]
        assert gateway.refunds[refund.number]["amount"] == {"refund": 1000, "total": 3980, "currency": "CNY"}
        assert heard == [RefundEnded(refund.pk, done=True)]

    def test_never_more_than_was_paid(self, paid: PaymentIntent) -> None:
        self.ask(paid, 3980)
        with pytest.raises(Refused):
            self.ask(paid, 1, "r2")
        with pytest.raises(IntegrityError, match="never_refunded_beyond"), transaction.atomic():
            PaymentIntent.objects.filter(pk=paid.pk).update(refunded=3981)

    def test_an_unknown_outcome_is_settled_under_the_same_number(
        self, paid: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        refund = self.ask(paid, 1000)
        gateway.mute = True
        run_refund(refund.pk)
        assert fresh(refund).state == ErrandState.UNKNOWN
        gateway.mute = False
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            settle_all(timezone.now())
        assert (fresh(refund).state, len(gateway.refunds)) == (ErrandState.DONE, 1)

    def test_one_that_takes_its_time_is_asked_about(
        self, paid: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        gateway.refund_state = "PROCESSING"
        refund = self.ask(paid, 1000)
        run_refund(refund.pk)
        assert (fresh(refund).state, heard) == (ErrandState.SENT, [])
        body = gateway.refunds[refund.number]
        body["status"] = "SUCCESS"
        notice = gateway.notice({**body, "sp_mchid": "1900000001", "refund_status": "SUCCESS"}, event="REFUND.SUCCESS")
        assert [send(notice), send(notice)] == [200, 200]
        assert heard == [RefundEnded(refund.pk, done=True)]

    def test_refused_for_good_waits_for_a_person(
        self, paid: PaymentIntent, gateway: Gateway, heard: list[Any]
    ) -> None:
        gateway.refuse_refund = "NOT_ENOUGH"
        refund = self.ask(paid, 1000)
        run_refund(refund.pk)
        assert (fresh(refund).state, refund.problem) == (ErrandState.FAILED, "商户余额不足")
        assert heard == [RefundEnded(refund.pk, done=False)]

    def test_a_commission_is_shared_out(self, paid: PaymentIntent, gateway: Gateway) -> None:
        leader = make_account()
        SocialAccount.objects.create(user=leader, provider="weixin", uid="o-leader")
        share = request_share(paid, leader, 398, key="s1", by=SYSTEM, reason="佣金")
        run_share(share.pk)
        assert fresh(share).state == ErrandState.DONE
        assert gateway.shares[share.number]["receivers"][0]["amount"] == 398
        assert request_share(paid, leader, 398, key="s1", by=SYSTEM, reason="佣金") == share
        with pytest.raises(Refused):
            request_share(paid, leader, 3981, key="s2", by=SYSTEM, reason="佣金")

    def test_a_leader_whom_wechat_does_not_know_gets_nothing_yet(self, paid: PaymentIntent, gateway: Gateway) -> None:
        share = request_share(paid, make_account(), 398, key="s1", by=SYSTEM, reason="佣金")
        run_share(share.pk)
        assert (fresh(share).state, Share.objects.get().problem) == (
            ErrandState.FAILED,
            "主理人还没有用微信登录过，佣金分不出去",
        )


class TestPaidElsewhere:
    @pytest.fixture
    def cash(self, town: Town) -> PaymentIntent:
        return make_intent(town, way=Way.RECORDED)

    def test_two_people_make_it_paid(self, cash: PaymentIntent, heard: list[Any]) -> None:
        one, other = Actor(make_account()), Actor(make_account())
        with pytest.raises(Refused):
            confirm_paid(cash, by=other, now=timezone.now(), reason="收到")
        declare_paid(cash, Method.CASH, by=one, reason="收了现金")
        with pytest.raises(Conflict):
            declare_paid(cash, Method.CASH, by=other, reason="收了现金")
        with pytest.raises(NotAllowed):
            confirm_paid(cash, by=one, now=timezone.now(), reason="收到")
        confirm_paid(cash, by=other, now=timezone.now(), reason="收到")
        with pytest.raises(Conflict):
            confirm_paid(cash, by=other, now=timezone.now(), reason="收到")
        assert heard == [PaymentArrived(cash.pk)]

    def test_the_database_wants_two_people_too(self, cash: PaymentIntent) -> None:
        one = make_account()
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            PaymentIntent.objects.filter(pk=cash.pk).update(declared_by=one, confirmed_by=one)

    def test_giving_it_back_takes_two_as_well(self, cash: PaymentIntent, heard: list[Any]) -> None:
        one, other = Actor(make_account()), Actor(make_account())
        declare_paid(cash, Method.CODE, by=one, reason="付了")
        confirm_paid(cash, by=other, now=timezone.now(), reason="收到")
        refund = request_refund(fresh(cash), 500, key="r", by=one, reason="缺货")
        declare_refunded(refund, by=one, reason="退了")
        with pytest.raises(NotAllowed):
            confirm_refunded(refund, by=one, now=timezone.now(), reason="退了")
        confirm_refunded(refund, by=other, now=timezone.now(), reason="退了")
        assert heard[-1] == RefundEnded(refund.pk, done=True)

    def test_nobody_records_what_wechat_knows(self, intent: PaymentIntent) -> None:
        with pytest.raises(Refused):
            declare_paid(intent, Method.CASH, by=Actor(make_account()), reason="收了现金")


def bill(*rows: str) -> bytes:
    header = "\ufeff交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,交易状态,订单金额,商户退款单号,退款金额,退款状态"
    return "\r\n".join([header, *rows, "总交易单数,应结订单总金额", "`1,`39.80"]).encode()


class TestTheDaysBill:
    def row(self, number: str, amount: str = "39.80", merchant: str = SUB) -> str:
        return f"`2026-11-27 10:00:00,`wx,`1900000001,`{merchant},`4200,`{number},`SUCCESS,`{amount},`0,`0.00,`"

    def test_line_by_line(self, paid: PaymentIntent, gateway: Gateway, town: Town) -> None:
        day = timezone.localdate(paid.paid_at)
        other = make_intent(town)
        PaymentIntent.objects.filter(pk=other.pk).update(state=IntentState.PAID, paid_at=paid.paid_at)
        refund = request_refund(paid, 1000, key="r", by=SYSTEM, reason="缺货")
        run_refund(refund.pk)
        gateway.bill = bill(
            self.row(paid.number, "39.81"),
            self.row("stranger"),
            f"`t,`wx,`1900000001,`{SUB},`4200,`{paid.number},`REFUND,`0.00,`{refund.number},`10.00,`SUCCESS",
        )
        provider = in_use()
        assert provider is not None
        rows = list(provider.bill(day))
        assert [row.amount for row in rows] == [3981, 3980, 1000]
        found = compare(day, rows, by=SYSTEM, reason="对账")
        assert found == {"amount": 1, "not_here": 1, "match": 1, "not_there": 1}
        line = BillLine.objects.get(verdict=BillVerdict.NOT_THERE)
        assert (line.number, line.theirs, line.ours) == (other.number, None, 3980)
        with pytest.raises(Refused):
            handle_line(line, " ", by=SYSTEM, now=timezone.now(), reason="查")
        handle_line(line, "跨日入账，次日账单里有", by=Actor(make_account()), now=timezone.now(), reason="查")
        gateway.bill = bill(self.row(paid.number))
        again = compare(day, list(provider.bill(day)), by=SYSTEM, reason="对账")
        assert again["match"] == 1
        assert fresh(line).finding

    def test_a_bill_that_did_not_come_whole_is_no_bill(
        self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gateway.bill = bill(self.row("x"))
        monkeypatch.setattr(
            Gateway,
            "_bill",
            lambda self: (200, {"hash_type": "SHA1", "hash_value": "0", "download_url": "/v3/billdownload/x"}),
        )
        provider = in_use()
        assert provider is not None
        with pytest.raises(Unknown):
            provider.bill(date(2026, 11, 27))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Ten notices of one payment at the same moment."""

    @pytest.fixture
    def waiting(self, gateway: Gateway) -> PaymentIntent:
        with transaction.atomic():
            see_everything()
            made = make_intent(make_town())
        prepare_intent(made.pk)
        with transaction.atomic():
            see_everything()
            return fresh(made)

    def storm(self, gateway: Gateway, waiting: PaymentIntent) -> list[int]:
        order = gateway.pay(waiting.number)
        start, codes = threading.Barrier(10), []

        def one() -> None:
            body, headers = gateway.notice(order)
            start.wait()
            try:
                codes.append(
                    Client()
                    .post("/hooks/wechatpay/", body, content_type="application/json", headers=headers)
                    .status_code
                )
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return codes

    def test_without_the_lock_it_counts_more_than_once(
        self, gateway: Gateway, waiting: PaymentIntent, heard: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The careless way: read the row, look at its state, write."""
        together, look = threading.Barrier(10), paying._disagreement

        def slow(intent: PaymentIntent, seen: Seen) -> str:
            together.wait()
            return look(intent, seen)

        monkeypatch.setattr(IntentQuerySet, "select_for_update", lambda self, of: self)
        monkeypatch.setattr(paying, "_disagreement", slow)
        self.storm(gateway, waiting)
        assert len(heard) > 1

    def test_it_counts_once(self, gateway: Gateway, waiting: PaymentIntent, heard: list[Any]) -> None:
        assert self.storm(gateway, waiting) == [200] * 10
        assert heard == [PaymentArrived(waiting.pk)]


def test_what_cannot_be_read_is_forged(gateway: Gateway) -> None:
    provider = in_use()
    assert provider is not None
    for body in (b"", b"[]", b"\xff\xfe", json.dumps({"resource": 1}).encode()):
        headers = gateway.signature(
            keys()[1],
            body.decode("utf-8", "replace"),
            int(timezone.now().timestamp()),
        )
        with pytest.raises(Forged):
            provider.read(headers, body, timezone.now())
