"""Hours, shifts and rest: clock ranges however they are typed, 两班倒, 早七晚五, 做六休一."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.numerals import whole
from jiamenkou.engines.vacancytext.spans import Cover

_PART = "早上|早晨|上午|上昼|上晝|下午|下昼|中午|傍晚|晚上|夜里|夜晚|凌晨|次日|第二天|翌日|早|晚|夜|午|am|pm"
_CN = "[一二两三四五六七八九十]{1,3}"
_CLOCK = (
    r"(?:(?P<p{n}>{part})[ ]?)?(?:(?P<h{n}>[01]?\d|2[0-4])(?:[ ]?[:.、点时][ ]?(?P<m{n}>[0-5]\d)(?!\d)分?"
    r"|(?P<half{n}>[点时:]半)|(?P<o{n}>[点时](?:钟|整)?)|:(?!\d))?|(?P<c{n}>{cn})点(?P<ch{n}>半)?)(?:[ ]?(?P<q{n}>am"
    r"|pm))?"
)
_RANGE = re.compile(
    r"(?<![\d.])"
    + _CLOCK.format(n=1, part=_PART, cn=_CN)
    + r"(?:开始|上班|[干做忙])?[ ]?(?:-{1,3}|~{1,3}|至|到|一|→|to|,(?=晚|下午))[ ]?"
    + _CLOCK.format(n=2, part=_PART, cn=_CN)
    + r"(?![\d])"
)
_GLUED = re.compile(
    r"(?<!\d)(?P<h1>[01]?\d|2[0-3]):(?P<m1>[0-5]0|[0-5]5)(?P<h2>[01]\d|2[0-4]|[1-9]):(?P<m2>[0-5]\d)(?!\d)"
)
_EARLY_LATE = re.compile(
    rf"[早朝](?P<h1>\d{{1,2}}|{_CN})点?(?P<half1>半)?(?:到|-|至)?晚(?P<h2>\d{{1,2}}|{_CN})点?(?P<half2>半)?"
)
_SINGLE = re.compile(_CLOCK.format(n=1, part=_PART, cn=_CN) + r"(?P<what>上班|下班|到岗|开工|收工)")
_MEETING = re.compile(r"不要迟到|勿迟到|面试")
_NOT_HOURS = re.compile(
    r"面试|集合|报名|接待|咨询|发薪|午休|休息(?!日)|吃饭|用餐|早餐|午餐|培训|来电|打电话|报到|联系"
)
_SHIFT = re.compile(
    r"(?:长白班|常白班|长夜班|常夜班|纯白班|(?:白|早|中|晚|夜)班)?[,、 ]?(?:[一二两三四]班(?:[一二两三四]?倒"
    r"|[一二两三四]?运转|轮换|制)?倒?|长白班|常白班|长夜班|常夜班|纯白班|倒班|轮班|翻班|做[一二]休[一二](?=倒"
    r"|两班))"
)
_LENGTH = re.compile(
    rf"(?:每天|每日|一天|每班|日均|[白夜早晚中]班)?(?:工作|上班)?(?P<n>\d{{1,2}}(?:\.5)?(?:-\d{{1,2}})?"
    rf"|{_CN})个?(?:小时|钟头|钟)(?:工作(?:制|时间)|制|长白班|长夜班|左右|/天|一班|两班倒|一天)?"
)
_LENGTH_SURE = re.compile(r"每天|每日|一天|每班|工作|上班|制|白班|夜班|/天|一班|两班|日均")
_REST = re.compile(
    r"(?:周末|每周)?双休|(?:每周|周)?单休|[做上作干工]{1,2}[一二三四五六\d]{1,2}天?休[一二三四\d]天?"
    r"|大小周|单双休轮?|[月每][周月]?可?(?:有)?(?:休息?|放假?)[ ]?"
    r"[一二两三四五六七八九\d](?:[-~/、到至.][一二两三四五六七八九\d])?[ ]?(?:天"
    r"|日)?"
    r"|每[周月][ ]?[一二两三四五六七八\d]天(?:假期?|休息)|每[周月个]{1,2}(?:可|有)?(?:调休"
    r"|轮休|排休|休息|休|放假|放)[ ]?[一二两三四五六七八\d](?:[-~/][一二三四五六七八\d])?[ ]?(?:天"
    r"|日)|周[一二三四五六日天](?:周[日天])?(?:和|、|及)?(?:周?[日天])?(?:休息|休|放假)|(?:周末"
    r"|礼拜天|星期天|星期日)(?:休息|休|放假)"
    r"|[一二两三四五六\d]天休息|月休(?![\u4e00-\u9fff])|(?:正常)?轮休|调休|排休|[一二两三四\d]天(?:例假|有薪假)"
    r"|休[一二两三四\d]天|无休息?|五天工作|六天工作|上一天休一天|[上做]一休一|[做上]二休[一二]"
    r"|每周?工作[五六56]天|五天工作制|六天工作制|五天八小时|[56]天8小时|(?<!\d)[56]天工作"
)
_WORKING_DAYS = re.compile(r"(?:周|星期|礼拜)一[ ]?(?:-{1,2}|~{1,2}|至|到)[ ]?(?:周|星期|礼拜)?[五六]")
_WEEKDAYS = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天](?:-|至|到|~)(?:周|星期|礼拜)?[一二三四五六日天][ ,、:(]{0,2}$"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Clock times of one statement (``None`` where only words stand), with the words."""

    span: Span
    start: str | None
    end: str | None
    rank: int


def find_shifts(doc: Document) -> list[Shift]:
    """Clock ranges, shift words and lengths of the working day, in order; several ranges of a split day are one."""
    ranges = _ranges(doc)
    clocks = Cover(shift.span for shift in ranges)
    words = [shift for shift in _words(doc) if not clocks.hits(shift.span)]
    return sorted([*_joined(doc, ranges), *words], key=lambda shift: shift.span)


def find_rests(doc: Document) -> list[Span]:
    """Where days off are stated."""
    return [
        Span(*match.span())
        for match in _REST.finditer(doc.plain)
        if doc.kind_at(match.start()) not in {"agency", "skip"}
    ]


def find_weekdays(doc: Document) -> list[Span]:
    """Where the working days of the week are stated (周一到周五, 周一至周六)."""
    return [
        Span(*match.span())
        for match in _WORKING_DAYS.finditer(doc.plain)
        if doc.kind_at(match.start()) not in {"agency", "skip", "meet", "phone", "contact"}
        and not re.match(r"[^,。;\n]{0,6}(?:面试|报名|咨询|来电|接待)", doc.plain[match.end() : match.end() + 12])
    ]


def _ranges(doc: Document) -> list[Shift]:
    found: list[Shift] = []
    taken = Cover()
    for pattern in (_GLUED, _RANGE, _EARLY_LATE):
        for match in pattern.finditer(doc.plain):
            span = Span(*match.span())
            if taken.hits(span) or not _is_hours(doc, match):
                continue
            times = _clock_times(match)
            if times is None:
                continue
            taken.add(span)
            found.append(Shift(span, *times, rank=3 + (doc.kind_at(span.start) == "hours")))
    found += _from_to(doc, taken)
    return sorted(found, key=lambda shift: shift.span)


def _from_to(doc: Document, taken: Cover) -> list[Shift]:
    """``早上7点上班，下午4点下班``."""
    begin: tuple[Span, str] | None = None
    found: list[Shift] = []
    for match in _SINGLE.finditer(doc.plain):
        span = Span(*match.span())
        clock = _one(match.groupdict(), 1)
        if clock is None or taken.hits(span) or doc.kind_at(span.start) in {"skip", "agency"}:
            continue
        minutes = clock[0]
        if match["what"] in {"上班", "到岗", "开工"}:
            begin = (span, _text(minutes))
        elif begin and span.start - begin[0].end < 12:
            found.append(Shift(Span(begin[0].start, span.end), begin[1], _text(minutes), 2))
            begin = None
    return found


def _is_hours(doc: Document, match: re.Match[str]) -> bool:
    start, end = match.span()
    kind = doc.kind_at(start)
    if kind in {"skip", "agency", "phone", "meet", "deadline"}:
        return False
    groups = match.groupdict()
    marked = any(
        groups.get(name) for name in ("m1", "m2", "o1", "o2", "half1", "half2", "p1", "p2", "c1", "c2", "q1", "q2")
    ) or ("h2" in groups and "p1" not in groups)
    if not marked and kind != "hours":
        return False
    left = doc.plain[max(doc.line_at(start).start, start - 8) : start]
    if _NOT_HOURS.search(re.split(r"[,。;!?|]", left)[-1]) and kind != "hours":
        return False
    if kind != "hours" and _MEETING.search(doc.plain[end : end + 24]):
        return False
    after = doc.plain[end : end + 2]
    money = re.match(r"[ ]?(?:元|块|/[时小天月h]|岁|k|w|千|万|人|名|个|斤|米|号|天|%|小)", after)
    if money:
        return False
    # 16.5-18.5 an hour and 4.5-6 are sums: a point needs a word for day or night, or the label
    dotted = re.search(r"\d\.\d", match.group()) and not (groups.get("p1") or groups.get("p2"))
    comma = "、" in match.group() and not (groups.get("m1") and groups.get("m2"))
    return not comma and not (dotted and kind != "hours")


def _one(groups: dict[str, str | None], n: int) -> tuple[int, str] | None:
    """Minutes since midnight and the part of the day as typed."""
    raw = groups.get(f"h{n}") or groups.get(f"c{n}")
    hour = whole(raw) if raw else None
    if hour is None or hour > 24:
        return None
    minute = int(groups.get(f"m{n}") or 0)
    if groups.get(f"half{n}") or groups.get(f"ch{n}"):
        minute = 30
    part = groups.get(f"p{n}") or groups.get(f"q{n}") or ""
    if (
        part in {"下午", "晚上", "晚", "夜", "夜里", "夜晚", "傍晚", "pm", "下昼", "下晝", "午"}
        and hour < 12
        and not (part.startswith("夜") and hour < 6)
    ):
        hour += 12
    elif part in {"晚上", "晚", "夜里", "夜晚"} and hour == 12:
        hour = 24
    elif part == "中午" and hour <= 3:
        hour += 12
    return hour * 60 + minute, part


def _clock_times(match: re.Match[str]) -> tuple[str, str] | None:
    groups = match.groupdict()
    if match.re is _EARLY_LATE:
        groups |= {"p1": "早", "p2": "晚"}
    first, second = _one(groups, 1), _one(groups, 2)
    if first is None or second is None:
        return None
    (begin, part), (end, later) = first, second
    if not later and end < begin + 60 and end <= 12 * 60 and (begin <= 12 * 60 or part in {"下午", "中午", "pm"}):
        end += 12 * 60  # 8点-5点 is a working day, not a night
    if not part and later in {"下午", "pm", "晚", "晚上"} and begin + 12 * 60 < end and begin < 6 * 60:
        begin += 12 * 60  # 2点-下午6点
    if part in {"晚", "晚上", "下午", "pm"} and not later and end < begin < end + 12 * 60:
        end += 12 * 60
    if begin == end and later in {"次日", "第二天", "翌日"}:
        return _text(begin), _text(end)  # round the clock
    if begin == end or (
        not part
        and not later
        and not (groups.get("m1") or groups.get("o1") or groups.get("m2") or groups.get("o2") or groups.get("half1"))
        and end - begin < 180
    ):
        return None if begin == end else (_text(begin), _text(end))
    return _text(begin), _text(end)


def _text(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _joined(doc: Document, ranges: list[Shift]) -> list[Shift]:
    """A split day (9:00-12:00, 13:00-17:00) is one shift; 8:30-20:30、20:30-8:30 are two and the first counts."""
    joined: list[Shift] = []
    for shift in ranges:
        last = joined[-1] if joined else None
        between = doc.plain[last.span.end : shift.span.start] if last else ""
        near = (
            last is not None
            and len(between) <= 6
            and re.fullmatch(r"[ ,;、/和及|+\n&。()]*(?:上午|下午|晚上|早上|中午|夜间|早餐|午餐|晚餐)?[: ]?", between)
            is not None
        )
        if last and near and last.start and last.end and shift.start and shift.end:
            chain = _minutes(last.start) < _minutes(last.end) < _minutes(shift.start) < _minutes(shift.end)
            joined[-1] = Shift(
                Span(last.span.start, shift.span.end), last.start, shift.end if chain else last.end, last.rank
            )
        else:
            joined.append(shift)
    return [_widened(doc, shift) for shift in joined]


def _widened(doc: Document, shift: Shift) -> Shift:
    """The words around a range that belong to it: 周一至周五（…） and （两班倒）."""
    start, end = shift.span.start, shift.span.end
    days = _WEEKDAYS.search(doc.plain[max(0, start - 10) : start])
    if days:
        start = max(0, start - 10) + days.start()
    bracket = re.match(r"[ ]?[(,]?[ ]?(?:[一二两三四]班倒?|长白班|倒班|轮班)[)]?", doc.plain[end : end + 8])
    if bracket:
        end += bracket.end()
    elif days and doc.plain[end : end + 1] == ")":
        end += 1
    return Shift(Span(start, end), shift.start, shift.end, shift.rank)


def _words(doc: Document) -> list[Shift]:
    found = []
    for match in _LENGTH.finditer(doc.plain):
        kind = doc.kind_at(match.start())
        left = doc.plain[max(0, match.start() - 4) : match.start()]
        sure = kind == "hours" or _LENGTH_SURE.search(match.group())
        alone = doc.plain[match.end() : match.end() + 1] in {"", ",", "。", "\n", ";", "|", " "} and not left[
            -1:
        ].strip(" ,。\n;|")
        if (
            (sure or alone)
            and kind not in {"agency", "skip"}
            and not re.search(r"[每/加班超过满<>]$|元$|加班", left)
            and not re.match(r"\d", doc.plain[match.end() : match.end() + 1])
        ):
            found.append(Shift(Span(*match.span()), None, None, 1 + (kind == "hours")))
    lengths = Cover(shift.span for shift in found)
    for match in _SHIFT.finditer(doc.plain):
        if doc.kind_at(match.start()) not in {"agency", "skip"} and not lengths.hits(Span(*match.span())):
            found.append(Shift(Span(*match.span()), None, None, 2))
    return found
