"""Who answers for this door: grid workers, building heads, stewards, staff, Party, volunteers in one net."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.states import DutyRole


class DutyQuerySet(models.QuerySet["Duty"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Duty(models.Model):
    """Somebody answers for a place and everything below it, from when to when.

    No number stands here: whoever calls reaches the duty phone of the place, or the published one of the organisation,
    which stay when the person changes.
    """

    place = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="哪一片")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    role = models.CharField("身份", max_length=14, choices=DutyRole)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="所在单位"
    )
    name = models.CharField("称呼", max_length=20)
    since = models.DateField("从哪天起")
    until = models.DateField("到哪天", null=True, blank=True)
    handed_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="交接给"
    )
    why = models.CharField("交接说明", max_length=120, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "网格责任人"
        verbose_name_plural = "网格责任人"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="duty_until_after_since",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                name="duty_once",
                fields=["place", "role", "name"],
                condition=Q(until__isnull=True),
                violation_error_message="这个人已经在这一片了。",
            ),
        ]

    def __str__(self) -> str:
        return f"责任人 {self.pk}"
