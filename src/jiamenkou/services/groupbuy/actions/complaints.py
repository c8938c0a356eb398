"""售后: said with photos within a day, decided by the community, refunded; the leader's commission on it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.groupbuy import notices
from jiamenkou.services.groupbuy.actions.pickup import commission
from jiamenkou.services.groupbuy.actions.refunds import owe_back
from jiamenkou.services.groupbuy.actions.settlements import settle_again
from jiamenkou.services.groupbuy.models import Complaint, Order, OrderLine
from jiamenkou.services.groupbuy.states import ComplaintState, OrderState

WINDOW = timedelta(hours=24)
MOST_PHOTOS = 4
KEEPER = "groupbuy.complaint"


def may_complain(order: Order, now: datetime) -> bool:
    return order.state == OrderState.PICKED and order.picked_at is not None and now <= order.picked_at + WINDOW


def complain(
    line: OrderLine, quantity: int, words: str, photos: Sequence[bytes], *, by: Actor, now: datetime, reason: str
) -> Complaint:
    """Raises Refused past the window, for more than was taken, or without a photo."""
    order = line.order
    if order.resident is None or not may_complain(order, now):
        raise Refused("取货 24 小时内可以申请售后，过了请打社区电话。", code="late")
    if not 1 <= quantity <= line.kept:
        raise Refused(f"这一样您取了 {line.kept} 份。", field="quantity", code="quantity")
    if not photos:
        raise Refused("请拍一张照片，说得清楚退得快。", field="photos", code="photo")
    if Complaint.objects.filter(line=line, state=ComplaintState.OPEN).exists():
        raise Conflict("这件货的售后正在处理。", code="open")
    complaint = Complaint.objects.create(
        line=line,
        resident=order.resident,
        community_id=order.community_id,
        grid_id=order.grid_id,
        quantity=quantity,
        words=words,
        at=now,
    )
    for photo in photos[:MOST_PHOTOS]:
        complaint.photos.add(store_photo(photo, by=by, keeper=KEEPER, community=order.community_id, field="photos"))
    return complaint


def decide_complaint(
    complaint: Complaint, *, accept: bool, answer: str, by: Actor, now: datetime, reason: str
) -> None:
    """Accepted: the money goes back. Refused: it wants a sentence."""
    if not accept and not answer.strip():
        raise Refused("不同意的话，请写一句为什么。", field="answer", code="why")
    state = ComplaintState.ACCEPTED if accept else ComplaintState.REFUSED
    decided = Complaint.objects.filter(pk=complaint.pk, state=ComplaintState.OPEN).update(
        state=state, answer=answer.strip()[:200], decided_at=now, decided_by=by.account
    )
    if not decided:
        raise Conflict("这件售后已经处理过了。", code="decided")
    complaint.refresh_from_db()
    line = OrderLine.objects.select_related("order__cycle", "offer__product").get(pk=complaint.line_id)
    if accept:
        fen = complaint.quantity * line.price_fen
        OrderLine.objects.filter(pk=line.pk).update(returned=F("returned") + complaint.quantity)
        before = line.order.total_fen - line.order.refunded_fen
        # the commission on what is left, so that it ends where it would have begun
        back = commission(before, line.order.cycle) - commission(before - fen, line.order.cycle)
        owe_back(line.order, fen, f"complaint:{complaint.pk}", "complaint", by=by, reason=reason, commission=back)
        settle_again(line.order.cycle, by=by, now=now, reason=reason)
    tell(
        notices.ANSWERED,
        complaint.resident,
        href=f"/groups/orders/{line.order_id}/",
        decision="退款给您" if accept else "没有同意",
        item=line.offer.product.name,
        answer=complaint.answer,
    )


def may_have_photo(by: Actor, file_id: int, permission: str) -> bool:
    """Whoever sees the complaint may see its photos: its person, and the staff of the community."""
    people = [link.resident_id for link in by.residents]
    complaint = Complaint.objects.filter(photos=file_id).first()
    if complaint is None:
        return False
    return complaint.resident_id in people or by.may(permission, complaint.community_id, complaint.grid_id)
