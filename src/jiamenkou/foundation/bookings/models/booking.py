"""Who has booked what, and who waits for a place. Under row-level security: own, by place, and the resource's keepers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.bookings.models.resource import Hold, Resource, Session
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place


class BookingState(models.TextChoices):
    OFFERED = "offered", "给您留着"
    BOOKED = "booked", "约好了"
    CAME = "came", "来过了"
    NO_SHOW = "no_show", "没来"
    CANCELLED = "cancelled", "取消了"
    LAPSED = "lapsed", "过时没确认"


# these keep their place
LIVE = (BookingState.OFFERED, BookingState.BOOKED)


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def of_residents(self, ids: Iterable[int]) -> Self:
        return self.filter(resident_id__in=list(ids))

    def ahead(self, now: datetime) -> Self:
        return self.live().filter(during__endswith__gt=now)

    def to_remind(self, now: datetime) -> Self:
        """Booked, not reminded, and not yet begun: what was cancelled or is over is never among them."""
        return self.filter(state=BookingState.BOOKED, reminded_at__isnull=True, during__startswith__gt=now)


class Booking(models.Model):
    """One person has one place. ``called`` and ``building`` are all that a keeper reads of them.

    ``rules`` are those of the day it was made. ``hold`` is the seat of a resource; a place in a session has none.
    """

    resource = models.ForeignKey(Resource, models.RESTRICT, related_name="bookings", verbose_name="可约")
    session = models.ForeignKey(Session, models.RESTRICT, related_name="bookings", null=True, blank=True)
    hold = models.OneToOneField(Hold, models.SET_NULL, related_name="booking", null=True, blank=True)
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    called = models.CharField("怎么称呼", max_length=20)
    building = models.CharField("哪栋楼", max_length=40, blank=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    during = DateTimeRangeField("时间")
    state = models.CharField("状态", max_length=10, choices=BookingState)
    rules = models.JSONField("约的时候的规则", default=dict)
    moves = models.PositiveSmallIntegerField("改过几次", default=0)
    at_home = models.BooleanField("上门", default=False)
    address = models.CharField("上门地址", max_length=120, blank=True)
    note = models.CharField("说一句", max_length=200, blank=True)
    why = models.CharField("取消原因", max_length=100, blank=True)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁约的"
    )
    created_at = models.DateTimeField("约的时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    offered_until = models.DateTimeField("留到", null=True, blank=True)
    reminded_at = models.DateTimeField("提醒过", null=True, blank=True)
    signed_in_at = models.DateTimeField("签到", null=True, blank=True)
    signed_out_at = models.DateTimeField("签退", null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "预约"
        verbose_name_plural = "预约"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["resource", "state"], name="booking_resource"),
            models.Index(fields=["resident", "state"], name="booking_mine"),
            models.Index(fields=["offered_until"], name="booking_offered", condition=Q(state="offered")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_place_in_a_session",
                fields=["session", "resident"],
                condition=Q(session__isnull=False, resident__isnull=False, state__in=["offered", "booked", "came"]),
                violation_error_message="已经报过名了。",
            ),
            models.CheckConstraint(
                name="booking_live_has_a_place",
                condition=~Q(state__in=LIVE) | Q(hold__isnull=False) | Q(session__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_out_after_in",
                condition=Q(signed_out_at__isnull=True) | Q(signed_out_at__gte=models.F("signed_in_at")),
                violation_error_message="签退不能早于签到。",
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
    def is_live(self) -> bool:
        return self.state in LIVE


class WaitingState(models.TextChoices):
    WAITING = "waiting", "排队"
    OFFERED = "offered", "轮到了"
    TAKEN = "taken", "要了"
    LAPSED = "lapsed", "过时没要"
    LEFT = "left", "不排了"


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def in_line(self) -> Self:
        """Greatest need first, then who came first."""
        return self.filter(state=WaitingState.WAITING).order_by("-priority", "joined_at", "id")

    def active(self) -> Self:
        return self.filter(state__in=[WaitingState.WAITING, WaitingState.OFFERED])


class Waiting(models.Model):
    """Somebody in line for a resource, for one of its sessions, or for any time within ``wanted``."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="waiting", verbose_name="可约")
    session = models.ForeignKey(Session, models.CASCADE, related_name="waiting", null=True, blank=True)
    wanted = DateTimeRangeField("想要的时间", null=True, blank=True)
    resident = models.ForeignKey(
        Resident, models.CASCADE, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    called = models.CharField("怎么称呼", max_length=20)
    building = models.CharField("哪栋楼", max_length=40, blank=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    priority = models.PositiveSmallIntegerField("急需", default=0)
    state = models.CharField("状态", max_length=8, choices=WaitingState, default=WaitingState.WAITING)
    joined_at = models.DateTimeField("开始排队", default=timezone.now)
    offered_until = models.DateTimeField("留到", null=True, blank=True)
    booking = models.OneToOneField(Booking, models.SET_NULL, related_name="waiting", null=True, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = "排队"
        verbose_name_plural = "排队"
        triggers = [audited()]
        indexes = [models.Index(fields=["resource", "state"], name="waiting_line")]
        constraints = [
            models.UniqueConstraint(
                name="once_in_line",
                fields=["resource", "session", "resident"],
                nulls_distinct=False,
                condition=Q(state__in=["waiting", "offered"], resident__isnull=False),
                violation_error_message="已经在排队了。",
            ),
        ]
