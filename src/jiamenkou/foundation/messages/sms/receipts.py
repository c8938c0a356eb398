"""What the provider reports later: delivered or not, how many parts, and so what it cost."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from jiamenkou.foundation.messages.channels import fall_through
from jiamenkou.foundation.messages.models import Channel, Delivery, DeliveryState
from jiamenkou.foundation.messages.sms.provider import SmsConfig

OLDEST = 300  # seconds; a request older than this may be one that somebody kept
MOST_PARTS = 20


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 over the time and the body."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(config: SmsConfig, timestamp: str, signed: str, body: bytes, now: datetime) -> bool:
    """Whether the provider sent this, just now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signed.isascii()):
        return False
    if abs(now.timestamp() - int(timestamp)) > OLDEST:
        return False
    return hmac.compare_digest(signature(config.hook_secret, timestamp, body), signed)


def take_receipts(config: SmsConfig, body: bytes) -> int:
    """Settle the deliveries that ``body`` names; the same receipt again changes nothing. Returns how many changed.

    ``[{"out_id", "biz_id", "success", "err_code", "sms_size"}]``. Raises ValueError for anything else.
    """
    receipts = json.loads(body)
    if not isinstance(receipts, list) or not all(isinstance(receipt, dict) for receipt in receipts):
        raise ValueError("a list of receipts is wanted")
    return sum(_take(config, receipt) for receipt in receipts)


def _take(config: SmsConfig, receipt: dict[str, Any]) -> bool:
    reference = str(receipt.get("out_id", ""))
    if not (reference.isascii() and reference.isdigit() and len(reference) <= 18):
        return False  # a sign-in code has no delivery
    waiting = [DeliveryState.UNKNOWN, DeliveryState.SENT]
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(pk=int(reference), channel=Channel.SMS, state__in=waiting)
        .first()
    )
    if delivery is None:
        return False
    good = receipt.get("success") is True
    delivery.state = DeliveryState.DELIVERED if good else DeliveryState.FAILED
    delivery.problem = "" if good else str(receipt.get("err_code", ""))[:200]
    delivery.provider_id = str(receipt.get("biz_id", ""))[:64] or delivery.provider_id
    parts = str(receipt.get("sms_size", "1"))
    delivery.cost_fen = config.cost_fen * (min(int(parts), MOST_PARTS) if parts.isascii() and parts.isdigit() else 1)
    delivery.at = timezone.now()
    delivery.save()
    if not good:
        fall_through(delivery)
    return True


@dataclass(frozen=True, slots=True)
class Cost:
    """What a community's messages cost. ``community`` None: those of no community."""

    community: int | None
    messages: int
    fen: int


def costs(since: datetime) -> list[Cost]:
    """SMS of each community since a moment. One query."""
    rows = (
        Delivery.objects.filter(channel=Channel.SMS, at__gte=since, cost_fen__gt=0)
        .values("message__community")
        .annotate(messages=Count("id"), fen=Sum("cost_fen"))
        .order_by("message__community")
    )
    return [Cost(row["message__community"], row["messages"], row["fen"]) for row in rows]
