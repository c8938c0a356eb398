"""Where the work is, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import HAN, Document
from jiamenkou.engines.vacancytext.gazetteer import PLACES
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.spans import Cover

_NAMES = "|".join(sorted(PLACES, key=len, reverse=True))
_TAIL = (
    r"[a-z]?\d{1,5}(?:[-~、]\d{1,4})?(?:号院?|弄|栋|幢|楼|单元|座|室|层|f|#)(?:[a-z]?\d{1,4}(?:号"
    r"|栋|幢|楼|单元|座|室|层|f)?){0,4}(?:电梯\d?楼?)?"
)
_AREA = (
    r"特别行政区|省|自治区|市(?!场|区内|民|面)|新区|开发区|高新区|工业区|保税区|区(?![域分别间位])"
    r"|县|镇|街道办?|工业园区?|科技园|产业园|物流园|创业园|软件园|园区|新城(?!区)|道(?=\d)"
    r"|路口|路(?![费程线上途过])|大道|街(?!道|边)|巷|胡同|村(?!民)|社区(?!工|服务|卫生)"
    "|广场|大厦|大楼|写字楼|地铁站|[东西南北]站|客运站|公交站|车站|商圈|小区|花园|公寓楼|码头"
    "|机场|市场|商业街|步行街|步行城|夜市|会展中心|会议中心|体育馆|服装城|家纺城|建材城|数码城"
    "|商城|小镇|活动室|生态城|产业城|电商城|大桥|立交|关口|苑(?!子)"
)
_NEAR = r"(?:附近|旁边?|对面|隔壁|门口|周边|一带|[东西南北]侧|后面|内|沿线|交叉口|交汇处|路口|[a-z]出?口)"
_ADDRESS = re.compile(
    rf"(?:(?:{_NAMES})[-·/ ]?){{0,3}}(?:[{HAN}a-z]{{1,7}}?(?:{_AREA})[-·]?){{1,5}}"
    rf"(?:[ ]?{_TAIL})?(?:[{HAN}]{{0,10}}?{_NEAR})?"
)
_BESIDE = re.compile(rf"[{HAN}a-z]{{2,10}}?(?:附近|对面|旁边|隔壁|周边|门口|一带|(?=新店))")
_NAMED = re.compile(rf"(?:(?:{_NAMES})(?:市|区|县|镇|街道)?[-·/ ]{{0,2}}){{1,4}}")
_HYPHEN = re.compile(rf"^[ |]*(?P<n>[{HAN}]{{2,4}}[-·][{HAN}]{{2,6}}(?:[-·][{HAN}]{{2,6}})?)[ |]*$", re.M)
_NOT_IN_PLACE = re.compile(
    r".*(?:点半|点钟|集合地点|集合地址|面试地[点址]|集合|承包|招聘|急聘|急招|诚聘|诚招|招募|聘请|急需"
    r"|招请|招工|招|聘|位于|就在|工作地点?在|地点?在|地址|来自|负责|上班|坐标|现因|本店|我们"
    r"|公司|本人|我[家在]|住在|家住|新开|需要|寻找?|找|请到|前往|期间|月|日|急|[,。、]|(?:[早上晚]"
    r"|白班|夜班|长期|大量|现|在))"
)
_NO_PLACE = re.compile(
    r"小区(?:保安|保洁|物业)|不限|本市|外地|接受|全市|户口|户籍|优先|籍|市场(?:营销|部|推广"
    r"|专员|销售)|分工|市民|经验|^(?:市|区|县|镇|街道)"
    r"|^(?:高档|我们|大型|商业|写字|住宅|.?)(?:小区|园区|厂区|市区|郊区|景区|商场|市场|广场"
    r"|大厦|写字楼|大楼|车站|社区|村|镇|县|区|路|街)(?:门口|附近|内)?$|街坊"
)
_SHORT_OK = re.compile(rf"^(?:{_NAMES})")

_SUFFIX = (
    "股份有限公司|有限责任公司|有限公司|分公司|集团公司|集团|公司|合作社|事务所|加工厂|制衣厂"
    "|服装厂|电子厂|食品厂|[一-鿿]{1,4}厂|工厂|厂|大酒店|酒店|宾馆|民宿|大饭店|饭店|餐厅|餐馆"
    "|菜馆|面馆|火锅店|烧烤店|料理店|[一-鿿]{1,4}店|酒楼|酒家|食府|茶楼|茶餐厅|咖啡馆"
    "|人民医院|中心医院|医院|卫生院|卫生服务中心|卫生站|诊所|养老院|敬老院|护理院|福利院|老年公寓"
    "|养老中心|养老服务中心|养护院|颐养院|幼儿园|托育园|托儿所|小学|中学|大学|学院|学校|培训中心"
    "|物业服务中心|服务中心|月子中心|月子会所|护理中心|托育中心|文化中心|体育中心|会所|超市"
    "|商场|商行|便利店|驿站|工作室|车间|管委会|居委会|村委会|街道办事处|办事处|事业站|管理站"
    "|服务站|管理所|管理处|环卫所|环卫站|社区居委会|社保所|供电所|项目部|门诊部|经营部|营业部"
    "|健身房|俱乐部|银行|工坊|劳务队|书店|药房|大药房|物业|家政|食堂|网点|半导体|人力资源|劳务|科技"
    "|商贸|物流|餐饮|火锅|烧烤|串串|烘焙|种植基地|基地|农场|果园"
)
_EMPLOYER = re.compile(
    rf"(?P<n>[{HAN}a-z0-9&·]{{1,20}}(?:[ -][{HAN}]{{2,8}})?(?:\([{HAN}]{{2,8}}\)[{HAN}]{{0,14}})?)(?<=(?:厂"
    rf"|店|司|团|社|所|院|园|学|校|心|市|场|行|站|室|间|会|处|堂|楼|家|府|馆|厅|舍|宿|房|部"
    rf"|点|业|政|务|技|贸|地|源))"
)
_FULL = re.compile(
    rf"[{HAN}a-z0-9&·]{{2,24}}(?:\([{HAN}]{{2,8}}\))?[{HAN}]{{0,16}}?(?:股份有限公司|有限责任公司"
    rf"|有限公司)(?:[{HAN}]{{2,6}}(?:分公司|分店|店))?"
)
_SHORT = re.compile(
    rf"[{HAN}a-z0-9&·]{{1,16}}?(?:{_SUFFIX})(?![{HAN}](?<=[长员助生园]))(?:\([{HAN}]{{2,6}}\))?(?:[{HAN}]{{2,5}}(?:分公司"
    rf"|分店|店))?"
)
_BEFORE_NAME = re.compile(
    r".*(?:招聘|急聘|急招|诚聘|诚招|招募|消息由|信息由|位于|工作地点|地址|单位是?|为了|来自"
    r"|[由因就本我]|现在?|公司(?=.)|某|大型|知名|面试|到|去|在|给|帮|直招|直签|派遣|负责|[的,。]"
    r"|急|\d+[月号日天]|(?:路|街(?!道)|大道|巷|号|开发区|工业区|园区)(?=[一-鿿]{2}))"
)
_GENERIC = re.compile(
    r"^(?:本|我|该|某|贵|各|大型?|知名|正规|上市|自家|派遣|劳务|附近|小|新|老|夜|白|家|进|入"
    r"|出|人力|外资|日资|台资|国企|全|多家|某某|分|总|子|集团|一家|员工|职工|内部|单位|学校"
    r"|公司|福利性?|免费|五星级?|四星级?|连锁|社区|小区|提供|工作|学生|所有|开|住|有|无|转"
    r"|每|到|自有|工业|合作|知名)?"
    r"(?:公司|厂|店|工厂|酒店|食堂|餐厅|饭店|企业|单位|学校|超市|医院|物业|家政|商场|劳务|集团"
    r"|宾馆|车间|科技|分公司|门店|学院|小学|中学|大学|中心|网点|站|基地)$"
)
_KIND_ONLY = re.compile(
    r"^(?:家政|物业|保洁|劳务|餐饮|物流|保安|装修|快递|生鲜|食品|服装|电子|家具|玩具|鞋|某)(?:服务)?(?:公司"
    r"|厂|超市|店)$"
)
_BRANDS = re.compile(
    r"(?:顺丰|京东|美团|饿了么|中通|圆通|申通|韵达|极兔|菜鸟|富士康|比亚迪|立讯|海底捞|肯德基"
    r"|麦当劳|盒马|沃尔玛|永辉|山姆|星巴克|瑞幸|蜜雪冰城|必胜客|宁德时代|京东方|德邦|邮政)"
    r"(?:快递|速运|物流|快运|外卖|超市|电子|小件|大件|精密|咖啡|餐厅|仓库?|云仓|分拨中心|转运中心|中转场|园区)?"
)
_NOT_EMPLOYER = re.compile(
    r"^\d年|新店$|分店$|[有无]车|小学以上|初中|高中|学历|毕业|文化|经验|优先|进厂|厂价|食堂阿姨|不限"
    r"|优惠|以上|保险|补贴|旅游|接送|宿舍|福利|免费|提供|吃|住宿|早餐|报销|合同|培训|需要|驻"
    r"|可以|周边|附近|加班|工资|员工|开店|离|社保|公积金|家政$(?<=做家政)"
)
_ALONE = re.compile(
    rf"^[ |]*(?:[一二三四五六七八九十\d]{{1,2}}[、.])?[ |]*(?P<n>[{HAN}]{{2,8}}(?:食品|电子"
    rf"|机械|精密|科技|服饰|五金|塑胶|家具|印刷|包装|汽配|光电|医药|农业|纺织|建材|装饰|生物"
    rf"|新材料))[ |]*$|(?P<m>(?<![{HAN}])[{HAN}]{{2,4}}(?:街道(?=拟|现|公开|面向|招)|社区(?=拟|现|公开|面向|急?招)))",
    re.M,
)
_SIGNED = re.compile(r"(?:(?:消息|信息|招聘)由|以上.{0,6}由)(?P<n>[一-鿿]{2,16}?)(?:发布|发出|提供)")


@dataclass(frozen=True, slots=True)
class Name:
    span: Span
    rank: int


def find_places(doc: Document) -> list[Name]:
    """Places by how sure they are: 6 labelled workplace, 4 a line of its own, 3 an address or where the interview is,
    2 the company's seat, 1 a bare name."""
    found: list[Name] = []
    for section in doc.sections:
        if section.kind in {"place", "meet"}:
            found += _labelled(doc, section.kind, section.label, section.body)
    for match in _HYPHEN.finditer(doc.plain):
        if _SHORT_OK.match(match["n"]):
            found.append(Name(Span(*match.span("n")), 4))
    taken = Cover(name.span for name in found)
    for pattern, rank in ((_ADDRESS, 3), (_BESIDE, 3), (_NAMED, 1)):
        for match in pattern.finditer(doc.plain):
            name = _inline(doc, match, rank)
            if name and not taken.hits(name.span):
                found.append(name)
                taken.add(name.span)
    registered = Cover(Span(*match.span()) for match in _FULL.finditer(doc.plain))
    found = [name for name in found if name.rank >= 4 or registered.width(name.span) < name.span.end - name.span.start]
    return sorted(found, key=lambda name: name.span)


def _labelled(doc: Document, kind: str, label: Span, body: Span) -> list[Name]:
    words = doc.plain[body.start : body.end]
    bracket = re.match(
        r"[^()\n]{2,24}(?:公司|厂|院|店|中心)[ ]?\((?P<n>[^()\n]{3,40}?(?:\d号?|号|路|街|附近|对面|旁|村|区|园))\)",
        words,
    )
    if bracket:
        return [
            Name(Span(body.start + bracket.start("n"), body.start + bracket.end("n")), 6 if kind == "place" else 3)
        ]
    end = re.search(
        r"[。;!【\n]|,(?!.{0,8}(?:号|楼|室|附近|对面|旁))|(?:电话|联系|手机|微信|面试|联络)|1[3-9]\d{9}"
        r"|[(](?!.{0,12}(?:号|附近|对面|旁|楼|站|路|口))",
        words,
    )
    span = doc.trimmed(body.start, body.start + (end.start() if end else len(words)))
    if span is None or span.end - span.start < 2 or span.end - span.start > 60:
        return []
    own = doc.plain[label.start : label.end]
    rank = 3 if kind == "meet" else 2 if re.search(r"公司|总部", own) else 6
    if kind == "meet" and "面试" not in own:
        rank = 0
    return [Name(span, rank)]


def _inline(doc: Document, match: re.Match[str], rank: int) -> Name | None:
    kind = doc.kind_at(match.start())
    # 要求：有爱心。浦口区江浦街道 025-…: after a full stop an address on its own belongs to no label
    after = doc.plain[match.end() : match.end() + 1]
    alone = doc.plain[match.start() - 1 : match.start()] == "。" and after in {"", " ", ",", "。", "\n"}
    if alone and rank == 3 and kind in {"requirement", "benefit", "pay", "hours"}:
        kind = ""
    if kind in {
        "requirement",
        "duty",
        "agency",
        "note",
        "phone",
        "contact",
        "skip",
        "benefit",
        "place",
        "meet",
        "pay",
        "hours",
    }:
        return None
    words = match.group()
    cut = _NOT_IN_PLACE.match(words)
    start = match.start() + (cut.end() if cut and cut.end() < len(words) else 0)
    span = doc.trimmed(start, match.end())
    if span is None:
        return None
    words = doc.plain[span.start : span.end]
    known = bool(_SHORT_OK.match(words))
    if len(words) < 2 or (
        not known and (len(words) < 3 or (_NO_PLACE.search(words) and not re.search(r"\d|路|街|附近|对面", words)))
    ):
        return None
    if rank == 1:
        after = doc.plain[span.end : span.end + 4]
        if re.match(r"人(?!民)|话|籍|菜|户|口味|火锅|小吃|等地|风味|料理|米|烤|拉面", after):
            return None
        line = doc.line_at(span.start)
        early = span.start < 120 or span.start - line.start <= 6
        return Name(span, 1 if early else 0)
    return Name(span, rank if known or re.search(r"\d|附近|路|大道|对面|旁", words) else rank - 1)


def find_employers(doc: Document) -> list[Name]:
    """Employers: 6 labelled, 5 a registered name, 3 a name near the head, 2 elsewhere, 1 who signed."""
    found: list[Name] = []
    for section in doc.sections:
        if section.kind == "employer":
            words = re.split(
                r"[,。;!|【\n]|(?:地址|电话|招聘|诚聘)", doc.plain[section.body.start : section.body.end].lstrip(" |")
            )[0]
            start = doc.plain.index(words, section.body.start)
            span = doc.trimmed(start, start + len(words))
            if span and 2 <= span.end - span.start <= 40:
                found.append(Name(span, 6))
    for match in _SIGNED.finditer(doc.plain):
        found.append(Name(Span(*match.span("n")), 1))
    for match in _ALONE.finditer(doc.plain):
        found.append(Name(Span(*match.span("n" if match["n"] else "m")), 3))
    taken = Cover(name.span for name in found)
    for pattern, rank in ((_FULL, 5), (_SHORT, 3), (_BRANDS, 2)):
        for match in pattern.finditer(doc.plain):
            name = _employer(doc, match, rank)
            if name and not taken.hits(name.span):
                found.append(name)
                taken.add(name.span)
    return sorted(found, key=lambda name: name.span)


def _employer(doc: Document, match: re.Match[str], rank: int) -> Name | None:
    kind = doc.kind_at(match.start())
    if kind in {"requirement", "duty", "agency", "benefit", "hours", "pay", "skip"} and rank < 5:
        return None
    words = match.group()
    cut = _BEFORE_NAME.match(words)
    start = match.start() + (cut.end() if cut else 0)
    words = doc.plain[start : match.end()]
    if kind in {"place", "meet"} and not re.search(
        r"公司|(?:厂|院|超市|酒店|饭店|餐厅|宾馆|药房|幼儿园|食堂|工坊)$", words
    ):
        return None
    if (
        len(words) < 2
        or (len(words) < 3 and rank != 2)
        or _GENERIC.search(words)
        or (rank < 5 and _NOT_EMPLOYER.search(words))
    ):
        return None
    if _KIND_ONLY.search(words):
        rank -= 1
    head = start < 100 and kind in {"", "other", "title"}
    if rank == 3 or rank == 2:
        rank = rank if head else 2
        if kind in {"place", "meet"}:
            rank = 2
        if kind in {"note", "phone", "contact"} or (start > len(doc.plain) * 0.8 and start > 150):
            rank = 1
    return Name(Span(start, match.end()), rank)
