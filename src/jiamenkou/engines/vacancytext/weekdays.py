"""Which days of the week are worked: 周一到周五, 周二四六, 周六日, 周日休息, 双休. Days nobody named are not made up.

单休, 做六休一 and 每周休2天 say how many days are free, not which: they stay words for somebody to ask about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.spans import Cover

WEEK = 0b1111111
_WORKDAYS, _WEEKEND = 0b0011111, 0b1100000
_DAYS = "一二三四五六日天"
_NAME = "(?:周|星期|礼拜)"
_DAY = f"[{_DAYS}]"
_RANGE = re.compile(
    rf"{_NAME}(?P<first>{_DAY})[ ]?(?:-{{1,2}}|~{{1,2}}|至|到|—)[ ]?{_NAME}?(?P<last>{_DAY})(?![{_DAYS}])"
)
# 周二四六, 周一、三、五, 周六周日, 周六和周日
_SEVERAL = re.compile(rf"{_NAME}{_DAY}(?:[ ]?[、,和及/ ]?[ ]?{_NAME}?{_DAY}(?![{_DAYS}]?[天个名人年月班]))+")
_WEEKEND_WORK = re.compile(r"周末(?=[ ]?(?:两天)?[ ]?(?:兼职|上班|上课|来店|干活|做工|小时工|临时工|钟点工|班))")
_EVERY_DAY = re.compile(r"天天上班|每天都要?上班|全年无休|(?:一周|每周)(?:做|上|干)?(?:七|7)天(?:班|都上)?")
_FREE = r"(?:固定|可以?|正常|都|各|全)?(?:双休|公休|休息|休|放假|不上班|不用上班|不上课)"
_IS_FREE = re.compile(rf"[ ]?(?:两天)?{_FREE}")
_REST_DAYS = re.compile(
    rf"(?:(?P<weekend>周末(?:两天)?)|(?P<days>{_NAME}{_DAY}(?:[、,和及 ]?{_NAME}?{_DAY}(?![天个]))?))[ ]?{_FREE}"
)
_TWO_FREE = re.compile(
    r"(?<!大小)(?<!单)双休(?!轮)|[做上干]五休二|(?:五|5)天工作制?|每周工作(?:五|5)天|(?:五|5)天(?:八|8)小时"
)
_ONE_FREE = re.compile(r"单休|[做上干作][六6]天?休[一1]|(?:六|6)天工作制|每周工作(?:六|6)天|每?周休(?:息)?(?:一|1)天")
_TURNS = re.compile(r"轮休|调休|排休|轮班休|大小周|单双休|月休|每月休")
_OTHER_THINGS = re.compile(
    r"[^,。;\n]{0,6}(?:面试|报名|咨询|来电|接待|发薪|发工资|结算|结账|开会|例会|报到|集合|加班|除外|双倍|三倍|培训)"
)
_ASKING = re.compile("面试|报名|咨询|来电|接待|办公")
_SKIPPED = frozenset({"agency", "skip", "meet", "phone", "contact", "deadline", "place"})


@dataclass(frozen=True, slots=True)
class Days:
    """Days worked as a mask, Monday is bit 0. ``why`` is said where the words do not name the days outright."""

    span: Span
    mask: int
    rank: int
    why: str = ""


def find_days(doc: Document) -> list[Days]:
    """Every statement, in order. Those that name working days go before those that name free ones."""
    found: list[Days] = []
    taken = Cover()
    for pattern, read in ((_RANGE, _of_range), (_SEVERAL, _of_several)):
        for match in pattern.finditer(doc.plain):
            span = Span(*match.span())
            if _elsewhere(doc, match) or _IS_FREE.match(doc.plain, span.end) or taken.hits(span):
                continue
            taken.add(span)
            found.append(Days(span, read(match), 3))
    found += [
        Days(Span(*match.span()), _WEEKEND, 2, "周末按周六、周日，请看一眼")
        for match in _WEEKEND_WORK.finditer(doc.plain)
        if not _elsewhere(doc, match)
    ]
    found += [Days(Span(*m.span()), WEEK, 2) for m in _EVERY_DAY.finditer(doc.plain) if not _elsewhere(doc, m)]
    for match in _REST_DAYS.finditer(doc.plain):
        free = _WEEKEND if match["weekend"] else _mask(match["days"])
        if not _elsewhere(doc, match):
            found.append(Days(Span(*match.span()), WEEK & ~free, 1))
    found += [
        Days(Span(*match.span()), _WORKDAYS, 0, "双休多是周六、周日，请看一眼")
        for match in _TWO_FREE.finditer(doc.plain)
        if not _elsewhere(doc, match)
    ]
    return sorted(found, key=lambda days: days.span)


def settled(doc: Document, found: Sequence[Days], rests: Sequence[Span]) -> Days | None:
    """The days of a post, or None where free days go round by turns or nobody says which they are."""
    if not found:
        return None
    best = max(found, key=lambda days: (days.rank, -days.span.start))
    words = " ".join(doc.plain[span.start : span.end] for span in rests)
    if _TURNS.search(words) and (best.mask == WEEK or best.rank < 2):
        return None
    free = 7 - best.mask.bit_count()
    said = 2 if _TWO_FREE.search(words) else 1 if _ONE_FREE.search(words) else None
    if said is None or free == said or best.rank < 2:
        return best
    # 周一至周日，单休: six of seven, and nobody says which
    return None if free == 0 else Days(best.span, best.mask, best.rank, "和写的休息天数对不上，请看一眼")


def only_counted(doc: Document, rests: Sequence[Span]) -> Span | None:
    """The words that say how many days are free where none says which."""
    for span in rests:
        words = doc.cut(span)
        if _ONE_FREE.search(words) or _TURNS.search(words) or re.search(r"休(?:息)?[ ]?[一二两三四\d]", words):
            return span
    return None


def _of_range(match: re.Match[str]) -> int:
    first, last = _bit(match["first"]), _bit(match["last"])
    return sum(1 << (first + step) % 7 for step in range((last - first) % 7 + 1))


def _of_several(match: re.Match[str]) -> int:
    return _mask(match.group())


def _mask(words: str) -> int:
    return sum(1 << day for day in set(_bits(re.sub(_NAME, "", words))))


def _bits(words: str) -> Iterator[int]:
    return (_bit(char) for char in words if char in _DAYS)


def _bit(name: str) -> int:
    return min(_DAYS.index(name), 6)


def _elsewhere(doc: Document, match: re.Match[str]) -> bool:
    """Days of an interview, of pay, of the office's telephone."""
    if doc.kind_at(match.start()) in _SKIPPED or _OTHER_THINGS.match(doc.plain, match.end()):
        return True
    left = doc.plain[max(0, match.start() - 8) : match.start()]
    return _ASKING.search(re.split(r"[,。;!?\n]", left)[-1]) is not None
