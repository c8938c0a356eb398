"""Phones, the person behind them, and how many are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import HAN, Document
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.numerals import whole
from jiamenkou.engines.vacancytext.spans import Cover

_MOBILE = re.compile(
    r"(?<![\d.])(?:(?:\+|00)?86[- ]?)?(?P<n>1[3-9]\d(?:[- ]?\d{4}[- ]?\d{4}|\d{5}[- ]\d{3}|[- ]\d{3}[- ]\d{5}))(?!\d)"
)
_TWO_MOBILES = re.compile(r"(?<!\d)(1[3-9]\d{9})(1[3-9]\d{9})(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\d-])(?P<n>(?:[(]0\d{2,3}[)]|0\d{2,3})[- ]?[2-9]\d{2,3}[- ]?\d{4}|[48]00[- ]?\d{3}[- ]?\d{4}"
    r"|[48]00[- ]?\d{4}[- ]?\d{3})(?:(?:-|转)(?P<ext>\d{1,5}))?(?![\d])"
)
_LOCAL = re.compile(
    r"(?:电话|热线|座机|致电|tel|联系方式|whatsapp|手机|联系)[^\d\n]{0,8}"
    r"(?P<n>[2-9]\d{2,3}[- ]?\d{4})(?:[/、,或 ]+(?P<n2>[2-9]\d{2,3}[- ]?\d{4}))?(?![\d])"
)
_NOT_PHONE = re.compile(r"(?:qq|扣扣|企鹅|群号|编号|身份证|税号|订单|信用代码|邮编|注册号|许可证)[^\d\n,。;]{0,6}$")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝欧储冼荆仝褚晁戈栗奚缪湛鄢岳裘"
)
_CALLED = (
    "经理|主任|老师|女士|先生|小姐|大姐|姐姐|姐|大哥|哥|阿姨|师傅|师父|老板娘|老板|总监|总"
    "|主管|厂长|店长|厨师长|厨|院长|园长|护士长|队长|站长|班长|组长|工|书记|会计|校长|助理"
    "|人事|叔|太太|太|生|妈|部长|领班|处长|科长|村长|秘书|姑娘|同志|医生"
)
_NAMED = re.compile(rf"(?:[{_SURNAMES}](?:[{HAN}]{{0,2}}?)|[阿小老大][{HAN}]|[{HAN}]{{1,2}}?)(?:{_CALLED})(?![{HAN}])")
_POLITE = re.compile(
    rf"(?<![{HAN}])(?:[{_SURNAMES}][{HAN}]{{0,2}}?|[阿小老][{HAN}]|[芳英梅红霞丽娟燕玲萍敏华军强]{{1,2}})(?:{_CALLED})"
    rf"|[{_SURNAMES}](?:{_CALLED})"
)
_ROLES = "老板娘?|店长|厂长|园长|队长|站长|班长|组长|院长"
_ROLE = re.compile(rf"(?P<n>[小老阿][{HAN}]|[{HAN}][哥姐叔姨总]|{_ROLES})(?![{HAN}])")
_LABELLED = re.compile(
    rf"(?:联系人|联络人|对接人|负责人|经办人|找|联系|请找|致电"
    rf"|咨询)[ :|(/]*(?:电话|人|姓名)?[ :|]*(?P<n>[{_SURNAMES}阿小老][{HAN}]{{1,3}})(?![{HAN}])"
)
_BESIDE_BEFORE = re.compile(
    rf"(?:^|[^{HAN}]|电话|手机|微信|联系|报名|热线|咨询|报备|名单"
    rf"|找)(?P<n>[{HAN}]{{1,4}})[ :|(,+/-]{{0,3}}(?:\d{{11}}[ /、,]{{1,2}})?$"
)
_BESIDE_AFTER = re.compile(rf"[ |(,、/-]{{0,3}}(?P<n>[{HAN}]{{2,6}}?)(?![{HAN}])")
_NO_NAME = re.compile(
    r"钟点|住家|保洁|电话|手机|微信|联系|报名|咨询|热线|号码?|详询|有意|同号|加我|名单|对接"
    r"|报备|投诉|政策|财务|结款|反馈|面试|微聊|短信|来电|请|谢谢|以上|地址|工资|本人|公司|直接"
    r"|私聊|扣扣|人员|随时|欢迎|速度|早|晚|上午|下午"
    r"|招|店|厂|路|街|号|元|岗|班|急|非诚|勿扰|预约|添加|备注|或|座机|也可|可加|拨打|致电|方式"
    r"|客服|中介|长期|有效|投递|简历|平台|住|吃|元旦|市|区|县|人|月|天|年|限|男|女|周|要求"
    r"|应聘|本店|了解|详情"
)

_COUNT = re.compile(
    r"(?P<many>[约近]|不少于|至少)?(?<![\d.\-~])(?P<n>\d{1,4}|[一二两三四五六七八九十百]{1,3})[ ]?(?P<of>名(?!单"
    r"|额|牌|片|字|师|义)|个人|人(?!间|/间|民|事|员|力|以|才|份|家|住|工|宿|一间|次|脸|一房"
    r"|餐|均|房|群|左右)|位(?!于|置)|个(?!月|小时|钟|半|工作|单|以|多|左右|休|性|子|/|人岗"
    r"|岗位|班|点|站))(?P<more>以上|左右|以内|以下|多|不等)?"
)
_SEVERAL = re.compile(r"(?:数|若干|多|几)(?:名|位|人)|若干")
_NUMBERED = re.compile(r"(?P<n>\d{1,4})(?![\d.\-~/:年月日岁元男女])")
_RANGE_BEFORE = re.compile(r"(?:\d|[一二三四五六七八九])[ ]?(?:名|人|个)?[ ]?[-~至到、/][ ]?$|[一二三四五六七八九]$")
_HOUSEHOLD = re.compile(
    r"家(?:里|庭|中|有)|口人|每|一间|宿舍|住|每桌|间|共|服务(?!员|生)|照顾|带|双胞|宝宝|孩"
    r"|老人|小组|团队|现有员工|员工总|带人|介绍|推荐|满|不到|超过|至少|约|(?<!附)近|拼|凑|岗位.?$"
    r"|公司有|规模|接收|厂里有|面积|提供|每组|两人|奖|打卡|另加|休|第"
)
_JOB_END = re.compile(
    r"(?:员|工|师|师傅|手|嫂|生|岗|长|司机|保安|保洁|客服|阿姨|切配|打荷|炒锅|厨|水台|砧板"
    r"|客房|前台|传单|收银|传菜|洗碗|主管|经理|助理|护理|销售|导购|质检|包装|分拣|搬运|装卸"
    r"|卸车|迎宾|徒|各|[)])[:x*× ]{0,2}$"
)
_WANT = re.compile(r"招|聘|需|要|请|找|急|缺|补|寻|另组|募|另|求")


@dataclass(frozen=True, slots=True)
class Count:
    """A head-count; ``value`` 0 for 数名 (several, not said how many); ``each`` for 各1名."""

    span: Span
    value: int
    each: bool


def _is_wanted(doc: Document, left: str, end: int) -> bool:
    """人 and 个 count many things: people wanted only after a word for hiring, a job, or on their own."""
    clause = re.split(r"[,。;!|\n]", left)[-1]
    alone = not clause.strip() and (end == len(doc.plain) or doc.plain[end] in ",。;!|\n ")
    return bool(alone or _WANT.search(clause) or _JOB_END.search(left))


def find_phones(doc: Document) -> list[tuple[Span, str]]:
    """Phone numbers in order, each once: mobiles as eleven digits, landlines with their own hyphen."""
    hits: list[tuple[Span, str]] = []
    taken = Cover()
    for match in _TWO_MOBILES.finditer(doc.plain):
        hits += [(Span(*match.span(1)), match[1]), (Span(*match.span(2)), match[2])]
        taken.add(Span(*match.span()))
    for pattern in (_MOBILE, _LANDLINE, _LOCAL):
        for match in pattern.finditer(doc.plain):
            for group in ("n", "n2"):
                if group not in match.groupdict() or not match[group]:
                    continue
                span = Span(*match.span(group))
                if taken.hits(span) or _NOT_PHONE.search(doc.plain[max(0, span.start - 16) : span.start]):
                    continue
                taken.add(span)
                extension = match.groupdict().get("ext")
                number = _digits(match[group], keep=pattern is _LANDLINE)
                hits.append((Span(span.start, match.end()), f"{number}-{extension}") if extension else (span, number))
    seen: set[str] = set()
    unique = []
    for span, number in sorted(hits):
        if number not in seen:
            unique.append((span, number))
        seen.add(number)
    return unique


def _digits(raw: str, *, keep: bool) -> str:
    """Only digits; an area code keeps its hyphen."""
    digits = re.sub(r"\D", "", raw)
    area = re.match(r"[(]?(0\d{2,3})[) -]", raw)
    return f"{area[1]}-{digits[len(area[1]) :]}" if keep and area else digits


def find_contacts(doc: Document, phones: list[tuple[Span, str]]) -> list[Span]:
    """Names of the people to call, best first within each place, in order of the text."""
    found: list[Span] = []
    for pattern in (_LABELLED,):
        for match in pattern.finditer(doc.plain):
            if not _NO_NAME.search(match["n"]) or re.search(rf"(?:{_CALLED})$", match["n"]):
                found.append(_shortened(doc, Span(*match.span("n"))))
    for section in doc.sections:
        if section.kind == "contact":
            match_ = re.compile(rf"[ |]*(?P<n>[{HAN}]{{1,5}})").match(doc.plain, section.body.start, section.body.end)
            if match_:
                found.append(_shortened(doc, Span(*match_.span("n"))))
    for span, _ in phones:
        found += _beside(doc, span)
    for match in _POLITE.finditer(doc.plain):
        line = doc.line_at(match.start())
        near = doc.plain[max(line.start, match.start() - 6) : match.start()]
        if re.search(r"找|联系|咨询|电话|微信|致电|报名|加[ :|]*$", near) and doc.kind_at(match.start()) not in {
            "duty",
            "benefit",
            "title",
        }:
            found.append(Span(*match.span()))
    return sorted(set(found))


def _shortened(doc: Document, span: Span) -> Span:
    """张经理微信同号 → 张经理."""
    match = _POLITE.search(doc.plain, span.start, span.end)
    if match:
        return Span(*match.span())
    words = re.match(rf"[{HAN}]+?(?=电话|手机|微信|同号|联系|$)", doc.plain[span.start : span.end])
    return Span(span.start, span.start + (words.end() if words else 0) or span.end)


def _beside(doc: Document, phone: Span) -> list[Span]:
    """The name directly before or after a number on its line."""
    line = doc.line_at(phone.start)
    left_start = max(line.start, phone.start - 28)
    left = doc.plain[left_start : phone.start]
    polite = list(_POLITE.finditer(left))
    if polite and len(left) - polite[-1].end() <= 14 and not re.search(r"[。;!?]", left[polite[-1].end() :]):
        return [Span(left_start + polite[-1].start(), left_start + polite[-1].end())]
    right = doc.plain[phone.end : min(line.end, phone.end + 14)]
    after = _POLITE.match(right.lstrip(" |(,、/-:微信同号v人事部行政店里")) or _ROLE.match(right.lstrip(" |(,、/-:"))
    if after is None and (
        unit := re.match(rf"[ |(,、/-]{{1,3}}[{HAN}]{{2,4}}(?=[{_SURNAMES}](?:{_CALLED})(?![{HAN}]))", right)
    ):
        named = _POLITE.search(right, unit.end())  # 社区钱主任
        if named and named.start() == unit.end():
            return [Span(phone.end + named.start(), phone.end + named.end())]
    if after:
        skipped = right.index(after.group())
        return [Span(phone.end + skipped, phone.end + skipped + after.end())]
    nick = re.search(
        rf"(?:^|[^{HAN}]|[找系部])(?P<n>[小老阿][{HAN}]|[{HAN}][哥姐叔姨总]|{_ROLES})[ :|(,/-]{{0,3}}$"
        rf"|(?P<k>[小老阿][{_SURNAMES}])[ :|(,/-]{{0,3}}$",
        left,
    )
    group = "n" if nick and nick["n"] else "k"
    if nick and (nick[group].endswith(("长", "娘")) or not _NO_NAME.search(nick[group])):
        return [Span(left_start + nick.start(group), left_start + nick.end(group))]
    before = _BESIDE_BEFORE.search(left)
    if before and not _NO_NAME.search(before["n"]):
        name = before["n"]
        if (name[0] in _SURNAMES and len(name) <= 4) or (
            len(name) == 2 and (name[0] == name[1] or name[0] in "阿小老")
        ):
            return [Span(left_start + before.start("n"), left_start + before.end("n"))]
    trail = _BESIDE_AFTER.match(right)
    if (
        trail
        and (trail["n"][0] in _SURNAMES or (trail["n"][0] in "小老阿" and len(trail["n"]) == 2))
        and len(trail["n"]) <= 3
        and not _NO_NAME.search(trail["n"])
    ):
        return [Span(phone.end + trail.start("n"), phone.end + trail.end("n"))]
    return []


def find_counts(doc: Document) -> list[Count]:
    """Explicit single head-counts; ranges (3-5名), 数名 and 10名以上 say nothing exact and are left out."""
    found: list[Count] = []
    for match in _COUNT.finditer(doc.plain):
        start = match.start("n")
        kind = doc.kind_at(start)
        value = whole(match["n"]) if re.fullmatch(r"\d+|[一二两三四五六七八九]|.*[十百].*", match["n"]) else None
        left = doc.plain[max(doc.line_at(start).start, start - 10) : start]
        if value is None or value == 0 or match["more"] or match["many"] or _RANGE_BEFORE.search(left):
            continue
        if kind in {"agency", "skip", "duty", "benefit", "note", "pay", "phone", "hours"} and not re.search(
            r"招|聘", left
        ):
            continue
        if match["of"] != "名" and not _JOB_END.search(left) and _HOUSEHOLD.search(re.split(r"[,。;!|]", left)[-1]):
            continue
        if match["of"] in {"人", "个", "个人"} and kind != "headcount" and not _is_wanted(doc, left, match.end()):
            continue
        found.append(Count(Span(start, match.end()), value, left.rstrip(" ").endswith("各")))
    for match in _SEVERAL.finditer(doc.plain):
        if doc.kind_at(match.start()) not in {"agency", "duty", "benefit"}:
            found.append(Count(Span(*match.span()), 0, False))
    counted = Cover(count.span for count in found)
    for section in doc.sections:
        if section.kind == "headcount" and not counted.hits(section.body):
            match_ = _NUMBERED.match(doc.plain, section.body.start, section.body.end)
            if match_ and int(match_["n"]):
                found.append(Count(Span(*match_.span("n")), int(match_["n"]), False))
    return sorted(found, key=lambda count: count.span)
