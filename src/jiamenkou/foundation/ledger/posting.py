"""Writing in the book: :func:`post` is the only way in, :func:`reverse` the only way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Account, Entry, Transaction
from jiamenkou.foundation.refusals import Conflict, Refused

MOST = 10**13  # a hundred billion yuan in fen: beyond it somebody's arithmetic is wrong


@dataclass(frozen=True, slots=True)
class Line:
    """``amount`` in the account's unit. With ``floor`` the account may not fall below it."""

    account: Account
    amount: int
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction before it is written. ``key`` names the deed: the same key is written once."""

    key: str
    kind: str
    lines: Sequence[Line]
    subject: str = ""


def post(posting: Posting, *, by: Actor, reason: str, at: datetime | None = None) -> Transaction:
    """Write ``posting``, or return what was written under its key before.

    Raises ValueError for lines that do not sum to zero in every unit (the database refuses them as well), Conflict
    where the key was used for other lines, and Refused where an account would fall below its floor.
    """
    lines = _worth_writing(posting.lines)
    _check(posting, lines)
    found, fresh = _claim(posting, None, by, reason, at)
    return _write(found, lines) if fresh else _same(found, lines)


def reverse(transaction: Transaction, *, by: Actor, reason: str, at: datetime | None = None) -> Transaction:
    """The opposite of ``transaction``, written once. Raises Conflict where it is itself a reversal."""
    if transaction.reverses_id is not None:
        raise Conflict("冲销的记账不能再冲销。", code="reversed")
    lines = [Line(entry.account, -entry.amount) for entry in _entries(transaction)]
    posting = Posting(f"reversal:{transaction.pk}", transaction.kind, lines, transaction.subject)
    found, fresh = _claim(posting, transaction, by, reason, at)
    return _write(found, lines) if fresh else found


def _worth_writing(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.amount]


def _check(posting: Posting, lines: Sequence[Line]) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a posting is part of the transaction of its deed")
    if not posting.key or not lines:
        raise ValueError("a posting has a key and at least two lines")
    totals: dict[str, int] = {}
    for line in lines:
        if isinstance(line.amount, bool) or not isinstance(line.amount, int) or abs(line.amount) > MOST:
            raise ValueError(f"an amount is a whole number of at most {MOST}")
        totals[line.account.unit] = totals.get(line.account.unit, 0) + line.amount
    if any(totals.values()):
        raise ValueError(f"{posting.key} does not sum to zero: {totals}")


def _claim(
    posting: Posting, reverses: Transaction | None, by: Actor, reason: str, at: datetime | None
) -> tuple[Transaction, bool]:
    """The row, and whether it is fresh. A parallel writer with the same key is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into ledger_transaction (key, kind, subject, reason, by_id, reverses_id, at, born)
            values (%s, %s, %s, %s, %s, %s, %s, 0) on conflict do nothing
            returning id, key, kind, subject, reason, by_id, reverses_id, at, born""",
            [
                posting.key,
                posting.kind,
                posting.subject,
                reason[:200],
                by.account.pk if by.account else None,
                reverses.pk if reverses else None,
                at or timezone.now(),
            ],
        )
        row = cursor.fetchone()
    return (_row(row), True) if row else (Transaction.objects.get(key=posting.key), False)


def _row(values: Sequence[object]) -> Transaction:
    names = ("id", "key", "kind", "subject", "reason", "by_id", "reverses_id", "at", "born")
    return Transaction.from_db(connection.alias, names, values)


def _write(transaction: Transaction, lines: Sequence[Line]) -> Transaction:
    _keep_floors(lines)
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into ledger_entry (transaction_id, account_id, amount)
               select %s::bigint, line.account, line.amount
                 from unnest(%s::bigint[], %s::bigint[]) as line (account, amount)""",
            [transaction.pk, [line.account.pk for line in lines], [line.amount for line in lines]],
        )
    return transaction


def _same(found: Transaction, lines: Sequence[Line]) -> Transaction:
    wanted = sorted((line.account.pk, line.amount) for line in lines)
    if wanted != sorted((entry.account_id, entry.amount) for entry in _entries(found)):
        raise Conflict("这件事已经按另一个数额记过账。", code="other_amount")
    return found


def _entries(transaction: Transaction) -> list[Entry]:
    return list(Entry.objects.filter(transaction=transaction).select_related("account").order_by("id"))


def _keep_floors(lines: Sequence[Line]) -> None:
    """Accounts with a floor are locked in order of their ids, so that two givers cannot both see the same balance."""
    floors = {line.account.pk: line.floor for line in lines if line.floor is not None}
    if not floors:
        return
    list(Account.objects.select_for_update(of=("self",)).filter(pk__in=floors).order_by("id"))
    sums = Entry.objects.filter(account__in=floors).values("account").annotate(total=Sum("amount")).order_by("account")
    totals = {row["account"]: row["total"] for row in sums}
    for account, floor in floors.items():
        change = sum(line.amount for line in lines if line.account.pk == account)
        if change < 0 and totals.get(account, 0) + change < (floor or 0):
            raise Refused("余额不够。", code="balance")
