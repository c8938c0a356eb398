"""What campaigns may cost in SMS: an amount a month and community, taken before a message goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, QuerySet, Sum

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Channel, Delivery, SmsMonth
from jiamenkou.foundation.messages.sms.plugging import config_in_use
from jiamenkou.foundation.refusals import Refused

FEN_A_PART = 5
# beside the title: the signature, the link, and how to refuse further ones
AROUND = 30
ONE_PART, LONG_PART = 70, 67
MOST_FEN = 100_000_00


@dataclass(frozen=True, slots=True)
class Money:
    """A month of a community in fen. ``taken`` is set aside by campaigns, ``cost`` what all SMS have cost so far."""

    limit: int
    taken: int
    cost: int

    @property
    def left(self) -> int:
        return self.limit - self.taken


def cost_of(title: str) -> int:
    """What one SMS with this title costs, in fen: 70 characters are one part, beyond that 67 each."""
    length = len(title) + AROUND
    parts = 1 if length <= ONE_PART else -(-length // LONG_PART)
    config = config_in_use()
    return parts * (config.cost_fen if config is not None else FEN_A_PART)


def month_of(day: date) -> date:
    return day.replace(day=1)


def money(community: int, today: date) -> Money:
    """Two queries, nothing is written."""
    month = month_of(today)
    row = SmsMonth.objects.filter(community_id=community, month=month).first()
    cost = Delivery.objects.filter(channel=Channel.SMS, message__community_id=community, at__date__gte=month)
    spent = cost.aggregate(fen=Sum("cost_fen"))["fen"] or 0
    return Money(row.limit_fen if row else usual_limit(community), row.taken_fen if row else 0, spent)


def usual_limit(community: int) -> int:
    """What was set last, else what the operator says."""
    last = SmsMonth.objects.filter(community_id=community).order_by("-month").values_list("limit_fen", flat=True)
    found = last.first()
    return found if found is not None else settings.SMS_FEN_PER_MONTH


def take(community: int, today: date, fen: int) -> bool:
    """Set ``fen`` aside, or say that there is not enough: two senders never spend the same money."""
    row = _row(community, today)
    return bool(row.filter(taken_fen__lte=F("limit_fen") - fen).update(taken_fen=F("taken_fen") + fen))


def set_limit(community: int, fen: int, *, today: date, by: Actor, reason: str) -> None:
    """From this month on. Raises :class:`Refused` below what is taken already."""
    if not 0 <= fen <= MOST_FEN:
        raise Refused(f"额度在 0 到 {MOST_FEN // 100:,} 元之间。", field="limit", code="range")
    if not _row(community, today).filter(taken_fen__lte=fen).update(limit_fen=fen):
        raise Refused("这个月已经用掉的比这还多，请填大一些。", field="limit", code="taken")


def _row(community: int, today: date) -> QuerySet[SmsMonth]:
    month = month_of(today)
    SmsMonth.objects.get_or_create(community_id=community, month=month, defaults={"limit_fen": usual_limit(community)})
    return SmsMonth.objects.filter(community_id=community, month=month)
