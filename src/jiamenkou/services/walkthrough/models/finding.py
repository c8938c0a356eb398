"""What was found. Its state is the case's, told by events; whether it is fixed is the finder's word."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.models.officer import Officer
from jiamenkou.services.walkthrough.models.walk import Walk, WalkStep
from jiamenkou.services.walkthrough.states import FindingKind, FindingState, Severity


class FindingQuerySet(models.QuerySet["Finding"]):
    def solved(self) -> Self:
        return self.filter(state=FindingState.SOLVED)

    def to_assign(self) -> Self:
        return self.filter(state=FindingState.WAITING)

    def to_check(self) -> Self:
        return self.filter(state=FindingState.CHECKING)

    def still_open(self) -> Self:
        return self.exclude(state__in=[FindingState.SOLVED, FindingState.CANNOT])

    def recurring(self) -> Self:
        return self.filter(seen_before__gt=0)

    def with_list_data(self) -> Self:
        return self.select_related(
            "walk__round",
            "walk__version__errand",
            "walk__point",
            "officer__account",
            "officer__resident",
            "step",
            "before",
            "after",
        )


class Finding(models.Model):
    walk = models.ForeignKey(Walk, models.RESTRICT, related_name="findings", verbose_name="走访")
    step = models.ForeignKey(
        WalkStep, models.SET_NULL, null=True, blank=True, related_name="findings", verbose_name="哪一步"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    officer = models.ForeignKey(Officer, models.RESTRICT, related_name="findings", verbose_name="发现人")
    kind = models.CharField("哪一种", max_length=8, choices=FindingKind)
    severity = models.PositiveSmallIntegerField("多要紧", choices=Severity, default=Severity.MIDDLE)
    words = models.CharField("什么问题", max_length=300, blank=True)
    before = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="整改前"
    )
    after = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="整改后"
    )
    at = models.DateTimeField("发现时间", default=timezone.now)
    case = models.ForeignKey(Case, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="办件")
    state = models.CharField("状态", max_length=8, choices=FindingState, default=FindingState.WAITING)
    # how often the same kind was found at the same window and errand in the rounds before
    seen_before = models.PositiveSmallIntegerField("前几期出现过", default=0)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    accepted = models.BooleanField("复核说好了", null=True, blank=True)
    check_words = models.CharField("复核说的", max_length=300, blank=True)
    # what anybody may read: written by staff, never the officer's own words
    public_words = models.CharField("公开的话", max_length=120, blank=True)
    public_fix = models.CharField("公开的整改", max_length=120, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    photos_public = models.BooleanField("照片也公开", default=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "问题"
        verbose_name_plural = "问题"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "state", "-at"], name="finding_list"),
            models.Index(fields=["walk", "at"], name="finding_of_walk"),
        ]
        constraints = [
            models.CheckConstraint(
                name="finding_shows_something",
                condition=~Q(words="") | Q(before__isnull=False),
                violation_error_message="拍一张，或者写一句。",
            ),
            models.CheckConstraint(
                name="solved_was_checked",
                condition=~Q(state=FindingState.SOLVED) | Q(checked_at__isnull=False, accepted=True),
                violation_error_message="发现的人看过才算解决。",
            ),
            models.CheckConstraint(
                name="published_with_words",
                condition=Q(published_at__isnull=True) | ~Q(public_words=""),
                violation_error_message="公开要有一句能让大家看的话。",
            ),
        ]

    @property
    def source_title(self) -> str:
        """A line for the case: errand, window, kind."""
        where = f"{self.walk.version.errand.name}·{self.walk.point.name}"
        return f"{where}：{FindingKind(self.kind).label}"[:80]
