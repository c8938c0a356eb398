"""Two phones at one door, neither knowing of the other: both visits stay, somebody on the desk chooses."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.visits.models.visit import Visit


class VisitConflict(models.Model):
    """``first`` was received first. ``chosen`` says per field which of the two holds: ``{"outcome": "first", …}``."""

    first = models.ForeignKey(Visit, models.CASCADE, related_name="conflicts_before", verbose_name="先收到的")
    second = models.OneToOneField(Visit, models.CASCADE, related_name="conflict", verbose_name="后收到的")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    opened_at = models.DateTimeField("发现时间", default=timezone.now)
    chosen = models.JSONField("各栏用哪一份", default=dict)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="谁定的"
    )
    settled_at = models.DateTimeField("定的时间", null=True, blank=True)

    class Meta:
        verbose_name = "两份走访"
        verbose_name_plural = "两份走访"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "settled_at"], name="visit_conflict_open")]
        constraints = [
            models.CheckConstraint(
                name="conflict_of_two_visits",
                condition=~Q(first=F("second")),
                violation_error_message="要有两份不同的走访。",
            )
        ]
