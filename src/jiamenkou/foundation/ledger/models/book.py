"""Accounts, transactions and their entries. Nothing is ever changed: a mistake is reversed by another transaction."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models import Organisation, Resident
from jiamenkou.foundation.places.models import Place


class Unit(models.TextChoices):
    FEN = "fen", "分"
    MINUTES = "minutes", "分钟"


class OwnerKind(models.TextChoices):
    RESIDENT = "resident", "居民"
    ORGANISATION = "organisation", "单位"
    COMMUNITY = "community", "社区"
    STATION = "station", "站点"
    CYCLE = "cycle", "一期团购"
    FUND = "fund", "资金"
    HOUSE = "house", "平台"


class AccountQuerySet(models.QuerySet["Account"]):
    def of_resident(self, resident: int, purpose: str, unit: Unit) -> Self:
        """Several where two rows of one person were merged; the oldest first."""
        return self.filter(resident=resident, purpose=purpose, unit=unit).order_by("id")

    def of_key(self, kind: OwnerKind, key: str) -> Self:
        return self.filter(owner_kind=kind, owner_key=key).order_by("id")


class Account(models.Model):
    """One pocket of one owner: ``owner_kind`` and ``owner_key`` name it for ever, ``purpose`` says what it holds.

    ``resident``, ``organisation`` and ``community`` say who may see it; they follow merges and erasures, the key does not.
    """

    owner_kind = models.CharField("归谁", max_length=12, choices=OwnerKind)
    owner_key = models.CharField("编号", max_length=40, blank=True)
    purpose = models.CharField("用途", max_length=24)
    unit = models.CharField("单位", max_length=8, choices=Unit)
    resident = models.ForeignKey(
        Resident, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="居民"
    )
    organisation = models.ForeignKey(
        Organisation, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="单位"
    )
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="社区")
    opened_at = models.DateTimeField("开户时间", default=timezone.now)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = "账户"
        verbose_name_plural = "账户"
        triggers = [
            audited(),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="named_for_ever", fields=["owner_kind", "owner_key", "purpose", "unit"]),
        ]
        indexes = [models.Index(fields=["resident", "purpose"], name="ledger_account_resident")]
        constraints = [
            models.UniqueConstraint(name="ledger_account_once", fields=["owner_kind", "owner_key", "purpose", "unit"]),
            models.CheckConstraint(
                name="ledger_account_has_purpose",
                condition=~Q(purpose=""),
                violation_error_message="账户要有用途。",
            ),
        ]

    def __str__(self) -> str:
        return f"账户 {self.pk}"


class Transaction(models.Model):
    """What happened, once: ``key`` is the deed's own name, so that doing it again finds it done.

    ``subject`` names the matter whose book it belongs to, e.g. ``groupbuy.cycle:12``. ``born`` is the database's own
    number of the transaction that wrote the row: entries join it there and then or never.
    """

    key = models.CharField("事项编号", max_length=120, unique=True)
    kind = models.CharField("事项", max_length=40)
    subject = models.CharField("账目", max_length=60, blank=True)
    reason = models.CharField("事由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="谁")
    reverses = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    born = models.BigIntegerField("写入编号", default=0, editable=False)

    class Meta:
        verbose_name = "记账"
        verbose_name_plural = "记账"
        triggers = [
            audited(),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="birth",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="new.born := pg_current_xact_id()::text::bigint; return new;",
            ),
        ]
        indexes = [models.Index(fields=["subject", "id"], name="ledger_transaction_subject")]

    def __str__(self) -> str:
        return f"记账 {self.pk}"


class Entry(models.Model):
    """One line: what an account gains (positive) or gives (negative), in its own unit."""

    transaction = models.ForeignKey(Transaction, models.RESTRICT, related_name="entries", verbose_name="记账")
    account = models.ForeignKey(Account, models.RESTRICT, related_name="entries", verbose_name="账户")
    amount = models.BigIntegerField("数额")

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        triggers = [
            audited(),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="together",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    if not exists (select 1 from ledger_transaction t where t.id = new.transaction_id
                                   and t.born = pg_current_xact_id()::text::bigint) then
                        raise exception 'entries are written together with their transaction'
                            using errcode = 'integrity_constraint_violation';
                    end if;
                    return new;
                """,
            ),
            pgtrigger.Trigger(
                name="balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="perform ledger_check_balanced(new.transaction_id); return null;",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_not_empty", condition=~Q(amount=0), violation_error_message="数额不能是 0。"
            ),
        ]

    def __str__(self) -> str:
        return f"分录 {self.pk}"
