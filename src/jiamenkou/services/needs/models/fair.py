"""Fairs (市集): stands, sign-up within the capacity, a queue behind it, check-in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.models.survey import new_code
from jiamenkou.services.needs.states import FairState, FiledBy, SignUpState


class Fair(models.Model):
    """``taken`` counts the places that are given: only the conditional update of actions/fairs.py changes it."""

    title = models.CharField("名称", max_length=40)
    words = models.CharField("说明", max_length=300, blank=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    place_words = models.CharField("在哪", max_length=60)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveIntegerField("最多多少人")
    taken = models.PositiveIntegerField("已报名", default=0)
    state = models.CharField("状态", max_length=9, choices=FairState, default=FairState.PLANNED)
    code = models.CharField("二维码", max_length=16, unique=True, default=new_code)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="谁办的")
    outcome = models.CharField("小结", max_length=200, blank=True)

    class Meta:
        verbose_name = "市集"
        verbose_name_plural = "市集"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="fair_never_overfull",
                condition=Q(taken__lte=F("capacity")),
                violation_error_message="名额已经满了。",
            ),
            models.CheckConstraint(
                name="fair_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="结束时间要晚于开始时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int:
        return self.capacity - self.taken


class Stand(models.Model):
    fair = models.ForeignKey(Fair, models.CASCADE, related_name="stands", verbose_name="市集")
    title = models.CharField("摊位", max_length=30)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="谁来摆"
    )
    who = models.CharField("联系人", max_length=30, blank=True)

    class Meta:
        verbose_name = "摊位"
        verbose_name_plural = "摊位"
        triggers = [audited()]


class SignUp(models.Model):
    fair = models.ForeignKey(Fair, models.CASCADE, related_name="sign_ups", verbose_name="市集")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    heads = models.PositiveSmallIntegerField("几个人", default=1)
    state = models.CharField("状态", max_length=9, choices=SignUpState)
    filed_by = models.CharField("谁报的", max_length=6, choices=FiledBy)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记账号"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    here_at = models.DateTimeField("到场时间", null=True, blank=True)

    class Meta:
        verbose_name = "市集报名"
        verbose_name_plural = "市集报名"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_sign_up_a_person",
                fields=["fair", "resident"],
                condition=~Q(state=SignUpState.CANCELLED),
                violation_error_message="这位居民已经报过名了。",
            ),
            models.CheckConstraint(
                name="sign_up_heads",
                condition=Q(heads__gte=1, heads__lte=10),
                violation_error_message="一次最多报 10 个人。",
            ),
        ]
