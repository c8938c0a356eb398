"""Figures of a campaign: before (who can be told how, at what cost) and after (who was reached, and who not)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.campaigns.audience import audience, consented, may_sms, may_wechat
from jiamenkou.foundation.messages.campaigns.budget import cost_of, money
from jiamenkou.foundation.messages.models import (
    Campaign,
    CampaignState,
    Channel,
    Delivery,
    DeliveryState,
    Opening,
    Recipient,
    Way,
)
from jiamenkou.foundation.people.models import Phone

# so long a provider may take before its silence counts as "did not arrive"
SILENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """``sms`` counts everybody who may get one, also after WeChat failed: the cost is what it is at most."""

    people: int
    wechat: int
    sms: int
    no_consent: int
    only_screen: int
    cost_fen: int
    left_fen: int

    @property
    def fits(self) -> bool:
        return self.cost_fen <= self.left_fen


def preview(campaign: Campaign, *, by: Actor, today: date) -> Preview:
    """Three queries."""
    people = audience(by, campaign.community_id, campaign.who, today)
    by_wechat, by_sms = Way.WECHAT in campaign.ways, Way.SMS in campaign.ways
    wechat = may_wechat() if by_wechat else Q(pk__in=[])
    sms = may_sms() if by_sms else Q(pk__in=[])
    counted = people.order_by().aggregate(
        people=Count("id"),
        wechat=Count("id", filter=wechat),
        sms=Count("id", filter=sms),
        no_consent=Count("id", filter=~consented()),
        only_screen=Count("id", filter=~(wechat | sms)),
    )
    left = money(campaign.community_id, today).left
    return Preview(**counted, cost_fen=counted["sms"] * cost_of(campaign.title), left_fen=left)


@dataclass(frozen=True, slots=True)
class Reach:
    """``sent`` went out over WeChat or SMS, ``delivered`` is known to have arrived there."""

    people: int
    told: int
    sent: int
    delivered: int
    read: int
    answered: int
    by_call: int
    reached: int
    not_reached: int
    opened: int
    by_code: int
    cost_fen: int


def states(rows: QuerySet[Recipient], now: datetime) -> QuerySet[Recipient]:
    """Each recipient with ``state``: waiting, reached (by ``how``), or not.

    Reached: read, answered, told on the phone, or a message beyond the screen that is not known to have failed.
    """
    beyond = Delivery.objects.filter(message=OuterRef("message"), channel__in=[Channel.SMS, Channel.WECHAT])
    arrived = beyond.filter(state=DeliveryState.DELIVERED)
    under_way = beyond.filter(
        Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENT]) | Q(state=DeliveryState.UNKNOWN, at__gte=now - SILENCE)
    )
    return rows.annotate(
        is_arrived=Exists(arrived),
        is_under_way=Exists(under_way),
    ).annotate(
        reach=Case(
            When(~Q(message__answer="") & Q(message__isnull=False), then=Value("answered")),
            When(message__read_at__isnull=False, then=Value("read")),
            When(told_by_call_at__isnull=False, then=Value("called")),
            When(is_arrived=True, then=Value("delivered")),
            When(is_under_way=True, then=Value("sent")),
            When(told_at__isnull=True, campaign__state=CampaignState.SENDING, then=Value("waiting")),
            default=Value("not"),
            output_field=CharField(),
        )
    )


REACH_WORDS = {
    "answered": ("已回复", "green", "message-circle-reply"),
    "read": ("已看", "green", "eye"),
    "called": ("电话已告知", "green", "phone-call"),
    "delivered": ("已送达", "blue", "check"),
    "sent": ("已发出", "", "send"),
    "waiting": ("等着发", "", "clock"),
    "not": ("没到", "orange", "circle-alert"),
}


def recipients(campaign: Campaign, now: datetime) -> QuerySet[Recipient]:
    return states(Recipient.objects.filter(campaign=campaign), now)


def not_reached(campaign: Campaign, now: datetime) -> QuerySet[Recipient]:
    return recipients(campaign, now).filter(Q(reach="not"))


def per_reach(rows: QuerySet[Recipient]) -> dict[str, int]:
    """How many of :func:`states` are in each. One query."""
    counted: Any = rows.order_by()
    return dict(counted.values("reach").annotate(n=Count("id")).values_list("reach", "n"))


def to_call(campaign: Campaign, now: datetime, today: date) -> QuerySet[Recipient]:
    """The phone round, those called least first. Left out: wrong numbers, later days, and people without a phone, whom
    the list names for a visit at the door."""
    due = not_reached(campaign, now).filter(Q(call_again_on__isnull=True) | Q(call_again_on__lte=today))
    has_phone = Exists(Phone.objects.filter(resident=OuterRef("resident")))
    return due.filter(has_phone, wrong_number=False, resident__deceased_on__isnull=True).order_by("calls", "id")


def reach(campaign: Campaign, now: datetime) -> Reach:
    """Four queries."""
    per = per_reach(recipients(campaign, now))
    people = Recipient.objects.filter(campaign=campaign)
    plain = people.aggregate(
        people=Count("id"),
        told=Count("told_at"),
        read=Count("message__read_at"),
        answered=Count("id", filter=~Q(message__answer="") & Q(message__isnull=False)),
        by_call=Count("told_by_call_at"),
    )
    deliveries = Delivery.objects.filter(
        message__recipient__campaign=campaign, channel__in=[Channel.SMS, Channel.WECHAT]
    ).aggregate(
        sent=Count("message", distinct=True, filter=~Q(state__in=[DeliveryState.QUEUED, DeliveryState.FAILED])),
        delivered=Count("message", distinct=True, filter=Q(state=DeliveryState.DELIVERED)),
        cost_fen=Sum("cost_fen"),
    )
    opened = Opening.objects.filter(campaign=campaign).aggregate(
        opened=Sum("count"), by_code=Sum("count", filter=Q(by_code=True))
    )
    numbers: dict[str, Any] = {**plain, **deliveries, **opened}
    good = sum(per.get(name, 0) for name in ("answered", "read", "called", "delivered", "sent"))
    return Reach(**{name: value or 0 for name, value in numbers.items()}, reached=good, not_reached=per.get("not", 0))


def with_counts(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """For lists: people, told, read. Counted once each."""
    return rows.annotate(
        people=Count("recipients", distinct=True),
        told=Count("recipients", distinct=True, filter=Q(recipients__told_at__isnull=False)),
        read=Count("recipients", distinct=True, filter=Q(recipients__message__read_at__isnull=False)),
        author=F("by__display_name"),
    )
