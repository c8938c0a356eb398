"""One payment in two exports, and the two ends of a transfer between own accounts.

A payment by card through a wallet stands in the wallet's export and in the bank's: same direction, same amount, a
moment apart. A top-up or withdrawal stands in both with opposite directions: that is one transfer with two legs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from jiamenkou.engines.statement.columns import bank_named
from jiamenkou.engines.statement.model import Kind, Line, Statement
from jiamenkou.engines.statement.words import ALIPAY, TENPAY

_WECHAT = re.compile(rf"财付通|微信|{TENPAY}|wechat|Wechat|WeChat|WECHAT")
_ALIPAY = re.compile(rf"支付宝|蚂蚁|天弘|余额宝|花呗|{ALIPAY}")
_DIGITS = re.compile(r"[(（](\d{4})[)）]")
_HOUR = 3600.0
_DAY = 24 * _HOUR
PAYMENT_LAG = 26 * _HOUR  # a bank books a card payment within the day after
REFUND_LAG = 4 * _DAY
TRANSFER_LAG = 2 * _DAY


def duplicates(statements: Sequence[Statement]) -> dict[str, str]:
    """key of a line that does not count → key of the line that does. A counting line is never itself a duplicate."""
    result = _overlaps(statements)
    _wallet_and_bank(statements, result)
    return result


def _overlaps(statements: Sequence[Statement]) -> dict[str, str]:
    """The same line in two exports of one wallet or one account; the earlier file's counts."""
    seen: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    result: dict[str, str] = {}
    exports = Counter((statement.kind, statement.bank) for statement in statements)
    for statement in statements:
        if exports[statement.kind, statement.bank] == 1:
            continue  # no other export could hold the same line
        used: dict[tuple[object, ...], int] = defaultdict(int)
        fresh: list[tuple[tuple[object, ...], Line]] = []
        for line in statement.lines:
            if (identity := _identity(statement, line)) is None:
                continue
            earlier = seen.get(identity, ())
            if used[identity] < len(earlier):
                result[line.key] = earlier[used[identity]].key
                used[identity] += 1
            else:
                fresh.append((identity, line))
        for identity, line in fresh:
            seen[identity].append(line)
    return result


def _identity(statement: Statement, line: Line) -> tuple[object, ...] | None:
    """What makes two rows of two exports the same transaction, None where nothing does."""
    if statement.kind is not Kind.BANK:
        what = line.number or (line.counterparty, line.memo)
        return (statement.kind, what, line.time, line.amount)
    if line.balance is None:
        return None
    return (statement.bank, line.time, line.amount, line.balance)


def _wallet_and_bank(statements: Sequence[Statement], result: dict[str, str]) -> None:
    """Payments by card through a wallet; the wallet's line counts, for it names the shop."""
    if all(statement.kind is Kind.BANK for statement in statements):
        return
    index = _platform_lines(statements, result)
    pairs: list[tuple[float, str, str]] = []
    for statement in statements:
        if statement.kind is Kind.BANK:
            continue
        for line in statement.lines:
            if line.key in result or not line.amount:
                continue
            bank = bank_named(line.method)
            if not (bank or "银行" in line.method or "卡" in line.method):
                continue
            found = _DIGITS.search(line.method)
            digits = found[1] if found else ""
            lag = REFUND_LAG if line.amount > 0 else PAYMENT_LAG
            for account, other in index.get((statement.kind, line.amount), ()):
                if _other_card(account, bank, digits) or (distance := _distance(line, other)) > lag:
                    continue
                named = bool(line.counterparty) and line.counterparty in f"{other.memo} {other.counterparty}"
                pairs.append((distance - (600.0 if named else 0.0), line.key, other.key))
    taken: set[str] = set()
    pairs.sort(key=lambda pair: pair[0])  # stable: equal distances keep the files' order
    for _, wallet, booked in pairs:
        if wallet not in taken and booked not in taken:
            taken.update((wallet, booked))
            result[booked] = wallet


def _platform_lines(
    statements: Sequence[Statement], result: Mapping[str, str]
) -> dict[tuple[Kind, int], list[tuple[Statement, Line]]]:
    """The bank lines that are some wallet's other side, by wallet and amount."""
    index: dict[tuple[Kind, int], list[tuple[Statement, Line]]] = defaultdict(list)
    for statement in statements:
        if statement.kind is not Kind.BANK:
            continue
        for line in statement.lines:
            if line.key not in result and line.amount:
                for wallet in wallets_of(line):
                    index[wallet, line.amount].append((statement, line))
    return index


def wallets_of(line: Line) -> tuple[Kind, ...]:
    """Which wallets a bank line is the other side of; a careless text may name both."""
    text = f"{line.counterparty} {line.memo} {line.sort}"
    found = ((Kind.WECHAT, _WECHAT), (Kind.ALIPAY, _ALIPAY))
    return tuple(kind for kind, pattern in found if pattern.search(text))


def _other_card(account: Statement, bank: str | None, digits: str) -> bool:
    """Whether a wallet's payment was made with a card of another account."""
    return bool(
        (bank and account.bank and bank != account.bank) or (digits and account.card and digits != account.card)
    )


def _distance(first: Line, second: Line) -> float:
    """Seconds between two lines; where one has no time of day, whole days count and the same day is near."""
    if first.dated_only or second.dated_only:
        return abs((first.time.date() - second.time.date()).days) * _DAY + _HOUR
    return abs((first.time - second.time).total_seconds())


def transfer_legs(
    lines: Iterable[Line],
    sure: Mapping[str, str],
    open_: Iterable[str],
) -> dict[str, str]:
    """The other end of each own transfer that stands in these files: key → key, both ways.

    ``sure`` holds the lines known to be own transfers, ``open_`` those that may be the other end although nothing on
    them says so (no counterparty). Legs may differ by a fee of the sending side.
    """
    maybe = set(open_)
    plus: dict[int, list[Line]] = defaultdict(list)
    minus: list[Line] = []
    for line in lines:
        if line.key not in sure and line.key not in maybe:
            continue
        if line.amount > 0:
            plus[line.amount].append(line)
        elif line.amount < 0:
            minus.append(line)
    pairs: list[tuple[float, str, str]] = []
    for sent in minus:
        for amount in _received(-sent.amount):
            for arrived in plus.get(amount, ()):
                if sent.account == arrived.account or (sent.key not in sure and arrived.key not in sure):
                    continue
                if (distance := _distance(sent, arrived)) <= TRANSFER_LAG:
                    pairs.append((distance + (0.0 if amount == -sent.amount else 1.0), sent.key, arrived.key))
    result: dict[str, str] = {}
    for _, sent_key, arrived_key in sorted(pairs):
        if sent_key not in result and arrived_key not in result:
            result[sent_key], result[arrived_key] = arrived_key, sent_key
    return result


def _received(sent: int) -> set[int]:
    """The amounts that may arrive of a sum sent: without a fee, less 0.1 % (WeChat, Alipay), less a bank's fee."""
    net = round(sent / 1.001)
    return {
        sent,
        *range(net - 1, net + 2),
        *(sent - fee for fee in (10, 50, 100, 200, 500, 550, 1000, 1050, 1500, 2500)),
    }
