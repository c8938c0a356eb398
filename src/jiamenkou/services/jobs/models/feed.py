"""Feeds of a labour bureau: pulled, mapped, de-duplicated, expiring; a dead one raises a flag."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.models.vacancy import Vacancy


class FeedFormat(models.TextChoices):
    JSON = "json", "JSON"
    CSV = "csv", "CSV"


class FeedQuerySet(models.QuerySet["Feed"]):
    def active(self) -> Self:
        return self.filter(stopped_at__isnull=True)

    def dead(self, now: datetime) -> Self:
        """Active, and without a good pull for two days."""
        limit = now - timedelta(days=2)
        return self.active().filter(Q(last_good_at__lt=limit) | Q(last_good_at__isnull=True, created_at__lt=limit))


class Feed(models.Model):
    """``mapping`` names for each of our fields the feed's field: ``{"title": "job_name", …}``.

    What it brings is shown to ``community`` (None: everybody) and belongs to ``owner``.
    """

    name = models.CharField("名称", max_length=60)
    url = models.URLField("地址", max_length=400)
    format = models.CharField("格式", max_length=4, choices=FeedFormat)
    records = models.CharField("记录在哪里", max_length=60, blank=True)
    mapping = models.JSONField("字段对应")
    community = models.ForeignKey(
        Place, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="给哪个社区看"
    )
    owner = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="谁设置、谁管")
    every_hours = models.PositiveSmallIntegerField("几小时取一次", default=6)
    last_pull_at = models.DateTimeField("最近取", null=True, blank=True)
    last_good_at = models.DateTimeField("最近取到", null=True, blank=True)
    last_problem = models.CharField("最近的问题", max_length=300, blank=True)
    last_counts = models.JSONField("最近结果", default=dict, blank=True)
    stopped_at = models.DateTimeField("停用", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = "数据源"
        verbose_name_plural = "数据源"
        triggers = [audited()]

    def __str__(self) -> str:
        return self.name


class FeedItem(models.Model):
    """One record of a feed and the vacancy it became."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="items", verbose_name="数据源")
    reference = models.CharField("对方编号", max_length=120)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="feed_items", verbose_name="岗位")
    digest = models.CharField("内容摘要", max_length=64)
    seen_at = models.DateTimeField("最近见到", default=timezone.now)

    class Meta:
        verbose_name = "数据源记录"
        verbose_name_plural = "数据源记录"
        constraints = [models.UniqueConstraint(name="feed_item_once", fields=["feed", "reference"])]
