"""Money that is owed back: written in the cycle's book, asked of the payments it came from, answered by their provider."""

from __future__ import annotations

from django.db.models import F

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import IntentState
from jiamenkou.foundation.ledger.refunding import request_refund
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.services.groupbuy import book
from jiamenkou.services.groupbuy.actions.orders import intents_of
from jiamenkou.services.groupbuy.models import Order

WORDS = {
    "cancelled": "取消订单",
    "shortage": "少到货",
    "failed": "没成团",
    "complaint": "售后",
    "late": "付款晚了",
}


def owe_back(
    order: Order, fen: int, key: str, kind: str, *, by: Actor, reason: str, commission: int | None = None
) -> None:
    """``fen`` go back for the deed ``key``. With ``commission`` (that was earned on it) it is after pickup."""
    if fen < 1:
        return
    allowed = Order.objects.filter(pk=order.pk, refunded_fen__lte=F("total_fen") - fen)
    if not allowed.update(refunded_fen=F("refunded_fen") + fen):
        raise Conflict("退的钱不能超过付的钱。", code="beyond")
    order.refresh_from_db(fields=["refunded_fen"])
    deed = book.owed_back(key, fen, kind) if commission is None else book.owed_back_after_pickup(key, fen, commission)
    book.write(order.cycle, deed, by=by, reason=reason)
    ask_back(order, fen, key, kind, by=by, reason=reason)


def ask_back(order: Order, fen: int, key: str, kind: str, *, by: Actor, reason: str) -> None:
    """From the latest payment first; an order that was merged has several. All of it, or nothing."""
    left = fen
    for intent in reversed(intents_of(order)):
        there = intent.amount - intent.refunded if intent.state == IntentState.PAID else 0
        part = min(left, there)
        if part:
            request_refund(intent, part, key=f"groupbuy:{key}:{intent.pk}", by=by, reason=WORDS[kind])
            left -= part
    if left:
        raise Conflict("付过的钱不够退，请查这一单的付款。", code="beyond")
