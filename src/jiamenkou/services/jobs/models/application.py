"""Applications, their log, placements and the follow-ups at 7, 30 and 90 days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.models.vacancy import Vacancy
from jiamenkou.services.jobs.states import (
    LIVE,
    ApplicationReason,
    ApplicationState,
    FiledBy,
    FollowUpOutcome,
    Party,
)

FOLLOW_UP_DAYS = (7, 30, 90)
_LIVE = sorted(LIVE)
# where an application may stand that its person has not agreed to: nowhere an employer looks
UNAGREED = ["asked", "declined", "gone", "no_answer", "withdrawn"]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def live(self) -> Self:
        return self.filter(state__in=_LIVE)

    def waiting_for_employer(self) -> Self:
        return self.filter(state=ApplicationState.SENT)

    def unanswered(self, now: datetime) -> Self:
        """The employer's time to answer has passed."""
        return self.waiting_for_employer().filter(answer_due_at__lt=now)

    def to_remind(self, now: datetime) -> Self:
        return self.unanswered(now).filter(reminded_at__isnull=True)

    def waiting_for_resident(self) -> Self:
        return self.filter(state=ApplicationState.RECOMMENDED)

    def of_residents(self, ids: list[int]) -> Self:
        return self.filter(resident_id__in=ids)

    def with_list_data(self) -> Self:
        return self.select_related("vacancy__employer", "resident", "grid")


class Application(models.Model):
    """One person for one vacancy. ``answer_due_at`` belongs to whoever must speak next.

    ``unagreed``: a relative wants it, the person has not said yes. No employer sees it, whatever state it ends in.
    """

    vacancy = models.ForeignKey(Vacancy, models.RESTRICT, related_name="applications", verbose_name="岗位")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="applications", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    state = models.CharField("状态", max_length=12, choices=ApplicationState)
    filed_by = models.CharField("谁投的", max_length=8, choices=FiledBy)
    filed_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="投递账号"
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="推荐人"
    )
    recommended_at = models.DateTimeField("推荐时间", null=True, blank=True)
    unagreed = models.BooleanField("本人还没同意", default=False)
    ask_in_person = models.BooleanField("要当面问本人", default=False)
    word = models.CharField("社区的一句话", max_length=200, blank=True)
    reason = models.CharField("原因", max_length=14, choices=ApplicationReason, blank=True)
    reason_text = models.CharField("说明", max_length=200, blank=True)
    interview_at = models.DateTimeField("面试时间", null=True, blank=True)
    interview_place = models.CharField("面试地点", max_length=120, blank=True)
    starts_on = models.DateField("约定上岗", null=True, blank=True)
    created_at = models.DateTimeField("投递时间", default=timezone.now)
    moved_at = models.DateTimeField("最近变化", default=timezone.now)
    answer_due_at = models.DateTimeField("最晚回话", null=True, blank=True)
    reminded_at = models.DateTimeField("催过", null=True, blank=True)
    chased_at = models.DateTimeField("打电话催过", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "投递"
        verbose_name_plural = "投递"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "state", "answer_due_at"], name="application_due"),
            models.Index(fields=["vacancy", "state"], name="application_lane"),
            models.Index(fields=["resident", "-moved_at"], name="application_mine"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_live_application",
                fields=["vacancy", "resident"],
                condition=Q(state__in=[*_LIVE, ApplicationState.PLACED]),
                violation_error_message="已经投过这个岗位了。",
            ),
            models.CheckConstraint(
                name="application_end_has_reason",
                condition=~Q(
                    state__in=[ApplicationState.REFUSED, ApplicationState.DECLINED, ApplicationState.WITHDRAWN]
                )
                | ~Q(reason=""),
                violation_error_message="请选一个原因。",
            ),
            models.CheckConstraint(
                name="application_waits_for_a_yes",
                condition=Q(unagreed=True) | ~Q(state=ApplicationState.ASKED),
                violation_error_message="家里人代投的，要先问本人。",
            ),
            models.CheckConstraint(
                name="application_unagreed_is_nobodys",
                condition=Q(unagreed=False) | Q(state__in=UNAGREED),
                violation_error_message="本人还没点头，不能给单位。",
            ),
        ]


class ApplicationLog(models.Model):
    """Append-only: every move, by whom, why."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="log", verbose_name="投递")
    start = models.CharField("从", max_length=12, blank=True)
    end = models.CharField("到", max_length=12, choices=ApplicationState)
    party = models.CharField("哪一方", max_length=8, choices=[(p.value, p.value) for p in Party])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    reason = models.CharField("原因", max_length=14, choices=ApplicationReason, blank=True)
    text = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "投递经过"
        verbose_name_plural = "投递经过"
        ordering = ["id"]


class PlacementQuerySet(models.QuerySet["Placement"]):
    def started_between(self, first: date, last: date) -> Self:
        return self.filter(started_on__range=(first, last))


class Placement(models.Model):
    """A confirmed start (上岗). Counted once per person in the figures."""

    application = models.OneToOneField(Application, models.RESTRICT, related_name="placement", verbose_name="投递")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="placements", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    started_on = models.DateField("上岗日期")
    ended_on = models.DateField("离岗日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", default=timezone.now)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "上岗"
        verbose_name_plural = "上岗"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "started_on"], name="placement_figures")]


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def due(self, on: date) -> Self:
        return self.filter(done_at__isnull=True, due_on__lte=on)


class FollowUp(models.Model):
    """Asked 7, 30 and 90 days after the start."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="follow_ups", verbose_name="上岗")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    day = models.PositiveSmallIntegerField("第几天")
    due_on = models.DateField("该问的日子")
    done_at = models.DateTimeField("问过", null=True, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=FollowUpOutcome, blank=True)
    note = models.CharField("记一句", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁问的"
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "due_on"], name="follow_up_due")]
        constraints = [models.UniqueConstraint(name="follow_up_once", fields=["placement", "day"])]
