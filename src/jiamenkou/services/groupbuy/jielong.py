"""Reading a 接龙 that neighbours wrote into a chat: names, rooms, quantities. Pure: text in, wishes out.

What is not certain is marked for a person; nothing is guessed into an order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_NUMBERED = re.compile(r"^\s*(?:\d{1,3}\s*[.、)．:：]|[-•*·]|#\d{1,3})\s*")
_DIGITS = {"一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_UNITS = "袋份盒箱斤包桶瓶只个件提罐串把"
_ROOM = re.compile(
    r"(?<!\d)(\d{1,3})\s*(?:栋|幢|号楼|座|#|-)\s*(?:(\d{1,2})\s*(?:单元|-)\s*)?(\d{3,4})\s*(?:室|号)?(?!\d)"
)
_SHORT_ROOM = re.compile(r"(?<!\d)(\d{1,3})\s*(?:栋|幢|号楼)(?!\s*\d)")
_AMOUNT = re.compile(
    rf"(?:[×xX*+＋]\s*(\d{{1,3}})|(\d{{1,3}}|[一二两俩三四五六七八九十])\s*(?:[{_UNITS}]))\s*(?:[{_UNITS}])?"
)
_BARE = re.compile(r"(?<![\d.])(\d{1,2})(?!\d)")
_NAME = re.compile(r"^[\u4e00-\u9fff·]{1,8}(?:姐|哥|叔|姨|阿姨|奶奶|爷爷|妈|爸|老师|家)?")
_PHONE = re.compile(r"1[3-9]\d{9}")
MOST_LINES = 500


@dataclass(slots=True)
class Wish:
    """One line. ``wants`` is index of the product (None: not named) and boxes; ``doubts`` say what a person must look at."""

    line: int
    text: str
    name: str = ""
    room: str = ""
    wants: list[tuple[int | None, int]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read(text: str, products: Sequence[str]) -> list[Wish]:
    """Every line that stands for a neighbour; heads, rules and blank lines are nobody.

    >>> [(w.name, w.room, w.wants) for w in read("1. 王姐 6-1-302 大米 2袋", ["富硒大米"])]
    [('王姐', '6-1-302', [(0, 2)])]
    """
    found = []
    for number, raw in enumerate(text.splitlines()[:MOST_LINES], start=1):
        plain = unicodedata.normalize("NFKC", "".join(ch if ch.isprintable() else " " for ch in raw)).strip()
        if not _NUMBERED.match(plain):
            continue  # a 接龙 numbers its people
        wish = _one(number, _NUMBERED.sub("", plain, count=1).strip(), products)
        if wish is not None:
            found.append(wish)
    _same_twice(found)
    return found


def _one(number: int, text: str, products: Sequence[str]) -> Wish | None:
    if not text:
        return None
    wish = Wish(number, text)
    rest = _PHONE.sub(" ", text)
    room = _ROOM.search(rest) or _SHORT_ROOM.search(rest)
    if room:
        wish.room = "-".join(part for part in room.groups() if part)
        rest = rest[: room.start()] + " " + rest[room.end() :]
    else:
        wish.doubts.append("没写房号")
    rest = rest.strip(" ,，。;；:：")
    wish.wants, rest = _wants(rest, products)
    name = _NAME.match(rest.strip(" ,，。;；:：-_/"))
    wish.name = name[0] if name else ""
    if not wish.name:
        wish.doubts.append("没看出姓名")
    if not wish.wants:
        wish.doubts.append("没写几份")
    if len(products) > 1 and any(index is None for index, _ in wish.wants):
        wish.doubts.append("没写要哪一样")
    if any(not 1 <= boxes <= 99 for _, boxes in wish.wants):
        wish.doubts.append("份数不对")
    if any(word in text for word in ("取消", "不要了", "退")):
        wish.doubts.append("像是取消")
    return wish


def _wants(text: str, products: Sequence[str]) -> tuple[list[tuple[int | None, int]], str]:
    """Every amount with the product named nearest before it (else right after it); what is left without both."""
    wants: list[tuple[int | None, int]] = []
    left, start = "", 0
    amounts = list(_AMOUNT.finditer(text)) or list(_BARE.finditer(text))
    for place, amount in enumerate(amounts):
        before = text[start : amount.start()]
        after = text[amount.end() : amounts[place + 1].start() if place + 1 < len(amounts) else len(text)]
        index, word = _named(before, products)
        start = amount.end()
        if index is None:
            index, word_after = _named(after, products)
            if word_after and len(amounts) == 1:
                after = after.replace(word_after, " ")
        left += before.replace(word, " ") if word else before
        wants.append((index if index is not None or len(products) != 1 else 0, _number(amount)))
    return wants, left + text[start:]


def _named(text: str, products: Sequence[str]) -> tuple[int | None, str]:
    """The product whose name shares the longest piece (two characters at least) with the text."""
    best: tuple[int, int | None, str] = (1, None, "")
    for index, name in enumerate(products):
        for size in range(len(name), 1, -1):
            piece = next(
                (name[at : at + size] for at in range(len(name) - size + 1) if name[at : at + size] in text), ""
            )
            if piece:
                if size > best[0]:
                    best = (size, index, piece)
                break
    if best[1] is None:
        # 油 for 菜籽油: the last character says what it is, where only one product ends with it
        ends = [name[-1:] for name in products]
        for index, end in enumerate(ends):
            if end and ends.count(end) == 1 and end in text:
                return index, end
    return best[1], best[2]


def _number(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group)
    return _DIGITS[word] if word in _DIGITS else int(word)


def _same_twice(wishes: list[Wish]) -> None:
    seen: set[tuple[str, str]] = set()
    for wish in wishes:
        key = (wish.name, wish.room)
        if wish.name and key in seen:
            wish.doubts.append("前面已经有这一位")
        seen.add(key)
