"""The link by which somebody says yes or no to an application that a relative wants to send for them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.models.application import Application


class FamilyLinkQuerySet(models.QuerySet["FamilyLink"]):
    def good(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)


class FamilyLink(models.Model):
    """Good for one answer; until it expires it shows what was answered. The token is never stored, only its digest."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="family_links", verbose_name="投递")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    token_hash = models.BinaryField("摘要", unique=True)
    made_at = models.DateTimeField("建立时间", default=timezone.now)
    expires_at = models.DateTimeField("到期")
    used_at = models.DateTimeField("回话时间", null=True, blank=True)

    objects = FamilyLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "家人点头的链接"
        verbose_name_plural = "家人点头的链接"
        triggers = [audited()]
