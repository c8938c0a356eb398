"""How names are sorted and found: full pinyin for the order, initials for the search."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """``"苏映禾"`` → ``"su ying he 苏映禾"``: sorts as people expect, ties by the characters. At most 200 characters."""
    from pypinyin import lazy_pinyin  # its dictionary takes most of a second to load

    return (" ".join(lazy_pinyin(name)) + " " + name)[:200]


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """First letters: ``"苏映禾"`` → ``"syh"``."""
    from pypinyin import Style, lazy_pinyin

    return "".join(part[:1] for part in lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def polite(name: str) -> str:
    """What outsiders see before they may see more: the family name only."""
    return f"{name[:1]}**" if name else ""
