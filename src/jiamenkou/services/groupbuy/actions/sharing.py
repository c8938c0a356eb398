"""分账: a leader's commission goes to her own WeChat once nobody can complain of the order any more.

WeChat takes nothing back from a person whom it was shared out to (its page 请求分账回退: 不支持“分账给个人”), so it waits
for the end of after-sales; what must come back all the same, she gives back on the word of two people (``settlements``).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import IntentState, PaymentIntent, Share, Way
from jiamenkou.foundation.ledger.refunding import request_share
from jiamenkou.services.groupbuy.actions.complaints import WINDOW
from jiamenkou.services.groupbuy.actions.orders import intents_of
from jiamenkou.services.groupbuy.actions.pickup import commission
from jiamenkou.services.groupbuy.models import Complaint, Order
from jiamenkou.services.groupbuy.models.order import ABOUT
from jiamenkou.services.groupbuy.states import ComplaintState, CycleState, OrderState

MOST = 200


def share_due(now: datetime, *, by: Actor, reason: str) -> int:
    """Hand on what is ripe, each payment's commission out of that payment, once. Returns how many were asked for."""
    shared = Share.objects.filter(intent__about_kind=ABOUT, intent__about_id=OuterRef("pk"))
    disputed = Complaint.objects.filter(line__order=OuterRef("pk"), state=ComplaintState.OPEN)
    ripe = (
        Order.objects.filter(
            ~Exists(shared),
            ~Exists(disputed),
            cycle__way=Way.WECHAT,
            cycle__state=CycleState.DONE,
            cycle__commission_bp__gt=0,
            state=OrderState.PICKED,
            picked_at__lte=now - WINDOW,
            refunded_fen__lt=F("total_fen"),
        )
        .select_related("cycle__leader__account")
        .order_by("id")[:MOST]
    )
    return sum(_share(order, by, reason) for order in ripe)


def _share(order: Order, by: Actor, reason: str) -> int:
    left, asked = commission(order.total_fen - order.refunded_fen, order.cycle), 0
    for intent in intents_of(order):
        part = min(left, _there(intent))
        if part > 0:
            key = f"groupbuy:commission:{intent.pk}"
            request_share(intent, order.cycle.leader.account, part, key=key, by=by, reason="团购佣金")
            left, asked = left - part, asked + 1
    return asked


def _there(intent: PaymentIntent) -> int:
    return intent.amount - intent.refunded if intent.state == IntentState.PAID else 0
