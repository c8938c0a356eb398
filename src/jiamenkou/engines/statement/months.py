"""The months: inflow = countable + excluded, for every month between the first and the last line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from jiamenkou.engines.statement.model import Group, Label, Line, Month, Verdict


def monthly(lines: Sequence[Line], verdicts: Sequence[Verdict], groups: Sequence[Group]) -> tuple[Month, ...]:
    """What came in and what of it counts, by the line's own date.

    What a group kept is countable in the month of its last inflow, and is taken from that month's excluded money.
    """
    if not lines:
        return ()
    inflow: Counter[str] = Counter()
    excluded: dict[str, Counter[Label]] = defaultdict(Counter)
    names: Mapping[str, str] = {line.key: f"{line.time.year}-{line.time.month:02d}" for line in lines}
    times = {line.key: line.time for line in lines}
    for line, verdict in zip(lines, verdicts, strict=True):
        if line.amount <= 0 or verdict.duplicate_of:
            continue
        month = names[line.key]
        inflow[month] += line.amount
        if not verdict.label.countable:
            excluded[month][verdict.label] += line.amount
    for group in groups:
        last = max(group.inflows, key=lambda key: times[key])
        excluded[names[last]][group.kind] -= group.kept
    result = []
    for month in _between(min(names.values()), max(names.values())):
        parts = {label: excluded[month][label] for label in Label if excluded[month][label]}
        result.append(Month(month, inflow[month], inflow[month] - sum(parts.values()), parts))
    return tuple(result)


def _between(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    result = [first]
    while result[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        result.append(f"{year:04d}-{month:02d}")
    return result
