"""From a message to its posts: a post takes what stands in its own text, then what all posts share."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.kinds import DEADLINE, find_deadline, find_settlement, guess_kind
from jiamenkou.engines.vacancytext.model import Found, Message, PayUnit, Post, Region, Span, Unlawful
from jiamenkou.engines.vacancytext.places import Name
from jiamenkou.engines.vacancytext.reading import Reading
from jiamenkou.engines.vacancytext.segment import Block
from jiamenkou.engines.vacancytext.spans import Row
from jiamenkou.engines.vacancytext.terms import Term, topics
from jiamenkou.engines.vacancytext.text import LONGEST, printable
from jiamenkou.engines.vacancytext.weekdays import only_counted, settled

_MOST_TERMS = 60
_UNDERSTOOD = frozenset({"duty", "agency", "skip", "deadline", "date", "phone"})
_GREETING = re.compile(
    r"^(?:@?所有人|@.{1,10}|谢谢.{0,8}|各位.{0,12}|感谢.{0,12}|急+|有意.{0,10}|[一-鿿]|欢迎.{0,12}"
    r"|祝.{0,20}|联系我?|电话|报名|.{0,4}联系.{0,4}|微信同号|同号)$"
)


def parse(text: str) -> Message:
    """The vacancies in a chat text. Any string is accepted; a text without a vacancy has no posts."""
    text = printable(text)
    head = text[:LONGEST]
    unread = Span(LONGEST, len(text)) if len(text) > LONGEST else None
    if not head.strip():
        return Message(text, (), unread)
    reading = Reading(Document(head))
    if not reading.is_vacancy:
        return Message(text, (), unread)
    leftover = Row(_leftover(reading), lambda found: found.spans[0])
    shared = leftover.outside(block.span for block in reading.blocks)
    posts = []
    for index, block in enumerate(reading.blocks):
        own = leftover.between(block.span.start, block.span.end)
        # what nobody read in the shared text is asked about once, with the first post
        post = _post(reading, block, tuple(own if index else [*own, *shared]))
        posts.append(_with_doubt(post, reading.blocks[0].span) if block.inherits else post)
    return Message(text, tuple(posts), unread)


def _post(reading: Reading, block: Block, leftover: tuple[Found[str], ...]) -> Post:
    doc = reading.doc
    low, high, unit = _pay(reading, block)
    start, end, hours = _hours(reading, block)
    negotiable = [] if low else reading.negotiable.pick(block)
    employer = _employer(doc, reading.employers.pick(block))
    terms = reading.terms.both(block)
    region = _region(reading, block)
    return Post(
        title=_title(reading, block, employer),
        headcount=_headcount(reading, block),
        pay_min=low,
        pay_max=high,
        pay_unit=unit,
        negotiable=Found(True, (negotiable[0],)) if negotiable else None,
        hours=hours,
        start_time=start,
        end_time=end,
        rest=_first(doc, reading.rests.pick(block)) or _rest_of_weekdays(doc, reading.weekdays.pick(block)),
        place=_place(doc, reading.places.pick(block)),
        employer=employer,
        contact=_first(doc, reading.contacts.pick(block)),
        phones=tuple(Found(number, (span,)) for span, number in reading.phones.pick(block)),
        requirements=_list(doc, terms, "requirement"),
        benefits=_benefits(doc, terms),
        discriminatory=_unlawful(terms),
        leftover=leftover,
        duties=_list(doc, terms, "duty"),
        deadline=find_deadline(doc, region),
        kind=guess_kind(doc, region, unit.value if unit else None),
        settlement=find_settlement(doc, region),
        days=_days(reading, block),
        days_open=_words(doc, counted) if (counted := only_counted(doc, reading.rests.pick(block))) else None,
    )


def _with_doubt(post: Post, first: Span) -> Post:
    """What 另招 … took from the first post is marked; a night job does not take its hours."""
    night = post.title is not None and re.search("夜|晚", post.title.value) is not None
    doubted: dict[str, Found[Any] | None] = {}
    for name in Post.__dataclass_fields__:
        found = getattr(post, name)
        if isinstance(found, Found) and any(span.within(first) for span in found.spans):
            keep = not (night and name in {"hours", "start_time", "end_time"})
            doubted[name] = replace(found, inferred=True, reason="原文没写，随第一个岗位") if keep else None
    return replace(post, **doubted)  # type: ignore[arg-type]


def _region(reading: Reading, block: Block) -> Region:
    """The post's own text, then the text no post owns."""
    if len(reading.blocks) == 1:
        return Region((Span(0, len(reading.doc.plain)),))
    first, last = reading.blocks[0].span, reading.blocks[-1].span
    return Region((block.span, Span(0, first.start), Span(last.end, len(reading.doc.plain))))


def _words(doc: Document, span: Span) -> Found[str]:
    return Found(doc.cut(span), (span,))


def _first(doc: Document, spans: list[Span]) -> Found[str] | None:
    return _words(doc, spans[0]) if spans else None


def _pay(reading: Reading, block: Block) -> tuple[Found[int] | None, Found[int] | None, Found[PayUnit] | None]:
    pays = reading.pays.pick(block)
    if not pays:
        return None, None, None
    if block.title and len(pays) > 1 and not reading.pays.own(block):
        # 招帮厨1人、洗碗工1人，帮厨3200，洗碗2600: the one that names this post
        name = reading.doc.plain[block.title.start : block.title.end]
        before = [(pay, reading.doc.plain[max(0, pay.span.start - 8) : pay.span.start].rstrip(" :")) for pay in pays]
        named = [pay for pay, words in before if words.endswith((name, name[:2] if len(name) > 2 else name))]
        pays = named or pays
    best = max(pays, key=lambda pay: (pay.rank, -pay.span.start))
    spans = (best.span,)
    high = None if best.high is None else Found(best.high, spans, best.inferred, best.reason)
    unit = None if best.unit is None else Found(best.unit, spans, best.inferred, best.reason)
    return Found(best.low, spans, best.inferred, best.reason), high, unit


def _hours(reading: Reading, block: Block) -> tuple[Found[str] | None, Found[str] | None, Found[str] | None]:
    shifts = reading.shifts.pick(block)
    if not shifts:
        return None, None, None
    best = max(shifts, key=lambda shift: (shift.rank, -shift.span.start))
    spans = (best.span,)
    start = Found(best.start, spans) if best.start else None
    end = Found(best.end, spans) if best.end else None
    return start, end, Found(reading.doc.cut(best.span), spans)


def _days(reading: Reading, block: Block) -> Found[int] | None:
    best = settled(reading.doc, reading.days.pick(block), reading.rests.pick(block))
    return Found(best.mask, (best.span,), bool(best.why), best.why) if best else None


def _rest_of_weekdays(doc: Document, spans: list[Span]) -> Found[str] | None:
    """周一到周五 says 双休 where nothing else does; the words stand beside it."""
    if not spans:
        return None
    words = doc.cut(spans[0])
    free = "双休" if doc.plain[spans[0].end - 1] == "五" else "单休"
    return Found(f"{free}（{words}）", (spans[0],), True, f"原文写{words}上班")


def _best(names: list[Name]) -> Name | None:
    return max(names, key=lambda name: (name.rank, -name.span.start), default=None)


def _employer(doc: Document, names: list[Name]) -> Found[str] | None:
    best = _best(names)
    if best is None:
        return None
    return Found(doc.cut(best.span), (best.span,), best.rank < 3, "落款单位，可能是中介" if best.rank == 1 else "")


def _place(doc: Document, names: list[Name]) -> Found[str] | None:
    best = _best(names)
    if best is None:
        return None
    return Found(
        doc.cut(best.span), (best.span,), best.rank <= 2, "" if best.rank > 2 else "原文没写工作地点，按地名推断"
    )


def _headcount(reading: Reading, block: Block) -> Found[int] | None:
    counts = [block.count] if block.count else reading.counts.own(block)
    if len(reading.blocks) == 1 and len({count.value for count in counts}) > 2:
        return None
    known = next((count for count in counts if count.value), None)
    return Found(known.value, (known.span,)) if known else None


def _title(reading: Reading, block: Block, employer: Found[str] | None) -> Found[str] | None:
    """The heading's title, the best candidate, the first duty, or the employer: in that order."""
    doc = reading.doc
    if block.title:
        return _words(doc, block.title)
    titles = reading.titles.pick(block)
    if titles:
        best = max(titles, key=lambda title: (title.rank, -title.span.start))
        weak = best.rank <= 1
        return Found(doc.cut(best.span), (best.span,), weak, "原文没写岗位名，按内容推断" if weak else "")
    duties = reading.duties.pick(block)
    if duties and duties[0].span.end - duties[0].span.start <= 20:
        return Found(doc.cut(duties[0].span), (duties[0].span,), True, "原文没写岗位名，取工作内容")
    return Found(employer.value, employer.spans, True, "原文没写岗位名，取单位名") if employer else None


def _list(doc: Document, terms: list[Term], kind: str) -> tuple[Found[str], ...]:
    """Terms of one kind in order, each wording once."""
    found: dict[str, Found[str]] = {}
    for term in terms:
        if term.kind == kind:
            found.setdefault(doc.cut(term.span), _words(doc, term.span))
    return tuple(found.values())[:_MOST_TERMS]


def _benefits(doc: Document, terms: list[Term]) -> tuple[Found[str], ...]:
    """Benefits in order; what only repeats an earlier one (包吃 … 工作餐) is left out."""
    said: frozenset[str] = frozenset()
    found = []
    for benefit in _list(doc, terms, "benefit"):
        span = benefit.spans[0]
        about = topics(doc.plain[span.start : span.end])
        if not about or not about <= said:
            found.append(benefit)
            said |= about
    return tuple(found)


def _unlawful(terms: list[Term]) -> tuple[Found[Unlawful], ...]:
    """Struck conditions in order; 18~55岁 and 18-55岁以下 are the same one."""
    found: dict[str, Found[Unlawful]] = {}
    for term in terms:
        if term.unlawful:
            digits = re.sub(r"\D", "", term.unlawful.words)
            key = term.unlawful.ground + digits if digits else term.unlawful.words
            found.setdefault(key, Found(term.unlawful, (term.span,)))
    return tuple(found.values())[:_MOST_TERMS]


def _leftover(reading: Reading) -> list[Found[str]]:
    """Clauses nobody read: for staff to decide. Duties, agency terms and greetings are understood, not left over."""
    found: list[Found[str]] = []
    for clause in reading.doc.clauses:
        words = reading.doc.cut(clause.span)
        known = (
            clause.kind in _UNDERSTOOD
            or reading.taken.hits(clause.span)
            or _GREETING.match(words)
            or DEADLINE.search(reading.doc.plain[clause.span.start : clause.span.end])
        )
        if not known and re.search(r"\w{2}", words) and len(found) < _MOST_TERMS:
            found.append(_words(reading.doc, clause.span))
    return found
