"""What is not known is found out: every payment, refund and share in doubt is asked about until it is settled.

Each step reads in one transaction, talks to the provider outside of any, and writes in another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.ledger.events import PaymentEnded
from jiamenkou.foundation.ledger.models import ErrandState, IntentState, PaymentIntent, Refund, Share, Way
from jiamenkou.foundation.ledger.models.payments import LIVE, UNSETTLED, Errand
from jiamenkou.foundation.ledger.paying import LONGEST_WAIT, Verdict, learn
from jiamenkou.foundation.ledger.providers import Failed, Forged, Request, Seen, SeenState, Unknown, in_use
from jiamenkou.foundation.ledger.refunding import fail_refund, fail_share, learn_refund, learn_share
from jiamenkou.foundation.people.models import Account

ACTOR, REASON = "system:payments", "核对付款"
SYSTEM = Actor(None)
_EXPIRED = "超过付款时间"
Row = TypeVar("Row", PaymentIntent, Refund, Share)


def openid_of(account: Account | None) -> str:
    """The account's openid with our WeChat app, "" where it never signed in by WeChat."""
    from allauth.socialaccount.models import SocialAccount

    if account is None:
        return ""
    uid = SocialAccount.objects.filter(user=account, provider="weixin").values_list("uid", flat=True).first()
    return str(uid or "")


def prepare_intent(pk: int) -> None:
    """Ask the provider for the payment's order; the same number may be asked for again."""
    provider = in_use()
    with scope(EVERYTHING):
        intent = PaymentIntent.objects.filter(pk=pk, way=Way.WECHAT).select_related("payer").first()
        payer = openid_of(intent.payer) if intent is not None else ""
    if intent is None or intent.prepay or intent.state not in {IntentState.PREPARING, IntentState.UNKNOWN}:
        return
    if provider is None or not payer:
        _fail_intent(pk, "没有接通微信支付" if provider is None else "请用微信登录后再付")
        return
    request = Request(
        intent.number,
        intent.merchant,
        intent.amount,
        intent.description,
        payer,
        timezone.localtime(intent.expires_at),
        intent.profit_sharing,
    )
    try:
        prepay = provider.prepare(request)
    except Unknown as unknown:
        _postpone(PaymentIntent, pk, unknown.message, IntentState.UNKNOWN)
    except Failed as failed:
        _fail_intent(pk, failed.message)
    else:
        with scope(EVERYTHING, actor=ACTOR, reason=REASON):
            PaymentIntent.objects.filter(pk=pk, state__in=[IntentState.PREPARING, IntentState.UNKNOWN]).update(
                state=IntentState.WAITING, prepay=prepay, problem=""
            )


def check_intent(pk: int) -> None:
    """Ask about one payment; past its time it is closed at the provider first, so that no money comes later."""
    provider = in_use()
    with scope(EVERYTHING):
        intent = PaymentIntent.objects.filter(pk=pk, way=Way.WECHAT, state__in=LIVE).first()
    if intent is None or provider is None:
        return
    try:
        seen = provider.ask(intent.number, intent.merchant)
        if seen.state == SeenState.WAITING and intent.expires_at <= timezone.now():
            provider.close(intent.number, intent.merchant)
            # it may have been paid between the question and the closing
            seen = provider.ask(intent.number, intent.merchant)
            if seen.state == SeenState.WAITING:
                seen = Seen(intent.number, SeenState.CLOSED, intent.merchant)
    except (Unknown, Forged) as unknown:
        _postpone(PaymentIntent, pk, getattr(unknown, "message", str(unknown)), IntentState.UNKNOWN)
        return
    except Failed as failed:
        _postpone(PaymentIntent, pk, failed.message, None)
        return
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        verdict = learn(seen, source="query", now=timezone.now(), by=SYSTEM, reason=REASON)
    if seen.state == SeenState.WAITING and not intent.prepay:
        prepare_intent(pk)
    if seen.state == SeenState.WAITING or verdict == Verdict.MISMATCH:
        _postpone(PaymentIntent, pk, None, None)


def run_refund(pk: int) -> None:
    provider = in_use()
    with scope(EVERYTHING):
        refund = Refund.objects.filter(pk=pk, state__in=UNSETTLED).select_related("intent").first()
    if refund is None or provider is None or refund.intent.way != Way.WECHAT:
        return
    intent = refund.intent

    def send() -> Seen:
        # sending the same number again is asking: a second refund under one number does not exist
        return provider.refund(
            refund.number, intent.number, intent.merchant, refund.amount, intent.amount, refund.reason
        )

    def ask() -> Seen:
        return provider.ask_refund(refund.number, intent.merchant)

    def store(seen: Seen) -> None:
        learn_refund(seen, now=timezone.now(), by=SYSTEM, reason=REASON)

    def refuse(problem: str) -> None:
        fail_refund(Refund.objects.get(pk=pk), problem, now=timezone.now())

    _run(refund, ask if refund.state == ErrandState.SENT else send, store, refuse)


def run_share(pk: int) -> None:
    provider = in_use()
    with scope(EVERYTHING):
        share = Share.objects.filter(pk=pk, state__in=UNSETTLED).select_related("intent", "receiver").first()
        receiver = openid_of(share.receiver) if share is not None else ""
    if share is None or provider is None or share.intent.way != Way.WECHAT:
        return
    intent = share.intent

    def send() -> Seen:
        if not receiver:
            raise Failed("NO_OPENID", "主理人还没有用微信登录过，佣金分不出去")
        return provider.share(
            share.number, intent.transaction_id, intent.merchant, receiver, share.amount, share.reason
        )

    def ask() -> Seen:
        return provider.ask_share(share.number, intent.transaction_id, intent.merchant)

    def store(seen: Seen) -> None:
        learn_share(seen, now=timezone.now())

    def refuse(problem: str) -> None:
        fail_share(Share.objects.get(pk=pk), problem, now=timezone.now())

    _run(share, ask if share.state == ErrandState.SENT else send, store, refuse)


def due(now: datetime) -> list[tuple[str, int]]:
    """What must be asked about now: ``("payment", id)``, ``("refund", id)``, ``("share", id)``."""
    with scope(EVERYTHING):
        found = [("payment", pk) for pk in PaymentIntent.objects.to_ask(now).values_list("pk", flat=True)[:200]]
        for kind, model in (("refund", Refund), ("share", Share)):
            waiting = model._default_manager.filter(state__in=UNSETTLED, next_check_at__lte=now).order_by("id")
            found += [(kind, pk) for pk in waiting.values_list("pk", flat=True)[:200]]
    return found


RUN: dict[str, Callable[[int], None]] = {"payment": check_intent, "refund": run_refund, "share": run_share}


def settle_all(now: datetime) -> int:
    """Settle what is due; returns how many were asked about. One that fails does not stop the others."""
    waiting = due(now)
    for kind, pk in waiting:
        RUN[kind](pk)
    return len(waiting)


def _run(
    errand: Refund | Share, act: Callable[[], Seen], store: Callable[[Seen], None], refuse: Callable[[str], None]
) -> None:
    try:
        seen = act()
    except (Unknown, Forged) as unknown:
        _postpone(type(errand), errand.pk, getattr(unknown, "message", str(unknown)), ErrandState.UNKNOWN)
        return
    except Failed as failed:
        with scope(EVERYTHING, actor=ACTOR, reason=REASON):
            refuse(failed.message)
        return
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        store(seen)
    if seen.state == SeenState.RUNNING:
        _postpone(type(errand), errand.pk, "", None)


def _postpone(
    model: type[PaymentIntent] | type[Refund] | type[Share], pk: int, problem: str | None, state: str | None
) -> None:
    """The next question: after one, two, four minutes, then every four."""
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        row: PaymentIntent | Errand | None = (
            model._default_manager.select_for_update(of=("self",)).filter(pk=pk, next_check_at__isnull=False).first()
        )
        if row is None:
            return
        row.next_check_at = timezone.now() + min(timedelta(minutes=2**row.attempts), LONGEST_WAIT)
        row.attempts = min(row.attempts + 1, 10)
        row.problem = row.problem if problem is None else problem[:200]
        row.state = state or row.state
        row.save()


def _fail_intent(pk: int, problem: str) -> None:
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        failed = PaymentIntent.objects.filter(pk=pk, state__in=[IntentState.PREPARING, IntentState.UNKNOWN])
        if failed.update(state=IntentState.FAILED, problem=problem[:200], next_check_at=None):
            publish(PaymentEnded(pk))
