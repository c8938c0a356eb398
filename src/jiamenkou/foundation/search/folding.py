"""How text is folded before it is compared, and the grams under which it is found."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

from jiamenkou.foundation.people.naming import initials

# stands before a gram of pinyin initials, so that it is not taken for a gram of the text
MARK = "\x01"


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


class _Simplified(dict[int, str]):
    """Traditional → simplified, one character at a time: a part of a text then folds as the whole does."""

    def __missing__(self, code: int) -> str:
        self[code] = str(_converter().convert(chr(code)))
        return self[code]


_simplified = _Simplified()


def fold(text: str) -> str:
    """Full-width forms, case and traditional characters are one: ``"護理ＡＢ"`` → ``"护理ab"``. Spaces become one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_simplified).split())


def grams(folded: str) -> set[str]:
    """Every character and every pair of neighbours, without spaces."""
    pairs = (a + b for a, b in itertools.pairwise(folded))
    return {gram for gram in (*folded, *pairs) if " " not in gram and "\n" not in gram}


def pairs(word: str, mark: str = "") -> list[str]:
    """What a row that holds ``word`` must have among its grams."""
    if len(word) == 1:
        return [mark + word]
    return sorted({mark + a + b for a, b in itertools.pairwise(word)})


def first_letters(parts: Iterable[str]) -> str:
    """Pinyin initials of each part, a line each."""
    return "\n".join("".join(ch for ch in initials(part) if ch.isalnum()) for part in parts)


def entry_grams(text: str, letters: str) -> list[str]:
    """The grams of an entry: those of its text, and the pairs of its initials under their mark."""
    marked = {MARK + gram for line in letters.split("\n") for gram in grams(line) if len(gram) == 2}
    return sorted(grams(text) | marked)


def is_letters(word: str) -> bool:
    """Whether a word may be meant as pinyin initials."""
    return len(word) >= 2 and word.isascii() and word.isalpha()
