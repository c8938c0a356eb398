"""The hours account: claims of minutes given, and certificates of them. The balance is the ledger's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.ledger.models import Transaction
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.models.station import Station
from jiamenkou.services.stations.states import HoursState, HoursWay

MOST_MINUTES = 720


class HelpQuerySet(models.QuerySet["Help"]):
    def given_by(self, ids: Iterable[int]) -> Self:
        return self.filter(giver_id__in=list(ids))

    def waiting_for(self, ids: Iterable[int]) -> Self:
        return self.filter(helped_id__in=list(ids), state=HoursState.WAITING)

    def confirmed(self) -> Self:
        return self.filter(state=HoursState.CONFIRMED)


class Help(models.Model):
    """Minutes somebody gave. They are in the ledger once the person helped said yes, or sign-in and sign-out did."""

    station = models.ForeignKey(Station, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="驿站")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    giver = models.ForeignKey(Resident, models.RESTRICT, related_name="+", verbose_name="谁帮的")
    giver_called = models.CharField("谁帮的", max_length=20)
    helped = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="帮了谁"
    )
    helped_called = models.CharField("帮了谁", max_length=20, blank=True)
    booking = models.OneToOneField(Booking, models.SET_NULL, related_name="help", null=True, blank=True)
    what = models.CharField("做了什么", max_length=40)
    minutes = models.PositiveSmallIntegerField("几分钟")
    on = models.DateField("哪天")
    way = models.CharField("凭什么", max_length=8, choices=HoursWay)
    state = models.CharField("状态", max_length=10, choices=HoursState, default=HoursState.WAITING)
    transaction = models.OneToOneField(Transaction, models.RESTRICT, related_name="+", null=True, blank=True)
    claimed_at = models.DateTimeField("登记", default=timezone.now)
    decided_at = models.DateTimeField("定下", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁定的"
    )
    why = models.CharField("为什么改", max_length=100, blank=True)

    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = "帮忙时长"
        verbose_name_plural = "帮忙时长"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["giver", "state"], name="help_given"),
            models.Index(fields=["helped", "state"], name="help_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="help_minutes",
                condition=Q(minutes__range=(1, MOST_MINUTES)),
                violation_error_message="一次在 1 分钟到 12 小时之间。",
            ),
            models.CheckConstraint(
                name="help_not_oneself",
                condition=Q(helped__isnull=True) | ~Q(helped=F("giver")),
                violation_error_message="帮自己不算，请写帮了谁。",
            ),
            models.CheckConstraint(
                name="help_confirmed_is_booked",
                condition=~Q(state__in=["confirmed", "reversed"]) | Q(transaction__isnull=False),
            ),
        ]


class Certificate(models.Model):
    """What was printed: so many minutes up to a day. Anybody with the code may check it; it names the person by one sign."""

    code = models.CharField("编号", max_length=16, unique=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    named = models.CharField("显示的名字", max_length=20)
    minutes = models.PositiveIntegerField("分钟")
    times = models.PositiveIntegerField("次数")
    until = models.DateField("截至")
    made_at = models.DateTimeField("开具时间", default=timezone.now)
    void_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "志愿时长证明"
        verbose_name_plural = "志愿时长证明"
        triggers = [audited()]
