"""Short Chinese texts as weighted character n-grams (1 to 3), compared by cosine.

Characters beat words here: titles are too short for a dictionary to cut well.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Vector = npt.NDArray[np.float64]
_BRACKETED = re.compile(r"[(\[{【〔「<《].*?[)\]}】〕」>》]")
_LONGEST = 60  # characters of a title that are looked at


def fold(title: str) -> str:
    """Case, width, spaces and remarks in brackets do not make a title, unless the remark is all there is."""
    text = "".join(unicodedata.normalize("NFKC", title[: 4 * _LONGEST]).casefold().split())
    return (_BRACKETED.sub("", text) or text)[:_LONGEST]


def grams(text: str) -> Counter[str]:
    """How often each run of 1 to 3 characters stands in the folded text, its ends marked."""
    marked = f"^{text}$"
    runs = (marked[i : i + n] for n in (1, 2, 3) for i in range(len(marked) - n + 1))
    return Counter(run for run in runs if run not in "^$")


class Space:
    """Weights learnt from a body of texts: rare n-grams count more, repeated ones little."""

    def __init__(self, texts: Sequence[str]) -> None:
        seen = Counter(gram for text in texts for gram in grams(fold(text)))
        documents = Counter(gram for text in texts for gram in set(grams(fold(text))))
        self.column = {gram: place for place, gram in enumerate(sorted(seen))}
        self._weight = np.array(
            [1 + math.log((1 + len(texts)) / (1 + documents[gram])) for gram in self.column], dtype=np.float64
        )

    def rows(self, texts: Sequence[str]) -> csr_array:
        """(texts, n-grams), each row of length 1; n-grams never seen are left out."""
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            found = [(self.column[g], 1 + math.log(n)) for g, n in grams(fold(text)).items() if g in self.column]
            values = [self._weight[column] * count for column, count in found]
            length = math.sqrt(sum(value * value for value in values)) or 1.0
            columns += [column for column, _ in found]
            data += [float(value / length) for value in values]
            ends.append(len(columns))
        return csr_array(
            (np.array(data), np.array(columns, dtype=np.int32), ends), shape=(len(texts), len(self.column))
        )

    def vector(self, text: str) -> Vector:
        """One text as a dense vector."""
        dense: Vector = self.rows([text]).toarray()[0]
        return dense
