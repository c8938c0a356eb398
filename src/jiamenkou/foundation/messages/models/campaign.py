"""Campaigns (群发): one piece of news, the people it is for, what it may cost, and the calls to those not reached."""

from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.messages.models.message import Message
from jiamenkou.foundation.places.models import Place


class CampaignState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SENDING = "sending", "正在发"
    STOPPED = "stopped", "已停下"
    DONE = "done", "发完了"


class Way(models.TextChoices):
    """How a campaign goes out besides the screen. The last two are made for hands: nothing is sent."""

    SMS = "sms", "短信"
    WECHAT = "wechat", "微信提醒"
    GROUP = "group", "微信群文字"
    LEAFLET = "leaflet", "纸质单页"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def out(self) -> Self:
        """Those that are public: confirmed at some time."""
        return self.exclude(state=CampaignState.DRAFT)


def new_code() -> str:
    """What the QR of a leaflet carries; not to be guessed, so that a draft is not found."""
    return "n" + secrets.token_hex(8)


class Campaign(models.Model):
    """News without anybody's name in it. ``who`` keeps the conditions as the page sent them, ``who_words`` in words."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    code = models.CharField("编码", max_length=20, unique=True, default=new_code)
    title = models.CharField("标题", max_length=40)
    body = models.TextField("正文", max_length=400)
    answers = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name="可选回答")
    ways = ArrayField(models.CharField(max_length=10, choices=Way), default=list, blank=True, verbose_name="渠道")
    who = models.JSONField("发给谁", default=dict, blank=True)
    who_words = models.CharField("发给谁（文字）", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁写的")
    made_at = models.DateTimeField("写于", default=timezone.now)
    confirmed_at = models.DateTimeField("确认发送", null=True, blank=True)
    ended_at = models.DateTimeField("发完", null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "群发"
        verbose_name_plural = "群发"
        triggers = [audited()]
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["community", "-made_at"], name="campaign_newest")]
        constraints = [
            models.CheckConstraint(
                name="campaign_confirmed_before_sent",
                condition=Q(state="draft", confirmed_at__isnull=True)
                | (~Q(state="draft") & Q(confirmed_at__isnull=False)),
                violation_error_message="确认以后才能发。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Recipient(models.Model):
    """One person of a campaign, once. ``message`` is there as soon as it was told: both in one transaction."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recipients", verbose_name="群发")
    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="campaigns", verbose_name="居民")
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="recipient", verbose_name="消息"
    )
    told_at = models.DateTimeField("发出", null=True, blank=True)
    note = models.CharField("说明", max_length=60, blank=True)
    call_again_on = models.DateField("改期到", null=True, blank=True)
    calls = models.PositiveSmallIntegerField("打过几次", default=0)
    told_by_call_at = models.DateTimeField("电话告知", null=True, blank=True)
    wrong_number = models.BooleanField("空号", default=False)

    class Meta:
        verbose_name = "群发对象"
        verbose_name_plural = "群发对象"
        indexes = [models.Index(fields=["campaign", "told_at", "id"], name="recipient_waiting")]
        constraints = [
            models.UniqueConstraint(
                name="recipient_once", fields=["campaign", "resident"], violation_error_message="这位已经在名单里。"
            ),
        ]


class CallResult(models.TextChoices):
    """What came of a call."""

    TOLD = "told", "已告知"
    MISSED = "missed", "未接"
    WRONG = "wrong", "空号"
    LATER = "later", "改期"


class CampaignCall(models.Model):
    """Somebody phoned a person whom the campaign had not reached."""

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="made_calls", verbose_name="群发对象")
    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="+", verbose_name="居民")
    result = models.CharField("结果", max_length=10, choices=CallResult)
    note = models.CharField("说明", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁打的")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "群发电话"
        verbose_name_plural = "群发电话"
        triggers = [audited()]
        ordering = ["-at", "-id"]


class Opening(models.Model):
    """How often a campaign's page was opened on a day, by the code on a leaflet or otherwise. Nobody stands in it,
    and a look is no act: so it is not in the audit trail."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="openings", verbose_name="群发")
    day = models.DateField("日期")
    by_code = models.BooleanField("扫码")
    count = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = "打开次数"
        verbose_name_plural = "打开次数"
        constraints = [models.UniqueConstraint(name="opening_once", fields=["campaign", "day", "by_code"])]


class SmsMonth(models.Model):
    """What a community's campaigns may cost in SMS in a month, and what is taken of it."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    month = models.DateField("月份（1 日）")
    limit_fen = models.PositiveIntegerField("额度（分）")
    taken_fen = models.PositiveIntegerField("已占用（分）", default=0)

    class Meta:
        verbose_name = "短信额度"
        verbose_name_plural = "短信额度"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="sms_month_once", fields=["community", "month"]),
            models.CheckConstraint(
                name="sms_month_not_overspent",
                condition=Q(taken_fen__lte=F("limit_fen")),
                violation_error_message="这个月的短信额度不够了。",
            ),
        ]
