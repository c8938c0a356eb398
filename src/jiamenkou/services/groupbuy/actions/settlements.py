"""What a cycle owes its supplier and its leader, or they owe it after a refund: settled on the word of two people."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.ledger.models import ErrandState, OwnerKind, Share, Way
from jiamenkou.foundation.ledger.owners import Owner
from jiamenkou.foundation.ledger.queries import balances
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.groupbuy import book
from jiamenkou.services.groupbuy.models import Cycle, Order, Settlement
from jiamenkou.services.groupbuy.models.order import ABOUT
from jiamenkou.services.groupbuy.states import CycleState, Party, SettlementState

PURPOSE = {Party.SUPPLIER: "supplier", Party.LEADER: "commission"}


def owed(cycle: Cycle) -> dict[Party, int]:
    """What the cycle owes each by its book, in fen; negative where the party has too much, after a refund."""
    found = balances(Owner(OwnerKind.CYCLE, cycle.subject))
    return {party: -found.get(purpose, 0) for party, purpose in PURPOSE.items()}


def make_settlements(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> list[Settlement]:
    """One for each party that is owed something or owes something, and has none open; an open one follows the book.

    Commissions of a cycle paid in WeChat go by 分账 (:mod:`sharing`): people pay what that could not.
    """
    if cycle.state != CycleState.DONE:
        raise Refused("取货结束以后才能结算。", code="early")
    owing = owed(cycle)
    if cycle.way == Way.WECHAT:
        owing[Party.LEADER] = min(owing[Party.LEADER], _left_to_people(cycle))
    made = []
    for party, fen in owing.items():
        open_one = cycle.settlements.exclude(state=SettlementState.DONE).filter(party=party).first()
        if open_one is None and fen:
            fresh = Settlement(cycle=cycle, party=party, back=fen < 0, amount_fen=abs(fen), made_at=now)
            fresh.save()
            made.append(fresh)
        elif open_one is not None and open_one.state == SettlementState.OPEN:
            _follow(open_one, fen)
    return made


def settle_again(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> None:
    """After money went back of a cycle that is over: what its parties are owed, or owe, may be another sum."""
    if cycle.state == CycleState.DONE:
        make_settlements(cycle, by=by, now=now, reason=reason)


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
    cycle = settlement.cycle
    fen = -settlement.amount_fen if settlement.back else settlement.amount_fen
    book.write(cycle, book.settled(settlement.pk, PURPOSE[Party(settlement.party)], fen), by=by, reason=reason)
    # what changed while it was on its way is asked for separately
    settle_again(cycle, by=by, now=now, reason=reason)


def say_settled(settlement: Settlement, *, by: Actor, now: datetime, reason: str) -> None:
    """The party's own word: that it has given back what it had too much, or that its money has arrived."""
    if settlement.back and settlement.state == SettlementState.OPEN:
        declare_settled(settlement, by=by, reason=reason)
    else:
        confirm_settled(settlement, by=by, now=now, reason=reason)


def _follow(settlement: Settlement, fen: int) -> None:
    if not fen:
        settlement.delete()
    elif (settlement.amount_fen, settlement.back) != (abs(fen), fen < 0):
        settlement.amount_fen, settlement.back = abs(fen), fen < 0
        settlement.save()


def _left_to_people(cycle: Cycle) -> int:
    """Commissions that 分账 could not hand on, less what people have paid of them."""
    with scope(EVERYTHING):
        orders = Order.objects.filter(cycle=cycle).order_by().values("pk")
        failed = Share.objects.filter(
            intent__about_kind=ABOUT, intent__about_id__in=orders, state=ErrandState.FAILED
        ).aggregate(fen=Sum("amount"))["fen"]
    paid = cycle.settlements.filter(party=Party.LEADER, back=False, state=SettlementState.DONE)
    return int(failed or 0) - int(paid.aggregate(fen=Sum("amount_fen"))["fen"] or 0)
