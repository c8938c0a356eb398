"""What is walked, and where: windows, errands, and the checklist of an errand as it was published."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place


class ServicePoint(models.Model):
    """窗口: where an errand is done and who is in charge of it. A closed one stays for what was found there."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    name = models.CharField("窗口", max_length=60)
    address = models.CharField("在哪里", max_length=120)
    hours = models.CharField("开放时间", max_length=80, blank=True)
    charge = models.CharField("归谁管", max_length=80)
    organisation = models.ForeignKey(
        Organisation, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="单位"
    )
    closed_on = models.DateField("停用", null=True, blank=True)

    class Meta:
        verbose_name = "窗口"
        verbose_name_plural = "窗口"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="point_name_once",
                fields=["community", "name"],
                violation_error_message="已经有这个名字的窗口了。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Errand(models.Model):
    """事项. Its checklist is versioned: a walk keeps the version it was begun with."""

    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    name = models.CharField("事项", max_length=60)
    points = models.ManyToManyField(ServicePoint, related_name="errands", verbose_name="窗口")
    stopped_at = models.DateTimeField("不再办", null=True, blank=True)

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="errand_name_once", fields=["community", "name"], violation_error_message="已经有这个事项了。"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> ErrandVersion:
        """The newest version. Raises ErrandVersion.DoesNotExist for an errand that was never written down."""
        return self.versions.latest("number")


class ErrandVersion(models.Model):
    """The steps in their order, the papers on the published list, what was promised. Never changed afterwards."""

    errand = models.ForeignKey(Errand, models.CASCADE, related_name="versions", verbose_name="事项")
    number = models.PositiveSmallIntegerField("第几版")
    steps = ArrayField(models.CharField(max_length=40), verbose_name="步骤")
    papers = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="公布的材料")
    promised_minutes = models.PositiveIntegerField("承诺几分钟办好", null=True, blank=True)
    fee_fen = models.PositiveIntegerField("收费（分）", default=0)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")

    class Meta:
        verbose_name = "事项版本"
        verbose_name_plural = "事项版本"
        ordering = ["errand", "number"]
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="errand_version_once", fields=["errand", "number"], violation_error_message="刚有人改过这个事项。"
            ),
            models.CheckConstraint(
                name="errand_has_steps",
                condition=models.Q(steps__len__gte=1),
                violation_error_message="至少写一个步骤。",
            ),
        ]
