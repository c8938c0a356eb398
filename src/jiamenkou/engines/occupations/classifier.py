"""Suggestions that have learnt from titles with their codes.

Regularised least squares on the n-grams of titles, one column per code, in its
dual form: a title's score for a code is a weighted sum over the like titles
seen before. A linear machine on such texts is as good as any that fits in a
web process; what it has not seen, the names of the table still know.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from jiamenkou.engines.occupations.grams import fold
from jiamenkou.engines.occupations.suggestions import Suggester, Suggestion, first
from jiamenkou.engines.occupations.table import Occupation

_RIDGE = 1.0
_NAMES = 0.4  # how much a known name weighs beside what was learnt
_TOO_FAR = 0.03  # a title less like than this adds nothing but time
# training takes memory with the square and time with the cube of the pairs: 6,000 need 0.3 GB and some seconds
MOST_PAIRS = 6_000


class Classifier:
    """Trained once (seconds), then a title takes a few milliseconds. Deterministic: same pairs, same answers."""

    def __init__(self, pairs: Iterable[tuple[str, str]], occupations: Iterable[Occupation]) -> None:
        """Learn from (title, code), the last ``MOST_PAIRS`` distinct ones; codes not in the table are passed over.

        Raises ValueError when no pair is left.
        """
        table = tuple(occupations)
        codes = {one.code for one in table}
        known = {(fold(title), code): None for title, code in pairs if code in codes}
        kept = sorted(list(known)[-MOST_PAIRS:])
        if not kept:
            raise ValueError("no title with a code of the table to learn from")
        titles = [title for title, _ in kept]
        self._suggester = Suggester(table, titles)
        self._codes = sorted({code for _, code in kept})
        self._places = np.array([self._suggester.place[code] for code in self._codes], dtype=np.int64)
        column = {code: place for place, code in enumerate(self._codes)}
        self._rows = self._suggester.space.rows(titles)
        likeness = (self._rows @ self._rows.T).toarray()
        likeness[np.diag_indices_from(likeness)] += _RIDGE
        target = np.zeros((len(titles), len(self._codes)))
        target[np.arange(len(titles)), [column[code] for _, code in kept]] = 1.0
        solved = cho_solve(cho_factor(likeness, overwrite_a=True), target, overwrite_b=True)
        self._dual: npt.NDArray[np.float32] = solved.astype(np.float32)

    def suggest(self, title: str, k: int = 5) -> list[Suggestion]:
        """At most ``k`` occupations, what was learnt and what the names say weighed together."""
        vector = self._suggester.space.vector(title)
        names, by = self._suggester.nearest(self._suggester.likeness(vector))
        like = self._rows @ vector
        near = np.flatnonzero(like > _TOO_FAR)
        learnt = np.zeros(len(names))
        learnt[self._places] = like[near].astype(np.float32) @ self._dual[near]
        total = np.clip((_NAMES * names + learnt) / (1 + _NAMES), 0.0, 1.0)
        found = []
        for place in first(total, k):
            one = self._suggester.occupations[place]
            by_name = _NAMES * names[place] >= learnt[place]
            why = self._suggester.why(title, int(by[place])) if by_name else "以前相近的岗位选了它"
            found.append(Suggestion(one.code, one.name, round(100 * total[place]), why))
        return found
