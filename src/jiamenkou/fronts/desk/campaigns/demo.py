"""What a community has told its people lately: one campaign long out, one half read, one draft."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.campaigns.actions import (
    confirm_campaign,
    count_opening,
    record_call,
    write_campaign,
)
from jiamenkou.foundation.messages.campaigns.counting import preview, to_call
from jiamenkou.foundation.messages.campaigns.sending import send_batch
from jiamenkou.foundation.messages.models import CallResult, Campaign, Channel, Delivery, DeliveryState, Message, Way
from jiamenkou.foundation.people.actions.archive import give_consent
from jiamenkou.foundation.people.models import Account, ConsentPurpose, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place

REASON = "示范数据"


def load(say: Any) -> None:
    """Through the same actions as the desk; the outbox is settled at once."""
    random = Random(20261128)  # noqa: S311 - invented people
    by = Actor(Account.objects.get(username="demo-worker-1"))
    community = Place.objects.get(code=COMMUNITIES[0].code)
    say("问居民要不要收消息")
    for number, person in enumerate(Resident.objects.filter(community=community).order_by("id")):
        if number % 4:
            give_consent(person, ConsentPurpose.MESSAGES, how="当面口头", by=by, reason=REASON)
    say("发一条政策")
    sent = _sent(community, by)
    _answered(sent, by, random)
    write_campaign(
        community,
        by=by,
        reason=REASON,
        title="冬至包饺子，缺几位帮手",
        body="12 月 21 日上午 9 点，社区活动室。会和面、会包的都来，孩子也可以来。",
        answers=["我来", "来不了"],
        ways=[Way.WECHAT, Way.GROUP, Way.LEAFLET],
        who={"age_from": 50},
        who_words="50 岁以上",
    )


def _sent(community: Place, by: Actor) -> Campaign:
    campaign = write_campaign(
        community,
        by=by,
        reason=REASON,
        title="灵活就业人员社保补贴开始登记",
        body="灵活就业、缴了养老或医疗保险的，可以申领社保补贴。\n"
        "带身份证、缴费凭证，工作日到社区窗口，我们帮您填。下月 20 日前有效。",
        answers=["我要办", "知道了"],
        ways=[Way.SMS, Way.WECHAT, Way.GROUP, Way.LEAFLET],
        who={"employment": "flexible"},
        who_words="灵活就业",
    )
    today, now = timezone.localdate(), timezone.now()
    people = preview(campaign, by=by, today=today).people
    campaign = confirm_campaign(
        campaign, typed=str(people), by=by, now=now - timedelta(days=3), today=today, reason=REASON
    )
    while send_batch(campaign.pk, 200):
        pass
    return campaign


def _answered(campaign: Campaign, by: Actor, random: Random) -> None:
    """Three days later: most SMS arrived, some read, a few answered, one evening of calls."""
    now, today = timezone.now(), timezone.localdate()
    told = Message.objects.filter(recipient__campaign=campaign).order_by("id")
    told.update(made_at=now - timedelta(days=3))
    for delivery in Delivery.objects.filter(message__in=told).exclude(channel=Channel.IN_APP).order_by("id"):
        arrived = random.random() < 0.86
        delivery.state = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED
        delivery.problem = "" if arrived else random.choice(["空号", "停机", "关机"])
        delivery.cost_fen, delivery.attempts, delivery.at = 5, 1, now - timedelta(days=3)
        delivery.save()
    for message in told:
        if random.random() < 0.4:
            message.read_at = now - timedelta(hours=random.randrange(2, 60))
            if random.random() < 0.4:
                message.answer, message.answered_at = random.choice(message.answers), message.read_at
            message.save()
    for number in range(37):
        count_opening(campaign, today - timedelta(days=number % 3), by_code=number % 4 > 0)
    for number in range(9):
        one = to_call(campaign, now, today).first()
        if one is None:
            return
        result = [CallResult.TOLD, CallResult.MISSED, CallResult.TOLD, CallResult.WRONG, CallResult.LATER][number % 5]
        later = today + timedelta(days=2) if result == CallResult.LATER else None
        record_call(
            one, result, seen_calls=one.calls, again_on=later, note="", by=by, now=now, today=today, reason=REASON
        )
