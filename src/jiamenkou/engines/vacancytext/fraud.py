"""Words of fraud in a vacancy: what they are, where they stand, why they matter. Facts only; people decide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.spans import Cover
from jiamenkou.engines.vacancytext.text import LONGEST, printable

_NO_PROPERTY = "用人单位不得以任何名义向劳动者收取财物（劳动合同法第九条）"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (_NO_PROPERTY, re.compile(r"押金|保证金|抵押金|风险金|诚意金")),
    (
        _NO_PROPERTY,
        re.compile(
            r"(?:培训|报名|服装|工装|制服|体检|资料|建档|办卡|办证|入职|岗位|会员|名额|审核|激活|手续"
            r"|占位|上岗|保险|中介|介绍|保密)费(?!用?由|全?免|报销)|茶水费|学费"
        ),
    ),
    (
        _NO_PROPERTY,
        re.compile(
            r"先(?:交|缴|付|垫付?|转|打)[^,。;!\n]{0,4}(?:钱|费|款|金)|(?:交|缴|付)(?:完)?(?:钱|费)(?:后"
            r"|才|再)(?:上班|上岗|入职|安排)|垫付|垫资|预付"
        ),
    ),
    (
        "刷单、刷信誉是违法行为，也是常见骗局（电子商务法第十七条、反电信网络诈骗法）",
        re.compile(
            r"刷[单信好流][誉评量]?|点赞[^,。\n]{0,6}(?:赚|返|佣|结)|关注(?:公众号|主播)[^,。\n]{0,4}(?:返"
            r"|佣|赚)|做任务返|返佣|拉人头|动动手指"
        ),
    ),
    (
        "出租、出借银行卡、电话卡是违法行为（反电信网络诈骗法第三十一条）",
        re.compile(
            r"跑分|(?:出租|出借|收购|租用|借用|回收)[^,。\n]{0,4}(?:银行卡|电话卡|手机卡|微信号?|支付宝|账号|四件套)"
        ),
    ),
    (
        "不得扣押居民身份证和其他证件（劳动合同法第九条）",
        re.compile(
            r"(?:扣押?|上交|抵押|统一保管|收取?)[^,。\n]{0,3}(?:身份证|证件)(?:原件)?|身份证原件[^,。\n]{0,4}(?:保管"
            r"|上交|抵押)"
        ),
    ),
    ("以贷款付培训费是常见骗局", re.compile(r"培训贷|先学后付|分期付?学费|贷款培训|无抵押贷款|办理?贷款入职")),
    (
        "境外高薪招工多与电信诈骗有关",
        re.compile(
            r"(?:缅甸|缅北|柬埔寨|老挝|菲律宾|迪拜|泰国|金三角|西港|妙瓦底)[^。\n]{0,20}(?:高薪|招"
            r"|包机票|客服|打字|月薪)|(?:高薪|招聘)[^。\n]{0,12}(?:缅甸|缅北|柬埔寨|西港)|包(?:出境"
            r"|偷渡|路线)"
        ),
    ),
    (
        "承诺与劳动不相称的收入，请核实",
        re.compile(
            r"(?:日赚|日入|躺赚|轻松(?:日|月)入)[^,。\n]{0,3}(?:\d{3,}|[一二三四五六七八九]?[千百万]"
            r"|过[百千万])|零投入|稳赚|无需任何投入|打字员[^。\n]{0,10}日结|在家[^,。\n]{0,6}日入"
        ),
    ),
)
_DENIED = re.compile(
    r"(?:不收|无需?|没有?|免|不用?交?|不需要?交?|不交|零|0|绝不|拒绝|谨防|警惕|不得|防止|杜绝"
    r"|不?收取?任何|严禁|非|不是|不做|勿)[^,。;!\n|]{0,8}$"
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A suspicious word: the words as typed, where they stand, and the reason to look twice."""

    word: str
    span: Span
    why: str


def fraud_words(text: str) -> list[Flag]:
    """Suspicious words in order of the text; what is expressly denied (不收押金) is left out.

    Only the first :data:`LONGEST` characters are looked at, like :func:`parse` does.
    """
    doc = Document(printable(text)[:LONGEST])
    found: list[Flag] = []
    taken = Cover()
    for why, pattern in _PATTERNS:
        for match in pattern.finditer(doc.plain):
            span = Span(*match.span())
            before = doc.plain[max(0, span.start - 12) : span.start]
            if _DENIED.search(before) or taken.hits(span):
                continue
            taken.add(span)
            found.append(Flag(doc.cut(span), span, why))
    return sorted(found, key=lambda one: one.span)
