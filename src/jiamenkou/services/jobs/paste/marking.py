"""The original text cut into runs: which words filled which box, which were struck, which nobody understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiamenkou.engines.vacancytext import Flag, Found, Message, Post, Span

# boxes of the screen in their order, each with the colour it shares with its words
SLOTS: dict[str, tuple[str, str]] = {
    "employer": ("单位", "green"),
    "title": ("岗位名称", "green"),
    "headcount": ("招几人", "violet"),
    "requirements": ("要求", "teal"),
    "time": ("上班时间", "blue"),
    "rest": ("休息", "blue"),
    "pay": ("工资", "red"),
    "benefits": ("待遇", "orange"),
    "place": ("地点", "violet"),
    "contact": ("联系人", "green"),
    "closes": ("截止", "orange"),
    "kind": ("性质", "teal"),
    "settle": ("结算", "red"),
    "duties": ("说明", "grey"),
}
# two stretches of one box with only this between them are drawn as one
_BETWEEN = re.compile(r"[\s,，、;；:：/和到至~-]{0,2}")
STRUCK, FRAUD, LEFT, OTHER = "struck", "fraud", "left", "other"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of the original with one meaning. ``number`` stands only at the first run of a stretch."""

    text: str
    kind: str = ""  # "", slot, struck, fraud, left, other
    slot: str = ""
    tone: str = ""
    number: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Paint:
    """What a stretch is painted with; ``number`` goes to the stretch's first character."""

    span: Span
    kind: str
    slot: str = ""
    why: str = ""


def spans_of(post: Post) -> dict[str, list[Span]]:
    """The words each box was filled from, in order of the text; boxes filled from nothing are left out."""
    sources: dict[str, Iterable[Found[object] | None]] = {
        "employer": [post.employer],
        "title": [post.title],
        "headcount": [post.headcount],
        "requirements": post.requirements,
        "time": [post.hours, post.start_time, post.end_time, _apart(post.days, post.rest)],
        "rest": [post.rest],
        "pay": [post.pay_min, post.pay_max, post.pay_unit, post.negotiable],
        "benefits": post.benefits,
        "place": [post.place],
        "contact": [post.contact, *post.phones],
        "closes": [post.deadline],
        "kind": [post.kind],
        "settle": [post.settlement],
        "duties": post.duties,
    }
    found = {slot: sorted({s for one in given if one for s in one.spans}) for slot, given in sources.items()}
    return {slot: spans for slot, spans in found.items() if spans}


def _apart(days: Found[int] | None, rest: Found[str] | None) -> Found[int] | None:
    """The days, unless they were read from the words of the days off: those are the other box's."""
    both = days is not None and rest is not None and any(a.overlaps(b) for a in days.spans for b in rest.spans)
    return None if both else days


def numbers(spans: dict[str, list[Span]]) -> dict[str, int]:
    """Boxes are numbered in the order of the screen; one without words of its own has no number."""
    return {slot: place for place, slot in enumerate((s for s in SLOTS if s in spans), start=1)}


def marked(message: Message, index: int, flags: Sequence[Flag]) -> list[Run]:
    """The whole text as runs, for the post at ``index``. What was struck outranks what was read."""
    post = message.posts[index]
    spans = spans_of(post)
    number = numbers(spans)
    paints = [
        _Paint(s, OTHER) for other in message.posts if other is not post and other.title for s in other.title.spans
    ]
    paints += [_Paint(span, LEFT) for one in post.leftover for span in one.spans]
    for slot in reversed(SLOTS):
        paints += [_Paint(span, "slot", slot) for span in _joined(message.text, spans.get(slot, []))]
    paints += [_Paint(flag.span, FRAUD, why=flag.why) for flag in flags]
    paints += [_Paint(s, STRUCK, why=one.value.law) for one in post.discriminatory for s in one.spans]
    owner: list[_Paint | None] = [None] * len(message.text)
    for paint in paints:
        for at in range(paint.span.start, min(paint.span.end, len(owner))):
            owner[at] = paint
    return list(_runs(message.text, owner, number))


def _joined(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and (span.start <= last.end or _BETWEEN.fullmatch(text[last.end : span.start])):
            joined[-1] = Span(last.start, max(last.end, span.end))
        else:
            joined.append(span)
    return joined


def _runs(text: str, owner: Sequence[_Paint | None], number: dict[str, int]) -> Iterable[Run]:
    start, numbered = 0, set()
    for at in range(1, len(text) + 1):
        if at < len(text) and owner[at] is owner[start]:
            continue
        paint, words = owner[start], text[start:at]
        start = at
        if paint is None:
            yield Run(words)
            continue
        first = id(paint) not in numbered
        numbered.add(id(paint))
        tone = SLOTS[paint.slot][1] if paint.slot else ""
        yield Run(words, paint.kind, paint.slot, tone, number.get(paint.slot) if first else None, paint.why)
