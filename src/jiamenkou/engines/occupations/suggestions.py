"""A job title in, a few occupations out, best first, each with the reason: a worker taps one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from jiamenkou.engines.occupations.grams import Space, Vector, fold
from jiamenkou.engines.occupations.table import Occupation, own_table

# A known name inside a longer title: sure from the start, surer the more of the title it makes up, and
# surest at the end, where a Chinese title says what the person does.
_INSIDE, _SHARE, _AT_THE_END = 0.5, 0.4, 0.05
_LEARNT = 0.9  # a title that was coded here before; the share of the choice adds the rest

Learned = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An occupation with its score (0 to 100) and why, in a few words."""

    code: str
    name: str
    score: int
    why: str


class Suggester:
    """Suggests from a table by names, aliases and likeness of characters; below 5 ms a title for the full table."""

    def __init__(self, occupations: Iterable[Occupation], titles: Iterable[str] = ()) -> None:
        """``titles`` only teach which characters are rare."""
        self.occupations = tuple(occupations)
        self.place = {one.code: place for place, one in enumerate(self.occupations)}
        self._names = [name for one in self.occupations for name in (one.name, *one.aliases)]
        self._folded = [fold(name) for name in self._names]
        self._owner = np.repeat(
            np.arange(len(self.occupations)), [1 + len(one.aliases) for one in self.occupations]
        ).astype(np.int64)
        self.space = Space([*self._names, *titles])
        self._rows = self.space.rows(self._names)

    def suggest(self, title: str, k: int = 5, learned: Learned | None = None) -> list[Suggestion]:
        """At most ``k`` occupations with a score above 0, the better first, then by code.

        ``learned`` counts, by ``fold(title)`` and code, what workers chose; codes that are
        not in the table are passed over. An empty title gives nothing.
        """
        near = self.likeness(self.space.vector(title))
        text = fold(title)
        for place, name in enumerate(self._folded):
            if len(name) > 1 and name in text:
                inside = _INSIDE + _SHARE * len(name) / len(text) + _AT_THE_END * text.endswith(name)
                near[place] = 1.0 if name == text else max(near[place], inside)
        best, by = self.nearest(near)
        chosen = self._learned(title, learned or {})
        for place, share in chosen.items():
            best[place] = _LEARNT + (1 - _LEARNT) * share
        found = []
        for place in first(best, k):
            one = self.occupations[place]
            why = "这里以前选过它" if place in chosen else self.why(title, int(by[place]))
            found.append(Suggestion(one.code, one.name, round(100 * best[place]), why))
        return found

    def likeness(self, vector: Vector) -> Vector:
        """Cosine of a title's vector with every name, 0 to 1."""
        near: Vector = np.minimum(self._rows @ vector, 1.0)
        return near

    def nearest(self, near: Vector) -> tuple[Vector, npt.NDArray[np.int64]]:
        """Per occupation: how near its nearest name is, and which of all names that is."""
        # names sorted by nearness, so that the last one written wins
        order = np.argsort(near, kind="stable")
        by = np.zeros(len(self.occupations), dtype=np.int64)
        by[self._owner[order]] = order
        return near[by], by

    def _learned(self, title: str, learned: Learned) -> dict[int, float]:
        counts = {self.place[c]: n for c, n in learned.get(fold(title), {}).items() if c in self.place and n > 0}
        total = sum(counts.values())
        return {place: count / total for place, count in counts.items()}

    def why(self, title: str, name: int) -> str:
        """In what way a name (its place among all names) speaks for its occupation."""
        text, known = fold(title), self._folded[name]
        official = self._names[name] == self.occupations[int(self._owner[name])].name
        if known == text:
            return "和职业名称一样" if official else f"也叫“{self._names[name]}”"
        return f"里面有“{self._names[name]}”" if known in text else f"和“{self._names[name]}”相近"


def first(scores: Vector, k: int) -> list[int]:
    """The places of the ``k`` highest scores that round to 1 of 100 at least, ties by place."""
    order: Sequence[int] = np.argsort(-np.round(scores, 9), kind="stable")[: max(k, 0)].tolist()
    return [place for place in order if round(100 * scores[place]) > 0]


@cache
def _own_suggester() -> Suggester:
    return Suggester(own_table())


def suggest(title: str, k: int = 5, learned: Learned | None = None) -> list[Suggestion]:
    """``Suggester.suggest`` over our own table."""
    return _own_suggester().suggest(title, k, learned)
