"""Visits as they were recorded at the door. They are added, never changed: a correction is another visit."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Household, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.visits.models.plan import Plan
from jiamenkou.services.visits.states import Attached, Fact, FactState, NeedKind, Outcome

# minutes a phone's clock may differ before it is said
SKEW_MINUTES = 5


class VisitQuerySet(models.QuerySet["Visit"]):
    def newest_first(self) -> Self:
        """By receipt: a phone's clock decides nothing."""
        return self.order_by("-received_at", "-id")

    def with_people(self) -> Self:
        return self.select_related("resident", "household", "grid", "by")

    def received_between(self, start: datetime, end: datetime) -> Self:
        """From ``start`` on, before ``end``."""
        return self.filter(received_at__gte=start, received_at__lt=end)

    def wrong_clock(self) -> Self:
        return self.filter(clock_wrong=True)


class Visit(models.Model):
    """``uid`` is made on the phone and unique: what is sent twice is one visit.

    ``device_at`` is what the phone's clock said, ``skew_minutes`` how far it was ahead of ours when it sent.
    Answers and the free note are sealed for ``sealed_for`` (the resident's ``uid`` at that time).
    """

    uid = models.UUIDField("编号", unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="visits", verbose_name="安排")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="visits", verbose_name="居民")
    household = models.ForeignKey(
        Household, models.SET_NULL, related_name="visits", null=True, blank=True, verbose_name="家庭"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁去的"
    )
    device = models.UUIDField("哪部手机", null=True)
    device_at = models.DateTimeField("手机上的时间")
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    skew_minutes = models.IntegerField("手机快几分钟", default=0)
    clock_wrong = models.BooleanField("手机时间不准", default=False)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    form_version = models.PositiveSmallIntegerField("表的版本")
    sealed_for = models.UUIDField("封给谁", editable=False)
    answers_sealed = models.BinaryField("回答（密文）", null=True)
    note_sealed = models.BinaryField("备注（密文）", null=True)
    # published to the other rooms, or held back until somebody has looked at both of two visits
    told = models.BooleanField("已转出", default=True)

    # merging leaves the words under the key they were sealed with
    sealed_under = "sealed_for"

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "-received_at"], name="visit_list"),
            models.Index(fields=["household", "-id"], name="visit_of_household"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_of_a_known_form",
                condition=Q(form_version__gte=1),
                violation_error_message="走访表的版本不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"走访 {self.pk}"

    @property
    def door(self) -> str:
        """Where: the household's door, else the address."""
        return (self.household.door if self.household else "") or self.resident.address


class VisitPerson(models.Model):
    """Somebody else of the household who was there."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="people", verbose_name="走访")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="visits_along", verbose_name="居民")

    class Meta:
        verbose_name = "在场的人"
        verbose_name_plural = "在场的人"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="person_once_per_visit",
                fields=["visit", "resident"],
                violation_error_message="这位已经记在场了。",
            )
        ]


class VisitNeed(models.Model):
    """What somebody asked for, in their words."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="needs", verbose_name="走访")
    kind = models.CharField("哪一类", max_length=10, choices=NeedKind)
    words = models.CharField("原话", max_length=300)

    class Meta:
        verbose_name = "说的需要"
        verbose_name_plural = "说的需要"
        triggers = [audited()]


class ProposedFact(models.Model):
    """Something that changed, as it was said at the door. It stands in no file before a person has confirmed it."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="facts", verbose_name="走访")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="proposed_facts", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    fact = models.CharField("什么变了", max_length=12, choices=Fact)
    value_sealed = models.BinaryField("新的（密文）", null=True)
    masked = models.CharField("新的", max_length=120)
    state = models.CharField("状态", max_length=8, choices=FactState, default=FactState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="谁确认的"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    sealed_under = "visit__sealed_for"

    class Meta:
        verbose_name = "变动"
        verbose_name_plural = "变动"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "state"], name="proposed_fact_open")]
        constraints = [
            models.UniqueConstraint(
                name="fact_once_per_visit",
                fields=["visit", "fact"],
                violation_error_message="同一件事一次走访只记一条。",
            )
        ]


class VisitFile(models.Model):
    """A photo or a voice note of a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files", verbose_name="走访")
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="+", verbose_name="文件")
    kind = models.CharField("种类", max_length=6, choices=Attached)

    class Meta:
        verbose_name = "走访的照片和录音"
        verbose_name_plural = "走访的照片和录音"
        triggers = [audited()]
