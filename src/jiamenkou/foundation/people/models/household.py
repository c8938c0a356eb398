"""Households: rows on a unit. Membership is dated, so that a separation does not rewrite the past."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class Household(models.Model):
    """People behind one door."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    unit = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="楼栋单元")
    room = models.CharField("房号", max_length=20, blank=True)
    door = models.CharField("门牌", max_length=80, blank=True)
    head = models.ForeignKey(
        "people.Resident", models.SET_NULL, related_name="heads", null=True, blank=True, verbose_name="户主"
    )

    # the head as a roster named them, also while they are not registered: they become ``head`` when they are
    head_index = models.BinaryField("户主号码索引", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "家庭"
        verbose_name_plural = "家庭"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "unit", "room"], name="household_door"),
            models.Index(fields=["community", "head_index"], name="household_head_index"),
        ]

    def __str__(self) -> str:
        return self.door or f"家庭 {self.pk}"


class Membership(models.Model):
    """Who belonged to which household, from when to when, and as what to its head."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="memberships", verbose_name="家庭")
    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="memberships", verbose_name="居民")
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    since = models.DateField("从", default=date.today)
    until = models.DateField("到", null=True, blank=True)

    class Meta:
        verbose_name = "家庭成员"
        verbose_name_plural = "家庭成员"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_household",
                fields=["resident"],
                condition=Q(until__isnull=True),
                violation_error_message="同一时间只能属于一个家庭。",
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
