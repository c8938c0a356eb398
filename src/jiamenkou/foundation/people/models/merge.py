"""Merging two rows that are one person, and taking it back; asking another community for a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class MergeRecord(models.Model):
    """``moved`` lists what was re-pointed: ``[["jobs.Application", "resident", [1, 2]], …]``, enough to undo."""

    kept = models.ForeignKey("people.Resident", models.CASCADE, related_name="merges", verbose_name="保留")
    gone = models.ForeignKey("people.Resident", models.CASCADE, related_name="merged_away", verbose_name="并掉")
    moved = models.JSONField("搬动的记录")
    at = models.DateTimeField("时间", default=timezone.now)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "合并记录"
        verbose_name_plural = "合并记录"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="merged_once", fields=["gone"], condition=Q(undone_at__isnull=True)),
        ]


class PairVerdict(models.TextChoices):
    DIFFERENT = "different", "两个人"
    LATER = "later", "待查"


class PairDecision(models.Model):
    """What somebody found about two rows that look alike, so that they are not asked about again."""

    first = models.ForeignKey("people.Resident", models.CASCADE, related_name="+", verbose_name="一位")
    second = models.ForeignKey("people.Resident", models.CASCADE, related_name="+", verbose_name="另一位")
    verdict = models.CharField("结论", max_length=10, choices=PairVerdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "重复核对"
        verbose_name_plural = "重复核对"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(name="pair_decided_once", fields=["first", "second"]),
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=models.F("second"))),
        ]


class TransferRequest(models.Model):
    """A community met a number that another community holds. It asks; it is shown nothing of the person."""

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="transfers", verbose_name="居民")
    to_community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="转入社区")
    note = models.CharField("说明", max_length=200, blank=True)
    requested_at = models.DateTimeField("申请时间", default=timezone.now)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    granted = models.BooleanField("同意", null=True, blank=True)

    class Meta:
        verbose_name = "转入申请"
        verbose_name_plural = "转入申请"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_open_transfer", fields=["resident", "to_community"], condition=Q(answered_at__isnull=True)
            ),
        ]
