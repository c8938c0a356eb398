"""A walk and its steps. Every time in it is the server's."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.models.errand import ErrandVersion, ServicePoint
from jiamenkou.services.walkthrough.models.officer import Officer
from jiamenkou.services.walkthrough.models.round import Round
from jiamenkou.services.walkthrough.states import WalkOutcome


class WalkQuerySet(models.QuerySet["Walk"]):
    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def with_list_data(self) -> Self:
        return self.select_related("round", "version__errand", "point", "officer__account")


class Walk(models.Model):
    round = models.ForeignKey(Round, models.RESTRICT, related_name="walks", verbose_name="期")
    version = models.ForeignKey(ErrandVersion, models.RESTRICT, related_name="walks", verbose_name="事项")
    point = models.ForeignKey(ServicePoint, models.RESTRICT, related_name="walks", verbose_name="窗口")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    officer = models.ForeignKey(Officer, models.RESTRICT, related_name="walks", verbose_name="体验员")
    # who is accompanied, by their own yes: on their phone through the link, or said before staff
    resident = models.ForeignKey(
        Resident, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="陪同的居民"
    )
    consent_at = models.DateTimeField("同意陪同", null=True, blank=True)
    join_code = models.CharField("陪同码", max_length=24, unique=True)
    started_at = models.DateTimeField("开始", default=timezone.now)
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=WalkOutcome, blank=True)
    words = models.CharField("总的一句", max_length=300, blank=True)

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "-started_at"], name="walk_list"),
            models.Index(fields=["officer", "-started_at"], name="walk_mine"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_running_walk_each",
                fields=["officer"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="您有一趟还没走完，先把那趟走完。",
            ),
            models.CheckConstraint(
                name="walk_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                violation_error_message="结束不能早于开始。",
            ),
            models.CheckConstraint(
                name="walk_end_has_outcome",
                condition=Q(ended_at__isnull=True) | ~Q(outcome=""),
                violation_error_message="办成了没有？请选一个。",
            ),
            models.CheckConstraint(
                name="accompanied_by_consent",
                condition=Q(resident__isnull=True) | Q(consent_at__isnull=False),
                violation_error_message="陪同要居民本人同意。",
            ),
        ]

    def __str__(self) -> str:
        local = timezone.localtime(self.started_at)
        return f"{local.month}月{local.day}日 {local:%H:%M} 的一趟"


class WalkStep(models.Model):
    """One planned step as it was walked."""

    walk = models.ForeignKey(Walk, models.CASCADE, related_name="steps", verbose_name="走访")
    number = models.PositiveSmallIntegerField("第几步")
    name = models.CharField("步骤", max_length=40)
    started_at = models.DateTimeField("到了", null=True, blank=True)
    ended_at = models.DateTimeField("办完", null=True, blank=True)
    waiting_minutes = models.PositiveSmallIntegerField("等了几分钟", null=True, blank=True)
    asked = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="要了哪些材料")
    words = models.CharField("记一句", max_length=300, blank=True)
    photo = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="照片"
    )

    class Meta:
        verbose_name = "走访步骤"
        verbose_name_plural = "走访步骤"
        ordering = ["walk", "number"]
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="walk_step_once", fields=["walk", "number"]),
            models.CheckConstraint(
                name="step_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                violation_error_message="先点“到了”，再点“办完”。",
            ),
        ]

    @property
    def minutes(self) -> int | None:
        """Whole minutes it took, across midnight as well; None while it runs."""
        if self.started_at is None or self.ended_at is None:
            return None
        return round((self.ended_at - self.started_at).total_seconds() / 60)
