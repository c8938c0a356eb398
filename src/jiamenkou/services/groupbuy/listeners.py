"""What payments mean for orders. Called inside the transaction in which the payment became true, with every row in view."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.ledger.events import PaymentArrived, PaymentEnded, RefundEnded, ShareEnded
from jiamenkou.foundation.ledger.models import PaymentIntent, Refund, Share
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.services.groupbuy import book, notices, words
from jiamenkou.services.groupbuy.actions import stock
from jiamenkou.services.groupbuy.actions.counting import recount
from jiamenkou.services.groupbuy.actions.orders import move, release_order
from jiamenkou.services.groupbuy.actions.refunds import ask_back
from jiamenkou.services.groupbuy.actions.settlements import settle_again
from jiamenkou.services.groupbuy.models import Cycle, Order, OrderLine
from jiamenkou.services.groupbuy.models.order import ABOUT
from jiamenkou.services.groupbuy.states import CycleState, LateRule, OrderState

SYSTEM = Actor(None)
# until the goods are ordered from the supplier a late payer can still be served
STILL = (CycleState.OPEN, CycleState.CLOSED)


def payment_arrived(event: PaymentArrived) -> None:
    """In time: the order is paid. Too late: honoured by the cycle's rule while boxes are left, else all goes back."""
    intent = PaymentIntent.objects.get(pk=event.intent)
    if intent.about_kind != ABOUT:
        return
    now = timezone.now()
    with scope(EVERYTHING):
        order = Order.objects.select_related("cycle", "resident").get(pk=intent.about_id)
        try:
            move(order, (OrderState.PENDING,), OrderState.PAID, SYSTEM, now, "付款", paid_at=intent.paid_at)
        except Conflict:
            _late(order, intent)
            return
        book.write(order.cycle, book.paid(intent.pk, intent.amount), by=SYSTEM, reason="付款")
        _tell_paid(order)
        recount(order.cycle)


def payment_ended(event: PaymentEnded) -> None:
    """No money will come: the boxes go to others at once, not only at the end of their time."""
    intent = PaymentIntent.objects.get(pk=event.intent)
    if intent.about_kind != ABOUT:
        return
    with scope(EVERYTHING):
        order = Order.objects.select_related("cycle", "resident").get(pk=intent.about_id)
        why = intent.problem or "没付成"
        try:
            release_order(order, by=SYSTEM, now=timezone.now(), why=why)
        except Conflict:
            return  # it was let go before, which is why nobody waits for the money
        if order.resident is not None and intent.problem:
            tell(notices.ENDED, order.resident, href=f"/groups/{order.cycle_id}/", title=order.cycle.title, why=why)


def share_ended(event: ShareEnded) -> None:
    """The leader has her commission by 分账, or people pay it to her."""
    share = Share.objects.select_related("intent").get(pk=event.share)
    if share.intent.about_kind != ABOUT:
        return
    with scope(EVERYTHING):
        cycle = Order.objects.select_related("cycle").get(pk=share.intent.about_id).cycle
        if event.done:
            book.write(cycle, book.shared(share.pk, share.amount), by=SYSTEM, reason=share.reason)
        settle_again(cycle, by=SYSTEM, now=timezone.now(), reason=share.reason)


def refund_ended(event: RefundEnded) -> None:
    refund = Refund.objects.select_related("intent").get(pk=event.refund)
    if refund.intent.about_kind != ABOUT or not event.done:
        return
    with scope(EVERYTHING):
        order = Order.objects.select_related("cycle", "resident").get(pk=refund.intent.about_id)
        book.write(order.cycle, book.sent_back(refund.pk, refund.amount), by=SYSTEM, reason=refund.reason)
        if order.resident is not None:
            amount = words.yuan_full(refund.amount)
            href = f"/groups/orders/{order.merged_into_id or order.pk}/"
            tell(notices.REFUNDED, order.resident, href=href, amount=amount, title=order.cycle.title)


def _late(order: Order, intent: PaymentIntent) -> None:
    if _can_be_honoured(order) and _take_again(order):
        move(
            order,
            (OrderState.EXPIRED, OrderState.CANCELLED),
            OrderState.PAID,
            SYSTEM,
            timezone.now(),
            "过时才付，还有货",
            paid_at=intent.paid_at,
        )
        book.write(order.cycle, book.placed_again(order.pk, order.total_fen), by=SYSTEM, reason="过时才付")
        book.write(order.cycle, book.paid(intent.pk, intent.amount), by=SYSTEM, reason="过时才付")
        _tell_paid(order)
        recount(order.cycle)
        return
    book.write(order.cycle, book.paid_late(intent.pk, intent.amount), by=SYSTEM, reason="过时才付")
    ask_back(order, intent.amount, f"late:{intent.pk}", "late", by=SYSTEM, reason="过时才付，全退")
    if order.resident is not None:
        tell(
            notices.LATE,
            order.resident,
            href=f"/groups/orders/{order.pk}/",
            title=order.cycle.title,
            amount=words.yuan_full(intent.amount),
        )


def _can_be_honoured(order: Order) -> bool:
    """Only one that ran out of time; who cancelled does not want it any more."""
    cycle: Cycle = order.cycle
    return order.state == OrderState.EXPIRED and cycle.late_rule == LateRule.HONOUR and cycle.state in STILL


def _take_again(order: Order) -> bool:
    boxes = dict(OrderLine.objects.filter(order=order).order_by("offer").values_list("offer", "quantity"))
    try:
        with transaction.atomic():
            stock.take(boxes)
    except stock.SoldOut:
        return False
    return True


def _tell_paid(order: Order) -> None:
    if order.resident is not None:
        full = Order.objects.with_lines().get(pk=order.pk)
        tell(
            notices.PAID,
            order.resident,
            href=f"/groups/orders/{order.pk}/",
            items=words.items(full),
            arrives=words.dated(order.cycle.arrives_at),
        )
