"""What a resident wants on the phone: notices switched off, WeChat messages accepted one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.messages.models.message import Channel

# nobody is asked again before so many are used up
MOST_ACCEPTED = 20


class OptOut(models.Model):
    """A resident does not want this notice over ``channel``, or over none beyond the screen where it is empty."""

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="opt_outs", verbose_name="居民")
    notice = models.CharField("通知类别", max_length=60)
    channel = models.CharField("渠道", max_length=10, choices=Channel, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "不接收"
        verbose_name_plural = "不接收"
        triggers = [audited()]
        constraints = [models.UniqueConstraint(name="opt_out_once", fields=["resident", "notice", "channel"])]


class Acceptance(models.Model):
    """How many WeChat messages of a template a resident has accepted and not had yet: one acceptance, one message.

    Counted down by a conditional UPDATE before a message leaves; the CHECK is the backstop.
    """

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="acceptances", verbose_name="居民")
    template = models.CharField("模板", max_length=40)
    left = models.SmallIntegerField("还可以发几条", default=0)
    at = models.DateTimeField("最近同意", default=timezone.now)

    class Meta:
        verbose_name = "微信提醒的同意"
        verbose_name_plural = "微信提醒的同意"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="acceptance_once", fields=["resident", "template"]),
            models.CheckConstraint(
                name="acceptance_never_below_zero",
                condition=Q(left__gte=0, left__lte=MOST_ACCEPTED),
                violation_error_message="同意一次只能发一条。",
            ),
        ]
