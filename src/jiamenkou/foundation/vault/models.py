"""One data key per subject (a resident, an account), wrapped by a master key that is not in the database."""

from __future__ import annotations

from django.db import models


class SubjectKey(models.Model):
    """Destroying this row makes everything sealed for the subject unreadable, in audit rows and old backups too."""

    subject = models.UUIDField("主体", primary_key=True)
    master = models.CharField("主密钥编号", max_length=40)
    wrapped = models.BinaryField("封存的密钥")

    class Meta:
        verbose_name = "主体密钥"
        verbose_name_plural = "主体密钥"
