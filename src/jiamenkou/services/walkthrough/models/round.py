"""期: a planned series of walks."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.models.errand import Errand


class Round(models.Model):
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    number = models.PositiveSmallIntegerField("第几期")
    title = models.CharField("主题", max_length=60)
    aims = models.CharField("想弄清什么", max_length=300, blank=True)
    first_on = models.DateField("从")
    last_on = models.DateField("到")
    errands = models.ManyToManyField(Errand, related_name="rounds", verbose_name="走哪些事项")
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "期"
        verbose_name_plural = "期"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="round_number_once", fields=["community", "number"], violation_error_message="这一期已经有了。"
            ),
            models.CheckConstraint(
                name="round_ends_after_start",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message="结束的日子要在开始之后。",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 期 {self.title}"

    def runs_on(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on
