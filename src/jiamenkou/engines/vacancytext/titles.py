"""Titles: words for occupations and kinds of work, with the words that belong in front of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import HAN, Document, kind_of
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.occupations import OCCUPATIONS
from jiamenkou.engines.vacancytext.spans import Cover

_SUFFIXED = (
    rf"[{HAN}]{{1,4}}(?:员工?|工(?!作|资|时|厂|业|程(?!师)|具|会|龄|伤|种|序|价|人|地|艺|商"
    rf"|钱|期|装|牌|号|服|棚)|师傅?|嫂|司机|阿姨|专员|助理|学徒)"
)
_HEADS = "|".join(sorted((re.escape(word) for word in OCCUPATIONS), key=len, reverse=True))
_TITLE = re.compile(
    rf"(?P<head>{_HEADS})(?P<tail>助理|主管|经理|组长|队长|班长|学徒|师傅|领班|阿姨|兼职|岗位?"
    rf"|工人|人员|专员|工|员|师|长|大姐)?(?!证|经验|技能|基础|资格"
    rf"|专业|公司|证书)(?:[ ]?\((?P<note>[^()\n\d]{{1,8}})\))?"
)
_LOOSE = re.compile(rf"(?<![{HAN}]){_SUFFIXED}(?![{HAN}])")
_COUNTED = re.compile(
    rf"[{HAN}]{{1,5}}(?:员|工|师傅?|嫂|手|生|长|司机|人员|专员|阿姨|学徒)(?=[ :]?(?:\d{{1,3}}"
    rf"|[一二两三四五六七八九十]{{1,2}})[ ]?[名人个位])"
)
_WEAK = re.compile(
    r"^(?:(?:招聘|大量|长期)?(?:兼职|小时工|临时工|钟点工|暑假工|寒假工|工人|学徒|师傅|师傅们"
    r"|阿姨|手工|管理员|员工|安保|运营|技师|客房|家政|物业管家|早餐|志愿者))$"
)
_HIRING = re.compile(
    r"(?:高薪|长期|大量|紧急|现|诚|急|直|特|新|另|还|再|同时|店内|本店|本厂|本公司|公司|我司"
    r"|兹|面向社会|公开)?(?:诚聘|招聘|急聘|招收|招募|聘请|诚招|急招|急需|寻找|急找|诚请|聘用"
    r"|招请|招工|招|聘|请|寻|另组|诚征|征|需要|找|想找|缺)(?:以下|下列|多名|一批|若干|几名"
    r"|长期|急|大量)?"
)
# Words that cannot be part of a title: what stands before the last of them is cut off.
_STOP = re.compile(
    r"招聘|诚聘|急聘|急招|诚招|招募|招收|聘请|急需|寻找|招请|招|聘|急|需要|寻|找|另组|请|公司"
    r"|酒店|餐厅(?=服务)|有限|集团|工厂|[一二两三四五六七八九十几数多\d]+[名个位人]|[一二两三四五六七八九]名"
    r"|若干|岗位|职位|工种|男女|不限|各种|现|我们|一起|优秀|以下|长期|临时(?!工)|大量|高薪"
    r"|[的是在为和及或与]|做|当|要求|经验|从事|担任|负责"
    r"|附近|关口|店(?!长|员|助)|厂(?!长|区|内)|医院|学校|小区|学院|大学|幼儿园(?=[保厨老])"
    r"|月薪|元|块|天|每|起|到|周结|日结|月结|白天|明早|明天|今天|后天|立即|上岗|家里|家中|本人"
    r"|一家"
)
_NOT_TITLE = re.compile(
    r"免费|提供|培训|补贴|福利|工资|优先|经验|以上|证$|协助|有(?!机)|无|会|能|可|包(?!装|子)"
    r"|交|不(?!锈|住)|服从|配合|完成|领导|公司|沟通|客户|上级"
)
_CONTEXT_NO = frozenset(
    {"requirement", "benefit", "agency", "skip", "phone", "contact", "note", "meet", "place", "hours", "rest"}
)
_UNLISTED = re.compile(
    rf"(?:招聘?|急招|诚聘|找)(?:能|会)?(?P<n>[{HAN}]{{2,6}}?)(?:的人|的师傅|的)?(?=[,。;\n ]|\d|[一二两三四五六七八九十]+[名人个位]|$)"
)
_SPLIT_FROM = re.compile(r"[,。;!?\n|()【】:]")


@dataclass(frozen=True, slots=True)
class Title:
    """A title candidate; ``rank`` 5 labelled, 4 after a word for hiring, 3 heads a short line, 1 elsewhere."""

    span: Span
    rank: int


def find_titles(doc: Document) -> list[Title]:
    """Title candidates in order of the text, none overlapping."""
    found = _labelled(doc)
    taken = Cover(title.span for title in found)
    last = 0
    for match in _TITLE.finditer(doc.plain):
        span = _grown(doc, match)
        span, last = Span(max(last, span.start), span.end), span.end
        kind = doc.kind_at(match.start())
        if kind in _CONTEXT_NO or taken.hits(span):
            continue
        if kind_of(doc.plain[span.start : span.end]) in {"phone", "contact"}:
            continue
        found.append(Title(span, _rank(doc, span, kind)))
        taken.add(span)
    for match in _COUNTED.finditer(doc.plain):
        span = _grown(doc, match)
        if doc.kind_at(match.start()) not in _CONTEXT_NO and not taken.hits(span):
            cut = max((stop.end() for stop in _STOP.finditer(doc.plain[span.start : span.end - 1])), default=0)
            found.append(Title(Span(span.start + cut, span.end), 3))
    if not found:
        found = [
            Title(Span(*match.span()), 1)
            for match in _LOOSE.finditer(doc.plain)
            if doc.kind_at(match.start()) not in _CONTEXT_NO and not _NOT_TITLE.search(match.group())
        ]
    if not any(title.rank >= 3 for title in found):
        # 招摘草莓的人: a trade nobody listed, but the word for hiring stands before it
        found += [
            Title(span, 3)
            for match in _UNLISTED.finditer(doc.plain)
            if not _NOT_TITLE.search(match["n"])
            and not _STOP.search(match["n"])
            and doc.kind_at(match.start()) not in _CONTEXT_NO
            and not taken.hits(span := Span(*match.span("n")))
        ][:1]
    return _merged(doc, sorted(found, key=lambda title: title.span))


def has_title(words: str) -> bool:
    return _TITLE.search(words) is not None


def heads_in(doc: Document, span: Span) -> list[Span]:
    """The heads of a run like 打荷水台, each with the words before it."""
    parts, start = [], span.start
    for match in _TITLE.finditer(doc.plain, span.start, span.end):
        parts.append(Span(start, match.end()))
        start = match.end()
    return parts


def _labelled(doc: Document) -> list[Title]:
    found = []
    for section in doc.sections:
        if section.kind != "title":
            continue
        body = doc.plain[section.body.start : section.body.end]
        line = body.lstrip(" |\n").split("\n")[0]
        if not line or (re.match(r"[ |]*\n", body) and not has_title(line)):
            continue
        start = section.body.start + body.index(line)
        mark = re.match(r"(?:\d{1,2}[、.)]|[①-⑨]|【\d{1,2}】)[: ]*", line)
        if mark and len(re.findall(r"^[ |]*(?:\d{1,2}[、.)]|[①-⑨]|【\d)", body, re.M)) > 1:
            continue
        start, line = (start + mark.end(), line[mark.end() :]) if mark else (start, line)
        words = re.split(
            r"[,。;!|(]|\d|[一二两三四五六七八九十]+[名个位人]|若干|数名|限[男女]|男女| 工资| 月薪", line
        )[0].rstrip(" 、:-")
        span = doc.trimmed(start, start + len(words)) if words else None
        if span and 1 < span.end - span.start <= 24 and re.search(rf"[{HAN}a-z]", words):
            found.append(Title(span, 5))
    return found


def _grown(doc: Document, match: re.Match[str]) -> Span:
    """The head with the words in front of it (夜班, 客房, 住家 …) back to the last boundary."""
    start = match.start()
    left = max(doc.line_at(start).start, start - 10)
    section = doc.section_at(start)
    if section:
        left = max(left, section.label.end)
    words = re.split(r"[^\u4e00-\u9fffa-z]", doc.plain[left:start])[-1]
    cut = 0
    for stop in _STOP.finditer(words):
        cut = stop.end()
    words = re.sub(r"^(?:男|女|名|个|位|些|区|市|县|镇|里|中(?!餐|西|医|式)|内(?!勤)|聘|工)+", "", words[cut:])
    return Span(start - len(words), match.end())


def _rank(doc: Document, span: Span, kind: str) -> int:
    line = doc.line_at(span.start)
    before = doc.plain[max(line.start, span.start - 14) : span.start]
    if kind == "duty":
        return 0
    if _WEAK.match(doc.plain[span.start : span.end]):
        return 4 if doc.plain[span.end : span.end + 1] == ":" and not before.strip(" |") else 1
    last = _SPLIT_FROM.split(before)[-1]
    if _HIRING.search(last) or re.search(r"[名个位][ ]?$|男女$", last):
        return 4
    if (
        line.start + 8 >= span.start
        and line.end - line.start <= 30
        and not _SPLIT_FROM.search(doc.plain[line.start : span.start].strip(" |【】①②③④⑤⑥⑦⑧⑨0123456789.、()"))
    ):
        return 3
    return 2 if line.start == doc.lines[0].start else 1


def _merged(doc: Document, titles: list[Title]) -> list[Title]:
    """普工、操作工、包装工 under one set of terms is one title."""
    merged: list[Title] = []
    for title in titles:
        last = merged[-1] if merged else None
        own_terms = re.match(
            r"[ :]?(?:\d|[一二两三四五六七八九十数][名个位])", doc.plain[title.span.end : title.span.end + 3]
        )
        comma = bool(last) and "," in doc.plain[merged[-1].span.end : title.span.start]
        if (
            last
            and not (comma and own_terms)
            and re.fullmatch(r"[ ]?[、/和及+]?[ ]?|,(?=.{2})", doc.plain[last.span.end : title.span.start])
            and "\n" not in doc.plain[last.span.end : title.span.start]
        ):
            merged[-1] = Title(Span(last.span.start, title.span.end), max(last.rank, title.rank))
        elif last and title.span.start < last.span.end:
            continue
        else:
            merged.append(title)
    return merged
