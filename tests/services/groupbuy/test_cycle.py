"""One cycle from draft to settled accounts: every fen is somebody's, and in the end nobody's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.people import Town, make_account, make_resident
from tests.services.groupbuy.make import (
    REASON,
    Shop,
    book_of,
    bought,
    broken,
    left,
    make_buyer,
    make_cycle,
    make_shop,
    order,
    pay,
)

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Method, Refund
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid
from jiamenkou.foundation.ledger.refunding import confirm_refunded, declare_refunded
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy.actions.complaints import complain, decide_complaint
from jiamenkou.services.groupbuy.actions.cycles import (
    arrive,
    change_stock,
    close_due,
    copy_cycle,
    fail_cycle,
    finish_cycle,
    open_due,
    step_cycle,
)
from jiamenkou.services.groupbuy.actions.orders import (
    Buyer,
    cancel_order,
    intents_of,
    place_order,
    release_expired,
)
from jiamenkou.services.groupbuy.actions.pickup import find, hand_over, sync
from jiamenkou.services.groupbuy.actions.settlements import confirm_settled, declare_settled, make_settlements
from jiamenkou.services.groupbuy.codes import Slip, signed
from jiamenkou.services.groupbuy.models import Complaint, Cycle, Order, OrderLine
from jiamenkou.services.groupbuy.states import CycleState, OrderState, PickedHow, ShortageRule

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def by(shop: Shop) -> Actor:
    return Actor(shop.leader.account)


def close(cycle: Cycle, by: Actor) -> Cycle:
    """Time passes until it closes."""
    later = cycle.closes_at + timedelta(minutes=1)
    release_expired(later, by=by, reason=REASON)
    close_due(later, by=by, reason=REASON)
    cycle.refresh_from_db()
    return cycle


def to_arrival(cycle: Cycle, by: Actor, came: int) -> Cycle:
    close(cycle, by)
    for state in (CycleState.PREPARING, CycleState.DELIVERING):
        step_cycle(cycle, state, by=by, now=timezone.now(), reason=REASON)
    offer = cycle.offers.get()
    arrive(cycle, {offer.pk: came}, by=by, now=timezone.now(), reason=REASON)
    return cycle


def pay_refunds(shop: Shop) -> None:
    for refund in Refund.objects.filter(state="requested").select_related("intent").order_by("id"):
        declare_refunded(refund, by=shop.worker, reason=REASON)
        confirm_refunded(refund, by=shop.second, now=timezone.now(), reason=REASON)


def told(resident: Any) -> list[str]:
    return list(Message.objects.filter(resident=resident).order_by("id").values_list("notice", flat=True))


def test_the_whole_way_with_a_shortage_a_complaint_and_a_no_show(shop: Shop, by: Actor) -> None:
    cycle = make_cycle(shop, stock=10)
    first, second, third = (bought(cycle, shop, boxes) for boxes in (2, 3, 1))
    assert (left(cycle), cycle.joined) == (4, 0)
    assert book_of(cycle) == {"money": 6 * 3980, "orders": -6 * 3980}
    to_arrival(cycle, by, came=5)
    third.refresh_from_db()
    assert (third.state, third.refunded_fen) == (OrderState.REFUNDED, 3980)  # the last to pay goes short
    assert told(third.resident)[-1] == "groupbuy.short"
    pay_refunds(shop)
    point = cycle.points.order_by("id")[0]
    hand_over(cycle, point, [first.pk], how=PickedHow.DIGITS, by=by, at=timezone.now(), reason=REASON)
    line = OrderLine.objects.select_related("order__resident", "order__cycle").get(order=first)
    buyer = Actor(first.account)
    complaint = complain(line, 1, "袋子破了，米撒了", [PNG], by=buyer, now=timezone.now(), reason=REASON)
    decide_complaint(complaint, accept=True, answer="", by=shop.worker, now=timezone.now(), reason=REASON)
    pay_refunds(shop)
    with time_machine.travel(cycle.pickup_until + timedelta(minutes=1)):
        assert finish_cycle(cycle, by=by, now=timezone.now(), reason=REASON) == 1
    second.refresh_from_db()
    assert (second.state, told(second.resident)[-1]) == (OrderState.NO_SHOW, "groupbuy.missed")
    # picked up and kept: one bag with commission; not fetched: three bags without
    assert book_of(cycle) == {"money": 4 * 3980, "supplier": -(4 * 3980 - 318), "commission": -318}
    for settlement in cycle.settlements.order_by("id"):
        declare_settled(settlement, by=shop.worker, reason=REASON)
        with pytest.raises(NotAllowed):
            confirm_settled(settlement, by=shop.worker, now=timezone.now(), reason=REASON)
        confirm_settled(settlement, by=shop.second, now=timezone.now(), reason=REASON)
    assert book_of(cycle) == {}
    assert make_settlements(cycle, by=by, now=timezone.now(), reason=REASON) == []
    assert broken() == []


class TestOrdering:
    def test_boxes_are_held_while_paying_and_given_back_once(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, stock=3)
        placed = order(cycle, *make_buyer(shop.town), boxes=2)
        assert left(cycle) == 1
        with pytest.raises(Conflict, match="只剩 1 份"):
            order(cycle, *make_buyer(shop.town), boxes=2)
        later = placed.hold_until + timedelta(seconds=1)
        assert [release_expired(later, by=by, reason=REASON) for _ in range(2)] == [1, 0]
        assert (left(cycle), book_of(cycle), broken()) == (3, {}, [])

    @pytest.mark.parametrize("boxes", [0, -1, 100, 10**9])
    def test_nonsense_is_refused(self, shop: Shop, boxes: int) -> None:
        cycle = make_cycle(shop)
        with pytest.raises(Refused, match="1 到 99"):
            order(cycle, *make_buyer(shop.town), boxes=boxes)
        assert (left(cycle), Order.objects.exists()) == (10, False)

    def test_nothing_and_something_else_are_refused(self, shop: Shop) -> None:
        cycle, other = make_cycle(shop), make_cycle(shop)
        resident, by = make_buyer(shop.town)
        for wanted in ({}, {other.offers.get().pk: 1}):
            with pytest.raises(Refused):
                place_order(
                    cycle, Buyer("x", "", resident), wanted, shop.points[0], by=by, now=timezone.now(), reason=REASON
                )

    def test_a_limit_counts_what_one_has(self, shop: Shop) -> None:
        cycle = make_cycle(shop, limit=3)
        resident, by = make_buyer(shop.town)
        order(cycle, resident, by, 2)
        with pytest.raises(Refused, match="您已经订了 2 份"):
            order(cycle, resident, by, 2)
        order(cycle, resident, by, 1)

    def test_before_opening_and_after_closing(self, shop: Shop) -> None:
        cycle = make_cycle(shop)
        resident, by = make_buyer(shop.town)
        with pytest.raises(Refused, match="截单"):
            order(cycle, resident, by, now=cycle.closes_at)
        later = make_cycle(
            shop, opens_at=timezone.now() + timedelta(hours=1), closes_at=timezone.now() + timedelta(days=1)
        )
        assert later.state == CycleState.ANNOUNCED
        with pytest.raises(Refused, match="还没开始"):
            order(later, resident, by)
        assert open_due(later.opens_at, by=by, reason=REASON) == 1

    def test_cancelling_gives_boxes_and_money_back_until_it_closes(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        one, other = bought(cycle, shop, 2), bought(cycle, shop, 1)
        one = Order.objects.select_related("cycle").get(pk=one.pk)
        cancel_order(one, by=Actor(one.account), now=timezone.now(), reason=REASON)
        with pytest.raises(Conflict):
            cancel_order(one, by=Actor(one.account), now=timezone.now(), reason=REASON)
        assert (left(cycle), Refund.objects.get().amount) == (9, 7960)
        close(cycle, by)
        other = Order.objects.select_related("cycle").get(pk=other.pk)
        with pytest.raises(Conflict, match="已经截单"):
            cancel_order(other, by=Actor(other.account), now=timezone.now(), reason=REASON)
        assert broken() == []

    def test_what_one_adds_becomes_one_parcel_at_closing(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        resident, buyer = make_buyer(shop.town)
        one, more = (pay(order(cycle, resident, buyer, boxes), shop) for boxes in (1, 2))
        close(cycle, by)
        one.refresh_from_db()
        more.refresh_from_db()
        assert (one.total_fen, more.state, more.merged_into) == (3 * 3980, OrderState.MERGED, one)
        # its refund takes from both payments
        to = {cycle.offers.get().pk: 0}
        arrive_after_steps(cycle, by, to)
        refunds = Refund.objects.order_by("id").values_list("intent__about_id", "amount")
        assert list(refunds) == [(more.pk, 3980), (more.pk, 3980), (one.pk, 3980)]
        pay_refunds(shop)
        assert (book_of(cycle), broken()) == ({}, [])

    def test_a_proxy_order_for_an_elder_tells_the_elder(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        elder = make_resident(shop.town.community, name="钱奶奶")
        made = place_order(
            cycle, Buyer(elder.name, "", elder), {cycle.offers.get().pk: 1}, shop.points[0], by=shop.worker,
            now=timezone.now(), reason=REASON, proxy=True,
        )  # fmt: skip
        assert made.proxy
        assert told(elder) == ["groupbuy.proxy"]

    def test_stock_may_grow_but_what_is_sold_stays_sold(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, stock=2)
        bought(cycle, shop, 2)
        offer = cycle.offers.get()
        with pytest.raises(Refused):
            change_stock(offer, -1, by=by, reason=REASON)
        change_stock(offer, 3, by=by, reason=REASON)
        assert left(cycle) == 3


def arrive_after_steps(cycle: Cycle, by: Actor, counted: dict[int, int]) -> int:
    step_cycle(cycle, CycleState.PREPARING, by=by, now=timezone.now(), reason=REASON)
    return arrive(cycle, counted, by=by, now=timezone.now(), reason=REASON)


class TestClosing:
    def test_too_few_households_pays_everybody_back(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, minimum=3)
        one, other = bought(cycle, shop), bought(cycle, shop, 2)
        waiting = order(cycle, *make_buyer(shop.town))
        close(cycle, by)
        waiting.refresh_from_db()
        assert (cycle.state, cycle.failed_why) == (CycleState.FAILED, "要 3 家，只有 2 家")
        assert waiting.state == OrderState.EXPIRED
        assert {told(placed.resident)[-1] for placed in (one, other)} == {"groupbuy.failed"}
        pay_refunds(shop)
        assert (book_of(cycle), broken()) == ({}, [])
        assert set(Refund.objects.order_by("id").values_list("state", flat=True)) == {"done"}

    def test_two_of_one_household_are_one(self, shop: Shop, by: Actor) -> None:
        from jiamenkou.foundation.people.models import Household

        cycle = make_cycle(shop, minimum=2)
        home = Household.objects.create(community=shop.town.community)
        for _ in range(2):
            resident, buyer = make_buyer(shop.town, household=home)
            pay(order(cycle, resident, buyer), shop)
        cycle.refresh_from_db()
        assert cycle.joined == 1

    def test_it_waits_for_those_who_are_paying(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        bought(cycle, shop)
        waiting = order(cycle, *make_buyer(shop.town))
        Order.objects.filter(pk=waiting.pk).update(hold_until=cycle.closes_at + timedelta(minutes=10))
        later = cycle.closes_at + timedelta(minutes=5)
        assert close_due(later, by=by, reason=REASON) == 0
        with time_machine.travel(later):
            pay(waiting, shop)
        assert close_due(later, by=by, reason=REASON) == 1
        assert waiting.state == OrderState.PAID

    def test_who_said_it_was_paid_keeps_the_boxes_until_somebody_looked(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        bought(cycle, shop)
        waiting = order(cycle, *make_buyer(shop.town))
        declare_paid(intents_of(waiting)[0], Method.CODE, by=Actor(waiting.account), reason=REASON)
        close(cycle, by)
        waiting.refresh_from_db()
        assert (cycle.state, waiting.state) == (CycleState.CLOSED, OrderState.PENDING)
        confirm_paid(intents_of(waiting)[0], by=by, now=timezone.now(), reason=REASON)
        waiting.refresh_from_db()
        assert waiting.state == OrderState.PAID

    def test_a_supplier_who_cannot_deliver(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        bought(cycle, shop)
        close(cycle, by)
        with pytest.raises(Refused):
            fail_cycle(cycle, " ", by=by, now=timezone.now(), reason=REASON)
        fail_cycle(cycle, "供货商的车坏了", by=by, now=timezone.now(), reason=REASON)
        pay_refunds(shop)
        assert book_of(cycle) == {}

    def test_no_step_back(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop)
        with pytest.raises(Conflict):
            step_cycle(cycle, CycleState.PREPARING, by=by, now=timezone.now(), reason=REASON)
        with pytest.raises(Refused):
            step_cycle(cycle, CycleState.OPEN, by=by, now=timezone.now(), reason=REASON)

    def test_a_copy_is_a_week_later(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, minimum=3)
        again = copy_cycle(cycle, by=by, now=timezone.now(), reason=REASON)
        assert again.closes_at - cycle.closes_at == timedelta(days=7)
        assert (again.state, again.copied_from, again.minimum) == (CycleState.DRAFT, cycle, 3)
        assert again.offers.get().left == 10
        assert again.points.count() == 2


class TestPickup:
    @pytest.fixture
    def cycle(self, shop: Shop, by: Actor) -> Cycle:
        return make_cycle(shop)

    def test_by_digits_phone_and_qr(self, shop: Shop, by: Actor, cycle: Cycle) -> None:
        from jiamenkou.foundation.people.actions.register import Numbers, set_numbers

        resident, buyer = make_buyer(shop.town)
        numbers = Numbers(identity="", identity_kind="", phones=("13800008888",))
        set_numbers(resident, numbers, by=shop.worker, reason=REASON)
        placed = pay(order(cycle, resident, buyer, 2), shop)
        to_arrival(cycle, by, 2)
        point, elsewhere = cycle.points.order_by("id")
        text = signed(Slip(cycle.pk, point.pk, (placed.pk,)))
        for said, how in ((placed.code, "digits"), ("8888", "phone"), (text, "qr")):
            found, way = find(cycle, point, said)
            assert ([one.pk for one in found], way) == ([placed.pk], how)
        with pytest.raises(Refused, match="6 栋 1 单元门厅"):
            find(cycle, elsewhere, placed.code)
        with pytest.raises(Refused, match="在“6 栋 1 单元门厅”取"):
            find(cycle, elsewhere, text)
        with pytest.raises(Refused):
            hand_over(cycle, elsewhere, [placed.pk], how=PickedHow.QR, by=by, at=timezone.now(), reason=REASON)

    @pytest.mark.parametrize("said", ["", "12", "abcdef", "１２３４５６７", "J1.1.1.1.x", "0000", "999999"])
    def test_what_is_no_code(self, shop: Shop, by: Actor, cycle: Cycle, said: str) -> None:
        placed = bought(cycle, shop)
        to_arrival(cycle, by, 1)
        Order.objects.filter(pk=placed.pk).update(code="123456")
        with pytest.raises(Refused):
            find(cycle, cycle.points.order_by("id")[0], said)

    def test_a_changed_slip_is_forged(self, shop: Shop, by: Actor, cycle: Cycle) -> None:
        one, other = bought(cycle, shop), bought(cycle, shop)
        to_arrival(cycle, by, 2)
        point = cycle.points.order_by("id")[0]
        text = signed(Slip(cycle.pk, point.pk, (one.pk,)))
        with pytest.raises(Refused, match="不是家门口"):
            find(cycle, point, text.replace(f".{one.pk}.", f".{other.pk}."))
        with pytest.raises(Refused, match="另一期"):
            find(cycle, point, signed(Slip(cycle.pk + 1, point.pk, (one.pk,))))

    def test_taken_once_also_after_the_signal_comes_back(self, shop: Shop, by: Actor, cycle: Cycle) -> None:
        one, other = bought(cycle, shop), bought(cycle, shop)
        to_arrival(cycle, by, 2)
        point = cycle.points.order_by("id")[0]
        now = timezone.now()
        handed = [(one.pk, now - timedelta(minutes=7)), (one.pk, now), (other.pk + 999, now)]
        answers = sync(cycle, point, handed, by=by, now=now, reason=REASON)
        assert answers == {one.pk: "again", other.pk + 999: "refused"}
        one.refresh_from_db()
        assert (one.state, one.picked_at) == (OrderState.PICKED, now - timedelta(minutes=7))
        assert sync(cycle, point, handed[:1], by=by, now=now, reason=REASON) == {one.pk: "again"}
        assert broken() == []

    def test_it_is_too_early_to_finish(self, shop: Shop, by: Actor, cycle: Cycle) -> None:
        bought(cycle, shop)
        to_arrival(cycle, by, 1)
        with pytest.raises(Refused, match="还没过"):
            finish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)

    def test_more_than_was_ordered_cannot_arrive(self, shop: Shop, by: Actor, cycle: Cycle) -> None:
        bought(cycle, shop)
        close(cycle, by)
        step_cycle(cycle, CycleState.PREPARING, by=by, now=timezone.now(), reason=REASON)
        for came in (2, -1):
            with pytest.raises(Refused, match="在 0 到它之间"):
                arrive(cycle, {cycle.offers.get().pk: came}, by=by, now=timezone.now(), reason=REASON)

    def test_half_each(self, shop: Shop, by: Actor) -> None:
        cycle = make_cycle(shop, shortage_rule=ShortageRule.EVEN)
        orders = [bought(cycle, shop, 2) for _ in range(3)]
        to_arrival(cycle, by, 3)
        assert [OrderLine.objects.get(order=one).given for one in orders] == [1, 1, 1]


class TestComplaints:
    @pytest.fixture
    def line(self, shop: Shop, by: Actor) -> OrderLine:
        cycle = make_cycle(shop)
        placed = bought(cycle, shop, 2)
        to_arrival(cycle, by, 2)
        point = cycle.points.order_by("id")[0]
        hand_over(cycle, point, [placed.pk], how=PickedHow.QR, by=by, at=timezone.now(), reason=REASON)
        return OrderLine.objects.select_related("order__resident", "order__cycle").get(order=placed)

    def say(self, line: OrderLine, quantity: int = 1, photos: list[bytes] | None = None, after: int = 0) -> Complaint:
        return complain(
            line, quantity, "发霉", [PNG] if photos is None else photos, by=Actor(line.order.account),
            now=timezone.now() + timedelta(hours=after), reason=REASON,
        )  # fmt: skip

    def test_bounds(self, line: OrderLine) -> None:
        for wrong in ({"quantity": 3}, {"quantity": 0}, {"photos": []}, {"after": 25}):
            with pytest.raises(Refused):
                self.say(line, **wrong)  # type: ignore[arg-type]
        self.say(line)
        with pytest.raises(Conflict):
            self.say(line)

    def test_decided_once_and_a_refusal_has_words(self, line: OrderLine, shop: Shop) -> None:
        complaint = self.say(line)
        with pytest.raises(Refused):
            decide_complaint(complaint, accept=False, answer="", by=shop.worker, now=timezone.now(), reason=REASON)
        decide_complaint(
            complaint, accept=False, answer="照片是别的米", by=shop.worker, now=timezone.now(), reason=REASON
        )
        with pytest.raises(Conflict):
            decide_complaint(complaint, accept=True, answer="", by=shop.worker, now=timezone.now(), reason=REASON)
        assert not Refund.objects.exists()


def test_somebody_without_an_account_is_named_and_counted(shop: Shop, by: Actor) -> None:
    """A neighbour from a pasted list."""
    cycle = make_cycle(shop)
    make_account()
    made = place_order(
        cycle, Buyer("赵叔", "3-402"), {cycle.offers.get().pk: 1}, shop.points[0], by=by, now=timezone.now(),
        reason=REASON, proxy=True,
    )  # fmt: skip
    pay(made, shop)
    cycle.refresh_from_db()
    assert (made.resident, cycle.joined) == (None, 1)
