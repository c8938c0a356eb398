"""Idle corners: registered, proposed for, voted on, claimed, opened. And the paper sheets of a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.models.station import Station
from jiamenkou.services.stations.states import CornerState


class Corner(models.Model):
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    name = models.CharField("哪个角落", max_length=40)
    where = models.CharField("在哪里", max_length=80)
    now = models.CharField("现在什么样", max_length=120, blank=True)
    state = models.CharField("状态", max_length=10, choices=CornerState, default=CornerState.REGISTERED)
    before = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    after = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    vote_until = models.DateField("投票到", null=True, blank=True)
    chosen = models.OneToOneField("Proposal", models.SET_NULL, null=True, blank=True, related_name="+")
    keeper_called = models.CharField("谁认领", max_length=20, blank=True)
    station = models.OneToOneField(Station, models.SET_NULL, null=True, blank=True, related_name="corner")
    registered_at = models.DateTimeField("登记", default=timezone.now)
    opened_on = models.DateField("开起来", null=True, blank=True)

    class Meta:
        verbose_name = "闲置角落"
        verbose_name_plural = "闲置角落"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="corner_open_has_photo_or_station",
                condition=~Q(state=CornerState.OPENED) | Q(opened_on__isnull=False),
            ),
            models.UniqueConstraint(
                name="corner_once",
                fields=["community", "name"],
                violation_error_message="这个角落已经登记过了。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """What a resident would make of a corner. ``votes`` is moved together with the ballots."""

    corner = models.ForeignKey(Corner, models.CASCADE, related_name="proposals", verbose_name="角落")
    text = models.CharField("变成什么", max_length=100)
    called = models.CharField("谁的主意", max_length=20)
    votes = models.PositiveIntegerField("几票", default=0)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "主意"
        verbose_name_plural = "主意"
        triggers = [audited()]


class Ballot(models.Model):
    """One person, one vote a corner; another choice moves it. Nobody but the person sees it."""

    corner = models.ForeignKey(Corner, models.CASCADE, related_name="ballots", verbose_name="角落")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="ballots", verbose_name="主意")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "选票"
        verbose_name_plural = "选票"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_vote_each", fields=["corner", "resident"], violation_error_message="您已经投过票了。"
            ),
        ]


class Claim(models.Model):
    """Who would keep a corner (认领), and whether the community agreed."""

    corner = models.ForeignKey(Corner, models.CASCADE, related_name="claims", verbose_name="角落")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    called = models.CharField("怎么称呼", max_length=20)
    word = models.CharField("打算怎么管", max_length=100, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)
    agreed_at = models.DateTimeField("社区同意", null=True, blank=True)

    class Meta:
        verbose_name = "认领"
        verbose_name_plural = "认领"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="claim_once", fields=["corner", "resident"], violation_error_message="您已经报名认领了。"
            ),
            models.UniqueConstraint(
                name="one_agreed_claim", fields=["corner"], condition=Q(agreed_at__isnull=False)
            ),
        ]  # fmt: skip


class SheetLine(models.Model):
    """A line of a paper day-sheet that was typed in, once: the sheet's day and number, the line's number."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="sheet_lines", verbose_name="驿站")
    day = models.DateField("哪天的单子")
    line = models.PositiveSmallIntegerField("第几行")
    digest = models.CharField("写了什么（摘要）", max_length=64)
    result = models.CharField("记成了什么", max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁录的"
    )
    at = models.DateTimeField("录入时间", default=timezone.now)

    class Meta:
        verbose_name = "纸单一行"
        verbose_name_plural = "纸单一行"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="sheet_line_once",
                fields=["station", "day", "line"],
                violation_error_message="这一行已经录过了。",
            ),
        ]
