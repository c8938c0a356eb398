"""Where one post ends and the next begins.

Each way a message can hold several posts is one function; the first that finds two or more wins. A block is a post's
own stretch of text; whatever no block owns is shared by all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.pay import Pay
from jiamenkou.engines.vacancytext.people import Count
from jiamenkou.engines.vacancytext.spans import Row
from jiamenkou.engines.vacancytext.titles import Title, heads_in

MOST_POSTS = 100

_HEAD = re.compile(
    r"^[ |]*(?:【[ ]?\d{1,2}[ ]?】|[(]\d{1,2}[)]|\d{1,2}[、.)](?!\d)|[①-⑨]|(?:单|岗位|职位"
    r"|岗|工种)[ ]?[一二三四五六七八九\d]{1,2}"
    r"|[一二三四五六七八九十]{1,2}[、.]|\|{1,9})[ ]?[:、,.]?[ ]?"
)
_BULLET = re.compile(
    r"^[ |*#>.·-]{0,20}(?:【[ ]?\d{1,2}[ ]?】|[(]?\d{1,2}[、.)](?!\d)"
    r"|[①-⑨]|[一二三四五六七八九十]{1,2}[、.])?[:、 |]{0,9}(?:招聘?"
    r"|急?聘|诚聘|急招|岗位|职位|工种)?[: ]{0,4}"
)
_SHARED = re.compile(
    r"^[ |]*(?:以上|备注|注意|联系|电话|地址|报名|集合|公司|以下|工作地|面试|有意|另外?[:]|福利|统一|要求[:])"
)
_ALSO = re.compile(r"(?:另外?|还|同时|再|并|另外还)(?:急)?(?:招聘?|聘|组|需要?|请|有)|另[:,]")
_EDGE = re.compile(r"^[ ]{0,8}(?:[-=*_~.·—#+]{3,}|\|{3,})[ ]{0,8}$|\n[ |]*\n", re.M)
_JOINT_EACH = re.compile(r"[ 、,]?各[ ]?")
_JOINT = re.compile(r"[、/,和及+ ]+")
_INNER_GAP = re.compile(r"\n[ |]*\n[ |]*[^ |\n]")


@dataclass(frozen=True, slots=True)
class Block:
    """A post's own text; ``title`` and ``count`` where the cut already knows them."""

    span: Span
    title: Span | None = None
    count: Count | None = None
    inherits: bool = False
    """What neither it nor the shared text says is taken from the first block (另招 …)."""


class Evidence:
    """What the cuts go by."""

    def __init__(self, titles: list[Title], pays: list[Pay], counts: list[Count], phones: list[Span]) -> None:
        self.titles = Row(titles, lambda title: title.span)
        self.pays = Row(pays, lambda pay: pay.span)
        self.counts = Row(counts, lambda count: count.span)
        self.phones = Row(phones, lambda span: span)


def segment(doc: Document, found: Evidence) -> list[Block]:
    """The posts of a message in order; one block over the whole text when nothing tells them apart."""
    for cut in (_by_parts, _by_headings, _by_labels, _by_lines, _in_line, _by_wages, _by_also, _by_each):
        blocks = cut(doc, found)
        if len(blocks) > 1:
            return blocks[:MOST_POSTS]
    return [Block(Span(0, len(doc.plain)))]


def _by_parts(doc: Document, found: Evidence) -> list[Block]:
    """Whole posts one under the other: each part has its own title and its own phone."""
    edges = [0, *(match.end() for match in _EDGE.finditer(doc.plain))]
    parts: list[Span] = []
    for start, end in zip(edges, [*edges[1:], len(doc.plain)], strict=True):
        # a part without a phone belongs to the post before it, unless that one is already closed by its phone
        if parts and found.phones.first(parts[-1].start, parts[-1].end) is None:
            parts[-1] = Span(parts[-1].start, end)
        else:
            parts.append(Span(start, end))
    names: list[str] = []
    whole: list[Block] = []
    for part in parts:
        title = _best_title(found, part)
        if title and found.phones.first(part.start, part.end):
            names.append(doc.cut(title))
            whole.append(Block(part))
    apart = len(whole) > 1 and len(whole) >= len(parts) - 1 and len(set(names)) == len(names)
    return whole if apart else []


def _best_title(found: Evidence, span: Span) -> Span | None:
    inside = [title for title in found.titles.between(span.start, span.end) if title.rank > 0]
    return max(inside, key=lambda title: (title.rank, -title.span.start)).span if inside else None


def _by_headings(doc: Document, found: Evidence) -> list[Block]:
    """``【1】压铸工：10人`` … ``【2】质检员``; ``单1：`` …; ``一、保洁`` …"""
    heads: list[tuple[int, Span | None]] = []
    for line in doc.lines:
        words = doc.plain[line.start : line.end]
        mark = _HEAD.match(words)
        if mark is None:
            continue
        kind = doc.kind_at(line.start)
        if kind in {"requirement", "duty", "agency", "note", "benefit"} and "岗" not in words[:4]:
            continue
        title = _heading_title(found, line, line.start + mark.end())
        ordered = re.match(r"[ |]*(?:单|岗位|职位)", words) is not None
        counted = bool(found.counts.first(line.start, line.end) or found.pays.first(line.start, line.end))
        ornament = "|" in mark.group() and not counted and title is not None and title.rank < 3
        if (title or ordered) and (counted or ordered or len(words) <= 28) and not ornament:
            heads.append((line.start, title.span if title else None))
    return _blocks(doc, heads)


def _heading_title(found: Evidence, line: Span, after_mark: int) -> Title | None:
    """The title right behind the mark, or right before the line's head-count (1. 某厂 招操作工5人)."""
    near = found.titles.first(line.start, min(line.end, after_mark + 7))
    count = found.counts.first(line.start, line.end)
    if near or count is None:
        return near
    before = found.titles.before(count.span.start)
    return before if before and before.span.start >= line.start and count.span.start - before.span.end <= 2 else None


def _by_labels(doc: Document, found: Evidence) -> list[Block]:
    """岗位：… said more than once with different words."""
    heads: list[tuple[int, Span | None]] = []
    names: set[str] = set()
    for title in found.titles:
        if title.rank == 5:
            heads.append((doc.line_at(title.span.start).start, title.span))
            names.add(doc.cut(title.span))
    if len(names) < len(heads) or len({start for start, _ in heads}) < len(heads):
        return []
    return _blocks(doc, heads)


def _by_lines(doc: Document, found: Evidence) -> list[Block]:
    """A list, one post a line: a title first, then its head-count or wage."""
    heads: list[tuple[int, Span | None]] = []
    for line in doc.lines:
        title = found.titles.first(line.start, line.end)
        if title is None or doc.kind_at(line.start) in {"agency", "duty", "note", "benefit"}:
            continue
        mark = _BULLET.match(doc.plain[line.start : line.end])
        lead = title.span.start - line.start - (mark.end() if mark else 0)
        leading = found.counts.first(line.start, title.span.start)
        count, pay = found.counts.first(title.span.start, line.end), found.pays.first(title.span.start, line.end)
        behind = min((item.span.start for item in (count, pay) if item), default=1 << 60)
        if (leading and lead <= 6) or (lead <= 1 and behind - title.span.end <= 24):
            heads.append((line.start, title.span))
    return _blocks(doc, heads)


def _in_line(doc: Document, found: Evidence) -> list[Block]:
    """``炒锅一名4500 砧板一名4000`` in one line: title and head-count alternate."""
    pairs: list[tuple[Title, Count]] = []
    for title in found.titles:
        used = pairs[-1][1] if pairs else None
        count = found.counts.first(title.span.end, title.span.end + 4)
        if count is None:
            count = found.counts.before(title.span.start)
            if count is None or count is used or title.span.start - count.span.end > 1:
                continue
        if title.rank >= 1 and not count.each and count is not used:
            pairs.append((title, count))
    run = _longest_run(doc, pairs)
    if len({doc.cut(title.span) for title, _ in run}) < 2:
        return []
    starts = [min(title.span.start, count.span.start) for title, count in run]
    title, count = run[-1]
    own = max(title.span.end, count.span.end)
    # 楼面1名、洗碗1名，人工18000: a wage after the comma is the last one's only if the others have theirs
    pay = found.pays.first(own, own + 7)
    paid = found.pays.first(run[0][0].span.end, starts[-1]) is not None
    between = doc.plain[own : pay.span.start] if pay else ""
    close = pay is not None and "\n" not in between and (paid or "," not in between)
    ends = [*starts[1:], pay.span.end if pay and close else own]
    return [
        Block(Span(start, end), title.span, count)
        for start, end, (title, count) in zip(starts, ends, run, strict=True)
    ]


def _longest_run(doc: Document, pairs: list[tuple[Title, Count]]) -> list[tuple[Title, Count]]:
    """The longest row of pairs that stand close together in one line."""
    runs: list[list[tuple[Title, Count]]] = []
    for pair in pairs:
        last = runs[-1][-1] if runs else None
        end = max(last[0].span.end, last[1].span.end) if last else 0
        if last and pair[0].span.start - end <= 40 and "\n" not in doc.plain[end : pair[0].span.start]:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return max(runs, key=len, default=[])


def _by_wages(doc: Document, found: Evidence) -> list[Block]:
    """``木工380一天，小工220一天``: titles with a wage of their own right behind them."""
    pairs: list[tuple[Title, Pay]] = []
    for title in found.titles:
        pay = found.pays.first(title.span.end, title.span.end + 4)
        if pay and "\n" not in doc.plain[title.span.end : pay.span.start]:
            pairs.append((title, pay))
    near = all(0 <= after[0].span.start - before[1].span.end <= 12 for before, after in pairwise(pairs))
    if len(pairs) < 2 or not near or len({doc.cut(title.span) for title, _ in pairs}) < len(pairs):
        return []
    return [Block(Span(title.span.start, pay.span.end), title.span) for title, pay in pairs]


def _by_also(doc: Document, found: Evidence) -> list[Block]:
    """``另招…``: the words up to the next full stop or line are a post of their own."""
    for match in _ALSO.finditer(doc.plain):
        title = found.titles.first(match.end(), match.end() + 11)
        first = _best_title(found, Span(0, match.start()))
        if title is None or first is None or first.end > match.start() or doc.cut(first) == doc.cut(title.span):
            continue
        stop = re.compile(r"[。\n]").search(doc.plain, title.span.end)
        end = stop.start() if stop else len(doc.plain)
        start = doc.line_at(first.start).start
        start = max(start, *(doc.plain.rfind(mark, start, first.start) + 1 for mark in "。!"))
        newline = doc.plain.find("\n", first.end, match.start())
        own = Span(start, newline if newline > 0 else match.start())
        return [Block(own, first), Block(Span(match.start(), end), title.span, inherits=True)]
    return []


def _by_each(doc: Document, found: Evidence) -> list[Block]:
    """``打荷、水台各1名`` are two posts of one."""
    for count in found.counts:
        title = found.titles.before(count.span.start) if count.each else None
        if title and _JOINT_EACH.fullmatch(doc.plain[title.span.end : count.span.start]):
            names = _split_joint(doc, title.span)
            if len(names) > 1:
                return [Block(name, name, count) for name in names]
    return []


def _split_joint(doc: Document, span: Span) -> list[Span]:
    words = doc.plain[span.start : span.end]
    if not _JOINT.search(words):
        return heads_in(doc, span)
    parts, start = [], span.start
    for match in _JOINT.finditer(words):
        parts.append(Span(start, span.start + match.start()))
        start = span.start + match.end()
    return [part for part in (*parts, Span(start, span.end)) if part.end - part.start > 1]


def _blocks(doc: Document, heads: list[tuple[int, Span | None]]) -> list[Block]:
    """Blocks from heading to heading. The last one ends where a label starts that no earlier block had."""
    if len(heads) < 2:
        return []
    blocks = [Block(Span(start, after), title) for (start, title), (after, _) in pairwise(heads)]
    labels = Row(doc.sections, lambda section: section.label)
    kinds = {section.kind for section in labels.between(heads[0][0], heads[-1][0])}
    own = [doc.plain[block.span.start : block.span.end] for block in blocks]
    gaps = any(_INNER_GAP.search(words) for words in own)
    single = all("\n" not in words.strip() for words in own)
    start, title = heads[-1]
    end = len(doc.plain)
    for line in doc.lines:
        if line.start <= start:
            continue
        words = doc.plain[line.start : line.end]
        blank = not words.strip(" |")
        label = labels.first(line.start, line.end)
        strange = label is not None and label.kind not in kinds
        if single or (blank and not gaps) or strange or (_SHARED.match(words) and label is None):
            end = line.start
            break
    return [*blocks, Block(Span(start, end), title)]
