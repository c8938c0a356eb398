"""What happens at a station to somebody's things. All under row-level security: own, by place, and the station's hosts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.bookings.models import Resource, Waiting
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.models.station import Station
from jiamenkou.services.stations.states import CoupletState, GiftState, RepairState, ThingState


class ThingKind(models.Model):
    """What can be borrowed here, by its name: 轮椅. ``line`` is where people wait for one."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="kinds", verbose_name="驿站")
    line = models.OneToOneField(Resource, models.RESTRICT, related_name="thing_kind", verbose_name="排队")
    name = models.CharField("名称", max_length=20)
    icon = models.CharField("图", max_length=30, default="package")
    measure = models.CharField("量词", max_length=2, default="个")
    loan_days = models.PositiveSmallIntegerField("借几天", default=7)
    by_need = models.BooleanField("急需的先借", default=False)

    class Meta:
        verbose_name = "一类东西"
        verbose_name_plural = "一类东西"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="thing_kind_once", fields=["station", "name"], violation_error_message="这里已经有这类东西了。"
            ),
            models.CheckConstraint(
                name="thing_kind_days",
                condition=Q(loan_days__range=(1, 180)),
                violation_error_message="借几天在 1 到 180 之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ThingQuerySet(models.QuerySet["Thing"]):
    def in_use(self) -> Self:
        return self.exclude(state=ThingState.RETIRED)


class Thing(models.Model):
    """One thing with its number and QR sticker. ``waiting`` is for whom it is kept while reserved."""

    kind = models.ForeignKey(ThingKind, models.RESTRICT, related_name="things", verbose_name="类")
    station = models.ForeignKey(Station, models.RESTRICT, related_name="things", verbose_name="驿站")
    number = models.CharField("编号", max_length=20)
    code = models.CharField("二维码", max_length=12, unique=True)
    condition = models.CharField("成色", max_length=60, blank=True)
    photo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField("状态", max_length=8, choices=ThingState, default=ThingState.FREE)
    due_on = models.DateField("哪天还", null=True, blank=True)
    kept_for = models.ForeignKey(Waiting, models.SET_NULL, null=True, blank=True, related_name="+")
    from_whom = models.CharField("来历", max_length=60, blank=True)
    added_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = ThingQuerySet.as_manager()

    class Meta:
        verbose_name = "东西"
        verbose_name_plural = "东西"
        triggers = [audited()]
        indexes = [models.Index(fields=["station", "state"], name="thing_state")]
        constraints = [
            models.UniqueConstraint(
                name="thing_number_once",
                fields=["station", "number"],
                violation_error_message="这个编号已经有了。",
            ),
            models.CheckConstraint(
                name="thing_lent_has_day", condition=Q(state=ThingState.LENT, due_on__isnull=False)
                | (~Q(state=ThingState.LENT) & Q(due_on__isnull=True)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def is_late(self, today: date) -> bool:
        """Lent past its day: out of reach until it is back, however long that is."""
        return self.state == ThingState.LENT and self.due_on is not None and self.due_on < today


class Matter(models.Model):
    """Something of one person at one station. ``called`` and ``building`` are all its host reads."""

    station = models.ForeignKey(Station, models.RESTRICT, related_name="+", verbose_name="驿站")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    called = models.CharField("怎么称呼", max_length=20)
    building = models.CharField("哪栋楼", max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁登记"
    )

    class Meta:
        abstract = True


class LoanQuerySet(models.QuerySet["Loan"]):
    def out(self) -> Self:
        return self.filter(returned_at__isnull=True)

    def late(self, today: date) -> Self:
        return self.out().filter(due_on__lt=today)

    def of_residents(self, ids: Iterable[int]) -> Self:
        return self.filter(resident_id__in=list(ids))


class Loan(Matter):
    """A thing is with somebody until it is returned; past ``due_on`` it stays occupied, without end."""

    thing = models.ForeignKey(Thing, models.RESTRICT, related_name="loans", verbose_name="东西")
    lent_at = models.DateTimeField("借出", default=timezone.now)
    due_on = models.DateField("哪天还")
    returned_at = models.DateTimeField("归还", null=True, blank=True)
    returned_how = models.CharField("还的时候", max_length=60, blank=True)
    reminded_on = models.DateField("提醒过", null=True, blank=True)
    extended = models.PositiveSmallIntegerField("续借几次", default=0)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁收回"
    )

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = "借用"
        verbose_name_plural = "借用"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["station", "returned_at", "due_on"], name="loan_out"),
            models.Index(fields=["resident"], name="loan_mine"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="thing_lent_once",
                fields=["thing"],
                condition=Q(returned_at__isnull=True),
                violation_error_message="这件东西已经借出去了。",
            ),
            models.CheckConstraint(
                name="loan_returned_after_lent",
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=models.F("lent_at")),
                violation_error_message="归还不能早于借出。",
            ),
        ]


class RepairQuerySet(models.QuerySet["Repair"]):
    def live(self) -> Self:
        return self.filter(state__in=[state.value for state in RepairState if state.is_live])

    def mended(self) -> Self:
        return self.filter(mended_at__isnull=False)

    def of_residents(self, ids: Iterable[int]) -> Self:
        return self.filter(resident_id__in=list(ids))


class Repair(Matter):
    """Something brought to be mended. ``code`` is said or shown when it is fetched."""

    what = models.CharField("什么东西", max_length=30)
    icon = models.CharField("图", max_length=30, default="wrench")
    fault = models.CharField("哪里坏了", max_length=100, blank=True)
    photo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=RepairState, default=RepairState.REGISTERED)
    code = models.CharField("取件码", max_length=4)
    brought_at = models.DateTimeField("送来", null=True, blank=True)
    done = models.CharField("怎么修的", max_length=100, blank=True)
    price_fen = models.PositiveIntegerField("收费（分）", default=0)
    registered_at = models.DateTimeField("登记", default=timezone.now)
    moved_at = models.DateTimeField("最近变化", default=timezone.now)
    mended_at = models.DateTimeField("修好", null=True, blank=True)
    fetched_at = models.DateTimeField("取走", null=True, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = "修东西"
        verbose_name_plural = "修东西"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["station", "state"], name="repair_state"),
            models.Index(fields=["resident"], name="repair_mine"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="repair_code_once",
                fields=["station", "code"],
                condition=Q(state__in=["registered", "mending", "ready", "beyond"]),
            ),
            models.CheckConstraint(
                name="repair_ready_is_mended",
                condition=~Q(state__in=["ready", "collected"]) | Q(mended_at__isnull=False),
            ),
        ]


class RepairLog(models.Model):
    """Append-only: every move, when and by whom."""

    repair = models.ForeignKey(Repair, models.CASCADE, related_name="log", verbose_name="修东西")
    state = models.CharField("状态", max_length=10, choices=RepairState)
    text = models.CharField("说明", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "修的经过"
        verbose_name_plural = "修的经过"
        triggers = [audited()]


class Gift(models.Model):
    """Something collected, mended and given to somebody who needs it. Who gets it is known to host and staff alone."""

    station = models.ForeignKey(Station, models.RESTRICT, related_name="+", verbose_name="驿站")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="给谁"
    )
    called = models.CharField("给谁", max_length=20, blank=True)
    building = models.CharField("哪栋楼", max_length=40, blank=True)
    need = models.CharField("为什么给", max_length=60, blank=True)
    what = models.CharField("什么东西", max_length=30)
    count = models.PositiveSmallIntegerField("几件", default=1)
    from_whom = models.CharField("来历", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=GiftState, default=GiftState.COLLECTED)
    collected_at = models.DateTimeField("收来", default=timezone.now)
    mended_at = models.DateTimeField("修好", null=True, blank=True)
    given_at = models.DateTimeField("送出", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁登记"
    )

    class Meta:
        verbose_name = "修好送人"
        verbose_name_plural = "修好送人"
        triggers = [audited()]
        indexes = [models.Index(fields=["station", "state"], name="gift_state")]
        constraints = [
            models.CheckConstraint(
                name="gift_count", condition=Q(count__range=(1, 500)), violation_error_message="件数在 1 到 500 之间。"
            ),
            models.CheckConstraint(
                name="gift_given_to_somebody",
                condition=~Q(state__in=["promised", "given"]) | ~Q(called=""),
                violation_error_message="请写送给谁。",
            ),
        ]


class Couplet(Matter):
    """Couplets a neighbour asks for; written in the calligraphy room, fetched there."""

    wish = models.CharField("想写什么", max_length=60, blank=True)
    count = models.PositiveSmallIntegerField("几副", default=1)
    state = models.CharField("状态", max_length=10, choices=CoupletState, default=CoupletState.ASKED)
    text = models.CharField("写了什么", max_length=60, blank=True)
    asked_at = models.DateTimeField("登记", default=timezone.now)
    written_at = models.DateTimeField("写好", null=True, blank=True)
    fetched_at = models.DateTimeField("取走", null=True, blank=True)

    class Meta:
        verbose_name = "写春联"
        verbose_name_plural = "写春联"
        triggers = [audited()]
        constraints = [
            models.CheckConstraint(
                name="couplet_count",
                condition=Q(count__range=(1, 5)),
                violation_error_message="一户最多五副，让大家都有。",
            ),
            models.UniqueConstraint(
                name="one_couplet_asked",
                fields=["station", "resident"],
                condition=Q(state="asked", resident__isnull=False),
                violation_error_message="已经登记过了，写好告诉您。",
            ),
        ]
