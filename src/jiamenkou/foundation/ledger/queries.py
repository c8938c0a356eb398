"""Reading the book. Balances are sums of entries, never a stored figure that could drift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum, Window

from jiamenkou.foundation.ledger.models import Account, Entry, OwnerKind, Unit
from jiamenkou.foundation.ledger.owners import Owner


@dataclass(frozen=True, slots=True)
class StatementLine:
    """``balance`` is the account's after this line."""

    at: datetime
    kind: str
    reason: str
    amount: int
    balance: int
    transaction: int


def balance(account: Account) -> int:
    """In the account's unit; 0 for one without entries."""
    return int(Entry.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0)


def balance_of(owner: Owner, purpose: str, unit: Unit = Unit.FEN) -> int:
    """Over all accounts of the owner for this purpose (a merged person has several)."""
    entries = Entry.objects.filter(account__in=_accounts(owner), account__purpose=purpose, account__unit=unit)
    return int(entries.aggregate(total=Sum("amount"))["total"] or 0)


def balances(owner: Owner, unit: Unit = Unit.FEN) -> dict[str, int]:
    """Purpose → balance. One query."""
    rows = (
        Entry.objects.filter(account__in=_accounts(owner), account__unit=unit)
        .values("account__purpose")
        .annotate(total=Sum("amount"))
        .order_by("account__purpose")
    )
    return {row["account__purpose"]: int(row["total"]) for row in rows}


def book(subject: str) -> dict[tuple[str, str], int]:
    """(kind of transaction, purpose of account) → sum, over one matter. All values together are zero."""
    rows = (
        Entry.objects.filter(transaction__subject=subject)
        .values("transaction__kind", "account__purpose")
        .annotate(total=Sum("amount"))
        .order_by("transaction__kind", "account__purpose")
    )
    return {(row["transaction__kind"], row["account__purpose"]): int(row["total"]) for row in rows}


def books(subjects: Iterable[str]) -> dict[str, dict[str, int]]:
    """Subject → purpose → balance, for a list of matters. One query."""
    rows = (
        Entry.objects.filter(transaction__subject__in=list(subjects))
        .values("transaction__subject", "account__purpose")
        .annotate(total=Sum("amount"))
        .order_by("transaction__subject", "account__purpose")
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["transaction__subject"], {})[row["account__purpose"]] = int(row["total"])
    return found


def statement(owner: Owner, purpose: str, unit: Unit = Unit.FEN) -> list[StatementLine]:
    """Every line of the owner's account for this purpose, oldest first, with the running balance."""
    rows = (
        Entry.objects.filter(account__in=_accounts(owner), account__purpose=purpose, account__unit=unit)
        .annotate(running=Window(Sum("amount"), order_by=F("id").asc()))
        .select_related("transaction")
        .order_by("id")
    )
    return [
        StatementLine(
            row.transaction.at,
            row.transaction.kind,
            row.transaction.reason,
            row.amount,
            int(row.running),
            row.transaction_id,
        )
        for row in rows
    ]


def _accounts(owner: Owner) -> list[int]:
    if owner.kind == OwnerKind.RESIDENT:
        found = Account.objects.filter(resident=owner.resident)
    else:
        found = Account.objects.of_key(owner.kind, owner.key)
    return list(found.order_by("id").values_list("id", flat=True))
