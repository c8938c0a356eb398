"""Vacancies (岗位), what people said about them, and the occupation a worker chose for a title."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.states import PayUnit, Settle, Source, VacancyKind, VacancyState

# how many may be in play for each place that is left: more would be sent in vain
RECOMMEND_FACTOR = 3


def to_everybody() -> Q:
    return Q(community__isnull=True, street__isnull=True)


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def open(self, on: date | None = None) -> Self:
        """Can be applied for: published, not full, not past its closing day."""
        day = on or timezone.localdate()
        return self.filter(state=VacancyState.OPEN).filter(Q(closes_on__isnull=True) | Q(closes_on__gte=day))

    def shown_in(self, community: int | None) -> Self:
        """Those of the community, of its street and those open to everybody."""
        here = Place.objects.filter(pk=community).annotate(above=Left("path", (F("depth") - 1) * Place.steplen))
        street = Place.objects.filter(path__in=here.values("above"))
        return self.filter(to_everybody() | Q(community=community) | Q(street__in=street.order_by().values("pk")))

    def drafts(self) -> Self:
        return self.filter(state=VacancyState.DRAFT)

    def overdue(self, on: date) -> Self:
        """Still open though their closing day has passed."""
        return self.filter(state=VacancyState.OPEN, closes_on__lt=on)

    def newest(self) -> Self:
        return self.order_by("-published_at", "-id")

    def with_employer(self) -> Self:
        return self.select_related("employer", "community")


class Vacancy(models.Model):
    """One post. Pay in fen per ``pay_unit``; minutes from midnight (an end past midnight is > 1440).

    ``community`` or ``street`` says who is shown it (neither: everybody), ``owner`` whose it is to change: a community,
    street or district.
    """

    code = models.CharField("二维码编号", max_length=12, unique=True)
    title = models.CharField("岗位名称", max_length=60)
    employer = models.ForeignKey(Organisation, models.RESTRICT, related_name="vacancies", verbose_name="单位")
    community = models.ForeignKey(
        Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="给哪个社区看"
    )
    street = models.ForeignKey(
        Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="给哪个街道的各社区看"
    )
    owner = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="谁发布、谁管")
    kind = models.CharField("形式", max_length=16, choices=VacancyKind)
    occupation_code = models.CharField("职业代码", max_length=16, blank=True)
    occupation_name = models.CharField("职业", max_length=60, blank=True)
    headcount = models.PositiveSmallIntegerField("招几人")
    taken = models.PositiveSmallIntegerField("已上岗", default=0)
    pay_min_fen = models.PositiveIntegerField("工资从（分）", null=True, blank=True)
    pay_max_fen = models.PositiveIntegerField("工资到（分）", null=True, blank=True)
    pay_unit = models.CharField("工资单位", max_length=6, choices=PayUnit, blank=True)
    negotiable = models.BooleanField("面议", default=False)
    settle = models.CharField("结算", max_length=8, choices=Settle, blank=True)
    weekdays = models.PositiveSmallIntegerField("哪几天", null=True, blank=True)
    start_minute = models.PositiveSmallIntegerField("上班", null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField("下班", null=True, blank=True)
    hours = models.CharField("上班时间（原话）", max_length=120, blank=True)
    rest = models.CharField("休息", max_length=60, blank=True)
    address = models.CharField("地点", max_length=200, blank=True)
    landmark = models.CharField("怎么走", max_length=120, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    requirements = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name="要求")
    benefits = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="待遇")
    certificates = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="必须有的证")
    physical = ArrayField(models.CharField(max_length=16), default=list, blank=True, verbose_name="体力要求")
    education = models.PositiveSmallIntegerField("最低学历", null=True, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话（公开）", max_length=30, blank=True)
    description = models.TextField("说明", max_length=2000, blank=True)
    state = models.CharField("状态", max_length=12, choices=VacancyState, default=VacancyState.DRAFT)
    source = models.CharField("来源", max_length=10, choices=Source)
    source_text = models.TextField("原文", blank=True)
    struck = models.JSONField("已去掉的条件", default=list, blank=True)
    warnings = models.JSONField("要当心的话", default=list, blank=True)
    answer_days = models.PositiveSmallIntegerField("几天内回话", default=3)
    closes_on = models.DateField("截止", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    taken_down_why = models.CharField("下架原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="vacancy_newest"),
            models.Index(fields=["community", "state"], name="vacancy_community"),
        ]
        constraints = [
            models.CheckConstraint(
                name="vacancy_shown_one_way",
                condition=Q(community__isnull=True) | Q(street__isnull=True),
                violation_error_message="给一个社区看，或者给整个街道看，只能选一样。",
            ),
            models.CheckConstraint(
                name="vacancy_never_overfilled",
                condition=Q(taken__lte=F("headcount")),
                violation_error_message="上岗人数不能超过招聘人数。",
            ),
            models.CheckConstraint(
                name="vacancy_headcount", condition=Q(headcount__gte=1), violation_error_message="至少招 1 人。"
            ),
            models.CheckConstraint(
                name="vacancy_pay_range",
                condition=Q(pay_min_fen__isnull=True)
                | Q(pay_max_fen__isnull=True)
                | Q(pay_max_fen__gte=F("pay_min_fen")),
                violation_error_message="工资上限不能低于下限。",
            ),
            models.CheckConstraint(
                name="vacancy_pay_has_unit",
                condition=Q(pay_min_fen__isnull=True, pay_max_fen__isnull=True) | ~Q(pay_unit=""),
                violation_error_message="填了工资，请选单位。",
            ),
            models.CheckConstraint(
                name="vacancy_hours_whole",
                condition=Q(start_minute__isnull=True, end_minute__isnull=True)
                | Q(start_minute__lt=1440, end_minute__gt=F("start_minute"), end_minute__lte=2880),
                violation_error_message="上下班时间要一起填，下班要晚于上班。",
            ),
            models.CheckConstraint(
                name="vacancy_open_is_published",
                condition=~Q(state=VacancyState.OPEN) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int:
        return self.headcount - self.taken

    @property
    def cap(self) -> int:
        """How many may be in play at once."""
        return self.places_left * RECOMMEND_FACTOR

    def is_open(self, on: date) -> bool:
        return self.state == VacancyState.OPEN and (self.closes_on is None or self.closes_on >= on)


class VacancyReport(models.Model):
    """Anyone may point at a vacancy. The one who reports is not shown to the employer."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="reports", verbose_name="岗位")
    what = models.CharField("哪里不对", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间", default=timezone.now)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)
    finding = models.CharField("结论", max_length=200, blank=True)

    class Meta:
        verbose_name = "岗位举报"
        verbose_name_plural = "岗位举报"
        triggers = [audited()]


class SavedVacancy(models.Model):
    """A resident keeps a vacancy for later."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="saved", verbose_name="岗位")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "收藏"
        verbose_name_plural = "收藏"
        constraints = [models.UniqueConstraint(name="saved_once", fields=["resident", "vacancy"])]


class OccupationChoice(models.Model):
    """How often workers chose a code for a title (as ``engines.occupations.fold`` writes it)."""

    title_key = models.CharField("岗位名称", max_length=60)
    code = models.CharField("职业代码", max_length=16)
    times = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = "职业选择"
        verbose_name_plural = "职业选择"
        constraints = [models.UniqueConstraint(name="choice_once", fields=["title_key", "code"])]
