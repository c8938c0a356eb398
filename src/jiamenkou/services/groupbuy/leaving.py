"""What this room forgets about a person. Orders stay for the book, without a word that names anybody."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.files.storing import discard
from jiamenkou.services.groupbuy.models import Complaint, Leader, Order


def forget(event: ResidentErased) -> None:
    for complaint in Complaint.objects.filter(resident_id=event.resident).order_by("id"):
        for photo in complaint.photos.order_by("id"):
            complaint.photos.remove(photo)
            discard(photo, by=Actor(None), reason="删除个人信息")
    Order.objects.filter(resident_id=event.resident).update(last_four=None)
    Leader.objects.filter(resident_id=event.resident).update(phone_sealed=None)
