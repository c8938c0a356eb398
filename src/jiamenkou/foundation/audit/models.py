"""One append-only table for every audited row of the house, written by a trigger, sealed in batches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited


class AuditEntry(models.Model):
    """One changed row. ``before`` and ``after`` hold only what changed; sealed fields stay sealed in them."""

    at = models.DateTimeField("时间", db_index=True)
    xid = models.BigIntegerField("事务号", db_index=True)
    actor = models.CharField("谁", max_length=60)
    reason = models.CharField("为什么", max_length=500)
    table = models.CharField("表", max_length=63)
    row = models.BigIntegerField("行")
    act = models.CharField("动作", max_length=6)
    before = models.JSONField("之前", null=True)
    after = models.JSONField("之后", null=True)
    community = models.BigIntegerField("社区", null=True)
    grid = models.BigIntegerField("网格", null=True)
    resident = models.BigIntegerField("居民", null=True)
    digest = models.BinaryField("摘要")
    erased = models.BooleanField("内容已销毁")

    class Meta:
        verbose_name = "留痕"
        verbose_name_plural = "留痕"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["table", "row"], name="audit_table_row"),
            models.Index(fields=["resident", "-id"], name="audit_resident"),
        ]


class AuditSeal(models.Model):
    """All entries of the transactions ``from_xid`` ≤ xid < ``to_xid`` under one hash, chained to the seal before.

    By transaction number and not by row number: a row with a lower number may commit later, and would be missed.
    """

    from_xid = models.BigIntegerField("自事务号")
    to_xid = models.BigIntegerField("至事务号", unique=True)
    count = models.PositiveIntegerField("条数")
    hash = models.BinaryField("链")
    at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "封条"
        verbose_name_plural = "封条"
        ordering = ["to_xid"]


class ExportLog(models.Model):
    """One file that left the house: who took it, what it was, how many rows. The number stands on every page of it."""

    community = models.ForeignKey("places.Place", models.RESTRICT, null=True, related_name="+", verbose_name="社区")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁")
    what = models.CharField("导出了什么", max_length=60)
    conditions = models.CharField("条件", max_length=300, blank=True)
    reason = models.CharField("用途", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "导出"
        verbose_name_plural = "导出"
        ordering = ["-id"]
        triggers = [audited()]

    @property
    def number(self) -> str:
        """What the watermark says."""
        return f"E{self.pk}"
