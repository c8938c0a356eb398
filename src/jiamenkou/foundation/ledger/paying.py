"""Asking for money and hearing that it came. The provider's signed word decides, or two people's; never a page."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.ledger.events import PaymentArrived, PaymentEnded
from jiamenkou.foundation.ledger.models import IntentState, Method, PaymentEvent, PaymentIntent, Way
from jiamenkou.foundation.ledger.models.payments import LIVE
from jiamenkou.foundation.ledger.providers import Seen, SeenState
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.foundation.rows import insert

# nothing heard for so long: the provider is asked
FIRST_CHECK = timedelta(seconds=60)
# an unknown outcome is settled within ten minutes: the time between two questions never grows beyond this
LONGEST_WAIT = timedelta(minutes=4)


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    AGAIN = "again"
    NOTHING = "nothing"
    MISMATCH = "mismatch"
    STRANGER = "stranger"


def new_number() -> str:
    """A number of ours for the provider: no meaning, not guessable, at most 32 characters."""
    return f"{timezone.now():%y%m%d}{secrets.token_hex(11)}"


def open_intent(
    about: tuple[str, int],
    amount: int,
    *,
    way: Way,
    merchant: str,
    description: str,
    resident: Resident | None,
    community: int,
    expires_at: datetime,
    by: Actor,
    reason: str,
    profit_sharing: bool = False,
    keeper: int | None = None,
) -> PaymentIntent:
    """A payment that is waited for until ``expires_at``. With WeChat it is prepared after commit, by the worker.

    ``keeper``: the account that follows it besides the payer and the staff.
    """
    if way == Way.WECHAT and not merchant:
        raise Refused("这家供货商还没有开通微信收款，请换一种付款方式。", code="no_merchant")
    intent = PaymentIntent(
        number=new_number(),
        way=way,
        merchant=merchant,
        amount=amount,
        description=description[:60],
        about_kind=about[0],
        about_id=about[1],
        payer=by.account,
        keeper_id=keeper,
        resident=resident,
        community_id=community,
        state=IntentState.PREPARING if way == Way.WECHAT else IntentState.WAITING,
        profit_sharing=profit_sharing,
        expires_at=expires_at,
        next_check_at=timezone.now() + FIRST_CHECK if way == Way.WECHAT else None,
    )
    insert(intent)
    if way == Way.WECHAT:
        from jiamenkou.foundation.ledger.tasks import prepare

        prepare.defer(intent=intent.pk)
    return intent


def learn(seen: Seen, *, source: str, now: datetime, by: Actor, reason: str) -> Verdict:
    """Believe what the provider said of a payment, once it agrees with what was asked for.

    The row is locked: ten notices at once are one arrival. Nothing is believed of another amount, currency or merchant.
    """
    intent = PaymentIntent.objects.select_for_update(of=("self",)).filter(number=seen.number).first()
    if intent is None:
        return Verdict.STRANGER
    wrong = _disagreement(intent, seen)
    if wrong:
        intent.problem = wrong
        if intent.is_live:
            intent.next_check_at = now  # ask for ourselves
        intent.save()
        return _note(intent, source, Verdict.MISMATCH, wrong)
    if seen.state == SeenState.PAID:
        if intent.state == IntentState.PAID:
            return _note(intent, source, Verdict.AGAIN)
        intent.transaction_id = seen.provider_id
        _paid(intent, seen.at or now)
        return _note(intent, source, Verdict.ACCEPTED)
    if seen.state == SeenState.CLOSED and intent.is_live:
        close_intent(intent)
        return _note(intent, source, Verdict.ACCEPTED, "关闭")
    return Verdict.NOTHING


def declare_paid(intent: PaymentIntent, method: Method, *, by: Actor, reason: str) -> None:
    """One person says that the money was paid elsewhere; it counts when another one confirms it."""
    _recorded(intent, by)
    declared = PaymentIntent.objects.filter(pk=intent.pk, state=IntentState.WAITING).update(
        state=IntentState.DECLARED, method=method, declared_by=by.account
    )
    if not declared:
        raise Conflict("这笔已经有人记过了。", code="declared")
    intent.refresh_from_db()


def confirm_paid(intent: PaymentIntent, *, by: Actor, now: datetime, reason: str) -> None:
    """A second person has seen the money."""
    _recorded(intent, by)
    locked = PaymentIntent.objects.select_for_update(of=("self",)).get(pk=intent.pk)
    if locked.state == IntentState.PAID:
        raise Conflict("这笔已经确认过了。", code="confirmed")
    if locked.state != IntentState.DECLARED:
        raise Refused("还没有人记下这笔钱。", code="not_declared")
    if by.account is not None and locked.declared_by_id == by.account.pk:
        raise NotAllowed("要由另一个人确认收到。", code="same_person")
    locked.confirmed_by = by.account
    _paid(locked, now)
    _note(locked, "people", Verdict.ACCEPTED)


def close_intent(intent: PaymentIntent) -> None:
    """No money is waited for any more. Of WeChat's only after the provider has closed it as well."""
    intent.state, intent.next_check_at = IntentState.CLOSED, None
    intent.save()
    publish(PaymentEnded(intent.pk))


def give_up(intents: list[PaymentIntent], *, now: datetime, by: Actor, reason: str) -> None:
    """The matter is over: what was recorded by nobody is closed, the provider is asked to close the rest."""
    for intent in intents:
        if intent.way == Way.RECORDED and intent.state in {IntentState.WAITING, IntentState.DECLARED}:
            close_intent(intent)
        elif intent.is_live:
            PaymentIntent.objects.filter(pk=intent.pk, state__in=LIVE).update(
                expires_at=min(intent.expires_at, now), next_check_at=now
            )


def _recorded(intent: PaymentIntent, by: Actor) -> None:
    if by.account is None:
        raise NotAllowed("请先登录。")
    if intent.way != Way.RECORDED:
        raise Refused("微信付的钱由微信说了算，不用人记。", code="not_recorded")


def _disagreement(intent: PaymentIntent, seen: Seen) -> str:
    if seen.merchant != intent.merchant:
        return "商户号对不上"
    if seen.state == SeenState.PAID and (seen.amount != intent.amount or seen.currency != "CNY"):
        return f"金额对不上：应付 {intent.amount} 分，对方说 {seen.amount} {seen.currency} 分"
    if seen.state == SeenState.PAID and intent.transaction_id not in {"", seen.provider_id}:
        return "同一单付了两次"
    return ""


def _paid(intent: PaymentIntent, at: datetime) -> None:
    intent.state, intent.paid_at, intent.next_check_at, intent.problem = IntentState.PAID, at, None, ""
    intent.save()
    publish(PaymentArrived(intent.pk))


def _note(intent: PaymentIntent, source: str, verdict: Verdict, detail: str = "") -> Verdict:
    PaymentEvent.objects.create(intent=intent, source=source, verdict=verdict, detail=detail)
    return verdict
