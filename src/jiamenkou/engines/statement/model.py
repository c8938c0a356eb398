"""The nouns of a statement review. Amounts are integer fen, inflow positive; times are Chinese time (+08:00)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from typing import NamedTuple

CHINA = timezone(timedelta(hours=8))


class Kind(StrEnum):
    """Who wrote the export."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK = "bank"


class Label(StrEnum):
    """What a line is. ``chinese`` is what the community worker reads."""

    INCOME = "income"
    PASS_THROUGH = "pass_through"  # noqa: S105 - a label, no password
    OWN_TRANSFER = "own_transfer"
    REFUND = "refund"
    LOAN = "loan"
    FAMILY_SUPPORT = "family_support"
    EXCLUDED_SUBSIDY = "excluded_subsidy"
    CASH_DEPOSIT = "cash_deposit"
    SPENDING = "spending"
    UNKNOWN = "unknown"

    @property
    def chinese(self) -> str:
        return _CHINESE[self]

    @property
    def countable(self) -> bool:
        """Whether an inflow under this label counts as income of the household."""
        return self not in _NOT_COUNTED


_CHINESE = {
    Label.INCOME: "收入",
    Label.PASS_THROUGH: "代收代付",
    Label.OWN_TRANSFER: "本人账户互转",
    Label.REFUND: "退款",
    Label.LOAN: "借贷",
    Label.FAMILY_SUPPORT: "亲属资助",
    Label.EXCLUDED_SUBSIDY: "不计入的补贴",
    Label.CASH_DEPOSIT: "现金存入",
    Label.SPENDING: "支出",
    Label.UNKNOWN: "待说明",
}
_NOT_COUNTED = frozenset({Label.PASS_THROUGH, Label.OWN_TRANSFER, Label.REFUND, Label.LOAN, Label.EXCLUDED_SUBSIDY})


class Sign(Enum):
    """How sure the file is about the direction of a line."""

    PLAIN = "plain"
    NEUTRAL = "neutral"  # WeChat "/", Alipay 不计收支: money inside or between own accounts
    CLOSED = "closed"  # 交易关闭: listed, no money moved


class Line(NamedTuple):
    """One row of one export, as the file says it. A tuple: tens of thousands of them are made for a long file."""

    account: str
    row: int  # 1-based row in the file
    time: datetime
    amount: int
    counterparty: str = ""
    memo: str = ""  # every describing cell, joined by spaces
    sort: str = ""  # the file's own word for the kind of transaction: 交易类型, 摘要
    method: str = ""  # wallets: what it was paid with
    status: str = ""
    number: str = ""  # the transaction's own number, where the file has one
    balance: int | None = None
    sign: Sign = Sign.PLAIN
    dated_only: bool = False  # the file gives no time of day

    @property
    def key(self) -> str:
        return f"{self.account}:{self.row}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One export, read completely: what stands above the table, and every line in the file's order."""

    id: str
    file: str
    kind: Kind
    bank: str | None
    lines: tuple[Line, ...]
    holder: str = ""  # the name that stands in the file, if one does
    card: str = ""  # last four digits, if the file says them
    period: tuple[date, date] | None = None  # the period the preamble names
    declared: int | None = None  # number of lines the preamble promises
    totals: tuple[int | None, int | None] = (None, None)  # sums in and out that the footer states
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceBreak:
    row: int
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    row: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paper that vouches for a payment: from the side file of ``--receipts``."""

    amount: int
    day: date | None = None
    payee: str = ""
    payer: str = ""
    text: str = ""


class Verdict(NamedTuple):
    """What the review proposes for one line. ``confidence`` is between 0 and 1; a person decides."""

    label: Label
    reason: str
    confidence: float
    group: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Money that came in and went out again. ``kept`` = sum in - sum out, in fen."""

    id: str
    kind: Label  # PASS_THROUGH or REFUND
    inflows: tuple[str, ...]
    outflows: tuple[str, ...]
    kept: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """inflow = countable + sum of excluded, always."""

    month: str
    inflow: int
    countable: int
    excluded: Mapping[Label, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountReport:
    statement: Statement
    first: date | None
    last: date | None
    breaks: tuple[BalanceBreak, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A proposal about every line of every file; nothing is decided until a person confirms it."""

    accounts: tuple[AccountReport, ...]
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...]  # same order as ``lines``
    groups: tuple[Group, ...]
    chance: float
    months: tuple[Month, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()
