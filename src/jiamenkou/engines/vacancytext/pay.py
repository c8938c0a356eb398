"""Wages: amounts with their unit, told apart from agency fees, allowances, fines and rents.

Every reading keeps the words it came from; the best one is chosen per post (explicit basic rates before totals).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jiamenkou.engines.vacancytext.document import HAN, Document
from jiamenkou.engines.vacancytext.model import PayUnit, Span
from jiamenkou.engines.vacancytext.numerals import CHINESE, fen, whole

_UNITS: tuple[tuple[PayUnit, str], ...] = (
    ("hour", "个?小时|个?钟头?|h(?![a-z])|时(?!间)"),
    ("day", "天|日|晚上?|夜|个?班(?!次)|工(?!作|人|厂|资|种|时)|早上|上午|下午"),
    ("month", "个?月|m(?![a-z])"),
    ("year", "年"),
    (
        "piece",
        "件|单|个(?!月|小时|钟|人|名)|套|双|条|只|张|斤|公斤|吨|平方?|票|台|箱|打|次|趟|节课?"
        "|课时|场|份|包|块布|盒|袋|本|户|桌|串|朵|米|方|车|根|副|枚|颗|粒|床|家",
    ),
)
_UNIT = "|".join(f"(?P<{{0}}{name}>{words})" for name, words in _UNITS)
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,4}})?(?!\d)|\d{{1,8}}(?:\.\d{{1,4}})?"
    # 三千五一个月: the last 一 belongs to the month
    rf"|[{CHINESE}]{{1,6}}(?=一(?:个?[小月钟]|[天日晚班年件单套双次颗串]))|[{CHINESE}]{{1,6}})"
)
_SCALE = "千|万|k(?![a-z])|w(?![a-z])|毛|角|分(?!钟)"
_MONEY = r"(?:元|块钱?|圆|港币|港元|蚊|rmb|大洋)"
_DASH = "(?:-{1,2}|~{1,2}|至|到|一(?=[0-9]))"
_TAIL = r"(?<=[千万kw])[1-9](?![\d.,kw千万个天月人名年小])"  # 3千2, 1万5
_AMOUNT = re.compile(
    rf"(?<!\d:)(?<![\d.a-z])[¥$]?(?P<low>{_NUMBER})[ ]?(?P<lowscale>{_SCALE})?"
    rf"(?P<plus1>\+(?![{HAN}]))?(?:[ ]?{_MONEY})?(?P<tail>(?<=[毛块])[1-9一二三四五六七八九](?=[一每/])"
    rf"|{_TAIL})?"
    rf"(?:[ ]?{_DASH}[ ]?[¥$]?(?P<high>{_NUMBER})[ ]?(?P<highscale>{_SCALE})?(?P<hightail>{_TAIL})?)?"
    rf"(?P<plus2>\+(?![\d{HAN}])|以上|起步?|多(?=[元块/])|左右|上下)?[ ]?(?P<money>{_MONEY}(?:人民币"
    rf"|rmb)?)?(?P<plus3>\+(?![\d{HAN}])|以上|起步?|左右|上下)?"
    rf"(?P<unit>[ ]?(?:[/每一\\]|(?<=元)[ ]?)[ ]?(?:{_UNIT.format('u')})"
    rf"|[(](?:{_UNIT.format('v')})[)])?(?P<till>到(?![{HAN}\d])"
    rf"|到手|以上|起(?!租)|保底)?"
)
_BEFORE = re.compile(
    rf"(?:(?:[每一](?:{_UNIT.format('a')})|(?P<bhour>时薪|小时工资|计时|小时工|钟点工)|(?P<bday>日薪"
    rf"|日工资|天工资)|(?P<bmonth>月薪|月工资|月休?.{{0,3}}工资|底薪|月均|月入|月收入|基本工资"
    rf"|保底工资)|(?P<byear>年薪)"
    rf"|(?P<bpiece>计件|单价))[^\d\n,。;{CHINESE}]{{0,6}})$"
)
_WAGE = re.compile(r"工资|薪|待遇|底薪|保底|工价|价格|收入|报酬|员工政策|人工|到手|单价|计件|周结|日结|月结|工钱")
_FEE = re.compile(
    r"返费|返利|返(?=\d|现)|利润|政策|费用|代理|供应商|中介|押金|保证金|罚|扣|管理费|服务费"
    r"|报名费|培训费|服装费|体检费|租|房费|水电|住宿费?(?!补)|宿舍|伙食费|餐费"
    r"|商保|保险|预支|借支|补贴|补助|津贴|餐补|房补|车补|话补|饭补|奖|打卡|卡点|人头|水军|开票"
    r"|红包|会费|注册资|面积|平米|报销|成本|充值|客单价|营业额|礼品|价值|提成|全勤|夜班费|工龄"
    r"|超时"
)
_NOT_AFTER = re.compile(
    r"[ ]?(?:岁|人|名|位)|(?:单|件(?!起)|小时|号|楼|栋|层|室|路|点|:|周岁|后|小时|天(?![\d])"
    r"|公里|米|cm|kg|斤|公斤|分钟|期|年|月(?!薪)|个月|%|项|险|金|餐|班|休|#|届|级|后|荤|素"
    r"|种|楼|周|学|户|口|平|间|次|顿|/\d|、\d|起案|家|台|万人|元?押金|元?全勤|元?(?:餐|房|夜班"
    r"|高温|交通|话费)?补)"
)
_AFTER_FEE = re.compile(
    r"[^\d\n,。;|+]{0,3}(?:租|水电)|[^\d\n,。;|+]{0,6}(?:返费|利润|代理费|补贴|补助|奖|全勤"
    r"|押金|满勤|房补|餐补|津贴|罚|提成|红包|满期|管理费|报名费|\+?v+(?:ip)?(?![a-z])|vip)"
)
_TOTAL = re.compile(
    r"综合|综和|总收入|月均|平均|收入|月入|可达|可拿|到手|年薪|最高|加班费?$|转正|试用期?|培训期"
    r"|学徒|加班[^\d]{0,4}$|旺季|晚班|夜班?|周末|长夜|大夜"
)
_BASIC = re.compile(r"(?:底薪|基本工资|基础|白班?|平时|日结|周结|时薪|小时)[^,。;\n]{0,8}$")
_DAYS_OF_MONTH = re.compile(r"(?<!\d)(?<![打卡满干做])(?:2[0-9]|30)天[ :/]?$")  # 月嫂 26天12800
_PIECE_WORK = re.compile(r"提成|返|佣")
_PAIRED = re.compile(r"[,、/;+ |]{0,2}(?:[(])?(?:月结|夜班?|晚班)[ :]?$")
_NEGOTIABLE = re.compile(r"(?:工资|薪资|薪水|待遇|薪酬|价格|薪|费用)?[:]?(?:可以?)?(?:面议|面谈|电议|议价|另议|详谈)")


@dataclass(frozen=True, slots=True)
class Pay:
    """One stated wage in fen; ``rank`` says how likely it is the basic rate (higher is better)."""

    span: Span
    low: int
    high: int | None
    unit: PayUnit | None
    rank: int
    inferred: bool
    reason: str


def find_pays(doc: Document) -> list[Pay]:
    """All wages in the text in order, fees and allowances left out."""
    pays: list[Pay] = []
    for match in _AMOUNT.finditer(doc.plain):
        pay = _read(doc, match)
        if pay is None:
            continue
        between = doc.plain[pays[-1].span.end : pay.span.start] if pays else "\n"
        if pays and pays[-1].unit == pay.unit and pays[-1].low <= pay.low and _PAIRED.fullmatch(between):
            last = pays[-1]  # 周结200/天，月结220/天 and 白班170/天，夜班180/天 are one offer
            pays[-1] = replace(
                last, high=pay.high, span=Span(last.span.start, pay.span.end), reason="两档合为一个区间"
            )
            continue
        pays.append(pay)
    return pays


def find_negotiable(doc: Document) -> list[Span]:
    """Where the wage is left to talk (面议)."""
    return [Span(*match.span()) for match in _NEGOTIABLE.finditer(doc.plain) if doc.kind_at(match.start()) != "agency"]


def _unit_of(match: re.Match[str], prefix: str) -> PayUnit | None:
    groups = match.groupdict()
    return next((name for name, _ in _UNITS if groups.get(prefix + name)), None)


def _read(doc: Document, match: re.Match[str]) -> Pay | None:
    plain, kind = doc.plain, doc.kind_at(match.start())
    if kind in {"agency", "skip", "phone", "contact", "place", "meet", "employer", "date", "deadline", "headcount"}:
        return None
    before = _before(plain, match.start())
    prefix = _BEFORE.search(before)
    monthly = _DAYS_OF_MONTH.search(before)
    unit = (
        ("month" if monthly else None)
        or _unit_of(match, "u")
        or _unit_of(match, "v")
        or (prefix and (_unit_of(prefix, "a") or _unit_of(prefix, "b")))
    )
    scale = match["highscale"] or match["lowscale"]
    scaled_high = fen(match["high"], scale) if match["high"] else None
    small_low = match["high"] is not None and match["lowscale"] is None
    low = fen(match["low"], scale if small_low and _smaller(match["low"], match["high"]) else match["lowscale"])
    if "." in match["low"] + (match["high"] or "") and (match["tail"] or match["hightail"]):
        return None  # 1.5千2 is no number
    if low is not None and match["tail"]:  # 1毛5, 3块5, 3千2
        low += (whole(match["tail"]) or 0) * _TAIL_WORTH.get(match["lowscale"] or "", 10)
    if scaled_high is not None and match["hightail"]:
        scaled_high += int(match["hightail"]) * _TAIL_WORTH.get(match["highscale"] or "", 10)
    if low is None or (match["high"] and scaled_high is None):
        return None
    if not _is_wage(plain, match, before, unit, kind):
        return None
    spelled = match["high"] is None and not match["low"].isascii() and not (unit and (match["money"] or match["unit"]))
    if spelled and not _spelled_wage(match, before, low, unit if prefix else None):
        return None
    low, high, split = _split(low, scaled_high, match)
    if high is not None and high < low:
        return None
    open_end = any(
        match[name] and match[name] not in {"左右", "上下", "到手", "保底"}
        for name in ("plus1", "plus2", "plus3", "till")
    )
    if high is None and not open_end:
        high = low
    inferred, reason = split, "数字之间少了连接号" if split else ""
    if unit is None:
        unit, inferred, reason = _guess_unit(low, kind, before), True, "原文没写单位，按金额推断"
    start = match.start() - (len(prefix.group()) if prefix else 0)
    return Pay(Span(start, _end(match)), low, high, unit, _rank(before, match, unit, kind), inferred, reason)


_TAIL_WORTH = {
    "毛": 1,
    "角": 1,
    "千": 10_000,
    "k": 10_000,
    "万": 100_000,
    "w": 100_000,
}  # fen a unit of the next place
_MONEY_SAID = re.compile(_MONEY)
_LEAST = {"hour": 500, "day": 5_000, "month": 50_000, "year": 1_000_000}  # fen


def _spelled_wage(match: re.Match[str], before: str, low: int, unit: PayUnit | None) -> bool:
    """一千 may be anything; 工资两千八, 工资两千六百元 and 一天一百八 are wages."""
    if unit in _LEAST and len(match["low"]) > 1 and low >= _LEAST[unit]:
        return True
    return (
        low >= 100_000
        and bool(_WAGE.search(before))
        and (_MONEY_SAID.search(match.group()) is not None or match["low"][-1] not in "十百千万")
    )


def _end(match: re.Match[str]) -> int:
    end = match.end()
    while match.string[end - 1] == " ":
        end -= 1
    return end


def _smaller(low: str, high: str) -> bool:
    """4.5-6千 means 4500 to 6000; 800-1万 does not mean 800 万."""
    try:
        return float(low.replace(",", "")) <= 100
    except ValueError:
        return len(low) == 1 and len(high) <= 2


def _before(plain: str, start: int) -> str:
    """The words of the same line before an amount, at most 24 characters."""
    left = max(plain.rfind("\n", 0, start) + 1, start - 24)
    return plain[left:start]


def _is_wage(plain: str, match: re.Match[str], before: str, unit: PayUnit | None, kind: str) -> bool:
    close = re.split(r"[,。;!?|]", before)[-1]
    after = plain[_end(match) : match.end() + 14]
    stated = bool(match["money"]) or bool(match["unit"]) or bool(match["lowscale"] or match["highscale"])
    wage_words = bool(_WAGE.search(close)) or kind == "pay"
    fee = list(_FEE.finditer(close))
    if (
        fee
        and not (wage_words and _WAGE.search(close, fee[-1].end()))
        and not re.search(r"(?:员工|工人)政策[:]?$", close)
    ):
        return False
    if (
        _AFTER_FEE.match(after)
        or re.search(r"(?:打卡|不卡点|卡点|满|干满|做满|做)\d*$", close)
        or (re.search(r"\d天$", close) and not _DAYS_OF_MONTH.search(close))
    ):
        return False
    if re.match(r"[ ]?(?:\+|=)?[ ]?\d*(?:\+|-)?v+", after):
        return False
    if not (match["money"] or match["unit"]) and _NOT_AFTER.match(after):
        return False
    if match["unit"] and re.fullmatch(r"[ ]?一[天日晚班]", match["unit"]) and not match["money"]:
        return _plausible(match, unit)
    if not stated and not wage_words and _BEFORE.search(before) is None:
        return _bare(match, close, after)
    if (
        not match["money"]
        and not match["unit"]
        and not (unit or wage_words)
        and not match["lowscale"]
        and not match["highscale"]
    ):
        return False
    return _plausible(match, unit)


def _plausible(match: re.Match[str], unit: PayUnit | None) -> bool:
    """A number with a leading zero, or of eleven digits, is no wage."""
    digits = match["low"]
    if digits.startswith("0") and not digits.startswith("0."):
        return False
    if len(digits) > 6 and digits.isdigit() and _halves(digits) is None:
        return False
    return not (
        unit == "year"
        and not match["money"]
        and not match["lowscale"]
        and len(digits) == 4
        and digits.startswith("20")
    )


def _bare(match: re.Match[str], close: str, after: str) -> bool:
    """An amount without any word for money: only after a head-count or as a range or open end in the thousands."""
    if not match["low"].isascii() or re.match(r"[\d.:]", after):
        return False
    value = match["low"].replace(",", "")
    if _DAYS_OF_MONTH.search(close) and value.isdigit() and 3000 <= int(value) <= 60000:
        return True
    long_day = re.search(r"(?:小时|个钟)[ ]?$", close) is not None and value.isdigit()
    if long_day and 80 <= int(value) <= 800:  # 13小时250
        return True
    thousands = value.isdigit() and 1500 <= int(value) <= 60000
    if not thousands or 2015 <= int(value) <= 2035:
        return (
            len(value) == 8
            and value.isdigit()
            and _halves(value) is not None
            and not re.search(r"电话|qq|微信|编号", close)
        )
    high = match["high"]
    return bool(
        (high and high.replace(",", "").isdigit() and 1500 <= int(high.replace(",", "")) <= 80000)
        or re.search(rf"(?:[\d一两二三四五六七八九十][名人个位]|[{HAN}])[: ]{{0,2}}$", close)
        or match["plus2"]
        or match["till"]
        or not close.strip()
    )


def _halves(value: str) -> tuple[int, int] | None:
    half = len(value) // 2
    low, high = int(value[:half]), int(value[half:])
    return (low, high) if value[half] != "0" and low < high <= low * 3 else None


def _split(low: int, high: int | None, match: re.Match[str]) -> tuple[int, int | None, bool]:
    """``58006500`` and ``200220`` lost their dash on the way: two numbers of equal length."""
    digits = match["low"]
    if high is None and match["lowscale"] is None and digits.isdigit() and len(digits) in {6, 8}:
        halves = _halves(digits)
        if halves:
            return halves[0] * 100, halves[1] * 100, True
    if (
        high is None
        and match["lowscale"] is None
        and digits.isdigit()
        and len(digits) == 4
        and _unit_of(match, "u") == "hour"
    ):
        halves = _halves(digits)
        if halves:
            return halves[0] * 100, halves[1] * 100, True
    return low, high, False


def _guess_unit(low: int, kind: str, before: str) -> PayUnit | None:
    if re.search(r"日结|一天", before):
        return "day"
    if low >= 100_000:
        return "month" if low < 5_000_000 or "年" not in before else "year"
    if low >= 6_000:
        return "day"
    return "hour" if low >= 800 else "piece"


def _rank(before: str, match: re.Match[str], unit: PayUnit | None, kind: str) -> int:
    close = re.split(r"[,。;!?|+(]", before)[-1]
    rank = 4 if match["unit"] else 2
    rank += 1 if kind == "pay" else 0
    if _TOTAL.search(close) and not _BASIC.search(close):
        rank -= 4
    return rank
