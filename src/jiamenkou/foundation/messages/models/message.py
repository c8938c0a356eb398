"""A message to a person or an organisation, and one receipt per channel it went through."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from jiamenkou.foundation.places.models import Place


class MessageQuerySet(models.QuerySet["Message"]):
    def to_residents(self, ids: list[int]) -> Self:
        return self.filter(resident_id__in=ids)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> Self:
        """Those that ask for an answer and have none."""
        return self.filter(answer="").exclude(answers=[])


class Message(models.Model):
    """Exactly one addressee. Texts hold no number of identity and no phone of a resident."""

    notice = models.CharField("通知类别", max_length=60)
    resident = models.ForeignKey(
        "people.Resident", models.CASCADE, null=True, related_name="messages", verbose_name="居民"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.CASCADE, null=True, related_name="messages", verbose_name="单位"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages", verbose_name="账号"
    )
    community = models.ForeignKey(Place, models.RESTRICT, null=True, related_name="+", verbose_name="社区")
    title = models.CharField("标题", max_length=80)
    body = models.CharField("正文", max_length=500, blank=True)
    href = models.CharField("打开", max_length=200, blank=True)
    icon = models.CharField("图标", max_length=30, default="bell")
    tone = models.CharField("颜色", max_length=10, default="green")
    variables = models.JSONField("短信变量", default=dict, blank=True)
    # channels still to be tried, in this order, when the one before did not reach
    route = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name="还可以走的渠道")
    answers = models.JSONField("可选回答", default=list, blank=True)
    answer = models.CharField("回答", max_length=60, blank=True)
    answered_at = models.DateTimeField("回答时间", null=True)
    made_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("看过", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["resident", "-made_at"], name="message_inbox")]
        constraints = [
            models.CheckConstraint(
                name="message_has_one_addressee",
                condition=Q(resident__isnull=False, organisation__isnull=True, account__isnull=True)
                | Q(resident__isnull=True, organisation__isnull=False, account__isnull=True)
                | Q(resident__isnull=True, organisation__isnull=True, account__isnull=False),
            ),
        ]


class Channel(models.TextChoices):
    IN_APP = "in_app", "站内"
    SMS = "sms", "短信"
    WECHAT = "wechat", "微信"
    CALL = "call", "电话"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "待发"
    SENT = "sent", "已交给运营商"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "没送到"
    UNKNOWN = "unknown", "还不知道"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def not_reached(self) -> Self:
        """Failed, or unknown for a day; not read on the screen since, and nobody got through by phone yet."""
        called = Delivery.objects.filter(
            message=OuterRef("message"), channel=Channel.CALL, state=DeliveryState.DELIVERED
        )
        silent = Q(state=DeliveryState.UNKNOWN, at__lt=timezone.now() - timedelta(days=1))
        failed = self.filter(Q(state=DeliveryState.FAILED) | silent, message__read_at__isnull=True)
        # what went on over another channel is judged by that one
        went_on = Delivery.objects.filter(message=OuterRef("message"), id__gt=OuterRef("id")).exclude(
            channel__in=[Channel.CALL, Channel.IN_APP]
        )
        return failed.exclude(channel=Channel.CALL).exclude(Exists(called)).exclude(Exists(went_on))


class Delivery(models.Model):
    """One attempt chain over one channel. ``unknown`` is a state of its own: the provider did not say."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField("试过几次", default=0)
    provider_id = models.CharField("运营商编号", max_length=64, blank=True)
    problem = models.CharField("原因", max_length=200, blank=True)
    cost_fen = models.PositiveIntegerField("费用（分）", default=0)
    at = models.DateTimeField("时间", default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "送达"
        verbose_name_plural = "送达"
        constraints = [models.UniqueConstraint(name="one_delivery_per_channel", fields=["message", "channel"])]
        indexes = [models.Index(fields=["state", "at"], name="delivery_outbox")]
