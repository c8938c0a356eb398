"""Stored files. The bytes lie under a random name in the data directory; the row says who may have them."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.places.models import Place


class FileKind(models.TextChoices):
    IMAGE = "image", "图片"
    SHEET = "sheet", "表格"
    DOCUMENT = "document", "文件"
    VOICE = "voice", "语音"


class StoredFile(models.Model):
    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=10, choices=FileKind)
    # whose it is: the word of a keeper (keepers.py), who says on the way out who may have it
    keeper = models.CharField("归谁管", max_length=40, default="")
    name = models.CharField("文件名", max_length=120)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("摘要", max_length=64)
    community = models.ForeignKey(Place, models.RESTRICT, null=True, related_name="+", verbose_name="社区")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁")
    is_public = models.BooleanField("公开", default=False)
    expires_at = models.DateTimeField("到期删除", null=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        indexes = [models.Index(fields=["expires_at"], name="file_expiry")]

    @property
    def href(self) -> str:
        return f"/files/{self.uid}/"
