"""The skills archive (专业特长, 兴趣, 培训需求, 证书) and consents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited


class ArchiveKind(models.TextChoices):
    SKILL = "skill", "专业特长"
    INTEREST = "interest", "兴趣爱好"
    TRAINING_NEED = "training_need", "培训需求"
    CERTIFICATE = "certificate", "证书"


class Evidence(models.TextChoices):
    SELF_SAID = "self_said", "自述"
    SEEN = "seen", "社区看过"
    CERTIFIED = "certified", "有证"


class ArchiveItem(models.Model):
    """One entry of a resident's archive, with how well it is known."""

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="archive", verbose_name="居民")
    kind = models.CharField("种类", max_length=14, choices=ArchiveKind)
    text = models.CharField("内容", max_length=60)
    evidence = models.CharField("依据", max_length=10, choices=Evidence, default=Evidence.SELF_SAID)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    noted_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "档案条目"
        verbose_name_plural = "档案条目"
        triggers = [audited()]
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(
                name="archive_item_once", fields=["resident", "kind", "text"], violation_error_message="已经登记过了。"
            ),
        ]


class ConsentPurpose(models.TextChoices):
    """What a resident may agree to; each is asked on its own and withdrawn as easily (PIPL arts. 14, 15, 23, 29)."""

    SERVICE = "service", "为您办事时使用登记信息"
    SHARE_EMPLOYER = "share_employer", "投递时把姓名、电话给用人单位"
    FAMILY = "family", "让家人看到、代您办理"
    MESSAGES = "messages", "接收岗位和活动短信"
    SENSITIVE = "sensitive", "登记健康、残疾等敏感信息"


class Consent(models.Model):
    """One consent to one version of one purpose, from when to when."""

    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="consents", verbose_name="居民")
    purpose = models.CharField("用途", max_length=20, choices=ConsentPurpose)
    version = models.CharField("文本版本", max_length=20)
    given_at = models.DateTimeField("同意时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    how = models.CharField("方式", max_length=60)

    class Meta:
        verbose_name = "同意"
        verbose_name_plural = "同意"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_consent",
                fields=["resident", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="已经同意过了。",
            ),
        ]
