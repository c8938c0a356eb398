"""What can be booked: a person, a room or a thing; when it is open; what holds it. Nothing here says who."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place

MOST_SEATS = 100


class ResourceKind(models.TextChoices):
    PERSON = "person", "人"
    ROOM = "room", "房间"
    THING = "thing", "东西"


class ResourceQuerySet(models.QuerySet["Resource"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Resource(models.Model):
    """One thing with a calendar. ``about`` is its owner's own word (``stations.service:3``).

    ``capacity`` bookings may lie side by side. The rules are copied into each booking as it is made: whoever booked under
    them keeps them. Zero means no limit.
    """

    kind = models.CharField("种类", max_length=6, choices=ResourceKind)
    name = models.CharField("名称", max_length=60)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    about = models.CharField("属于", max_length=60, blank=True)
    capacity = models.PositiveSmallIntegerField("同时几个", default=1)
    slot_minutes = models.PositiveSmallIntegerField("一格几分钟", default=30)
    most_minutes = models.PositiveSmallIntegerField("一次最多几分钟", default=0)
    cancel_minutes = models.PositiveIntegerField("提前几分钟能取消", default=120)
    most_moves = models.PositiveSmallIntegerField("最多改几次", default=2)
    per_person = models.PositiveSmallIntegerField("一人同时最多几个", default=2)
    week_minutes = models.PositiveIntegerField("一人一周最多几分钟", default=0)
    ahead_days = models.PositiveSmallIntegerField("提前几天能约", default=14)
    offer_minutes = models.PositiveIntegerField("空位留多久", default=120)
    remind_minutes = models.PositiveIntegerField("提前多久提醒", default=1080)
    closed_at = models.DateTimeField("停用时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "可约"
        verbose_name_plural = "可约"
        triggers = [audited()]
        indexes = [models.Index(fields=["about"], name="resource_about")]
        constraints = [
            models.CheckConstraint(
                name="resource_capacity",
                condition=Q(capacity__range=(1, MOST_SEATS)),
                violation_error_message="同时能约的数目在 1 到 100 之间。",
            ),
            models.CheckConstraint(
                name="resource_slot",
                condition=Q(slot_minutes__range=(5, 720)),
                violation_error_message="一格在 5 到 720 分钟之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> dict[str, int]:
        """What a booking made now carries with it."""
        return {"cancel_minutes": self.cancel_minutes, "most_moves": self.most_moves}


class OpeningHours(models.Model):
    """Open on this day of the week (0 is Monday), from and to in minutes of the local day."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="hours", verbose_name="可约")
    weekday = models.PositiveSmallIntegerField("星期")
    start_minute = models.PositiveSmallIntegerField("从")
    end_minute = models.PositiveSmallIntegerField("到")

    class Meta:
        verbose_name = "开放时间"
        verbose_name_plural = "开放时间"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="opening_hours_in_a_day",
                condition=Q(weekday__lte=6, end_minute__lte=1440, start_minute__lt=F("end_minute")),
                violation_error_message="关门时间要比开门时间晚。",
            ),
        ]


class DayException(models.Model):
    """One day that is not like the others: other hours, or none at all (closed)."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="exceptions", verbose_name="可约")
    day = models.DateField("日子")
    start_minute = models.PositiveSmallIntegerField("从", null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField("到", null=True, blank=True)
    why = models.CharField("原因", max_length=60, blank=True)

    class Meta:
        verbose_name = "特别的日子"
        verbose_name_plural = "特别的日子"
        triggers = [audited()]
        indexes = [models.Index(fields=["resource", "day"], name="day_exception_day")]
        constraints = [
            models.CheckConstraint(
                name="day_exception_whole",
                condition=Q(start_minute__isnull=True, end_minute__isnull=True)
                | Q(start_minute__isnull=False, end_minute__lte=1440, start_minute__lt=F("end_minute")),
                violation_error_message="关门时间要比开门时间晚。",
            ),
        ]


class Keeper(models.Model):
    """An account that answers for a resource: it sees and moves the resource's bookings, and no others."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="keepers", verbose_name="可约")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    since = models.DateTimeField("从", default=timezone.now)
    ended_at = models.DateTimeField("到", null=True, blank=True)

    class Meta:
        verbose_name = "管它的人"
        verbose_name_plural = "管它的人"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="keeper_once", fields=["resource", "account"], condition=Q(ended_at__isnull=True)
            ),
        ]


class SessionState(models.TextChoices):
    OPEN = "open", "报名中"
    DONE = "done", "办过了"
    CANCELLED = "cancelled", "取消了"


class SessionQuerySet(models.QuerySet["Session"]):
    def coming(self, now: datetime) -> Self:
        return self.filter(state=SessionState.OPEN, during__endswith__gt=now)


class Session(models.Model):
    """An hour with places: a class, a painting afternoon. ``taken`` never passes ``places``."""

    resource = models.ForeignKey(Resource, models.RESTRICT, related_name="sessions", verbose_name="可约")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    title = models.CharField("名称", max_length=60)
    during = DateTimeRangeField("时间")
    places = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已报", default=0)
    state = models.CharField("状态", max_length=10, choices=SessionState, default=SessionState.OPEN)
    why = models.CharField("取消原因", max_length=100, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "场次"
        verbose_name_plural = "场次"
        triggers = [audited()]
        indexes = [models.Index(fields=["resource", "state"], name="session_resource")]
        constraints = [
            models.CheckConstraint(
                name="session_never_oversold",
                condition=Q(taken__lte=F("places")),
                violation_error_message="名额已经满了。",
            ),
            models.CheckConstraint(
                name="session_has_places",
                condition=Q(places__range=(1, 500)),
                violation_error_message="名额在 1 到 500 之间。",
            ),
        ]

    @property
    def start(self) -> datetime:
        found: Any = self.during.lower
        return timezone.localtime(found)

    @property
    def end(self) -> datetime:
        found: Any = self.during.upper
        return timezone.localtime(found)

    @property
    def left(self) -> int:
        return self.places - self.taken


class Hold(models.Model):
    """One seat of a resource is held for this time. Two holds of one seat never overlap: the database says so."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="holds", verbose_name="可约")
    seat = models.PositiveSmallIntegerField("第几个")
    during = DateTimeRangeField("时间")
    session = models.ForeignKey(Session, models.CASCADE, related_name="holds", null=True, blank=True)
    why = models.CharField("占用原因", max_length=60, blank=True)

    class Meta:
        verbose_name = "占用"
        verbose_name_plural = "占用"
        triggers = [audited()]
        constraints = [
            ExclusionConstraint(
                name="hold_never_twice",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message="这个时间已经有人约了。",
            ),
            models.CheckConstraint(name="hold_seat", condition=Q(seat__range=(1, MOST_SEATS))),
        ]
