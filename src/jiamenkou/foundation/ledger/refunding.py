"""Money back to where it came from, and commissions handed on: errands with three outcomes – done, failed, unknown."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.ledger.events import RefundEnded, ShareEnded
from jiamenkou.foundation.ledger.models import ErrandState, IntentState, PaymentIntent, Refund, Share, Way
from jiamenkou.foundation.ledger.paying import new_number
from jiamenkou.foundation.ledger.providers import Seen, SeenState
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

_ENDS = {SeenState.DONE: ErrandState.DONE, SeenState.FAILED: ErrandState.FAILED, SeenState.RUNNING: ErrandState.SENT}


def request_refund(intent: PaymentIntent, amount: int, *, key: str, by: Actor, reason: str) -> Refund:
    """Send ``amount`` fen back; the same key again returns the same refund. Never more than was paid.

    Raises Refused where the payment is not there or holds less.
    """
    found = Refund.objects.filter(key=key).first()
    if found is not None:
        return found
    if amount < 1:
        raise Refused("退款金额不对。", field="amount")
    # the conditional update decides: two refunds at once cannot both take the last fen
    paid = PaymentIntent.objects.filter(pk=intent.pk, state=IntentState.PAID, refunded__lte=F("amount") - amount)
    if not paid.update(refunded=F("refunded") + amount):
        raise Refused("退的钱不能超过付的钱。", code="beyond")
    refund = Refund.objects.create(
        intent=intent,
        number=new_number(),
        key=key,
        amount=amount,
        reason=reason[:80],
        next_check_at=timezone.now() if intent.way == Way.WECHAT else None,
    )
    if intent.way == Way.WECHAT:
        from jiamenkou.foundation.ledger.tasks import send_refund

        send_refund.defer(refund=refund.pk)
    return refund


def declare_refunded(refund: Refund, *, by: Actor, reason: str) -> None:
    """One person says that what was paid elsewhere has been given back."""
    _recorded(refund, by)
    done = Refund.objects.filter(pk=refund.pk, state=ErrandState.REQUESTED)
    if not done.update(state=ErrandState.DECLARED, declared_by=by.account):
        raise Conflict("这笔退款已经有人记过了。", code="declared")
    refund.refresh_from_db()


def confirm_refunded(refund: Refund, *, by: Actor, now: datetime, reason: str) -> None:
    """A second person confirms it."""
    _recorded(refund, by)
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if locked.state != ErrandState.DECLARED:
        raise Refused("还没有人记下这笔退款。", code="not_declared")
    if by.account is not None and locked.declared_by_id == by.account.pk:
        raise NotAllowed("要由另一个人确认。", code="same_person")
    locked.confirmed_by = by.account
    _end_refund(locked, ErrandState.DONE, now)


def learn_refund(seen: Seen, *, now: datetime, by: Actor, reason: str) -> bool:
    """Whether the provider's word settled a refund of ours; a word about another amount or merchant settles nothing."""
    refund = Refund.objects.select_for_update(of=("self",)).filter(number=seen.number).select_related("intent").first()
    if refund is None or refund.state in {ErrandState.DONE, ErrandState.FAILED}:
        return False
    if seen.merchant != refund.intent.merchant or seen.amount != refund.amount:
        Refund.objects.filter(pk=refund.pk).update(problem="对方说的金额或商户对不上", next_check_at=now)
        return False
    refund.provider_id = seen.provider_id or refund.provider_id
    _end_refund(refund, _ENDS[seen.state], now)
    return True


def fail_refund(refund: Refund, problem: str, *, now: datetime) -> None:
    """The provider refused it for good: the money is still owed, and somebody must look."""
    refund.problem = problem[:200]
    _end_refund(refund, ErrandState.FAILED, now)


def request_share(intent: PaymentIntent, receiver: Account, amount: int, *, key: str, by: Actor, reason: str) -> Share:
    """分账 of ``amount`` fen to a person's own account, once for ``key``."""
    found = Share.objects.filter(key=key).first()
    if found is not None:
        return found
    if intent.state != IntentState.PAID or amount < 1 or amount > intent.amount - intent.refunded:
        raise Refused("分账不能超过收到的钱。", code="beyond")
    share = Share.objects.create(
        intent=intent,
        receiver=receiver,
        number=new_number(),
        key=key,
        amount=amount,
        reason=reason[:80],
        next_check_at=timezone.now() if intent.way == Way.WECHAT else None,
    )
    if intent.way == Way.WECHAT:
        from jiamenkou.foundation.ledger.tasks import send_share

        send_share.defer(share=share.pk)
    return share


def learn_share(seen: Seen, *, now: datetime) -> None:
    share = Share.objects.select_for_update(of=("self",)).get(number=seen.number)
    if share.state in {ErrandState.DONE, ErrandState.FAILED}:
        return
    share.provider_id = seen.provider_id or share.provider_id
    _end_share(share, _ENDS[seen.state], now)


def fail_share(share: Share, problem: str, *, now: datetime) -> None:
    """The provider refused it for good: it is paid another way."""
    share.problem = problem[:200]
    _end_share(share, ErrandState.FAILED, now)


def _end_share(share: Share, state: ErrandState, now: datetime) -> None:
    share.state = state
    share.done_at = now if state == ErrandState.DONE else None
    if state in {ErrandState.DONE, ErrandState.FAILED}:
        share.next_check_at = None
    share.save()
    if state in {ErrandState.DONE, ErrandState.FAILED}:
        publish(ShareEnded(share.pk, state == ErrandState.DONE))


def _recorded(refund: Refund, by: Actor) -> None:
    if by.account is None:
        raise NotAllowed("请先登录。")
    if refund.intent.way != Way.RECORDED:
        raise Refused("微信退款由微信说了算，不用人记。", code="not_recorded")


def _end_refund(refund: Refund, state: ErrandState, now: datetime) -> None:
    refund.state = state
    if state == ErrandState.DONE:
        refund.done_at, refund.problem = now, ""
    if state in {ErrandState.DONE, ErrandState.FAILED}:
        refund.next_check_at = None
    refund.save()
    if state in {ErrandState.DONE, ErrandState.FAILED}:
        publish(RefundEnded(refund.pk, state == ErrandState.DONE))
