"""Looking things up by where they stand, in logarithmic time: a hostile text has thousands of everything."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from jiamenkou.engines.vacancytext.model import Span

T = TypeVar("T")


class Cover:
    """Stretches already spoken for; those that overlap are merged."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        if span.start >= span.end:
            return
        left, right = bisect_left(self._ends, span.start), bisect_right(self._starts, span.end)
        if left < right:
            start, end = min(span.start, self._starts[left]), max(span.end, self._ends[right - 1])
        else:
            start, end = span.start, span.end
        self._starts[left:right], self._ends[left:right] = [start], [end]

    def hits(self, span: Span) -> bool:
        """Whether any stretch shares a character with ``span``."""
        index = bisect_left(self._starts, span.end) - 1
        return index >= 0 and self._ends[index] > span.start

    def width(self, span: Span) -> int:
        """How many characters of ``span`` are covered."""
        index = max(0, bisect_right(self._starts, span.start) - 1)
        total = 0
        while index < len(self._starts) and self._starts[index] < span.end:
            total += max(0, min(self._ends[index], span.end) - max(self._starts[index], span.start))
            index += 1
        return total


class Row(Generic[T]):
    """Things in the order of the text, found by the offset they start at."""

    def __init__(self, items: Iterable[T], span: Callable[[T], Span]) -> None:
        self.span = span
        self.items = sorted(items, key=lambda item: span(item))
        self._starts = [span(item).start for item in self.items]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def between(self, start: int, end: int) -> list[T]:
        """Those that start in ``[start, end)``."""
        return self.items[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def first(self, start: int, end: int) -> T | None:
        index = bisect_left(self._starts, start)
        return self.items[index] if index < len(self.items) and self._starts[index] < end else None

    def before(self, offset: int) -> T | None:
        """The last one that starts before ``offset``."""
        index = bisect_left(self._starts, offset)
        return self.items[index - 1] if index else None

    def outside(self, spans: Iterable[Span]) -> list[T]:
        """Those that start in none of the spans."""
        cover = Cover(spans)
        return [
            item
            for item, start in zip(self.items, self._starts, strict=True)
            if not cover.hits(Span(start, start + 1))
        ]
