"""Where one post ends and the next begins.

Each way a message can hold several posts is one function; the first that finds two or more wins. A block is a post's
own stretch of text; whatever no block owns is shared by all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.pay import Pay
from jiamenkou.engines.vacancytext.people import Count
from jiamenkou.engines.vacancytext.titles import Title, heads_in

MOST_POSTS = 200

_HEAD = re.compile(
    r"^[ |]*(?:【[ ]?\d{1,2}[ ]?】|[(]\d{1,2}[)]|\d{1,2}[、.)](?!\d)|[①-⑨]|(?:单|岗位|职位|岗|工种)[ ]?[一二三四五六七八九\d]{1,2}|[一二三四五六七八九十]{1,2}[、.]|\|+)[ ]?[:、,.]?[ ]?"
)
_BULLET = re.compile(
    r"^[ |*#>.·-]*(?:【[ ]?\d{1,2}[ ]?】|[(]?\d{1,2}[、.)](?!\d)|[①-⑨]|[一二三四五六七八九十]{1,2}[、.])?[:、 |]*(?:招聘?|急?聘|诚聘|急招|岗位|职位|工种)?[: ]*"
)
_SHARED = re.compile(
    r"^[ |]*(?:以上|备注|注意|联系|电话|地址|报名|集合|公司|以下|工作地|面试|有意|另外?[:]|福利|统一|要求[:])"
)
_ALSO = re.compile(r"(?:另外?|还|同时|再|并|另外还)(?:急)?(?:招聘?|聘|组|需要?|请|有)|另[:,]")
_DIVIDER = re.compile(r"^[ ]*(?:[-=*_~.·—#+]{3,}|\|{3,})[ ]*$", re.M)
_GAP = re.compile(r"\n[ |]*\n")
_JOINT_EACH = re.compile(r"[ 、,]?各[ ]?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A post's own text; ``title`` and ``count`` where the cut already knows them."""

    span: Span
    title: Span | None = None
    count: Count | None = None
    inherits: bool = False
    """What neither it nor the shared text says is taken from the first block (另招 …)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    titles: list[Title]
    pays: list[Pay]
    counts: list[Count]
    phones: list[Span]


def segment(doc: Document, found: Evidence) -> list[Block]:
    """The posts of a message in order; one block over the whole text when nothing tells them apart."""
    for cut in (_by_parts, _by_headings, _by_labels, _by_lines, _in_line, _by_wages, _by_also, _by_each):
        blocks = cut(doc, found)
        if len(blocks) > 1:
            return blocks[:MOST_POSTS]
    return [Block(Span(0, len(doc.plain)))]


def _inside(items: list[Span], span: Span) -> list[Span]:
    return [item for item in items if span.start <= item.start < span.end]


def _by_parts(doc: Document, found: Evidence) -> list[Block]:
    """Whole posts one under the other: each part has its own title and its own phone."""
    edges = [0]
    for match in sorted([*_DIVIDER.finditer(doc.plain), *_GAP.finditer(doc.plain)], key=lambda match: match.start()):
        edges.append(match.end())
    parts: list[Span] = []
    for start, end in zip(edges, [*edges[1:], len(doc.plain)], strict=True):
        # a part without a phone belongs to the post before it, unless that one is already closed by its phone
        if parts and not _inside(found.phones, parts[-1]):
            parts[-1] = Span(parts[-1].start, end)
        else:
            parts.append(Span(start, end))
    titles = [title.span for title in found.titles if title.rank >= 1]
    whole = [part for part in parts if _inside(found.phones, part) and _inside(titles, part)]
    if len(whole) < 2 or len(whole) < len(parts) - 1:
        return []
    names = {doc.cut(_best_title(found, part) or part) for part in whole}
    return [Block(part) for part in whole] if len(names) == len(whole) else []


def _best_title(found: Evidence, span: Span) -> Span | None:
    inside = [title for title in found.titles if span.start <= title.span.start < span.end and title.rank > 0]
    return max(inside, key=lambda title: (title.rank, -title.span.start)).span if inside else None


def _by_headings(doc: Document, found: Evidence) -> list[Block]:
    """``【1】压铸工：10人`` … ``【2】质检员``; ``单1：`` …; ``一、保洁`` …"""
    heads: list[tuple[int, Span | None]] = []
    for line in doc.lines:
        words = doc.plain[line.start : line.end]
        mark = _HEAD.match(words)
        if (
            mark is None
            or doc.kind_at(line.start) in {"requirement", "duty", "agency", "note", "benefit"}
            and "岗" not in words[:4]
        ):
            continue
        title = next(
            (
                t
                for t in found.titles
                if line.start <= t.span.start < line.end and t.span.start - line.start - mark.end() <= 6
            ),
            None,
        )
        if title is None:  # 1. 某厂 招操作工5人
            counted = [c.span.start for c in found.counts if line.start <= c.span.start < line.end]
            title = next(
                (
                    t
                    for t in found.titles
                    if counted and line.start <= t.span.start and 0 <= counted[0] - t.span.end <= 2
                ),
                None,
            )
        order = re.match(r"[ |]*(?:单|岗位|职位)", words)
        if title is None and order is None:
            continue
        counted = any(line.start <= count.span.start < line.end for count in found.counts) or any(
            line.start <= pay.span.start < line.end for pay in found.pays
        )
        if title and not counted and not order and len(words) > 28:
            continue
        if (
            words.lstrip().startswith("|")
            and not counted
            and re.match(r"^[ ]*\|+[ ]?$", words[: mark.end()])
            and title
            and title.rank < 3
        ):
            continue
        heads.append((line.start, title.span if title else None))
    return _blocks(doc, heads)


def _by_labels(doc: Document, found: Evidence) -> list[Block]:
    """岗位：… said more than once with different words."""
    heads = []
    for title in found.titles:
        if title.rank == 5:
            heads.append((doc.line_at(title.span.start).start, title.span))
    if len({doc.cut(span) for _, span in heads}) < len(heads) or len({start for start, _ in heads}) < len(heads):
        return []
    return _blocks(doc, list(heads))


def _by_lines(doc: Document, found: Evidence) -> list[Block]:
    """A list, one post a line: a title first, then its head-count or wage."""
    heads: list[tuple[int, Span | None]] = []
    for line in doc.lines:
        if line.end == line.start or doc.kind_at(line.start) in {"agency", "duty", "note", "benefit"}:
            continue
        title = next((t for t in found.titles if line.start <= t.span.start < line.end), None)
        if title is None:
            continue
        mark = _BULLET.match(doc.plain[line.start : line.end])
        lead = title.span.start - line.start - (mark.end() if mark else 0)
        own = [count.span for count in found.counts if title.span.start <= count.span.start < line.end]
        own += [pay.span for pay in found.pays if title.span.start <= pay.span.start < line.end]
        leading = [count for count in found.counts if line.start <= count.span.start < title.span.start]
        if (lead <= 1 or (leading and lead <= 6)) and (leading or (own and min(own).start - title.span.end <= 24)):
            heads.append((line.start, title.span))
    return _blocks(doc, heads) if len(heads) > 1 else []


def _in_line(doc: Document, found: Evidence) -> list[Block]:
    """``炒锅一名4500 砧板一名4000`` in one line: title and head-count alternate."""
    pairs: list[tuple[Title, Count]] = []
    for title in found.titles:
        if title.rank < 1:
            continue
        free = [c for c in found.counts if not c.each and not any(c is own for _, own in pairs)]
        count = next((c for c in free if 0 <= c.span.start - title.span.end <= 3), None)
        count = count or next((c for c in free if 0 <= title.span.start - c.span.end <= 1), None)
        if count:
            pairs.append((title, count))
    runs: list[list[tuple[Title, Count]]] = []
    for pair in pairs:
        last = runs[-1][-1] if runs else None
        if last and pair[0].span.start - max(last[0].span.end, last[1].span.end) <= 40:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    run = max(runs, key=len, default=[])
    if len(run) < 2 or len({doc.cut(title.span) for title, _ in run}) < 2:
        return []
    blocks = []
    for index, (title, count) in enumerate(run):
        start = min(title.span.start, count.span.start)
        if index + 1 < len(run):
            end = min(run[index + 1][0].span.start, run[index + 1][1].span.start)
        else:
            own = max(title.span.end, count.span.end)
            paid = any(run[0][0].span.end <= p.span.start < start for p in found.pays)
            pay = next(
                (
                    p
                    for p in found.pays
                    if 0 <= p.span.start - own <= 6 and (paid or "," not in doc.plain[own : p.span.start])
                ),
                None,
            )
            end = pay.span.end if pay else own
        blocks.append(Block(Span(start, end), title.span, count))
    return blocks


def _by_wages(doc: Document, found: Evidence) -> list[Block]:
    """``木工380一天，小工220一天``: titles with a wage of their own right behind them."""
    pairs = []
    for title in found.titles:
        pay = next((p for p in found.pays if 0 <= p.span.start - title.span.end <= 3), None)
        if pay and "\n" not in doc.plain[title.span.end : pay.span.start]:
            pairs.append((title, pay))
    near = all(
        0 <= after[0].span.start - before[1].span.end <= 12 for before, after in zip(pairs, pairs[1:], strict=False)
    )
    if len(pairs) < 2 or not near or len({doc.cut(title.span) for title, _ in pairs}) < len(pairs):
        return []
    return [Block(Span(title.span.start, pay.span.end), title.span) for title, pay in pairs]


def _by_also(doc: Document, found: Evidence) -> list[Block]:
    """``另招…``: the words up to the next full stop or line are a post of their own."""
    match = next(
        (m for m in _ALSO.finditer(doc.plain) if any(0 <= t.span.start - m.end() <= 10 for t in found.titles)), None
    )
    if match is None:
        return []
    title = next(t for t in found.titles if 0 <= t.span.start - match.end() <= 10)
    before = [t for t in found.titles if t.span.end <= match.start() and t.rank > 0]
    if not before:
        return []
    first = max(before, key=lambda t: (t.rank, -t.span.start))
    if doc.cut(first.span) == doc.cut(title.span):
        return []
    stop = re.search(r"[。\n]", doc.plain[title.span.end :])
    end = title.span.end + (stop.start() if stop else len(doc.plain))
    start = doc.line_at(first.span.start).start
    sentence = [own.end() for own in re.finditer(r"[。!]", doc.plain[start : first.span.start])]
    start += sentence[-1] if sentence else 0
    stop_first = doc.plain.find("\n", first.span.end, match.start())
    return [
        Block(Span(start, stop_first if stop_first > 0 else match.start()), first.span),
        Block(Span(match.start(), end), title.span, inherits=True),
    ]


def _by_each(doc: Document, found: Evidence) -> list[Block]:
    """``打荷、水台各1名`` are two posts of one."""
    for count in found.counts:
        if not count.each:
            continue
        title = next(
            (
                t
                for t in reversed(found.titles)
                if t.span.end <= count.span.start and _JOINT_EACH.fullmatch(doc.plain[t.span.end : count.span.start])
            ),
            None,
        )
        if title is None:
            continue
        names = _split_joint(doc, title.span)
        if len(names) > 1:
            return [Block(Span(name.start, name.end), name, count) for name in names]
    return []


def _split_joint(doc: Document, span: Span) -> list[Span]:
    parts, start = [], span.start
    if not re.search(r"[、/,和及+ ]", doc.plain[span.start : span.end]):
        return heads_in(doc, span)
    for match in re.finditer(r"[、/,和及+ ]+", doc.plain[span.start : span.end]):
        parts.append(Span(start, span.start + match.start()))
        start = span.start + match.end()
    parts.append(Span(start, span.end))
    return [part for part in parts if part.end - part.start > 1]


def _blocks(doc: Document, heads: list[tuple[int, Span | None]]) -> list[Block]:
    """Blocks from heading to heading. The last one ends where a label starts that no earlier block had."""
    if len(heads) < 2:
        return []
    blocks = []
    for (start, title), (after, _) in zip(heads, heads[1:], strict=False):
        blocks.append(Block(Span(start, after), title))
    kinds = {
        section.kind
        for section in doc.sections
        if any(section.label.start >= b.span.start and section.label.start < b.span.end for b in blocks)
    }
    gaps = any(re.search(r"\n[ |]*\n[ |]*[^ |\n]", doc.plain[b.span.start : b.span.end]) for b in blocks)
    start, title = heads[-1]
    single = all("\n" not in doc.plain[b.span.start : b.span.end].strip() for b in blocks)
    end = len(doc.plain)
    for line in doc.lines:
        if line.start <= start:
            continue
        words = doc.plain[line.start : line.end]
        blank = not words.strip(" |")
        label = next((s for s in doc.sections if s.label.start >= line.start and s.label.start < line.end), None)
        if (
            single
            or (blank and not gaps)
            or (label and label.kind not in kinds)
            or (_SHARED.match(words) and not (label and label.kind in kinds))
        ):
            end = line.start
            break
    return [*blocks, Block(Span(start, end), title)]
