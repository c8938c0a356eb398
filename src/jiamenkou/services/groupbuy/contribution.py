"""What this room brings to the fronts."""

from __future__ import annotations

from jiamenkou.foundation.events.bus import on
from jiamenkou.foundation.events.contributions import Room
from jiamenkou.foundation.ledger.events import PaymentArrived, RefundEnded
from jiamenkou.services.groupbuy import notices
from jiamenkou.services.groupbuy.listeners import payment_arrived, refund_ended
from jiamenkou.services.groupbuy.permissions import GRANTS, GroupbuyPermission


def room() -> Room:
    notices.register_all()
    on(PaymentArrived)(payment_arrived)
    on(RefundEnded)(refund_ended)
    return Room(name="groupbuy", label="社区优选", permissions=GroupbuyPermission, grants=GRANTS)
