"""Organisations: employers, providers, schools, suppliers, partner units. Their licences are checked."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.places.models import Place


class OrganisationKind(models.TextChoices):
    EMPLOYER = "employer", "用人单位"
    PROVIDER = "provider", "服务企业"
    SCHOOL = "school", "培训机构"
    SUPPLIER = "supplier", "供货商"
    ENTERPRISE = "enterprise", "签约企业"
    PARTNER = "partner", "共建单位"
    PUBLIC = "public", "公共部门"
    PARTY_BRANCH = "party_branch", "党组织"
    VOLUNTEERS = "volunteers", "志愿服务队"


class LicenceState(models.TextChoices):
    UNCHECKED = "unchecked", "未核验"
    CHECKED = "checked", "已核验"
    REFUSED = "refused", "核验不通过"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def employers(self) -> Self:
        return self.filter(kinds__contains=[OrganisationKind.EMPLOYER])

    def named(self, name: str) -> Self:
        return self.filter(name_key=Organisation.key_of(name))


class Organisation(models.Model):
    name = models.CharField("名称", max_length=120)
    name_key = models.CharField("名称（比对用）", max_length=120, unique=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=OrganisationKind), verbose_name="类型")
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    community = models.ForeignKey(
        Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="所在社区"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话（对外公开）", max_length=30, blank=True)
    licence_state = models.CharField("证照核验", max_length=10, choices=LicenceState, default=LicenceState.UNCHECKED)
    licence_until = models.DateField("证照有效期至", null=True, blank=True)
    licence_note = models.CharField("核验说明", max_length=200, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="credit_code_once",
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                violation_error_message="这个统一社会信用代码已经登记过了。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def key_of(name: str) -> str:
        """The name as compared: full-width forms folded, white space and brackets out."""
        import unicodedata

        folded = unicodedata.normalize("NFKC", name).casefold()
        return "".join(ch for ch in folded if ch.isalnum())[:120]

    def licence_is_good(self, on: date) -> bool:
        return self.licence_state == LicenceState.CHECKED and (self.licence_until is None or self.licence_until >= on)


class OrganisationMember(models.Model):
    """An account that acts for an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="members", verbose_name="单位")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="memberships", verbose_name="账号")
    since = models.DateTimeField("从", default=timezone.now)
    ended_at = models.DateTimeField("到", null=True, blank=True)

    class Meta:
        verbose_name = "单位成员"
        verbose_name_plural = "单位成员"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_organisation_member",
                fields=["organisation", "account"],
                condition=Q(ended_at__isnull=True),
            ),
        ]
