from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    def current(self) -> Self:
        now = timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


class StaffRole(models.Model):
    """A role at a place, from when to when. A stand-in (A/B 岗) is a role of its own that names whom it stands for."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role)
    place = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="范围")
    since = models.DateTimeField("从", default=timezone.now)
    until = models.DateTimeField("到", null=True, blank=True)
    stands_in_for = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name="代班")

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
