"""How near a title or an occupation code is to what a person wants to do, in points."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from jiamenkou.engines.matching.model import Opening, Seeker

OCCUPATION_POINTS = 40
# equal leading groups of a code such as 4-10-01-06: the same occupation, the same small
# class, the same middle class; the large class alone says nothing
CODE_POINTS = (0, 0, 10, 24, OCCUPATION_POINTS)


def likeness(seeker: Seeker, opening: Opening) -> int:
    """0 to 40: the best of all wanted codes and words; 0 where nothing is wanted in particular."""
    codes = (code_points(code, opening.code) for code in seeker.wanted_codes)
    words = (word_points(word, opening.title) for word in seeker.wanted_words)
    return max((*codes, *words), default=0)


def code_points(wanted: str, code: str) -> int:
    same = 0
    for ours, theirs in zip(code_groups(wanted), code_groups(code), strict=True):
        if not ours or ours != theirs:
            break
        same += 1
    return CODE_POINTS[same]


def word_points(word: str, title: str) -> int:
    """The share of the word's character pairs that the title holds; below one half it is chance."""
    pairs = word_grams(word)
    shared = len(pairs & title_grams(title))
    return OCCUPATION_POINTS * shared // len(pairs) if pairs and 2 * shared >= len(pairs) else 0


@lru_cache(maxsize=65536)
def code_groups(code: str) -> tuple[str, ...]:
    """Four groups, made up with empty ones: ``4-10`` → ``("4", "10", "", "")``."""
    return (*code.split("-"), "", "", "", "")[:4] if code else ("", "", "", "")


@lru_cache(maxsize=65536)
def word_grams(word: str) -> frozenset[str]:
    """The character pairs of a word; of a single character, itself."""
    text = fold(word)
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset(text)


@lru_cache(maxsize=65536)
def title_grams(title: str) -> frozenset[str]:
    """The characters and character pairs of a title."""
    text = fold(title)
    return frozenset(text) | frozenset(text[i : i + 2] for i in range(len(text) - 1))


def fold(text: str) -> str:
    """Full-width forms, case and spaces do not make a difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
