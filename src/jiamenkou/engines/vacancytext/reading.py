"""Everything the recognisers find in one document, looked up by post."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.pay import find_negotiable, find_pays
from jiamenkou.engines.vacancytext.people import find_contacts, find_counts, find_phones
from jiamenkou.engines.vacancytext.places import Name, find_employers, find_places
from jiamenkou.engines.vacancytext.segment import Block, Evidence, segment
from jiamenkou.engines.vacancytext.spans import Cover, Row
from jiamenkou.engines.vacancytext.terms import find_terms
from jiamenkou.engines.vacancytext.times import find_rests, find_shifts, find_weekdays
from jiamenkou.engines.vacancytext.titles import Title, find_titles
from jiamenkou.engines.vacancytext.weekdays import find_days

_HIRING = re.compile(r"招|聘|诚请|诚邀|找.{0,6}(?:工|嫂|阿姨|人)|兼职|急需|岗位|职位")
T = TypeVar("T")


class Pool(Generic[T]):
    """Findings of one kind: a post's own, and those that no post owns."""

    def __init__(self, items: list[T], blocks: list[Block], span: Callable[[T], Span]) -> None:
        self._row = Row(items, span)
        self._first = blocks[0]
        self.shared = self._row.outside(block.span for block in blocks)

    def own(self, block: Block) -> list[T]:
        return self._row.between(block.span.start, block.span.end)

    def common(self, block: Block) -> list[T]:
        """What the post shares: nobody's, and for 另招 … what the first post says."""
        return [*self.shared, *self.own(self._first)] if block.inherits else self.shared

    def pick(self, block: Block) -> list[T]:
        """Its own, or else what it shares."""
        return self.own(block) or self.common(block)

    def both(self, block: Block) -> list[T]:
        return [*self.own(block), *self.common(block)]


class Reading:
    """The findings of every recogniser and the blocks the posts are made of."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        pays, shifts, rests = find_pays(doc), find_shifts(doc), find_rests(doc)
        phones, counts, places, employers = find_phones(doc), find_counts(doc), find_places(doc), find_employers(doc)
        contacts, negotiable = find_contacts(doc, phones), find_negotiable(doc)
        named = Cover(contacts)
        signed = {span.end for span in contacts}  # 找环卫所孟班长: whom to call is no trade
        found = [
            title
            for title in find_titles(doc)
            if title.rank > 4 or (title.span.end not in signed and (title.rank > 3 or not named.hits(title.span)))
        ]
        titles = _without_places(found, places)
        taken = Cover([*rests, *contacts, *negotiable])
        for spans in (
            (pay.span for pay in pays),
            (shift.span for shift in shifts),
            (span for span, _ in phones),
            (count.span for count in counts),
            (title.span for title in found),
            (name.span for name in (*places, *employers) if name.rank >= 3),
        ):
            for span in spans:
                taken.add(span)
        terms = find_terms(doc, taken)
        self.blocks = segment(doc, Evidence(titles, pays, counts, [span for span, _ in phones]))
        self.pays = Pool(pays, self.blocks, lambda pay: pay.span)
        self.negotiable = Pool(negotiable, self.blocks, lambda span: span)
        self.weekdays = Pool(find_weekdays(doc), self.blocks, lambda span: span)
        days = find_days(doc)
        self.days = Pool(days, self.blocks, lambda found: found.span)
        self.shifts = Pool(shifts, self.blocks, lambda shift: shift.span)
        self.rests = Pool(rests, self.blocks, lambda span: span)
        self.phones = Pool(phones, self.blocks, lambda hit: hit[0])
        self.contacts = Pool(contacts, self.blocks, lambda span: span)
        self.counts = Pool(counts, self.blocks, lambda count: count.span)
        self.titles = Pool(titles, self.blocks, lambda title: title.span)
        self.places = Pool([place for place in places if place.rank >= 1], self.blocks, lambda name: name.span)
        self.employers = Pool(employers, self.blocks, lambda name: name.span)
        self.terms = Pool(terms, self.blocks, lambda term: term.span)
        self.duties = Pool(
            [clause for clause in doc.clauses if clause.kind == "duty"], self.blocks, lambda clause: clause.span
        )
        for span in (*(term.span for term in terms), *(found.span for found in days)):
            taken.add(span)
        self.taken = taken
        known = any(title.rank > 0 for title in titles) or bool(pays)
        self.is_vacancy = known or bool(_HIRING.search(doc.plain) and (phones or employers or terms))
        """A greeting or a lone number is no vacancy; a title, a wage, or a word for hiring with something to it is."""


def _without_places(titles: list[Title], places: list[Name]) -> list[Title]:
    """广州白云快递夜班兼职 → 快递夜班兼职: the place has a field of its own."""
    row = Row(places, lambda name: name.span)
    shorter = []
    for title in titles:
        place = row.before(title.span.start + 1)
        if place and title.span.start < place.span.end <= title.span.end - 2:
            title = Title(Span(place.span.end, title.span.end), title.rank)
        shorter.append(title)
    return shorter
