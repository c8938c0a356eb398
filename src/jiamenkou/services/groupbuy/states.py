"""States, and the one table of what may follow what for a cycle."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    """Of a supplier or a leader."""

    APPLIED = "applied", _("等审核")
    APPROVED = "approved", _("已通过")
    REFUSED = "refused", _("没通过")
    SUSPENDED = "suspended", _("暂停")


class PaperKind(models.TextChoices):
    LICENCE = "licence", _("营业执照")
    FOOD = "food", _("食品经营许可证")
    PRODUCTION = "production", _("食品生产许可证")
    OTHER = "other", _("其他")


class LotState(models.TextChoices):
    GOOD = "good", _("在售")
    WITHDRAWN = "withdrawn", _("已召回")


class CycleState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    ANNOUNCED = "announced", _("预告")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已截单")
    PREPARING = "preparing", _("备货中")
    DELIVERING = "delivering", _("配送中")
    ARRIVED = "arrived", _("已到货")
    DONE = "done", _("完成")
    FAILED = "failed", _("没成团")

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    CycleState.DRAFT: "grey",
    CycleState.ANNOUNCED: "blue",
    CycleState.OPEN: "red",
    CycleState.CLOSED: "orange",
    CycleState.PREPARING: "orange",
    CycleState.DELIVERING: "orange",
    CycleState.ARRIVED: "green",
    CycleState.DONE: "grey",
    CycleState.FAILED: "grey",
}
C = CycleState
# from → where it may go; a step back does not exist: money has moved
MOVES: dict[CycleState, tuple[CycleState, ...]] = {
    C.DRAFT: (C.ANNOUNCED, C.OPEN),
    C.ANNOUNCED: (C.OPEN, C.FAILED),
    C.OPEN: (C.CLOSED, C.FAILED),
    C.CLOSED: (C.PREPARING, C.FAILED),
    C.PREPARING: (C.DELIVERING, C.ARRIVED, C.FAILED),
    C.DELIVERING: (C.ARRIVED, C.FAILED),
    C.ARRIVED: (C.DONE,),
    C.DONE: (),
    C.FAILED: (),
}
PUBLIC = tuple(state for state in CycleState if state != C.DRAFT)
# the goods are on their way, or being handed over
UNDER_WAY = (C.CLOSED, C.PREPARING, C.DELIVERING, C.ARRIVED)


class ShortageRule(models.TextChoices):
    FIRST = "first", _("先下单的先得")
    EVEN = "even", _("按比例分")


class LateRule(models.TextChoices):
    HONOUR = "honour", _("有货就算数，没货退款")
    REFUND = "refund", _("一律退款")


class OrderState(models.TextChoices):
    PENDING = "pending", _("待付款")
    PAID = "paid", _("已付款")
    READY = "ready", _("待提货")
    PICKED = "picked", _("已提货")
    NO_SHOW = "no_show", _("没来取")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("超时没付")
    REFUNDED = "refunded", _("已退款")
    MERGED = "merged", _("并到另一单")

    @property
    def tone(self) -> str:
        return _ORDER_TONES[self]


_ORDER_TONES = {
    OrderState.PENDING: "orange",
    OrderState.PAID: "blue",
    OrderState.READY: "green",
    OrderState.PICKED: "grey",
    OrderState.NO_SHOW: "orange",
    OrderState.CANCELLED: "grey",
    OrderState.EXPIRED: "grey",
    OrderState.REFUNDED: "grey",
    OrderState.MERGED: "grey",
}
# holds boxes: counted against limits, sold
HOLDING = (OrderState.PENDING, OrderState.PAID, OrderState.READY, OrderState.PICKED, OrderState.NO_SHOW)
BOUGHT = (OrderState.PAID, OrderState.READY, OrderState.PICKED, OrderState.NO_SHOW)
LIVE = (OrderState.PENDING, OrderState.PAID, OrderState.READY)


class PickedHow(models.TextChoices):
    QR = "qr", _("扫码")
    DIGITS = "digits", _("报数字")
    PHONE = "phone", _("手机尾号")
    OFFLINE = "offline", _("没网时核对")


class ComplaintState(models.TextChoices):
    OPEN = "open", _("等处理")
    ACCEPTED = "accepted", _("已退款")
    REFUSED = "refused", _("没同意")


class Party(models.TextChoices):
    SUPPLIER = "supplier", _("供货商")
    LEADER = "leader", _("主理人")


class SettlementState(models.TextChoices):
    OPEN = "open", _("等结算")
    DECLARED = "declared", _("等另一个人确认")
    DONE = "done", _("已结清")
