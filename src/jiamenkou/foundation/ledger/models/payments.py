"""Payments asked for, money sent back, commissions shared out, and the provider's own list of the day."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place

MOST_FEN = 10_000_000  # a hundred thousand yuan: no group-buy order is dearer


class Way(models.TextChoices):
    WECHAT = "wechat", "微信支付"
    RECORDED = "recorded", "线下付款"


class Method(models.TextChoices):
    """How money that did not go through us was paid."""

    CASH = "cash", "现金"
    CODE = "code", "商家收款码"


class IntentState(models.TextChoices):
    PREPARING = "preparing", "准备付款"
    WAITING = "waiting", "等您付款"
    UNKNOWN = "unknown", "结果不明，正在核对"
    DECLARED = "declared", "等另一个人确认收到"
    PAID = "paid", "已付"
    CLOSED = "closed", "已关闭"
    FAILED = "failed", "付不了"


class ErrandState(models.TextChoices):
    REQUESTED = "requested", "等着办"
    SENT = "sent", "正在办"
    UNKNOWN = "unknown", "结果不明，正在核对"
    DECLARED = "declared", "等另一个人确认"
    DONE = "done", "已到账"
    FAILED = "failed", "没办成"


LIVE = (IntentState.PREPARING, IntentState.WAITING, IntentState.UNKNOWN, IntentState.DECLARED)
UNSETTLED = (ErrandState.REQUESTED, ErrandState.SENT, ErrandState.UNKNOWN)


class IntentQuerySet(models.QuerySet["PaymentIntent"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def to_ask(self, now: datetime) -> Self:
        """The provider is asked about these now: nothing was heard, or what was heard must be checked."""
        return self.filter(way=Way.WECHAT, state__in=LIVE, next_check_at__lte=now).order_by("next_check_at", "id")

    def about(self, kind: str, ids: list[int]) -> Self:
        return self.filter(about_kind=kind, about_id__in=ids).order_by("id")


class PaymentIntent(models.Model):
    """Somebody is to pay ``amount`` fen to ``merchant`` for one matter (``about_kind`` and ``about_id``).

    Nothing but the provider's signed word, or two people's for what was paid elsewhere, makes it paid.
    """

    number = models.CharField("商户单号", max_length=32, unique=True)
    way = models.CharField("付款方式", max_length=10, choices=Way)
    merchant = models.CharField("收款商户号", max_length=32, blank=True)
    amount = models.PositiveIntegerField("金额（分）")
    refunded = models.PositiveIntegerField("已退（分）", default=0)
    description = models.CharField("说明", max_length=60)
    about_kind = models.CharField("事项", max_length=24)
    about_id = models.BigIntegerField("事项编号")
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="付款账号"
    )
    # who besides the payer and the community's staff follows it: a group's leader
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="经手人"
    )
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    state = models.CharField("状态", max_length=10, choices=IntentState)
    method = models.CharField("线下怎么付的", max_length=4, choices=Method, blank=True)
    prepay = models.CharField("预付单", max_length=64, blank=True)
    transaction_id = models.CharField("支付单号", max_length=64, blank=True)
    profit_sharing = models.BooleanField("可分账", default=False)
    expires_at = models.DateTimeField("付款截止")
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    paid_at = models.DateTimeField("付款时间", null=True, blank=True)
    next_check_at = models.DateTimeField("下次核对", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("核对次数", default=0)
    problem = models.CharField("问题", max_length=200, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁说付了"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁确认"
    )

    objects = IntentQuerySet.as_manager()

    class Meta:
        verbose_name = "付款"
        verbose_name_plural = "付款"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="payment_about"),
            models.Index(fields=["next_check_at"], name="payment_to_ask", condition=Q(next_check_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="payment_amount",
                condition=Q(amount__gte=1, amount__lte=MOST_FEN),
                violation_error_message="金额不对。",
            ),
            models.CheckConstraint(
                name="payment_never_refunded_beyond",
                condition=Q(refunded__lte=F("amount")),
                violation_error_message="退的钱不能超过付的钱。",
            ),
            models.CheckConstraint(
                name="payment_paid_when", condition=~Q(state=IntentState.PAID) | Q(paid_at__isnull=False)
            ),
            models.CheckConstraint(
                name="payment_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("declared_by")),
                violation_error_message="要由另一个人确认。",
            ),
            models.UniqueConstraint(
                name="payment_counted_once", fields=["way", "transaction_id"], condition=~Q(transaction_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"付款 {self.number}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class Errand(models.Model):
    """Something the provider is to do with a payment, once: ``key`` is the deed's own name."""

    number = models.CharField("商户单号", max_length=32, unique=True)
    key = models.CharField("事项编号", max_length=120, unique=True)
    amount = models.PositiveIntegerField("金额（分）")
    reason = models.CharField("事由", max_length=80)
    state = models.CharField("状态", max_length=10, choices=ErrandState, default=ErrandState.REQUESTED)
    provider_id = models.CharField("对方单号", max_length=64, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    done_at = models.DateTimeField("办成时间", null=True, blank=True)
    next_check_at = models.DateTimeField("下次核对", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    problem = models.CharField("问题", max_length=200, blank=True)

    class Meta:
        abstract = True


class Refund(Errand):
    """Back to where it came from."""

    intent = models.ForeignKey(PaymentIntent, models.RESTRICT, related_name="refunds", verbose_name="付款")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁退的"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁确认"
    )

    class Meta:
        verbose_name = "退款"
        verbose_name_plural = "退款"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="refund_amount", condition=Q(amount__gte=1), violation_error_message="退款金额不对。"
            ),
            models.CheckConstraint(
                name="refund_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("declared_by")),
                violation_error_message="要由另一个人确认。",
            ),
        ]


class Share(Errand):
    """分账: a part of a payment that the provider hands on to somebody's own account."""

    intent = models.ForeignKey(PaymentIntent, models.RESTRICT, related_name="shares", verbose_name="付款")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="分给谁")

    class Meta:
        verbose_name = "分账"
        verbose_name_plural = "分账"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="share_amount", condition=Q(amount__gte=1), violation_error_message="分账金额不对。"
            ),
        ]


class PaymentEvent(models.Model):
    """What was heard about a payment, and what we made of it."""

    intent = models.ForeignKey(PaymentIntent, models.CASCADE, related_name="events", verbose_name="付款")
    at = models.DateTimeField("时间", default=timezone.now)
    source = models.CharField("从哪里", max_length=12)
    verdict = models.CharField("怎么办的", max_length=12)
    detail = models.CharField("内容", max_length=200, blank=True)

    class Meta:
        verbose_name = "付款记录"
        verbose_name_plural = "付款记录"
        triggers = [audited()]


class BillVerdict(models.TextChoices):
    MATCH = "match", "一致"
    NOT_HERE = "not_here", "对方有，我们没有"
    NOT_THERE = "not_there", "我们有，对方没有"
    AMOUNT = "amount", "金额不同"
    STATE = "state", "状态不同"


class BillKind(models.TextChoices):
    PAYMENT = "payment", "收款"
    REFUND = "refund", "退款"


class BillLine(models.Model):
    """One line of the day's comparison of the provider's bill with our book. Amounts in fen; None where there is none."""

    day = models.DateField("账单日")
    way = models.CharField("付款方式", max_length=10, choices=Way)
    kind = models.CharField("收还是退", max_length=8, choices=BillKind)
    number = models.CharField("商户单号", max_length=32)
    merchant = models.CharField("商户号", max_length=32, blank=True)
    theirs = models.IntegerField("对方金额（分）", null=True, blank=True)
    ours = models.IntegerField("我方金额（分）", null=True, blank=True)
    verdict = models.CharField("结果", max_length=10, choices=BillVerdict)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="社区")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁处理"
    )
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)
    finding = models.CharField("处理结果", max_length=200, blank=True)

    class Meta:
        verbose_name = "对账"
        verbose_name_plural = "对账"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="bill_line_once", fields=["way", "day", "kind", "number"]),
        ]
