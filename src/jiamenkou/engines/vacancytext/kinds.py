"""Deadline, kind of work and how wages are settled: beside the draft, for the form."""

from __future__ import annotations

import calendar
import re
from datetime import date

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Found, Kind, PayUnit, Region, Settlement, Span

DEADLINE = re.compile(
    r"(?:截止|截至|报名|有效)(?:时间|日期|期)?(?:为|到|至|于|:)?[: ]*"
    r"(?P<a>(?:\d{4}[年./-])?\d{1,2}[月./-](?:\d{1,2}[日号]?"
    r"|底|初|中旬)(?:前|止|截止)?)|(?P<b>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号]|底|初|中旬)(?:之?前"
    r"|止|截止))"
)
_DATE = re.compile(r"(?:(?P<y>\d{4})[年./-])?(?P<m>\d{1,2})[月./-](?P<d>\d{1,2}|底|初|中旬)")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("public_welfare", re.compile(r"公益性?岗")),
    ("home_based", re.compile(r"在家(?:做|工作|办公|可做)|居家|手工活|带回家|拿回家|外发加工|来料加工|外发")),
    ("gig", re.compile(r"日结|临时工?|零工|骑手|跑腿|代驾|小时工|钟点工|做一天|一天一结|暑假工|寒假工")),
    ("part_time", re.compile(r"兼职|半天班|半日|计时工|周末班|part ?time")),
    ("full_time", re.compile(r"全职|正式工|长期工?|五险|社保|双休|单休|月休|劳动合同")),
)
_SETTLEMENT: tuple[tuple[Settlement, re.Pattern[str]], ...] = (
    ("daily", re.compile(r"日结|当[天日]结|次日结|一天一结|做完(?:就|即)?结|天结|现结")),
    ("weekly", re.compile(r"周结|一周一结|每周五?结")),
    ("monthly", re.compile(r"月结|每月\d{1,2}[号日]发|次月\d{1,2}[号日]|按月")),
)


def _search(pattern: re.Pattern[str], doc: Document, region: Region) -> re.Match[str] | None:
    return next((match for span in region.spans if (match := pattern.search(doc.plain, span.start, span.end))), None)


def find_deadline(doc: Document, region: Region) -> Found[str] | None:
    """The last day to apply, as typed; :func:`deadline_date` makes a date of it."""
    match = _search(DEADLINE, doc, region)
    if match is None:
        return None
    span = Span(*match.span("a" if match["a"] else "b"))
    vague = not match.group().strip("前止截").endswith(("日", "号"))
    return Found(doc.cut(span), (span,), vague, "请看一眼日期" if vague else "")


def deadline_date(words: str, today: date) -> date | None:
    """``3月底前`` → the last day of March, this year or, if that is past, the next one."""
    match = _DATE.search(words)
    if match is None or not 1 <= int(match["m"]) <= 12:
        return None
    month, day = int(match["m"]), {"底": 0, "初": 10, "中旬": 20}.get(match["d"])
    for year in (int(match["y"]),) if match["y"] else (today.year, today.year + 1):
        last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 28
        wanted = last if day == 0 else day or int(match["d"])
        if not 1 <= year <= 9999 or not 1 <= wanted <= last:
            return None
        if match["y"] or date(year, month, wanted) >= today:
            return date(year, month, wanted)
    return None


def guess_kind(doc: Document, region: Region, unit: PayUnit | None) -> Found[Kind] | None:
    """The kind of work by its words, else by the unit of the wage."""
    for kind, pattern in _KINDS:
        match = _search(pattern, doc, region)
        if match:
            sure = kind in {"public_welfare", "part_time"} or match.group() == "全职"
            return Found(kind, (Span(*match.span()),), not sure, "" if sure else "原文没直接写，按用语推断")
    if unit in {"month", "year"}:
        return Found("full_time", (), True, "原文没写，按月薪推断")
    return Found("gig", (), True, "原文没写，按计薪方式推断") if unit == "day" else None


def find_settlement(doc: Document, region: Region) -> Found[Settlement] | None:
    """日结, 周结 or 月结, the first that is said."""
    hits = [(match.start(), name, match) for name, pattern in _SETTLEMENT if (match := _search(pattern, doc, region))]
    if not hits:
        return None
    _, name, match = min(hits, key=lambda hit: hit[0])
    return Found(name, (Span(*match.span()),))
