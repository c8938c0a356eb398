"""What left the house in a file: who took it, why, which people by which conditions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited


class Export(models.Model):
    """One exported file. Its ``number`` stands in the file's watermark; the file itself is not kept."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="导出人")
    what = models.CharField("内容", max_length=40)
    conditions = models.CharField("条件", max_length=300, blank=True)
    count = models.PositiveIntegerField("人数")
    reason = models.CharField("用途", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "导出记录"
        verbose_name_plural = "导出记录"
        triggers = [audited()]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"E{self.pk}"
