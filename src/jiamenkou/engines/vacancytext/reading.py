"""From a message to its posts: recognisers run once over the text, posts take what is theirs, then what is shared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.kinds import find_deadline, find_settlement, guess_kind
from jiamenkou.engines.vacancytext.model import Found, Message, PayUnit, Post, Region, Span, Unlawful
from jiamenkou.engines.vacancytext.pay import Pay, find_negotiable, find_pays
from jiamenkou.engines.vacancytext.people import find_contacts, find_counts, find_phones
from jiamenkou.engines.vacancytext.places import Name, find_employers, find_places
from jiamenkou.engines.vacancytext.segment import Block, Evidence, segment
from jiamenkou.engines.vacancytext.terms import Term, find_terms, topics
from jiamenkou.engines.vacancytext.text import printable
from jiamenkou.engines.vacancytext.times import Shift, find_rests, find_shifts
from jiamenkou.engines.vacancytext.titles import Title, find_titles

LONGEST = 50_000
"""Characters that are read. No chat message is longer; the rest is reported as unread, not silently dropped."""

_MOST_TERMS = 60
_GREETING = re.compile(
    r"^(?:@?所有人|@.{1,10}|谢谢.{0,8}|各位.{0,12}|感谢.{0,12}|急+|有意.{0,10}|[一-鿿]|欢迎.{0,12}|祝.{0,20}|联系我?|电话|报名|.{0,4}联系.{0,4}|微信同号|同号)$"
)
T = TypeVar("T")


class Reading:
    """Everything the recognisers found in one document."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.pays = find_pays(doc)
        self.negotiable = find_negotiable(doc)
        self.shifts = find_shifts(doc)
        self.rests = find_rests(doc)
        self.phones = find_phones(doc)
        self.contacts = find_contacts(doc, self.phones)
        self.counts = find_counts(doc)
        self.titles = find_titles(doc)
        self.places = find_places(doc)
        self.employers = find_employers(doc)
        taken = [pay.span for pay in self.pays] + [shift.span for shift in self.shifts] + list(self.rests)
        taken += [span for span, _ in self.phones] + self.contacts + [count.span for count in self.counts]
        taken += [title.span for title in self.titles] + self.negotiable
        taken += [name.span for name in self.places if name.rank >= 3] + [
            name.span for name in self.employers if name.rank >= 3
        ]
        self.titles = [_without_place(title, self.places) for title in self.titles]
        self.terms = find_terms(doc, taken)
        self.taken = sorted([*taken, *(term.span for term in self.terms)])

    def evidence(self) -> Evidence:
        return Evidence(self.titles, self.pays, self.counts, [span for span, _ in self.phones])


def parse(text: str) -> Message:
    """The vacancies in a chat text. Any string is accepted; a text without a vacancy has no posts."""
    text = printable(text)
    head = text[:LONGEST]
    unread = Span(LONGEST, len(text)) if len(text) > LONGEST else None
    if not head.strip():
        return Message(text, (), unread)
    doc = Document(head)
    reading = Reading(doc)
    blocks = segment(doc, reading.evidence())
    if not _is_vacancy(reading):
        return Message(text, (), unread)
    shared = _rest_of(doc, blocks)
    leftover = _leftover(reading)
    first = Region((blocks[0].span,))
    posts = tuple(
        _post(
            reading,
            block,
            Region((*shared.spans, *first.spans)) if block.inherits else shared,
            leftover if index == 0 else (),
        )
        for index, block in enumerate(blocks)
    )
    return Message(text, posts, unread)


def _without_place(title: Title, places: list[Name]) -> Title:
    """广州白云快递夜班兼职 → 快递夜班兼职: the place has a field of its own."""
    for place in places:
        if place.span.start <= title.span.start < place.span.end <= title.span.end - 2:
            return Title(Span(place.span.end, title.span.end), title.rank)
    return title


def _is_vacancy(reading: Reading) -> bool:
    """A greeting or a lone number is no vacancy; a title, a wage with hours, or a word for hiring is."""
    hiring = re.search(r"招|聘|诚请|找.{0,6}(?:工|嫂|阿姨|人)|兼职|急需|岗位|职位", reading.doc.plain)
    return bool(
        any(title.rank > 0 for title in reading.titles)
        or reading.pays
        or (hiring and (reading.phones or reading.employers or reading.terms))
    )


def _rest_of(doc: Document, blocks: list[Block]) -> Region:
    """What no block owns."""
    spans, start = [], 0
    for block in sorted(blocks, key=lambda block: block.span):
        if block.span.start > start:
            spans.append(Span(start, block.span.start))
        start = max(start, block.span.end)
    if start < len(doc.plain):
        spans.append(Span(start, len(doc.plain)))
    return Region(tuple(spans))


def _of(items: Iterable[T], region: Region, span: Callable[[T], Span]) -> list[T]:
    return [item for item in items if region.holds(span(item))]


def _own_or_shared(items: list[T], own: Region, shared: Region, span: Callable[[T], Span]) -> list[T]:
    return _of(items, own, span) or _of(items, shared, span)


def _post(reading: Reading, block: Block, shared: Region, leftover: tuple[Found[str], ...]) -> Post:
    doc = reading.doc
    own = Region((block.span,))
    alone = not shared.spans
    low, high, unit = _pay(reading, own, shared)
    start, end, hours = _hours(doc, _own_or_shared(reading.shifts, own, shared, lambda shift: shift.span))
    rests = _own_or_shared(reading.rests, own, shared, lambda span: span)
    phones = _of(reading.phones, own, lambda hit: hit[0]) or _of(reading.phones, shared, lambda hit: hit[0])
    contacts = _own_or_shared(reading.contacts, own, shared, lambda span: span)
    employer = _name(doc, _own_or_shared(reading.employers, own, shared, lambda name: name.span))
    place = _place(doc, reading, own, shared)
    title = _title(reading, block, own, shared, employer)
    terms = [*_of(reading.terms, own, lambda term: term.span), *_of(reading.terms, shared, lambda term: term.span)]
    negotiable = None if low else _own_or_shared(reading.negotiable, own, shared, lambda span: span)
    everything = Region((*own.spans, *shared.spans))
    return Post(
        title=title,
        headcount=_headcount(reading, block, own, alone),
        pay_min=low,
        pay_max=high,
        pay_unit=unit,
        negotiable=Found(True, tuple(negotiable[:1])) if negotiable else None,
        hours=hours,
        start_time=start,
        end_time=end,
        rest=_words(doc, rests[0]) if rests else None,
        place=place,
        employer=employer,
        contact=_words(doc, contacts[0]) if contacts else None,
        phones=tuple(Found(number, (span,)) for span, number in phones),
        requirements=_list(doc, terms, "requirement"),
        benefits=_list(doc, terms, "benefit"),
        discriminatory=_unlawful(terms),
        leftover=leftover,
        duties=_list(doc, terms, "duty"),
        deadline=find_deadline(doc, everything),
        kind=guess_kind(doc, everything, unit.value if unit else None),
        settlement=find_settlement(doc, everything),
    )


def _words(doc: Document, span: Span) -> Found[str]:
    return Found(doc.cut(span), (span,))


def _pay(
    reading: Reading, own: Region, shared: Region
) -> tuple[Found[int] | None, Found[int] | None, Found[PayUnit] | None]:
    pays = _own_or_shared(reading.pays, own, shared, lambda pay: pay.span)
    if not pays:
        return None, None, None
    best = max(pays, key=_pay_order)
    spans = (best.span,)
    high = None if best.high is None else Found(best.high, spans, best.inferred, best.reason)
    unit = None if best.unit is None else Found(best.unit, spans, best.inferred, best.reason)
    return Found(best.low, spans, best.inferred, best.reason), high, unit


def _pay_order(pay: Pay) -> tuple[int, int]:
    return pay.rank, -pay.span.start


def _hours(doc: Document, shifts: list[Shift]) -> tuple[Found[str] | None, Found[str] | None, Found[str] | None]:
    if not shifts:
        return None, None, None
    best = max(shifts, key=lambda shift: (shift.rank, -shift.span.start))
    spans = (best.span,)
    start = Found(best.start, spans) if best.start else None
    end = Found(best.end, spans) if best.end else None
    return start, end, Found(doc.cut(best.span), spans)


def _name(doc: Document, names: list[Name]) -> Found[str] | None:
    if not names:
        return None
    best = max(names, key=lambda name: (name.rank, -name.span.start))
    return Found(doc.cut(best.span), (best.span,), best.rank < 3, "落款单位，可能是中介" if best.rank == 1 else "")


def _place(doc: Document, reading: Reading, own: Region, shared: Region) -> Found[str] | None:
    places = _of(reading.places, own, lambda name: name.span)
    if not any(place.rank >= 1 for place in places):
        places = _of(reading.places, shared, lambda name: name.span)
    places = [place for place in places if place.rank >= 1]
    if not places:
        return None
    best = max(places, key=lambda name: (name.rank, -name.span.start))
    return Found(doc.cut(best.span), (best.span,), best.rank <= 2, "面试地点" if best.rank == 2 else "")


def _headcount(reading: Reading, block: Block, own: Region, alone: bool) -> Found[int] | None:
    if block.count:
        return None if block.count.value == 0 else Found(block.count.value, (block.count.span,))
    counts = [count for count in _of(reading.counts, own, lambda count: count.span) if count.value]
    if not counts or (alone and len({count.value for count in counts}) > 2):
        return None
    return Found(counts[0].value, (counts[0].span,))


def _title(
    reading: Reading, block: Block, own: Region, shared: Region, employer: Found[str] | None
) -> Found[str] | None:
    if block.title:
        return _words(reading.doc, block.title)
    titles: list[Title] = [title for title in _own_or_shared(reading.titles, own, shared, lambda title: title.span)]
    if titles:
        best = max(titles, key=lambda title: (title.rank, -title.span.start))
        found = _words(reading.doc, best.span)
        return Found(found.value, found.spans, best.rank <= 1, "" if best.rank > 1 else "原文没写岗位名，按内容推断")
    duty = next((clause for clause in reading.doc.clauses if clause.kind == "duty" and own.holds(clause.span)), None)
    if duty and duty.span.end - duty.span.start <= 20:
        return Found(reading.doc.cut(duty.span), (duty.span,), True, "原文没写岗位名，取工作内容")
    return Found(employer.value, employer.spans, True, "原文没写岗位名，取单位名") if employer else None


def _list(doc: Document, terms: list[Term], kind: str) -> tuple[Found[str], ...]:
    seen: set[str] = set()
    said: set[str] = set()
    found = []
    for term in terms:
        words = doc.cut(term.span)
        if term.kind == kind and words not in seen and len(found) < _MOST_TERMS:
            seen.add(words)
            about = topics(doc.plain[term.span.start : term.span.end]) if kind == "benefit" else frozenset()
            if about and about <= said:
                continue
            said |= about
            found.append(Found(words, (term.span,)))
    return tuple(found)


def _unlawful(terms: list[Term]) -> tuple[Found[Unlawful], ...]:
    seen: set[str] = set()
    found = []
    for term in terms:
        if term.unlawful is None or len(found) >= _MOST_TERMS:
            continue
        digits = re.sub(r"\D", "", term.unlawful.words)
        same = term.unlawful.ground + digits if digits else term.unlawful.words
        if same not in seen:
            seen.add(same)
            found.append(Found(term.unlawful, (term.span,)))
    return tuple(found)


def _leftover(reading: Reading) -> tuple[Found[str], ...]:
    """Clauses nobody read: for staff to decide. Duties, agency terms and greetings are understood, not left over."""
    found: list[Found[str]] = []
    taken, cursor = reading.taken, 0
    for clause in reading.doc.clauses:
        while cursor < len(taken) and taken[cursor].end <= clause.span.start:
            cursor += 1
        read = any(span.overlaps(clause.span) for span in taken[cursor : cursor + 4])
        words = reading.doc.cut(clause.span)
        if (
            read
            or clause.kind in {"duty", "agency", "skip", "deadline", "date", "phone"}
            or _GREETING.match(words)
            or not re.search(r"\w{2}", words)
        ):
            continue
        if len(found) < _MOST_TERMS:
            found.append(Found(words, (clause.span,)))
    return tuple(found)
