"""A cycle (一期团购): what is offered, until when, when it comes, where it is handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self, cast

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.ledger.models import Way
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.rows import columns, made, width
from jiamenkou.services.groupbuy.models.parties import Leader, Lot, Product, Supplier
from jiamenkou.services.groupbuy.states import PUBLIC, CycleState, LateRule, ShortageRule


class PickupPoint(models.Model):
    """自提点: a place by building where goods are handed over."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    building = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="楼栋")
    name = models.CharField("名称", max_length=30)
    where = models.CharField("怎么找", max_length=60, blank=True)
    hours = models.CharField("几点能取", max_length=40, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "自提点"
        verbose_name_plural = "自提点"
        triggers = [audited()]

    def __str__(self) -> str:
        return self.name


class CycleQuerySet(models.QuerySet["Cycle"]):
    def shown_in(self, community: int | None) -> Self:
        return self.filter(community=community, state__in=PUBLIC)

    def taking_orders(self, now: datetime) -> Self:
        return self.filter(state=CycleState.OPEN, opens_at__lte=now, closes_at__gt=now)

    def with_parties(self) -> Self:
        return self.select_related("leader__account", "supplier__organisation", "community")

    def as_shown(self) -> Self:
        """What buyers are shown, and no column more."""
        return self.select_related("leader", "supplier__organisation", "community").only(*_SHOWN)


_SHOWN = (
    "title", "state", "opens_at", "closes_at", "arrives_at", "pickup_until", "minimum", "joined", "way", "shortage_rule",
    "hold_minutes", "note", "failed_why", "leader__name", "leader__where", "leader__code", "supplier__organisation__name",
    "community__code", "community__name", "community__phone", "community__phone_hours",
)  # fmt: skip


class Cycle(models.Model):
    """Both dates stand on every page: ``closes_at`` (截单) and ``arrives_at`` (到货)."""

    leader = models.ForeignKey(Leader, models.RESTRICT, related_name="cycles", verbose_name="主理人")
    supplier = models.ForeignKey(Supplier, models.RESTRICT, related_name="cycles", verbose_name="供货商")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    title = models.CharField("名称", max_length=40)
    code = models.CharField("二维码编号", max_length=12, unique=True)
    state = models.CharField("状态", max_length=10, choices=CycleState, default=CycleState.DRAFT)
    opens_at = models.DateTimeField("开团")
    closes_at = models.DateTimeField("截单")
    arrives_at = models.DateTimeField("到货")
    pickup_until = models.DateTimeField("取到几时")
    minimum = models.PositiveSmallIntegerField("几家成团", default=0)
    joined = models.PositiveIntegerField("已参加（家）", default=0)
    commission_bp = models.PositiveSmallIntegerField("佣金（万分之）")
    way = models.CharField("付款方式", max_length=10, choices=Way, default=Way.RECORDED)
    shortage_rule = models.CharField("到货不够怎么分", max_length=8, choices=ShortageRule, default=ShortageRule.FIRST)
    late_rule = models.CharField("过时才付怎么办", max_length=8, choices=LateRule, default=LateRule.HONOUR)
    hold_minutes = models.PositiveSmallIntegerField("付款时间（分钟）", default=15)
    note = models.CharField("说给邻居", max_length=200, blank=True)
    points = models.ManyToManyField(PickupPoint, related_name="+", verbose_name="自提点")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name="照着哪一期")
    failed_why = models.CharField("没成的原因", max_length=200, blank=True)
    moved_at = models.DateTimeField("状态时间", default=timezone.now)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = "团购"
        verbose_name_plural = "团购"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "state", "closes_at"], name="cycle_shown")]
        constraints = [
            models.CheckConstraint(
                name="cycle_dates",
                condition=Q(closes_at__gt=F("opens_at"))
                & Q(arrives_at__gte=F("closes_at"))
                & Q(pickup_until__gt=F("arrives_at")),
                violation_error_message="开团、截单、到货、取货的时间要一个比一个晚。",
            ),
            models.CheckConstraint(
                name="cycle_commission",
                condition=Q(commission_bp__lte=3000),
                violation_error_message="佣金最多 30%。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """The name of its book in the ledger."""
        return f"groupbuy.cycle:{self.pk}"

    def takes_orders(self, now: datetime) -> bool:
        return self.state == CycleState.OPEN and self.opens_at <= now < self.closes_at


class Offer(models.Model):
    """One product in a cycle. ``left`` boxes may still be ordered; the constraint is the last word on it."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="offers", verbose_name="团购")
    product = models.ForeignKey(Product, models.RESTRICT, related_name="offers", verbose_name="产品")
    lot = models.ForeignKey(Lot, models.RESTRICT, null=True, blank=True, related_name="offers", verbose_name="批次")
    price_fen = models.PositiveIntegerField("团购价（分）")
    stock = models.PositiveIntegerField("一共几份")
    left = models.PositiveIntegerField("还剩几份")
    limit = models.PositiveSmallIntegerField("每人限几份", default=0)
    arrived = models.PositiveIntegerField("到货几份", null=True, blank=True)

    class Meta:
        verbose_name = "团购产品"
        verbose_name_plural = "团购产品"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="offer_never_oversold", condition=Q(left__gte=0), violation_error_message="已抢光。"
            ),
            models.CheckConstraint(
                name="offer_never_overfull",
                condition=Q(left__lte=F("stock")),
                violation_error_message="剩下的不能比总数多。",
            ),
            models.CheckConstraint(
                name="offer_price", condition=Q(price_fen__gte=1), violation_error_message="价格至少 1 分。"
            ),
            models.UniqueConstraint(
                name="offer_once",
                fields=["cycle", "product", "lot"],
                nulls_distinct=False,
                violation_error_message="这一期已经有这个产品了。",
            ),
        ]

    @property
    def sold(self) -> int:
        return self.stock - self.left


_CYCLE = (
    "id", "leader_id", "supplier_id", "community_id", "title", "state", "opens_at", "closes_at", "arrives_at",
    "pickup_until", "minimum", "joined", "way", "shortage_rule", "hold_minutes", "note", "failed_why",
)  # fmt: skip
_LEADER = ("id", "name", "where", "code")
_SUPPLIER = ("id", "organisation_id")
_ORGANISATION = ("id", "name")
_PLACE = ("id", "code", "name", "phone", "phone_hours")


def shown_cycle(pk: int) -> Cycle | None:
    """A cycle that was published, as :meth:`CycleQuerySet.as_shown` has it; asked for by everybody at once."""
    parts: list[tuple[Any, str, tuple[str, ...]]] = [
        (Cycle, "c", _CYCLE),
        (Leader, "l", _LEADER),
        (Supplier, "s", _SUPPLIER),
        (Organisation, "o", _ORGANISATION),
        (Place, "p", _PLACE),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {", ".join(columns(model, alias, only) for model, alias, only in parts)}
                  from groupbuy_cycle c join groupbuy_leader l on l.id = c.leader_id
                  join groupbuy_supplier s on s.id = c.supplier_id join people_organisation o on o.id = s.organisation_id
                  join places_place p on p.id = c.community_id
                 where c.id = %s and c.state <> %s""",  # noqa: S608 - our own columns
            [pk, CycleState.DRAFT.value],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    cycle, leader, supplier, organisation, place = (
        made(model, [next(values) for _ in only], only) for model, _alias, only in parts
    )
    supplier.organisation = organisation
    cycle.leader, cycle.supplier, cycle.community = leader, supplier, place
    return cast(Cycle, cycle)


def ordered_cycle(pk: int) -> Cycle | None:
    """A cycle that was published with its leader and supplier, as every order needs it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {columns(Cycle, "c")}, {columns(Leader, "l")}, {columns(Supplier, "s")}
                  from groupbuy_cycle c join groupbuy_leader l on l.id = c.leader_id
                  join groupbuy_supplier s on s.id = c.supplier_id
                 where c.id = %s and c.state <> %s""",  # noqa: S608 - our own columns
            [pk, CycleState.DRAFT.value],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    first, second = width(Cycle), width(Cycle) + width(Leader)
    cycle = made(Cycle, row[:first])
    cycle.leader, cycle.supplier = made(Leader, row[first:second]), made(Supplier, row[second:])
    return cycle
