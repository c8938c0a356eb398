"""体验员: staff, or residents who signed up and were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.models.round import Round
from jiamenkou.services.walkthrough.states import OfficerState

if TYPE_CHECKING:
    from jiamenkou.foundation.people.models import Account


class OfficerQuerySet(models.QuerySet["Officer"]):
    def active(self) -> Self:
        return self.filter(state=OfficerState.ACTIVE)

    def of(self, account: Account | None) -> Self:
        return self.filter(account=account) if account is not None else self.none()


class Officer(models.Model):
    """One account in one community. ``resident`` is empty for staff."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    resident = models.ForeignKey(
        Resident, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="居民"
    )
    state = models.CharField("状态", max_length=8, choices=OfficerState)
    words = models.CharField("为什么想来", max_length=200, blank=True)
    agreement = models.CharField("同意的约定", max_length=20)
    agreed_at = models.DateTimeField("同意时间", default=timezone.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    note = models.CharField("审核说明", max_length=200, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "体验员"
        verbose_name_plural = "体验员"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="officer_once", fields=["community", "account"], violation_error_message="已经报过名了。"
            ),
            models.CheckConstraint(
                name="officer_refused_with_words",
                condition=~Q(state=OfficerState.REFUSED) | ~Q(note=""),
                violation_error_message="没通过要写一句原因。",
            ),
        ]

    @property
    def addressee(self) -> Resident | Account:
        """Where messages to them go: a resident reads them on the phone, staff at the desk."""
        if self.resident is not None and self.resident.deceased_on is None:
            return self.resident
        return self.account


class RoundOfficer(models.Model):
    """Who walks in a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="officers", verbose_name="期")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="rounds", verbose_name="体验员")

    class Meta:
        verbose_name = "本期体验员"
        verbose_name_plural = "本期体验员"
        triggers = [audited()]
        constraints = [models.UniqueConstraint(name="round_officer_once", fields=["round", "officer"])]
