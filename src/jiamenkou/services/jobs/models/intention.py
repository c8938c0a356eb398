"""Job intentions (求职意向): renewed on a date, so that a stale one is asked about, not trusted."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.states import CallOutcome, FiledBy, IntentionState, PayUnit, VacancyKind

RENEW_AFTER_DAYS = 60
ALL_WEEK = 0b1111111


class IntentionQuerySet(models.QuerySet["Intention"]):
    def open(self) -> Self:
        return self.filter(state=IntentionState.OPEN)

    def stale(self, on: date) -> Self:
        """Open, and due to be asked again on or before the day."""
        return self.open().filter(renew_on__lte=on)

    def to_call(self, on: date) -> Self:
        """The phone round: stale ones whose next try has come, longest waiting first."""
        return self.stale(on).filter(Q(next_call_on__isnull=True) | Q(next_call_on__lte=on)).order_by("renew_on", "id")

    def with_resident(self) -> Self:
        return self.select_related("resident", "grid")


class Intention(models.Model):
    """What a resident looks for. Minutes count from midnight; ``weekdays`` is a mask, Monday is bit 0."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="intentions", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    state = models.CharField("状态", max_length=8, choices=IntentionState, default=IntentionState.OPEN)
    wanted = models.CharField("想做什么", max_length=120, blank=True)
    occupation_codes = ArrayField(models.CharField(max_length=16), default=list, blank=True, verbose_name="职业")
    kinds = ArrayField(
        models.CharField(max_length=16, choices=VacancyKind), default=list, blank=True, verbose_name="形式"
    )
    max_walk_minutes = models.PositiveSmallIntegerField("最多走几分钟", null=True, blank=True)
    weekdays = models.PositiveSmallIntegerField("哪几天", default=ALL_WEEK)
    not_before = models.PositiveSmallIntegerField("最早几点上班", null=True, blank=True)
    not_after = models.PositiveSmallIntegerField("最晚几点下班", null=True, blank=True)
    school_run = models.BooleanField("要接孩子", default=False)
    min_pay_fen = models.PositiveIntegerField("最低工资（分）", null=True, blank=True)
    min_pay_unit = models.CharField("工资单位", max_length=6, choices=PayUnit, blank=True)
    cannot = ArrayField(models.CharField(max_length=16), default=list, blank=True, verbose_name="做不了的")
    education = models.PositiveSmallIntegerField("学历", null=True, blank=True)
    note = models.CharField("补充", max_length=300, blank=True)
    filed_by = models.CharField("谁登记的", max_length=8, choices=FiledBy)
    filed_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记账号"
    )
    confirmed_on = models.DateField("最近确认", default=date.today)
    renew_on = models.DateField("到期再问")
    next_call_on = models.DateField("下次打电话", null=True, blank=True)
    closed_why = models.CharField("结束原因", max_length=120, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = IntentionQuerySet.as_manager()

    class Meta:
        verbose_name = "求职意向"
        verbose_name_plural = "求职意向"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "state", "renew_on"], name="intention_round")]
        constraints = [
            models.UniqueConstraint(
                name="one_current_intention",
                fields=["resident"],
                condition=Q(state__in=[IntentionState.OPEN, IntentionState.PAUSED]),
                violation_error_message="这位居民已经有一份求职意向，请直接修改。",
            ),
            models.CheckConstraint(
                name="intention_minutes_in_a_day",
                condition=(Q(not_before__isnull=True) | Q(not_before__lt=1440))
                & (Q(not_after__isnull=True) | Q(not_after__lte=1440)),
                violation_error_message="时间要在 0:00 到 24:00 之间。",
            ),
            models.CheckConstraint(
                name="intention_weekdays_mask",
                condition=Q(weekdays__gte=1, weekdays__lte=ALL_WEEK),
                violation_error_message="至少选一天。",
            ),
            models.CheckConstraint(
                name="intention_pay_has_unit",
                condition=Q(min_pay_fen__isnull=True) | ~Q(min_pay_unit=""),
                violation_error_message="填了工资，请选是每小时、每天还是每月。",
            ),
        ]

    def __str__(self) -> str:
        return self.wanted or "求职意向"


class Call(models.Model):
    """One call of a phone round, with what came of it."""

    intention = models.ForeignKey(Intention, models.CASCADE, related_name="calls", verbose_name="求职意向")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    outcome = models.CharField("结果", max_length=14, choices=CallOutcome)
    note = models.CharField("记一句", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁打的"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "通话"
        verbose_name_plural = "通话"
        triggers = [audited()]
        ordering = ["-at", "-id"]
