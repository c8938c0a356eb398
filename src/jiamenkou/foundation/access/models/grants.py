from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    def current(self, now: datetime | None = None) -> Self:
        """In force now. A stand-in's sleeps outside its window, and ends with the role it was lent from."""
        now = now or timezone.now()
        lent_from = Q(stands_in_for__isnull=True) | (
            Q(stands_in_for__since__lte=now) & (Q(stands_in_for__until__isnull=True) | Q(stands_in_for__until__gt=now))
        )
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), lent_from, since__lte=now)

    def own(self) -> Self:
        """Given for good, not lent."""
        return self.filter(stands_in_for__isnull=True)

    def lent(self) -> Self:
        return self.filter(stands_in_for__isnull=False)

    def not_over(self) -> Self:
        """In force now or later."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))


class StaffRole(models.Model):
    """A role at a place, from when to when. A stand-in (A/B 岗) is a role of its own that names whom it stands for."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role)
    place = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="范围")
    since = models.DateTimeField("从", default=timezone.now)
    until = models.DateTimeField("到", null=True, blank=True)
    # the role that is lent; with it the stand-in's goes, too
    stands_in_for = models.ForeignKey("self", models.CASCADE, null=True, blank=True, verbose_name="代班")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="谁给的"
    )
    reason = models.CharField("为什么", max_length=200, blank=True)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="role_once_per_place",
                fields=["account", "role", "place"],
                condition=Q(until__isnull=True),
                violation_error_message="已经有这个角色了。",
            ),
            models.CheckConstraint(
                name="stand_in_has_an_end",
                condition=Q(stands_in_for__isnull=True) | Q(until__isnull=False, until__gte=models.F("since")),
                violation_error_message="代班要写到哪一天，不能早于开始。",
            ),
        ]


class Reveal(models.Model):
    """Someone looked at a full number, and why. The resident sees this list."""

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="reveals", verbose_name="居民")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁")
    field = models.CharField("看了什么", max_length=20)
    reason = models.CharField("为什么", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "看号记录"
        verbose_name_plural = "看号记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["by", "at"], name="reveal_by_day")]
