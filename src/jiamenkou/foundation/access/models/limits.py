from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Counter(models.Model):
    """How often something happened in a window: ``key`` is a digest, never a number or an address itself."""

    key = models.BinaryField("什么")
    window = models.DateTimeField("时段")
    count = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = "限次"
        verbose_name_plural = "限次"
        constraints = [models.UniqueConstraint(name="counter_once", fields=["key", "window"])]


class Recent(models.Model):
    """When something happened lately, so that "five an hour" means any hour; ``key`` is a digest."""

    key = models.BinaryField("什么", unique=True)
    hits = ArrayField(models.DateTimeField(), verbose_name="时间")
    until = models.DateTimeField("留到", db_index=True)

    class Meta:
        verbose_name = "最近几次"
        verbose_name_plural = "最近几次"
