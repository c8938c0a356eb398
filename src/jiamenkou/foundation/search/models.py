"""Two indexes: public things (no row-level security) and residents (under it, filtered by community first)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jiamenkou.foundation.places.models import Place


class PublicEntry(models.Model):
    """One findable public thing. ``grams`` holds its 1- and 2-character grams, ``text`` rechecks a hit."""

    kind = models.CharField("种类", max_length=30)
    object_id = models.BigIntegerField("编号")
    community = models.ForeignKey(Place, models.RESTRICT, null=True, related_name="+", verbose_name="社区")
    title = models.CharField("标题", max_length=120)
    text = models.TextField("可查文字")
    initials = models.TextField("拼音首字母")
    grams = ArrayField(models.CharField(max_length=4), verbose_name="字组")
    rank_at = models.DateTimeField("排序时间")

    class Meta:
        verbose_name = "公开索引"
        verbose_name_plural = "公开索引"
        indexes = [
            GinIndex(fields=["grams"], name="public_grams"),
            models.Index(fields=["kind", "-rank_at", "-id"], name="public_newest"),
        ]
        constraints = [models.UniqueConstraint(name="public_entry_once", fields=["kind", "object_id"])]


class ResidentEntry(models.Model):
    """A resident's row in the desk's search: name, initials, door. No number of any kind."""

    resident = models.OneToOneField("people.Resident", models.CASCADE, related_name="search", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, null=True, related_name="+", verbose_name="网格")
    text = models.TextField("可查文字")
    initials = models.TextField("拼音首字母")

    class Meta:
        verbose_name = "居民索引"
        verbose_name_plural = "居民索引"
        indexes = [models.Index(fields=["community", "id"], name="resident_entry_scope")]
