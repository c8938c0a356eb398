"""The months: inflow = countable + excluded, for every month between the first and the last line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from jiamenkou.engines.statement.model import Group, Label, Line, Month, Verdict


def monthly(lines: Sequence[Line], verdicts: Sequence[Verdict], groups: Sequence[Group]) -> tuple[Month, ...]:
    """What came in and what of it counts, by the line's own date.

    What a group kept is countable in the month of its last inflow, and is taken from that month's excluded money.
    """
    if not lines:
        return ()
    inflow: Counter[str] = Counter()
    excluded: dict[str, Counter[Label]] = defaultdict(Counter)
    grouped = {key for group in groups for key in group.inflows}
    times: dict[str, datetime] = {}
    for line, verdict in zip(lines, verdicts, strict=True):
        if line.amount <= 0 or verdict.duplicate_of:
            continue
        month = _month(line.time)
        inflow[month] += line.amount
        if not verdict.label.countable:
            excluded[month][verdict.label] += line.amount
        if grouped and (key := line.key) in grouped:
            times[key] = line.time
    for group in groups:
        excluded[_month(max(times[key] for key in group.inflows))][group.kind] -= group.kept
    result = []
    days = [line.time for line in lines]
    for month in _between(_month(min(days)), _month(max(days))):
        parts = {label: excluded[month][label] for label in Label if excluded[month][label]}
        result.append(Month(month, inflow[month], inflow[month] - sum(parts.values()), parts))
    return tuple(result)


def _month(when: datetime) -> str:
    return f"{when.year:04d}-{when.month:02d}"


def _between(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    result = [first]
    while result[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        result.append(f"{year:04d}-{month:02d}")
    return result
