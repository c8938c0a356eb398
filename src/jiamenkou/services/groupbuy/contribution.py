"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import on
from jiamenkou.foundation.events.contributions import Door, Hit, Indicator, MenuItem, Room
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.files import keepers
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.ledger.events import PaymentArrived, PaymentEnded, RefundEnded, ShareEnded
from jiamenkou.services.groupbuy import notices
from jiamenkou.services.groupbuy.access import cycles_for
from jiamenkou.services.groupbuy.actions.complaints import KEEPER as COMPLAINT
from jiamenkou.services.groupbuy.actions.complaints import may_have_photo
from jiamenkou.services.groupbuy.actions.paycodes import KEEPER as PAY_CODE
from jiamenkou.services.groupbuy.actions.paycodes import may_have_pay_code
from jiamenkou.services.groupbuy.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.groupbuy.entries import (
    CARD,
    DUE,
    TIMELINE,
    running,
    said,
    sold_this_month,
    taking_orders,
    timeline,
)
from jiamenkou.services.groupbuy.leaving import forget
from jiamenkou.services.groupbuy.listeners import payment_arrived, payment_ended, refund_ended, share_ended
from jiamenkou.services.groupbuy.models import Cycle, Leader, Lot, SupplierPaper
from jiamenkou.services.groupbuy.permissions import GRANTS, GroupbuyPermission
from jiamenkou.services.groupbuy.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.groupbuy.supply.views import KEEPER as PAPER

GROUP = "社区优选"
VIEW, MONEY = GroupbuyPermission.VIEW, GroupbuyPermission.MONEY


def _load_demo(say: Any) -> None:
    from jiamenkou.services.groupbuy.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def _qr(code: str) -> str | None:
    """A lot, a cycle, or a leader's own page."""
    if Lot.objects.filter(code=code).exists():
        return f"/groups/lots/{code}/"
    cycle = Cycle.objects.filter(code=code).values_list("pk", flat=True).first()
    if cycle is not None:
        return f"/groups/{cycle}/"
    return f"/groups/leaders/{code}/" if Leader.objects.filter(code=code).exists() else None


def _called(by: Actor, word: str) -> list[Hit]:
    """Group-buys by name, at most ten, the newest first."""
    if not by.may(VIEW):
        return []
    rows = cycles_for(by).with_parties().filter(title__icontains=word).order_by("-id")[:10]
    return [Hit(one.title, one.leader.name, f"/desk/groupbuy/cycles/{one.pk}/", "shopping-basket") for one in rows]


def _complaint_photo(by: Actor, file: StoredFile) -> bool:
    return may_have_photo(by, file.pk, VIEW)


def _paper(by: Actor, file: StoredFile) -> bool:
    """Staff of the community it was handed in to."""
    paper = SupplierPaper.objects.filter(file=file).select_related("supplier").first()
    return paper is not None and by.may(VIEW, paper.supplier.community_id)


def _pay_code(by: Actor, file: StoredFile) -> bool:
    return may_have_pay_code(by, file, VIEW)


def room() -> Room:
    notices.register_all()
    on(PaymentArrived)(payment_arrived)
    on(RefundEnded)(refund_ended)
    on(PaymentEnded)(payment_ended)
    on(ShareEnded)(share_ended)
    on(ResidentErased)(forget)
    keepers.keep(COMPLAINT, _complaint_photo)
    keepers.keep(PAPER, _paper)
    keepers.keep(PAY_CODE, _pay_code)
    menu = [
        ("cycles", "团购", "shopping-basket", VIEW),
        ("orders", "订单", "receipt-text", VIEW),
        ("complaints", "售后", "message-circle-reply", VIEW),
        ("suppliers", "供货商", "store", VIEW),
        ("leaders", "主理人", "user-round-check", VIEW),
        ("products", "产品", "package", VIEW),
        ("lots", "批次", "sprout", VIEW),
        ("points", "自提点", "map-pin", VIEW),
        ("settlements", "结算", "hand-coins", MONEY),
        ("payments", "收款", "wallet", MONEY),
        ("refunds", "退款", "undo-2", MONEY),
        ("reconciliation", "对账", "scale", MONEY),
    ]
    return Room(
        name="groupbuy",
        label="社区优选",
        phone_prefix="groups/",
        permissions=GroupbuyPermission,
        grants=GRANTS,
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        timeline=TIMELINE,
        resident_tabs=[timeline],
        due=DUE,
        home_cards=[CARD],
        desk_search=[_called],
        qr_targets={"groupbuy": _qr},
        demo=_load_demo,
        demo_order=50,
        indicators=[
            Indicator(
                "groupbuy.running",
                "正在办的团购",
                "期",
                running,
                "/desk/groupbuy/cycles/",
                "预告到到货之间的团购",
                GroupbuyPermission.VIEW,
            ),
            Indicator(
                "groupbuy.sold",
                "本月团购订单",
                "单",
                sold_this_month,
                "/desk/groupbuy/orders/",
                "本月付了款的订单",
                GroupbuyPermission.VIEW,
            ),
        ],
        doors=[Door(40, "团购", "/groups/", "shopping-basket", "red", said, taking_orders)],
        menu=[
            MenuItem(GROUP, 50 + order, label, f"/desk/groupbuy/{slug}/", icon, permission)
            for order, (slug, label, icon, permission) in enumerate(menu)
        ],
        retention=[("groupbuy.order", "订单", "跟账一起留；姓名、房号、备注随本人抹去")],
    )
