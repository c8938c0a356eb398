"""Who is to be visited, why, and by when."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Household, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.visits.states import PlanState, Why


class PlanQuerySet(models.QuerySet["Plan"]):
    def open(self) -> Self:
        return self.filter(state=PlanState.OPEN)

    def late(self, on: date) -> Self:
        """Open, and the day is over."""
        return self.open().filter(due_on__lt=on)

    def due_by(self, day: date) -> Self:
        return self.open().filter(due_on__lte=day)

    def with_people(self) -> Self:
        return self.select_related("resident", "household", "grid", "assigned")


class Plan(models.Model):
    """One door to knock at. A resident is planned at most once at a time."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="visit_plans", verbose_name="居民")
    household = models.ForeignKey(
        Household, models.SET_NULL, related_name="visit_plans", null=True, blank=True, verbose_name="家庭"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    why = models.CharField("按什么排的", max_length=8, choices=Why, default=Why.CHOSEN)
    word = models.CharField("为什么去", max_length=120, blank=True)
    due_on = models.DateField("最晚哪天")
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="谁去"
    )
    state = models.CharField("状态", max_length=8, choices=PlanState, default=PlanState.OPEN)
    tries = models.PositiveSmallIntegerField("去过几次没见到", default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁排的"
    )
    made_at = models.DateTimeField("排的时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "走访安排"
        verbose_name_plural = "走访安排"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "state", "due_on"], name="visit_plan_due")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_plan",
                fields=["resident"],
                condition=Q(state="open"),
                violation_error_message="这位居民已经在走访名单里了。",
            ),
            models.CheckConstraint(
                name="plan_ended_has_a_time",
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                violation_error_message="走访安排结束要有时间。",
            ),
        ]
