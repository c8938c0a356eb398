"""A case as it stands now. Everything in ``folding.STORED`` is what the log folds to and is written only by it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.cases.states import (
    OPEN,
    CaseState,
    Channel,
    ExclusionReason,
    FiledBy,
    Moment,
    Outcome,
    Privacy,
)
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place

if TYPE_CHECKING:
    from jiamenkou.foundation.people.models import Account

_OPEN = sorted(OPEN)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """Somebody still has to do something; not what waits for the callback."""
        return self.filter(state__in=_OPEN)

    def late(self, now: datetime) -> Self:
        """Past the case clock's due time, and not by a declared wait."""
        return self.open().filter(due_at__lt=now, paused_at__isnull=True)

    def to_sign(self) -> Self:
        return self.filter(state=CaseState.ASSIGNED)

    def to_dispatch(self) -> Self:
        return self.filter(state__in=[CaseState.SUBMITTED, CaseState.RETURNED])

    def to_call_back(self) -> Self:
        return self.filter(state=CaseState.HANDLED)

    def held_by(self, account: Account | None) -> Self:
        return self.filter(holder=account) if account is not None else self.none()

    def without_due(self) -> Self:
        """Open cases whose deadline lies beyond the calendar: nobody guessed one."""
        return self.open().filter(due_at__isnull=True, paused_at__isnull=True)

    def with_list_data(self) -> Self:
        return self.select_related("community", "grid", "place", "holder", "holder_place", "resident")


class Case(models.Model):
    """One matter at one place, whoever reported it and however often."""

    number = models.CharField("办件号", max_length=24, unique=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    place = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="在哪里")
    door = models.CharField("门牌或位置", max_length=80, blank=True)
    # the first who reported it; empty where the source is protected or nobody gave a name
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="首报人"
    )
    category = models.CharField("分类", max_length=40)
    catalogue = models.PositiveBigIntegerField("按哪一版目录", default=0)
    title = models.CharField("什么事", max_length=80)
    words = models.TextField("原话", max_length=2000, blank=True)
    answers = models.JSONField("问答", default=dict, blank=True)
    channel = models.CharField("来源", max_length=12, choices=Channel)
    privacy = models.CharField("谁能看", max_length=10, choices=Privacy, default=Privacy.PRIVATE)
    filed_by = models.CharField("谁报的", max_length=8, choices=FiledBy)
    filed_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记账号"
    )
    urgent = models.BooleanField("优先", default=False)
    urgent_why = models.CharField("为什么优先", max_length=40, blank=True)
    public_title = models.CharField("公开时的标题", max_length=80, blank=True)
    # where it came from inside the house, for the way back
    source_room = models.CharField("哪个房间", max_length=20, blank=True)
    source_id = models.PositiveBigIntegerField("那边的编号", null=True, blank=True)
    # where it came from above
    platform = models.CharField("上级平台", max_length=40, blank=True)
    upper_number = models.CharField("上级单号", max_length=60, blank=True)
    upper_due = models.DateTimeField("上级期限", null=True, blank=True)
    # the line of their sheet, sealed: it names and numbers people
    uid = models.UUIDField("主体", default=uuid4, unique=True, editable=False)
    upper_row = models.BinaryField("上级原表（密文）", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    # ---- what the log folds to
    seq = models.PositiveIntegerField("经过几步", default=0)
    state = models.CharField("状态", max_length=10, choices=CaseState, default=CaseState.SUBMITTED)
    submitted_at = models.DateTimeField("开口时间", null=True)
    response_due = models.DateTimeField("最晚联系", null=True, blank=True)
    responded_at = models.DateTimeField("首次联系", null=True, blank=True)
    due_at = models.DateTimeField("最晚办好", null=True, blank=True)
    first_handled_at = models.DateTimeField("首次报办好", null=True, blank=True)
    handled_at = models.DateTimeField("报办好", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    moved_at = models.DateTimeField("最近变化", null=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, blank=True)
    holder_place = models.ForeignKey(
        Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="在哪一级"
    )
    holder_role = models.CharField("在什么岗", max_length=20, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="在谁手里"
    )
    holder_since = models.DateTimeField("这一手从", null=True, blank=True)
    holder_due = models.DateTimeField("这一手到", null=True, blank=True)
    signed_at = models.DateTimeField("签收", null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="报办好的人"
    )
    holders = models.PositiveSmallIntegerField("第几手", default=0)
    returns = models.PositiveSmallIntegerField("退单次数", default=0)
    ruled = models.BooleanField("已裁定", default=False)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    asking = models.CharField("在申请", max_length=20, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="申请人"
    )
    paused_at = models.DateTimeField("停表", null=True, blank=True)
    reopens = models.PositiveSmallIntegerField("重办次数", default=0)
    level = models.PositiveSmallIntegerField("升级到", default=0)
    supervised = models.BooleanField("督办中", default=False)
    heat = models.PositiveIntegerField("热度", default=0)
    open_helpers = models.PositiveSmallIntegerField("协办没办完", default=0)
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="tombstones", verbose_name="并入"
    )
    excluded = models.CharField("剔除", max_length=16, choices=ExclusionReason, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "state", "-submitted_at"], name="case_list"),
            # 今天 asks only for what is open: a small index however many cases are over
            models.Index(fields=["community", "due_at"], name="case_open_due", condition=Q(state__in=_OPEN)),
            models.Index(fields=["holder", "due_at"], name="case_held", condition=Q(state__in=_OPEN)),
            models.Index(fields=["grid", "state", "due_at"], name="case_of_grid"),
            models.Index(fields=["community", "handled_at"], name="case_to_call", condition=Q(state="handled")),
            models.Index(fields=["place", "category", "-submitted_at"], name="case_same_place"),
            models.Index(fields=["resident", "-moved_at"], name="case_mine"),
            models.Index(fields=["source_room", "source_id"], name="case_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="upper_ticket_once",
                fields=["platform", "upper_number"],
                condition=~Q(upper_number=""),
                violation_error_message="这个上级单号已经登记过了。",
            ),
            models.CheckConstraint(
                name="case_returns_at_most_two",
                condition=Q(returns__lte=2),
                violation_error_message="最多退两次，之后由上级裁定。",
            ),
            models.CheckConstraint(
                name="case_reopened_at_most_once",
                condition=Q(reopens__lte=1),
                violation_error_message="已经重办过一次，再不满意由上级督办。",
            ),
            models.CheckConstraint(
                name="case_handled_without_open_helpers",
                condition=~Q(state=CaseState.HANDLED) | Q(open_helpers=0),
                violation_error_message="还有协办没办完，不能报办好。",
            ),
            models.CheckConstraint(
                name="case_merged_has_target",
                condition=Q(state=CaseState.MERGED, merged_into__isnull=False)
                | (~Q(state=CaseState.MERGED) & Q(merged_into__isnull=True)),
                violation_error_message="并入了哪一件？",
            ),
            models.CheckConstraint(
                name="case_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="不能并入自己。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def href(self) -> str:
        """Its page on the desk."""
        return f"/desk/cases/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class CaseFile(models.Model):
    """A photo, a voice note or a paper of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files", verbose_name="办件")
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="+", verbose_name="文件")
    moment = models.CharField("什么时候", max_length=10, choices=Moment)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "办件附件"
        verbose_name_plural = "办件附件"
        triggers = [audited()]


class CaseCounter(models.Model):
    """The last number of a community's year, and the letters its numbers begin with."""

    community = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name="社区")
    year = models.PositiveSmallIntegerField("年")
    prefix = models.CharField("字头", max_length=8)
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "办件编号"
        verbose_name_plural = "办件编号"
        constraints = [
            models.UniqueConstraint(name="counter_of_year", fields=["community", "year"]),
            models.UniqueConstraint(name="counter_prefix", fields=["prefix", "year"]),
        ]
