"""Reading a 接龙 of people who come to a fair: a name a line, how many with it. Pure: text in, lines out.

Nothing is guessed into a sign-up: each line is a draft that a person confirms.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_LINES = 300
MOST_HEADS = 10
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}\s*[.、,)．:：]|[-•*·])\s*")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_HEADS = re.compile(r"(?:[+＋×xX*]\s*(\d{1,2}))|(?:(\d{1,2}|[一二两三四五六七八九十])\s*(?:个人|人|位|口|个))")
_NAME = re.compile(r"[一-鿿㐀-䶿·]{2,12}")
_NUMBER = re.compile(r"\d{7,}")
_CANCELLED = ("取消", "不来", "不去", "来不了", "去不了")


@dataclass(frozen=True, slots=True)
class Line:
    """``number``: of the line in what was pasted. ``doubt`` says what a person must look at; empty where all is clear."""

    number: int
    text: str
    name: str
    heads: int
    doubt: str


def read(text: str) -> list[Line]:
    """Every numbered line; heads, rules and blank lines are nobody.

    >>> [(one.name, one.heads) for one in read("周六市集\\n1. 苏映禾 3栋501 2人\\n2、江晚照+3")]
    [('苏映禾', 2), ('江晚照', 3)]
    """
    found: list[Line] = []
    seen: set[str] = set()
    for number, raw in enumerate(text.splitlines()[:MOST_LINES], start=1):
        plain = unicodedata.normalize("NFKC", "".join(ch if ch.isprintable() else " " for ch in raw)).strip()
        head = _NUMBERED.match(plain)
        if head is None or not plain[head.end() :].strip():
            continue
        one = _line(number, _NUMBER.sub(" ", plain[head.end() :]).strip(), seen)
        seen.add(one.name)
        found.append(one)
    return found


def _line(number: int, text: str, seen: set[str]) -> Line:
    match = _HEADS.search(text)
    word = next((group for group in match.groups() if group), "") if match else ""
    heads = _DIGITS.get(word) or (int(word) if word else 1)
    name = _NAME.match(text)
    doubt = ""
    if name is None:
        doubt = "没看出姓名"
    elif any(word in text for word in _CANCELLED):
        doubt = "像是取消"
    elif name[0] in seen:
        doubt = "前面已经有这一位"
    elif not 1 <= heads <= MOST_HEADS:
        doubt = f"一次最多 {MOST_HEADS} 个人"
    return Line(number, text[:60], name[0] if name else "", min(max(heads, 1), MOST_HEADS), doubt)
