"""What people need, said once a person and category, and the answer each gets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.states import LIVE, Channel, FiledBy, Group, NeedState, ProjectKind, ProjectState

ANSWER_DAYS = 15


class Category(models.Model):
    """One kind of need. ``supply`` is the key under which rooms say how much of it there is."""

    code = models.SlugField("编号", max_length=40, unique=True)
    label = models.CharField("名称", max_length=30)
    group = models.CharField("组", max_length=8, choices=Group)
    supply = models.CharField("对应供给", max_length=40, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "需求分类"
        verbose_name_plural = "需求分类"
        ordering = ["order", "id"]
        triggers = [audited()]

    def __str__(self) -> str:
        return self.label


class Project(models.Model):
    """What is opened because people asked for it. Whoever asked is told, and asked afterwards."""

    title = models.CharField("名称", max_length=40)
    kind = models.CharField("开什么", max_length=8, choices=ProjectKind)
    category = models.ForeignKey(Category, models.RESTRICT, related_name="projects", verbose_name="需求")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    state = models.CharField("状态", max_length=8, choices=ProjectState, default=ProjectState.PLANNED)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁牵头")
    opens_on = models.DateField("哪天开")
    place_words = models.CharField("在哪", max_length=60, blank=True)
    capacity = models.PositiveSmallIntegerField("能接多少人", null=True, blank=True)
    words = models.CharField("说明", max_length=300, blank=True)
    outcome = models.CharField("结果", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    opened_at = models.DateTimeField("开好时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="needs_project_capacity",
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                violation_error_message="能接的人数至少是 1。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NeedQuerySet(models.QuerySet["Need"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def open(self) -> Self:
        return self.filter(state=NeedState.OPEN)

    def counted(self) -> Self:
        """Without what stayed with a row that was merged into another: that person's same need is counted there."""
        return self.filter(resident__merged_into__isnull=True)

    def overdue(self, now: datetime) -> Self:
        """Nobody has answered in the days that were promised."""
        return self.open().filter(at__lt=now - timedelta(days=ANSWER_DAYS))

    def with_list_data(self) -> Self:
        return self.select_related("resident", "category", "grid", "project", "voice")


class Need(models.Model):
    """A person's need, or ``heads`` of people nobody wrote down by name (a stand, a paper survey)."""

    resident = models.ForeignKey(
        Resident, models.CASCADE, related_name="needs", null=True, blank=True, verbose_name="居民"
    )
    heads = models.PositiveSmallIntegerField("几个人", default=1)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    category = models.ForeignKey(Category, models.RESTRICT, related_name="needs", verbose_name="需求")
    words = models.CharField("原话", max_length=300, blank=True)
    voice = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="说的一段"
    )
    channel = models.CharField("从哪来", max_length=6, choices=Channel)
    filed_by = models.CharField("谁说的", max_length=6, choices=FiledBy)
    filed_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记账号"
    )
    source = models.CharField("来源编号", max_length=40, blank=True)
    at = models.DateTimeField("什么时候说的", default=timezone.now)
    state = models.CharField("状态", max_length=9, choices=NeedState, default=NeedState.OPEN)
    moved_at = models.DateTimeField("最近变化", default=timezone.now)
    project = models.ForeignKey(
        Project, models.SET_NULL, related_name="needs", null=True, blank=True, verbose_name="项目"
    )
    answer = models.CharField("回音", max_length=200, blank=True)
    met_at = models.DateTimeField("用上的时间", null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "需求"
        verbose_name_plural = "需求"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "state", "category"], name="need_gap"),
            models.Index(fields=["resident", "-at"], name="need_of_resident"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_live_need_a_category",
                fields=["resident", "category"],
                condition=Q(state__in=sorted(LIVE)),
                violation_error_message="这件事已经记下了。",
            ),
            models.UniqueConstraint(name="need_source_once", fields=["source", "category"], condition=~Q(source="")),
            models.CheckConstraint(
                name="need_heads",
                condition=Q(resident__isnull=True, heads__gte=1) | Q(resident__isnull=False, heads=1),
                violation_error_message="有名有姓的按一个人记。",
            ),
            models.CheckConstraint(name="need_met_when", condition=~Q(state=NeedState.MET) | Q(met_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"需求 {self.pk}"


class NeedLog(models.Model):
    """Every move of a need: who, when, from, to, why."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="log", verbose_name="需求")
    at = models.DateTimeField("时间", default=timezone.now)
    start = models.CharField("从", max_length=9, blank=True)
    end = models.CharField("到", max_length=9)
    party = models.CharField("谁的意思", max_length=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    text = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "需求记录"
        verbose_name_plural = "需求记录"
        ordering = ["at", "id"]
        triggers = [audited()]


class LocalSupply(models.Model):
    """What there is that no room knows of: 剪发 每周 20 位."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="local_supply", verbose_name="需求")
    community = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name="社区")
    words = models.CharField("有什么", max_length=60)
    people = models.PositiveIntegerField("一次能接多少人")
    until = models.DateField("到哪天", null=True, blank=True)

    class Meta:
        verbose_name = "已有的供给"
        verbose_name_plural = "已有的供给"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="needs_supply_once",
                fields=["category", "community", "words"],
                violation_error_message="这一条已经有了，请直接改。",
            ),
        ]
