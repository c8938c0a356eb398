"""Links for employers without an account: eight days, revocable; opening one changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation

LINK_DAYS = 8


def _end() -> datetime:
    return timezone.now() + timedelta(days=LINK_DAYS)


class EmployerLinkQuerySet(models.QuerySet["EmployerLink"]):
    def good(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now, revoked_at__isnull=True)


class EmployerLink(models.Model):
    """The token itself is never stored, only its digest."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="job_links", verbose_name="单位")
    token_hash = models.BinaryField("摘要", unique=True)
    made_at = models.DateTimeField("建立时间", default=timezone.now)
    expires_at = models.DateTimeField("到期", default=_end)
    revoked_at = models.DateTimeField("作废", null=True, blank=True)
    opened_at = models.DateTimeField("用过", null=True, blank=True)

    objects = EmployerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "单位链接"
        verbose_name_plural = "单位链接"
        triggers = [audited()]
