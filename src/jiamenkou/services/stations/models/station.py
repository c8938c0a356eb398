"""A station: where it is, who keeps it, what is there. Public, but for who keeps it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.bookings.models import Resource, Session
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.states import ActivityKind, FacilityKind, StationKind


class StationQuerySet(models.QuerySet["Station"]):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def kept_by(self, account: int) -> Self:
        return self.filter(hosts__account=account, hosts__ended_at__isnull=True)


class Station(models.Model):
    """``calendar`` holds its opening hours. ``mended_before``: what was repaired before it came into the system."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    kind = models.CharField("类别", max_length=10, choices=StationKind)
    name = models.CharField("名称", max_length=40)
    where = models.CharField("在哪里", max_length=80)
    about = models.CharField("说明", max_length=200, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    dial = models.CharField("驿站电话（公开）", max_length=30, blank=True)
    code = models.CharField("二维码", max_length=12, unique=True)
    calendar = models.OneToOneField(Resource, models.RESTRICT, related_name="station", verbose_name="开放时间")
    mended_before = models.PositiveIntegerField("以前修好的", default=0)
    mended_since = models.PositiveSmallIntegerField("从哪年开始", null=True, blank=True)
    mended_what = models.CharField("修的是什么", max_length=20, default="件东西")
    loan_days = models.PositiveSmallIntegerField("借几天", default=7)
    repairs = models.BooleanField("收东西来修", default=True)
    couplets = models.BooleanField("写春联", default=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = "驿站"
        verbose_name_plural = "驿站"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "closed_on"], name="station_community")]
        constraints = [
            models.CheckConstraint(
                name="station_loan_days",
                condition=Q(loan_days__range=(1, 180)),
                violation_error_message="借几天在 1 到 180 之间。",
            ),
            models.UniqueConstraint(
                name="station_name_once",
                fields=["community", "name"],
                condition=Q(closed_on__isnull=True),
                violation_error_message="这个社区已经有同名的驿站。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about_key(self) -> str:
        return f"stations.station:{self.pk}"


class HostQuerySet(models.QuerySet["Host"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Host(models.Model):
    """Somebody who keeps a station, from a day to a day. ``called`` is what neighbours say: 何阿姨."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="hosts", verbose_name="驿站")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="账号")
    called = models.CharField("怎么称呼", max_length=20)
    skill = models.CharField("会做什么", max_length=40, blank=True)
    is_main = models.BooleanField("站长", default=True)
    since = models.DateTimeField("从", default=timezone.now)
    ended_at = models.DateTimeField("到", null=True, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = "主理人"
        verbose_name_plural = "主理人"
        triggers = [audited()]
        indexes = [models.Index(fields=["account"], name="host_account")]
        constraints = [
            models.UniqueConstraint(
                name="host_once",
                fields=["station", "account"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="这个人已经是主理人了。",
            ),
        ]


class Facility(models.Model):
    """What a service point offers without asking: tool box, hot water, free printing."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="facilities", verbose_name="驿站")
    kind = models.CharField("设施", max_length=10, choices=FacilityKind)
    note = models.CharField("说一句", max_length=60, blank=True)
    working = models.BooleanField("能用", default=True)

    class Meta:
        verbose_name = "设施"
        verbose_name_plural = "设施"
        triggers = [audited()]
        constraints = [models.UniqueConstraint(name="facility_once", fields=["station", "kind"])]


class Service(models.Model):
    """Something by appointment: a haircut. ``resource`` is the person's calendar."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="services", verbose_name="驿站")
    resource = models.OneToOneField(Resource, models.RESTRICT, related_name="service", verbose_name="日历")
    title = models.CharField("做什么", max_length=20)
    who = models.CharField("谁来做", max_length=20)
    price_fen = models.PositiveIntegerField("收费（分）", default=0)
    at_home = models.BooleanField("上门", default=False)
    home_age = models.PositiveSmallIntegerField("几岁起上门", default=80)
    note = models.CharField("说一句", max_length=100, blank=True)
    stopped_at = models.DateTimeField("停了", null=True, blank=True)

    class Meta:
        verbose_name = "约着做的"
        verbose_name_plural = "约着做的"
        triggers = [audited()]


class Room(models.Model):
    """A room of the community that may be booked: what it is like, what is in it, how it is shared."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    station = models.ForeignKey(Station, models.SET_NULL, related_name="rooms", null=True, blank=True)
    resource = models.OneToOneField(Resource, models.RESTRICT, related_name="room", verbose_name="日历")
    name = models.CharField("名称", max_length=40)
    where = models.CharField("在哪里", max_length=80)
    layout = models.CharField("怎么布置", max_length=200, blank=True)
    equipment = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="有什么")
    people = models.PositiveSmallIntegerField("坐几个人", default=10)
    shared = models.BooleanField("可以几家一起用", default=False)
    photo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "空间"
        verbose_name_plural = "空间"
        triggers = [audited()]


class Activity(models.Model):
    """What a session is: a class, an hour of painting. Places and time are the session's."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="activities", verbose_name="驿站")
    session = models.OneToOneField(Session, models.RESTRICT, related_name="activity", verbose_name="场次")
    kind = models.CharField("做什么", max_length=10, choices=ActivityKind)
    who = models.CharField("谁带", max_length=20, blank=True)
    for_whom = models.CharField("谁来", max_length=40, blank=True)
    about = models.CharField("说明", max_length=200, blank=True)
    counts_hours = models.BooleanField("来帮忙的记时长", default=False)

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        triggers = [audited()]


class Work(models.Model):
    """A work on show with its author's consent, which may be taken back at any time; perhaps given to somebody."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="works", verbose_name="驿站")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    author = models.ForeignKey(Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="作者")
    author_called = models.CharField("署名", max_length=20)
    title = models.CharField("作品", max_length=40)
    photo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("请作者同意", default=timezone.now)
    consented_at = models.DateTimeField("作者同意展出", null=True, blank=True)
    withdrawn_at = models.DateTimeField("作者收回", null=True, blank=True)
    given_to = models.ForeignKey(Resident, models.SET_NULL, related_name="+", null=True, blank=True)
    given_called = models.CharField("送给谁", max_length=20, blank=True)
    given_at = models.DateTimeField("送出时间", null=True, blank=True)

    class Meta:
        verbose_name = "作品"
        verbose_name_plural = "作品"
        triggers = [audited()]
        indexes = [models.Index(fields=["station", "consented_at"], name="work_on_show")]
        constraints = [
            models.CheckConstraint(
                name="work_withdrawn_after_consent",
                condition=Q(withdrawn_at__isnull=True) | Q(consented_at__isnull=False),
            ),
        ]

    @property
    def on_show(self) -> bool:
        return self.consented_at is not None and self.withdrawn_at is None
