"""What a cycle owes its supplier and its leader, paid once, on the word of two people or by 分账."""

from __future__ import annotations

from datetime import datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.ledger.models import IntentState, OwnerKind, PaymentIntent, Way
from jiamenkou.foundation.ledger.owners import Owner
from jiamenkou.foundation.ledger.queries import balances
from jiamenkou.foundation.ledger.refunding import request_share
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy import book
from jiamenkou.services.groupbuy.actions.orders import ABOUT
from jiamenkou.services.groupbuy.actions.pickup import commission
from jiamenkou.services.groupbuy.models import Cycle, Order, Settlement
from jiamenkou.services.groupbuy.states import CycleState, OrderState, Party, SettlementState

PURPOSE = {Party.SUPPLIER: "supplier", Party.LEADER: "commission"}


def owed(cycle: Cycle) -> dict[str, int]:
    """Purpose → fen that the cycle still owes (positive) by its book."""
    found = balances(Owner(OwnerKind.CYCLE, cycle.subject))
    return {purpose: -found.get(purpose, 0) for purpose in PURPOSE.values()}


def make_settlements(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> list[Settlement]:
    """One for each party that is owed something and has none open; 分账 is asked of the provider where it can do it."""
    if cycle.state != CycleState.DONE:
        raise Refused("取货结束以后才能结算。", code="early")
    owing = owed(cycle)
    made = []
    for party, purpose in PURPOSE.items():
        open_one = cycle.settlements.exclude(state=SettlementState.DONE).filter(party=party).first()
        if open_one is not None:
            # a complaint may have changed what is owed
            if open_one.state == SettlementState.OPEN and open_one.amount_fen != owing[purpose] > 0:
                open_one.amount_fen = owing[purpose]
                open_one.save()
            continue
        if owing[purpose] > 0:
            made.append(Settlement.objects.create(cycle=cycle, party=party, amount_fen=owing[purpose], made_at=now))
    if cycle.way == Way.WECHAT:
        _share_commissions(cycle, by, reason)
    return made


def declare_settled(settlement: Settlement, *, by: Actor, reason: str) -> None:
    """One person says that it was paid."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    open_one = Settlement.objects.filter(pk=settlement.pk, state=SettlementState.OPEN)
    if not open_one.update(state=SettlementState.DECLARED, declared_by=by.account):
        raise Conflict("这笔结算已经有人记过了。", code="declared")
    settlement.refresh_from_db()


def confirm_settled(settlement: Settlement, *, by: Actor, now: datetime, reason: str) -> None:
    """Another person – the party itself, or another of the staff – says that it has arrived."""
    if by.account is None or settlement.declared_by_id == by.account.pk:
        raise NotAllowed("要由另一个人确认收到。", code="same_person")
    declared = Settlement.objects.filter(pk=settlement.pk, state=SettlementState.DECLARED)
    if not declared.update(state=SettlementState.DONE, confirmed_by=by.account, done_at=now):
        raise Conflict("还没有人记下这笔结算。", code="not_declared")
    settlement.refresh_from_db()
    purpose = PURPOSE[Party(settlement.party)]
    book.write(settlement.cycle, book.settled(settlement.pk, purpose, settlement.amount_fen), by=by, reason=reason)


def _share_commissions(cycle: Cycle, by: Actor, reason: str) -> None:
    """A payment's commission comes out of that payment: what was picked up of it, less what went back."""
    with scope(EVERYTHING):
        for order in cycle.orders.filter(state=OrderState.PICKED).order_by("id"):
            fen = commission(order.total_fen - order.refunded_fen, cycle)
            for intent in _payments(order):
                part = min(fen, intent.amount - intent.refunded)
                if part > 0:
                    key = f"groupbuy:commission:{intent.pk}"
                    request_share(intent, cycle.leader.account, part, key=key, by=by, reason="团购佣金")
                    fen -= part


def _payments(order: Order) -> list[PaymentIntent]:
    ids = [order.pk, *Order.objects.filter(merged_into=order).order_by("id").values_list("pk", flat=True)]
    return list(PaymentIntent.objects.about(ABOUT, ids).filter(state=IntentState.PAID))
