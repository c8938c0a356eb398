"""Accounts: one phone number each. A resident is a person; who may act for whom is a dated link."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Someone who signs in. Residents by phone code; staff by username, password and a second factor.

    ``phone_index`` is a blind index: the number itself is sealed under the account's own key.
    """

    uid = models.UUIDField("主体", default=uuid4, unique=True, editable=False)
    username = models.CharField("用户名", max_length=60, unique=True)
    display_name = models.CharField("称呼", max_length=40, blank=True)
    phone_sealed = models.BinaryField("手机号（密文）", null=True)
    phone_index = models.BinaryField("手机号索引", null=True, unique=True)
    phone_masked = models.CharField("手机号", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_superuser = models.BooleanField("系统管理员", default=False)
    care = models.BooleanField("长辈版", default=False)
    language = models.CharField("语言", max_length=10, blank=True)
    sessions_valid_from = models.DateTimeField("此前的登录作废", default=timezone.now)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        triggers = [audited()]

    def __str__(self) -> str:
        return f"账号 {self.pk}"

    @property
    def actor(self) -> str:
        """How the audit trail names this account."""
        return f"account:{self.pk}"

    @property
    def is_staff(self) -> bool:
        """Django's back office asks this: only system administrators get in."""
        return self.is_superuser

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser


class Relation(models.TextChoices):
    SELF = "self", "本人"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    GUARDIAN = "guardian", "监护人"
    OTHER = "other", "其他家人"


class AccountResidentQuerySet(models.QuerySet["AccountResident"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class AccountResident(models.Model):
    """This account may act for this resident. Never made from a phone number alone."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="links", verbose_name="账号")
    resident = models.ForeignKey("people.Resident", models.CASCADE, related_name="links", verbose_name="居民")
    relation = models.CharField("关系", max_length=10, choices=Relation, default=Relation.SELF)
    proof = models.CharField("依据", max_length=200)
    since = models.DateTimeField("从", default=timezone.now)
    ended_at = models.DateTimeField("到", null=True, blank=True)

    objects = AccountResidentQuerySet.as_manager()

    class Meta:
        verbose_name = "账号与居民"
        verbose_name_plural = "账号与居民"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_link_per_account_and_resident",
                fields=["account", "resident"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="这个账号已经可以为这位居民办事。",
            ),
            models.UniqueConstraint(
                name="one_self_per_account",
                fields=["account"],
                condition=Q(ended_at__isnull=True, relation="self"),
                violation_error_message="这个账号已经登记了本人。",
            ),
        ]
