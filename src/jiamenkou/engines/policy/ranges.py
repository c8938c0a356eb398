"""Whether a run can overflow at all, told from the smallest and the largest value of each column.

Intervals are carried through every expression in Python's unbounded integers. Where all of them
stay inside 64 bits, no row can overflow, whichever rows a database looks at: it may then skip
units that cannot be listed and use every optimization it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jiamenkou.engines.policy.meaning import Aggregate, Constant, Fact, Kind, Meaning, Operation, Scope
from jiamenkou.engines.policy.syntax import INT64, SINCE

Range = tuple[int, int]
_YEARS = 6_000_000  # what a 32-bit day can be away from any other
_ANY_DAY = (-366 * _YEARS, 366 * _YEARS)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file says of itself: how many rows, which columns hold no null, and the ends of those that have any.

    The ends of a date column are ordinals; a column is absent from ``ranges`` where they are not known.
    """

    rows: int
    complete: frozenset[str]
    ranges: Mapping[str, Range]


class _Wild(Exception):
    """Nothing certain can be said."""


def calm(
    expressions: Iterable[Meaning], derived: Mapping[tuple[Scope, str], Meaning], seen: Mapping[Scope, Seen], day: date
) -> bool:
    """Whether no value on the way to ``expressions`` can leave 64 bits; ``derived`` in an order that respects use."""
    bounds = _Bounds(derived, seen, day)
    try:
        for meaning in [*derived.values(), *expressions]:
            bounds.of(meaning)
    except _Wild:
        return False
    return True


class _Bounds:
    def __init__(self, derived: Mapping[tuple[Scope, str], Meaning], seen: Mapping[Scope, Seen], day: date) -> None:
        self.derived, self.seen, self.today = derived, seen, day.toordinal()
        self._known: dict[Meaning, Range | None] = {}

    def of(self, meaning: Meaning) -> Range | None:
        """The ends between which an integer lies (None for other types and bare nulls). Raises _Wild."""
        if meaning not in self._known:
            found = self._of(meaning)
            if found is not None and meaning.kind is Kind.INTEGER and not (found[0] in INT64 and found[1] in INT64):
                raise _Wild
            self._known[meaning] = found
        return self._known[meaning]

    def _of(self, meaning: Meaning) -> Range | None:
        if isinstance(meaning, Constant):
            if isinstance(meaning.value, date):
                return meaning.value.toordinal(), meaning.value.toordinal()
            return (meaning.value, meaning.value) if type(meaning.value) is int else None
        if isinstance(meaning, Fact):
            return self._fact(meaning)
        if isinstance(meaning, Aggregate):
            return self._aggregate(meaning)
        assert isinstance(meaning, Operation)
        return self._operation(meaning, [self.of(one) for one in meaning.arguments])

    def _fact(self, fact: Fact) -> Range | None:
        key = fact.scope, fact.name
        if key in self.derived:
            return self.of(self.derived[key])
        if fact.kind is Kind.DATE:
            return self.seen[fact.scope].ranges.get(fact.name, _ANY_DAY)
        if fact.kind is not Kind.INTEGER:
            return None
        if fact.scope not in self.seen or fact.name not in self.seen[fact.scope].ranges:
            raise _Wild
        return self.seen[fact.scope].ranges[fact.name]

    def _aggregate(self, meaning: Aggregate) -> Range | None:
        found, most = self.of(meaning.argument), self.seen[Scope.PERSON].rows
        if meaning.name == "count":
            return 0, most
        if meaning.name == "sum" and found is not None:
            return min(0, found[0] * most), max(0, found[1] * most)
        return found if meaning.name in {"least", "most"} else None

    def _operation(self, meaning: Operation, given: list[Range | None]) -> Range | None:
        name = meaning.name
        if name in SINCE:
            first, last = given[0] or _ANY_DAY
            unit = {"years_since": 365, "months_since": 28, "days_since": 1}[name]
            return (self.today - last) // unit - 1, (self.today - first) // unit + 1
        if meaning.kind not in {Kind.INTEGER, Kind.DATE}:
            return None
        values = [one for one in (given[1:] if name == "if_" else given) if one is not None]
        if name in {"if_", "coalesce", "min", "max"}:
            return (min(low for low, _ in values), max(high for _, high in values)) if values else None
        if len(values) < len(given):
            return None  # a bare null: so is the result
        return _arithmetic(name, values)


def _arithmetic(name: str, values: list[Range]) -> Range:
    low, high = values[0]
    if name in {"neg", "abs"}:
        return (
            (-high, -low) if name == "neg" else (0 if low <= 0 <= high else min(abs(low), abs(high)), max(-low, high))
        )
    other = values[1]
    if name == "+":
        return low + other[0], high + other[1]
    if name == "-":
        return low - other[1], high - other[0]
    if name == "*":
        ends = [one * two for one in (low, high) for two in other]
        return min(ends), max(ends)
    most = max(abs(low), abs(high)) + 1 if name == "//" else max(abs(other[0]), abs(other[1]))
    return -most, most
