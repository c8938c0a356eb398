from __future__ import annotations

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
