"""Whether a file was changed: the running balance, the months, the sums its own footer states.

The balance is checked as a chain: each line must end where it says, starting where its neighbour ended. Files run in
either direction, and some sort the lines of one day differently: a day whose lines chain in some order is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from jiamenkou.engines.statement.model import BalanceBreak, Kind, Line, Problem, Statement

MANY_BREAKS = 0.2  # above this share of broken links the columns were misread, not the money


@dataclass(frozen=True, slots=True)
class _Link:
    """A line that states a balance, with the sum of what moved since the one before it."""

    line: Line
    moved: int
    balance: int

    @property
    def day(self) -> date:
        return self.line.time.date()


def balance_breaks(lines: Sequence[Line]) -> tuple[BalanceBreak, ...]:
    """The links of the balance chain that do not hold, in the order of the file."""
    if not lines or _holds(lines) or _holds(lines[::-1]):
        return ()
    first, last = lines[0].time.date(), lines[-1].time.date()
    chain = _chain(lines if first <= last else lines[::-1])
    if first == last and _holding(other := _chain(lines[::-1])) > _holding(chain):
        chain = other
    if len(chain) < 2:
        return ()
    # across a missing month the balance cannot hold; that finding is the gap's
    broken = [
        (before, link)
        for before, link in pairwise(chain)
        if before.balance + link.moved != link.balance and not month_between(before.day, link.day)
    ]
    if not broken:
        return ()
    whole = _whole_days(chain)
    found = (
        BalanceBreak(link.line.row, before.balance + link.moved, link.balance)
        for before, link in broken
        if not whole.get(link.day)
    )
    return tuple(sorted(found, key=lambda item: item.row))


def _holds(lines: Sequence[Line]) -> bool:
    """Whether every line states a balance and starts where the one above it ended: most files, and quickly seen."""
    running = lines[0].balance
    if running is None:
        return False
    for line in lines[1:]:
        running += line.amount
        if running != line.balance:
            return False
    return True


def _chain(lines: Sequence[Line]) -> list[_Link]:
    chain, moved = [], 0
    for line in lines:
        moved += line.amount
        if line.balance is not None:
            chain.append(_Link(line, moved, line.balance))
            moved = 0
    return chain


def _holding(chain: Sequence[_Link]) -> int:
    return sum(before.balance + link.moved == link.balance for before, link in pairwise(chain))


def month_between(first: date, second: date) -> bool:
    """Whether a whole calendar month lies between two days."""
    return abs((second.year - first.year) * 12 + second.month - first.month) > 1


def _whole_days(chain: Sequence[_Link]) -> dict[date, bool]:
    """For each day whether its lines form one chain in some order that joins the day before.

    A line leads from (balance - moved) to balance. If all lines of a day are one path, starts and ends cancel but for
    the day's opening and its closing balance.
    """
    days = [(day, list(links)) for day, links in groupby(chain, key=lambda link: link.day)]
    seen = Counter(day for day, _ in days)
    result: dict[date, bool] = {}
    opening: int | None = None
    for day, links in days:
        starts = Counter(link.balance - link.moved for link in links)
        ends = Counter(link.balance for link in links)
        left, right = list((starts - ends).elements()), list((ends - starts).elements())
        path = len(left) == len(right) <= 1
        joined = opening is None or (left[0] == opening if left else opening in starts)
        result[day] = path and joined and seen[day] == 1
        opening = links[-1].balance if not path else right[0] if right else opening
    return result


def gaps(statement: Statement) -> tuple[str, ...]:
    """Months (``2025-03``) without any line between first and last line, or wholly inside the stated period."""
    if not statement.lines:
        return ()
    present = {f"{line.time.year}-{line.time.month:02d}" for line in statement.lines}
    days = [line.time.date() for line in statement.lines]
    wanted = set(_months(min(days), max(days)))
    if statement.period:
        start, end = statement.period
        wanted.update(month for month in _months(start, end) if _inside(month, start, end))
    return tuple(sorted(wanted - present))


def _months(start: date, end: date) -> Iterator[str]:
    month = start.replace(day=1)
    while month <= end:
        yield month.strftime("%Y-%m")
        month = (month + timedelta(days=32)).replace(day=1)


def _inside(month: str, start: date, end: date) -> bool:
    first = date.fromisoformat(month + "-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return start <= first and last <= end


def misread(statement: Statement, breaks: Sequence[BalanceBreak]) -> bool:
    """Whether so many links fail that the columns, not the money, are wrong."""
    return len(breaks) > 5 and len(breaks) > MANY_BREAKS * len(statement.lines)


def file_problems(statement: Statement, breaks: Sequence[BalanceBreak], missing: Sequence[str]) -> Iterator[Problem]:
    """What a worker should ask about this file."""
    yield from statement.notes
    for found in breaks:
        yield Problem(statement.file, found.row, "余额不连续")
    if statement.kind is Kind.BANK:
        for month in missing:
            yield Problem(statement.file, None, f"缺少{int(month[:4])}年{int(month[5:])}月的流水，请补交")
    sums = (
        sum(line.amount for line in statement.lines if line.amount > 0),
        -sum(line.amount for line in statement.lines if line.amount < 0),
    )
    for name, stated, found_sum in zip(("收入", "支出"), statement.totals, sums, strict=True):
        if stated is not None and abs(stated) != found_sum:
            yield Problem(statement.file, None, f"{name}合计与各笔之和不符")
