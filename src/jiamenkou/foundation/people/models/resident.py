"""A resident is one person, once, wherever they live and wherever they are registered."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class EmploymentStatus(models.TextChoices):
    EMPLOYED = "employed", "在职"
    FLEXIBLE = "flexible", "灵活就业"
    UNEMPLOYED = "unemployed", "失业"
    LOOKING = "looking", "求职中"
    STUDENT = "student", "在校"
    RETIRED = "retired", "退休"
    HOME = "home", "料理家务"
    UNABLE = "unable", "无劳动能力"
    NONE = "none", "未就业"


class DisabilityLevel(models.TextChoices):
    ONE = "1", "一级"
    TWO = "2", "二级"
    THREE = "3", "三级"
    FOUR = "4", "四级"


class ResidentQuerySet(models.QuerySet["Resident"]):
    def present(self) -> Self:
        """Neither merged into another row nor dead."""
        return self.filter(merged_into__isnull=True, deceased_on__isnull=True)

    def in_communities(self, ids: frozenset[int] | set[int] | list[int]) -> Self:
        return self.filter(community_id__in=ids)

    def by_name(self) -> Self:
        return self.order_by("name_key", "id")


class Resident(models.Model):
    """``community`` and ``grid`` stand on the row for row-level security and change only by the move action."""

    uid = models.UUIDField("主体", default=uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=60)
    name_key = models.CharField("拼音排序", max_length=200, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="网格")
    household = models.ForeignKey(
        "people.Household", models.RESTRICT, related_name="residents", null=True, blank=True, verbose_name="家庭"
    )
    address = models.CharField("居住地址", max_length=200, blank=True)
    hukou = models.CharField("户籍地", max_length=200, blank=True)
    employment = models.CharField("就业状态", max_length=12, choices=EmploymentStatus, blank=True)
    disability_kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="残疾类别")
    disability_level = models.CharField("残疾等级", max_length=1, choices=DisabilityLevel, blank=True)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="人员类别")
    note = models.CharField("备注", max_length=500, blank=True)
    extra = models.JSONField("其他栏", default=dict, blank=True)
    identity_masked = models.CharField("证件号", max_length=30, blank=True)
    phone_masked = models.CharField("手机号", max_length=20, blank=True)
    last_contact_on = models.DateField("最近联系", null=True, blank=True)
    deceased_on = models.DateField("去世日期", null=True, blank=True)
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="并入")
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = "居民"
        verbose_name_plural = "居民"
        triggers = [audited()]
        indexes = [
            models.Index(fields=["community", "name_key", "id"], name="resident_list"),
            models.Index(fields=["community", "name", "birth_date"], name="resident_name_birth"),
            GinIndex(fields=["categories"], name="resident_categories"),
        ]
        constraints = [
            models.CheckConstraint(
                name="resident_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                violation_error_message="不能并入自己。",
            ),
        ]

    def __str__(self) -> str:
        return f"居民 {self.pk}"

    @property
    def number(self) -> str:
        """编号: what our own exports carry, so that a sheet that comes back finds its rows."""
        return f"R{self.pk}"

    def age(self, on: date) -> int | None:
        """Complete years on a day."""
        if self.birth_date is None:
            return None
        before = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - before


class IdentityKind(models.TextChoices):
    ID_CARD = "id_card", "居民身份证"
    HK_MACAU = "hk_macau", "港澳居民来往内地通行证"
    TAIWAN = "taiwan", "台湾居民来往大陆通行证"
    PASSPORT = "passport", "护照"
    PERMANENT = "permanent", "外国人永久居留身份证"
    OTHER = "other", "其他证件"


class Identity(models.Model):
    """A number of identity, sealed; ``index`` is unique over the whole installation."""

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="identity", verbose_name="居民")
    kind = models.CharField("证件类型", max_length=10, choices=IdentityKind)
    sealed = models.BinaryField("号码（密文）")
    index = models.BinaryField("号码索引", unique=True)

    class Meta:
        verbose_name = "证件"
        verbose_name_plural = "证件"
        triggers = [audited()]


class Phone(models.Model):
    """A number that reaches the resident, perhaps through a family member: not unique."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="phones", verbose_name="居民")
    sealed = models.BinaryField("号码（密文）")
    index = models.BinaryField("号码索引", db_index=True)
    last_four = models.BinaryField("末四位索引", db_index=True)
    masked = models.CharField("号码", max_length=24)
    is_main = models.BooleanField("主要", default=False)
    is_mobile = models.BooleanField("手机", default=True)

    class Meta:
        verbose_name = "电话"
        verbose_name_plural = "电话"
        triggers = [audited()]
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(
                name="phone_once_per_resident",
                fields=["resident", "index"],
                violation_error_message="这个号码已经登记过了。",
            ),
            models.UniqueConstraint(
                name="one_main_phone",
                fields=["resident"],
                condition=Q(is_main=True),
                violation_error_message="主要号码只能有一个。",
            ),
        ]


class AttachmentKind(models.TextChoices):
    HUKOU = "hukou", "户籍在此"
    WORKS = "works", "在此工作"
    STAYS = "stays", "常来住"


class Attachment(models.Model):
    """A dated tie to another community than the one the person lives in; that community sees the person too."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="attachments", verbose_name="居民")
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    kind = models.CharField("关系", max_length=10, choices=AttachmentKind)
    since = models.DateField("从", default=date.today)
    until = models.DateField("到", null=True, blank=True)

    class Meta:
        verbose_name = "人与地方"
        verbose_name_plural = "人与地方"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_attachment",
                fields=["resident", "community", "kind"],
                condition=Q(until__isnull=True),
                violation_error_message="已经登记过这层关系。",
            ),
        ]
