"""A roster that is being looked at on the desk: nothing of it is in the register until it is applied."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class ImportState(models.TextChoices):
    OPEN = "open", "待确认"
    APPLIED = "applied", "已导入"
    ABANDONED = "abandoned", "已放弃"


class ImportRun(models.Model):
    """The file lies sealed in the data directory, the corrections sealed in ``edits``, both under the run's own key.

    When the run ends the file is removed and the key destroyed: what remains is who imported how much, and when.
    """

    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁")
    file_name = models.CharField("文件名", max_length=120)
    keep_extra = models.BooleanField("保留其他栏", default=False)
    edits = models.BinaryField("更正（密文）", null=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.OPEN)
    counts = models.JSONField("人数", default=dict, blank=True)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "花名册导入"
        verbose_name_plural = "花名册导入"
        triggers = [audited()]
        indexes = [models.Index(fields=["community", "-created_at"], name="import_run_newest")]
        constraints = [
            models.CheckConstraint(
                name="import_run_ends_once",
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"导入 {self.pk}"
