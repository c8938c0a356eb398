"""One append-only table for every audited row of the house, written by a trigger, sealed in batches."""

from __future__ import annotations

from django.db import models


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
