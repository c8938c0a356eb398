"""Orders, their lines, what was complained of, and what was paid out."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.groupbuy.models.cycle import Cycle, Offer, PickupPoint
from jiamenkou.services.groupbuy.models.parties import Lot
from jiamenkou.services.groupbuy.states import (
    BOUGHT,
    LIVE,
    ComplaintState,
    OrderState,
    Party,
    PickedHow,
    SettlementState,
)

# what its payments are about in the ledger
ABOUT = "groupbuy.order"


class OrderQuerySet(models.QuerySet["Order"]):
    def of_residents(self, ids: list[int]) -> Self:
        return self.filter(resident_id__in=ids)

    def bought(self) -> Self:
        return self.filter(state__in=BOUGHT)

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def with_lines(self) -> Self:
        return self.select_related("cycle__leader", "point").prefetch_related(
            models.Prefetch("lines", OrderLine.objects.select_related("offer__product", "lot").order_by("id"))
        )


class Order(models.Model):
    """What one person takes from one cycle. ``resident`` is empty for a neighbour from a pasted list who is not registered.

    ``name`` and ``room`` are what the leader reads out; ``code`` is said at the pickup point.
    """

    cycle = models.ForeignKey(Cycle, models.RESTRICT, related_name="orders", verbose_name="团购")
    resident = models.ForeignKey(
        Resident, models.CASCADE, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁下的单"
    )
    proxy = models.BooleanField("代下单", default=False)
    name = models.CharField("姓名", max_length=60)
    room = models.CharField("楼栋房号", max_length=40, blank=True)
    last_four = models.BinaryField("手机末四位索引", null=True)
    point = models.ForeignKey(PickupPoint, models.RESTRICT, related_name="+", verbose_name="自提点")
    code = models.CharField("取货码", max_length=6)
    state = models.CharField("状态", max_length=10, choices=OrderState, default=OrderState.PENDING)
    total_fen = models.PositiveIntegerField("合计（分）")
    refunded_fen = models.PositiveIntegerField("已退（分）", default=0)
    note = models.CharField("备注", max_length=100, blank=True)
    placed_at = models.DateTimeField("下单时间", default=timezone.now)
    hold_until = models.DateTimeField("保留到")
    paid_at = models.DateTimeField("付款时间", null=True, blank=True)
    told_at = models.DateTimeField("到货已告知", null=True, blank=True)
    picked_at = models.DateTimeField("取货时间", null=True, blank=True)
    picked_how = models.CharField("怎么核对的", max_length=8, choices=PickedHow, blank=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁交的货"
    )
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="merged", verbose_name="并到"
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "团购订单"
        verbose_name_plural = "团购订单"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["cycle", "state", "placed_at"], name="order_of_cycle"),
            models.Index(fields=["resident", "-placed_at"], name="order_of_resident"),
            models.Index(fields=["hold_until"], name="order_held", condition=Q(state="pending")),
        ]
        constraints = [
            # an erased person's order has none
            models.UniqueConstraint(name="order_code_once", fields=["cycle", "code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="order_total", condition=Q(total_fen__gte=1), violation_error_message="至少买一份。"
            ),
            models.CheckConstraint(
                name="order_never_refunded_beyond",
                condition=Q(refunded_fen__lte=F("total_fen")),
                violation_error_message="退的钱不能超过付的钱。",
            ),
            models.CheckConstraint(
                name="order_picked_when", condition=~Q(state=OrderState.PICKED) | Q(picked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"订单 {self.pk}"


class OrderLine(models.Model):
    """``given`` is what this order gets once the goods are there; ``returned`` of them were refunded afterwards."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name="订单")
    offer = models.ForeignKey(Offer, models.RESTRICT, related_name="lines", verbose_name="产品")
    lot = models.ForeignKey(Lot, models.RESTRICT, null=True, blank=True, related_name="lines", verbose_name="批次")
    quantity = models.PositiveSmallIntegerField("几份")
    price_fen = models.PositiveIntegerField("单价（分）")
    given = models.PositiveSmallIntegerField("分到几份", null=True, blank=True)
    returned = models.PositiveSmallIntegerField("退了几份", default=0)

    class Meta:
        verbose_name = "订单产品"
        verbose_name_plural = "订单产品"
        triggers = [audited()]
        indexes = [models.Index(fields=["lot"], name="line_of_lot", condition=Q(lot__isnull=False))]
        constraints = [
            models.CheckConstraint(
                name="line_quantity",
                condition=Q(quantity__gte=1, quantity__lte=99),
                violation_error_message="一次买 1 到 99 份。",
            ),
            models.CheckConstraint(name="line_given", condition=Q(given__isnull=True) | Q(given__lte=F("quantity"))),
            models.CheckConstraint(
                name="line_returned",
                condition=Q(returned__lte=F("quantity")),
                violation_error_message="退的不能比买的多。",
            ),
        ]

    @property
    def kept(self) -> int:
        """What the buyer pays for in the end."""
        return (self.quantity if self.given is None else self.given) - self.returned


class OrderLog(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="log", verbose_name="订单")
    start = models.CharField("从", max_length=10, choices=OrderState, blank=True)
    end = models.CharField("到", max_length=10, choices=OrderState)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    why = models.CharField("事由", max_length=120, blank=True)

    class Meta:
        verbose_name = "订单记录"
        verbose_name_plural = "订单记录"
        triggers = [audited()]


class Complaint(models.Model):
    """售后: within a day of pickup, with photos."""

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="complaints", verbose_name="订单产品")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    quantity = models.PositiveSmallIntegerField("几份")
    words = models.CharField("哪里不对", max_length=300)
    photos = models.ManyToManyField(StoredFile, related_name="+", verbose_name="照片")
    state = models.CharField("状态", max_length=10, choices=ComplaintState, default=ComplaintState.OPEN)
    answer = models.CharField("答复", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁处理"
    )

    class Meta:
        verbose_name = "售后"
        verbose_name_plural = "售后"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_open_complaint",
                fields=["line"],
                condition=Q(state="open"),
                violation_error_message="这件货的售后正在处理。",
            ),
            models.CheckConstraint(name="complaint_quantity", condition=Q(quantity__gte=1)),
        ]


class Settlement(models.Model):
    """What a cycle owes its supplier or its leader, paid once; two people say so. ``back``: the party owes it."""

    cycle = models.ForeignKey(Cycle, models.RESTRICT, related_name="settlements", verbose_name="团购")
    party = models.CharField("结给谁", max_length=10, choices=Party)
    back = models.BooleanField("要退回的", default=False)
    amount_fen = models.PositiveIntegerField("金额（分）")
    state = models.CharField("状态", max_length=10, choices=SettlementState, default=SettlementState.OPEN)
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    done_at = models.DateTimeField("结清时间", null=True, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁付的"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁确认"
    )

    class Meta:
        verbose_name = "结算"
        verbose_name_plural = "结算"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_open_settlement",
                fields=["cycle", "party"],
                condition=~Q(state="done"),
                violation_error_message="还有一笔没有结清。",
            ),
            models.CheckConstraint(
                name="settlement_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("declared_by")),
                violation_error_message="要由另一个人确认。",
            ),
        ]
