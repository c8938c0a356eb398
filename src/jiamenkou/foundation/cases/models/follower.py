"""Who reported or joined a case. Each is asked by themselves how it went."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.cases.models.case import Case
from jiamenkou.foundation.cases.states import Channel, Satisfaction, Solved
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place


class Follower(models.Model):
    """One who reported. Stays with the case that was reported when that is merged away; the answers are the last round's."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="followers", verbose_name="办件")
    resident = models.ForeignKey(
        Resident, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="居民"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    name = models.CharField("怎么称呼", max_length=40, blank=True)
    # the subject under whose key the phone is sealed: somebody who is not (yet) in the roster
    uid = models.UUIDField("主体", default=uuid4, unique=True, editable=False)
    phone = models.BinaryField("电话（密文）", null=True, blank=True)
    phone_masked = models.CharField("电话", max_length=20, blank=True)
    channel = models.CharField("怎么报的", max_length=12, choices=Channel)
    protected = models.BooleanField("来源保密", default=False)
    first = models.BooleanField("首报", default=False)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="网格")
    joined_at = models.DateTimeField("时间", default=timezone.now)
    # the answers of the current round, as the log has them
    asked = models.PositiveSmallIntegerField("问了几次", default=0)
    reached = models.BooleanField("联系上", null=True, blank=True)
    solved = models.CharField("解决了吗", max_length=6, choices=Solved, blank=True)
    satisfaction = models.CharField("满意吗", max_length=6, choices=Satisfaction, blank=True)
    answered_at = models.DateTimeField("答的时间", null=True, blank=True)
    # 签名、录音: how somebody without a phone confirmed
    proof = models.CharField("怎么确认的", max_length=12, blank=True)

    class Meta:
        verbose_name = "报的人"
        verbose_name_plural = "报的人"
        triggers = [audited()]
        indexes = [models.Index(fields=["resident", "case"], name="follower_mine")]
        constraints = [
            models.UniqueConstraint(
                name="follower_once",
                fields=["case", "resident"],
                condition=Q(resident__isnull=False),
                violation_error_message="这位居民已经在这一件里了。",
            ),
            models.CheckConstraint(
                name="protected_has_no_name",
                condition=Q(protected=False)
                | Q(resident__isnull=True, name="", phone__isnull=True, account__isnull=True),
                violation_error_message="保密的来源不能写名字。",
            ),
        ]

    @property
    def can_be_asked(self) -> bool:
        return self.resident_id is not None or self.phone is not None or self.account_id is not None or self.protected


class ProtectedSource(models.Model):
    """Who stands behind a protected follower. Row-level security shows the row to that person alone.

    Not audited: the trail would name the person to whoever may read it. Reading it through
    ``actions.protected.reveal`` is recorded instead.
    """

    follower = models.OneToOneField(Follower, models.CASCADE, related_name="+", verbose_name="保密的人")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+", verbose_name="居民")

    class Meta:
        verbose_name = "保密来源"
        verbose_name_plural = "保密来源"
