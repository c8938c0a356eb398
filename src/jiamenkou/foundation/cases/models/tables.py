"""What the clocks and the routing go by: days, hours and the catalogue. Versions are added, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class CalendarVersion(models.Model):
    """One version of the table of days: ``days`` maps ISO dates to off or work; other days go by their weekday."""

    since = models.DateField("从")
    through = models.DateField("到")
    days = models.JSONField("例外的日子")
    label = models.CharField("来源", max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="calendar_runs_forward",
                condition=Q(through__gte=F("since")),
                violation_error_message="日历的末日不能早于首日。",
            )
        ]


class OfficeHoursOf(models.Model):
    """Working hours of an office; a place without a row goes by the place above it."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="+", verbose_name="地方")
    spans = models.JSONField("上班时间（每日分钟）")

    class Meta:
        verbose_name = "上班时间"
        verbose_name_plural = "上班时间"
        triggers = [audited()]


class CatalogueVersion(models.Model):
    """The whole catalogue as it was from ``at`` on. Cases keep the number of the version they were routed by."""

    rows = models.JSONField("目录")
    note = models.CharField("改了什么", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "派单目录"
        verbose_name_plural = "派单目录"
        triggers = [audited()]
