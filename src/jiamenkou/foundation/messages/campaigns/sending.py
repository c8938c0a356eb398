"""Sending in batches. A batch is one transaction: the message, its deliveries, their jobs and the mark that the
person was told stand or fall together, so a worker that is killed has told each person once or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.campaigns.audience import may_sms, may_wechat, route_for
from jiamenkou.foundation.messages.campaigns.budget import cost_of, take
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.models import Campaign, CampaignState, Channel, Recipient
from jiamenkou.foundation.messages.send import tell_over
from jiamenkou.foundation.people.models import Resident

BATCH = 100
ACTOR, REASON = "system:messages", "群发"
NO_MONEY, GONE = "短信额度用完", "已不在册"


def send_all(campaign: int, *, batch: int = BATCH, between: Callable[[int], None] | None = None) -> int:
    """Until nobody waits or somebody stops it. Returns how many were told. ``between`` is called after each batch."""
    told = 0
    while True:
        with scope(EVERYTHING, actor=ACTOR, reason=REASON):
            count = send_batch(campaign, batch)
        told += count
        if between is not None:
            between(told)
        if not count:
            return told


def send_batch(pk: int, size: int) -> int:
    """At most ``size`` people, in the caller's transaction. Two senders at once take different people."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=pk)
    if campaign.state != CampaignState.SENDING:
        return 0
    rows = list(
        Recipient.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(campaign=campaign, told_at__isnull=True)
        .order_by("id")[:size]
    )
    if not rows:
        campaign.state, campaign.ended_at = CampaignState.DONE, timezone.now()
        campaign.save()
        return 0
    ids = [row.resident_id for row in rows]
    people = {
        person.pk: person
        for person in Resident.objects.present()
        .filter(pk__in=ids)
        .order_by("pk")
        .annotate(may_wechat=may_wechat(), may_sms=may_sms())
    }
    today, price = timezone.localdate(), cost_of(campaign.title)
    for row in rows:
        _tell(campaign, row, people.get(row.resident_id), today=today, price=price)
    return len(rows)


def _tell(campaign: Campaign, row: Recipient, person: Resident | None, *, today: date, price: int) -> None:
    now = timezone.now()
    row.told_at = now
    if person is None:
        row.note = GONE
        row.save()
        return
    route = route_for(campaign.ways, wechat=person.may_wechat, sms=person.may_sms)  # type: ignore[attr-defined]
    if Channel.SMS in route and not take(campaign.community_id, today, price):
        route, row.note = tuple(channel for channel in route if channel != Channel.SMS), NO_MONEY
    row.message = tell_over(
        route,
        NEWS,
        person,
        {"title": campaign.title, "link": f"q/{campaign.code}"},
        href=f"/news/{campaign.code}/",
        answers=campaign.answers,
        text=campaign.body,
    )
    row.save()
