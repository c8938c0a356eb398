"""Lines, labelled sections and clauses of a message.

A *section* runs from a label (``工作时间：``, ``【要求】``) to the next one; what it is about is told by the end of
the label, so ``招聘年龄要求`` and ``要求`` are the same kind. A *clause* is the smallest piece a list is made of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.text import normalise

HAN = "\u4e00-\u9fff"

# The first pattern that fits the end of a label decides. Agency terms come first: their money is never a wage.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words})$"))
    for kind, words in (
        ("note", "以上单位|以上公司|以上企业|以上岗位|以上单子|以上"),
        ("pay", "员工政策|工人政策|员工工价|员工价格?|工价|员工待遇"),
        (
            "phone",
            "政策咨询|政策电话|投诉电话|名单报备|数据名单对接|名单对接|数据对接|财务结款|财务对接|异常反馈|业务对接",
        ),
        (
            "agency",
            r"政策[一二三四五\d]?|利润|返费|返利|费用|代理费?|供应商价格|管理费|服务费|提成政策|供应商"
            r"|开票|结款|中介费|押金|招聘奖励",
        ),
        (
            "skip",
            "面试时间|集合时间|报名时间|接待时间|发薪日期?|发薪时间|发工资时间|工资发放|面试流程|咨询时间"
            "|面试材料|携带资料|面试资料|结算方式|面试须知"
            "|携带材料|发布时间|发布日期|更新时间|培训时间|面试日期|发薪方式|联系时间|到岗时间|入职时间"
            "|上岗时间|开始时间|阳历|预产期",
        ),
        ("deadline", "截止时间|截止日期|报名截止|有效期至?|截至日期|报名日期"),
        ("meet", "面试地址|面试地点|集合地址|集合地点|报名地址|报名地点|集合|报到地点"),
        ("headcount", "招聘人数|需求人数|人数|名额|招聘数量|招聘名额|需要人数|岗位数量?|招收人数"),
        (
            "requirement",
            "要求|任职资格|资格|条件|招聘对象|面向对象|对象|年龄|学历|经验|性别|身高|人员类别|人员范围|籍贯|户籍",
        ),
        (
            "duty",
            "岗位职责|职责|工作内容|工作说明|岗位内容|职位描述|工作描述|岗位描述|岗位说明|内容|主要工作"
            "|负责|工作|工作范围|服务内容",
        ),
        ("hours", "工作时间|上班时间|上班时段|时间段?|班次|工时|时段|作息|上班|班时|上班时长|返工时间|岗位时间"),
        ("rest", "休息|休假|公休|休息日|假期"),
        (
            "pay",
            "薪资待遇|工资待遇|薪资福利|薪酬福利|薪酬待遇|待遇|薪资|薪酬|工资|月薪|日薪|时薪|底薪"
            "|年薪|薪水|薪金|价格|单价|报酬|人工|计件|保底|薪资范围|工资标准"
            "|收入|综合|工钱|岗位补贴标准|薪资结构|小时工资|岗位薪资",
        ),
        ("benefit", "福利待遇|福利|吃住情况|食宿情况|食宿|吃住|优势|亮点|住宿|伙食|用餐|保险|社保"),
        ("place", "地址|地点|位置|工作区域|工作地区?|工作城市|厂址|店址|上班地|区域|地区|住址|工作单位地址|地段"),
        (
            "employer",
            "公司名称|单位名称|企业名称|用人单位|招聘单位|招聘企业|招聘公司|用工单位|工作单位|公司"
            "|单位|企业|品牌|厂名|店名|工厂|商户|雇主名称|门店|机构|店铺",
        ),
        ("contact", "联系人|联络人|对接人|负责人|经办人|联系老师"),
        (
            "phone",
            "电话|手机号?码?|热线|联系方式|微信|报名方式|咨询|报名|联系|座机|名单|致电|手机微信|微信同号"
            "|加微|查询|投简历|简历",
        ),
        (
            "title",
            "岗位名称|职位名称|招聘岗位|招聘职位|岗位[一二三四五六七八九十\\d]*|职位[一二三四五六\\d]*"
            "|工种|职务|招聘工种|岗位类型|招工|诚聘|招聘|急聘|急招|高薪诚聘|招募|现招|诚招|岗",
        ),
        ("note", "备注|注意|注意事项|事项|说明|提示|提醒|注|特别说明|声明|ps"),
        ("date", "日期|工期|用工日期"),
    )
)
_ONE_LINE = frozenset(
    {"phone", "contact", "place", "meet", "headcount", "employer", "deadline", "rest", "date", "skip", "hours"}
)
_COLON = re.compile(
    rf"(?P<words>[{HAN}a-z]{{1,10}}(?:/[{HAN}]{{1,4}})?\d?)[ ]?(?:\([^()\n]{{1,8}}\))?[ |\]】]{{0,3}}:[ ]?"
)
_BRACKET = re.compile(rf"[【\[<(](?P<words>[{HAN}]{{1,8}})[】\]>)][ ]?:?")
_BARE = re.compile(
    r"(?:(?<=[ |;,。])|^)(?P<words>工作地点|工作地址|上班地址|上班地点|地址|工作时间|上班时间"
    r"|联系电话|联系人|电话|联系方式|岗位要求|招聘要求|任职要求|要求|岗位职责"
    r"|工作内容|薪资待遇|工资待遇|福利待遇|薪资福利|任职资格|招聘人数|招聘岗位|面试地址|职位描述"
    r"|任职条件)(?:[ |]{1,3}(?=[^ \n|:])|[ |]*$)",
    re.M,
)
_HEADER = re.compile(
    r"^[ |]*(?:[①-⑨]|[一二三四五六]、)?[ ]?(?P<words>(?:招聘|岗位|工作|任职|职位|应聘|报名"
    r"|基本|招工|人员|年龄)?(?:要求|职责|内容|时间|地点|条件|资格|描述|说明|待遇|地址)"
    r"|(?:福利|薪资|工资|薪酬)(?:待遇|福利)|岗位福利|公司福利|员工福利|招聘岗位|注意事项|联系方式"
    r"|政策|利润|返费)[ |]*$",
    re.M,
)
_NARROW = re.compile(r"(?:年龄|身高|性别|学历)(?:要求)?[ 】]*:")
"""Labels whose line says it all, though they announce requirements."""
_PLACE_ENDS = re.compile(r"[。;!](?=.)|,(?=(?:[做上]\S休|月休|[包管交缴]|工资|月薪|待遇|要求|\d{1,2}[:点]))")
_BLANK_LINE = re.compile(r"\n[ |]*\n")
_ENUMERATOR = re.compile(
    r"(?:[①-⑨]|[(【]?\d{1,2}[)】](?:[、.:])?|\d{1,2}[、.:](?![\d])|[一二三四五六七八九十]、"
    rf"|\d(?=[{HAN}])(?!\d?[年月天小个名人岁元点米周号日千万块班餐次层楼毛角分件单室厅位险]))[ ]*"
)
_SEPARATOR = re.compile(
    rf"[。;!?\n|+()【】\[\]\"…<>&]|,(?![a-z])|(?<![\d])、|、(?!\d)|(?<=[{HAN}])/(?!分钟|小时"
    rf"|天|月|时|年)|/(?=[{HAN}])(?!/分钟|/小时|/天|/月|/时|/年)|(?<=[{HAN}]) +| +(?=[{HAN}])"
    rf"| {{2,}}|(?<=[{HAN})]):"
    rf"|(?<=[吃住餐宿])(?=[交缴买上](?:社保|[五六]险|保险))|[①-⑨]|(?<=[{HAN}])\.(?!\d)|\.(?=[{HAN}])|\.{{2,}}|-{{2,}}|~{{2,}}|=|\*|#|_|(?<=[{HAN}])-(?=[{HAN}])"
)


@dataclass(frozen=True, slots=True)
class Section:
    """``label`` is where the label stands, ``body`` what it governs."""

    kind: str
    label: Span
    body: Span


@dataclass(frozen=True, slots=True)
class Clause:
    span: Span
    kind: str  # of the section it stands in, "" outside


class Document:
    """A message cut into lines, sections and clauses; ``text`` as given, ``plain`` normalised, same offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = normalise(text)
        self.lines = _lines(self.plain)
        self.sections = _sections(self.plain)
        self._starts = [section.label.start for section in self.sections]
        self.clauses = self._clauses()

    def cut(self, span: Span) -> str:
        """The original words of a span."""
        return self.text[span.start : span.end].strip()

    def section_at(self, offset: int) -> Section | None:
        """The section whose body (or label) covers the offset."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        section = self.sections[index]
        return section if offset < max(section.body.end, section.label.end) else None

    def kind_at(self, offset: int) -> str:
        section = self.section_at(offset)
        return section.kind if section else ""

    def line_at(self, offset: int) -> Span:
        return self.lines[bisect_right(self.lines, Span(offset, 1 << 60)) - 1]

    def trimmed(self, start: int, end: int) -> Span | None:
        """The span without blanks, enumerators and ornaments at its ends, or ``None`` if nothing is left."""
        plain = self.plain
        while start < end and plain[start] in " \n|,.。、:;!?~-*#=_…":
            start += 1
        mark = _ENUMERATOR.match(plain, start, end)
        if mark and mark.end() < end:
            start = mark.end()
        while start < end and plain[start] in " \n|,.。、:;":
            start += 1
        while end > start and plain[end - 1] in " \n|,.。、:;!?~-*#=_…(【[":
            end -= 1
        return Span(start, end) if start < end else None

    def _clauses(self) -> list[Clause]:
        clauses: list[Clause] = []
        edges = [(match.start(), match.end()) for match in _SEPARATOR.finditer(self.plain)]
        edges += [(section.label.start, section.label.end) for section in self.sections]
        edges.append((len(self.plain), len(self.plain)))
        start = 0
        for left, right in sorted(edges):
            if left > start:
                span = self.trimmed(start, left)
                if span:
                    clauses.append(Clause(span, self.kind_at(span.start)))
            start = max(start, right)
        return clauses


def _lines(plain: str) -> list[Span]:
    lines, start = [], 0
    for line in plain.split("\n"):
        lines.append(Span(start, start + len(line)))
        start += len(line) + 1
    return lines


def kind_of(label: str) -> str:
    """What a label announces, by its last words; "" when it is none that we know."""
    return next((kind for kind, words in _KINDS if words.search(label)), "")


def _sections(plain: str) -> list[Section]:
    marks: dict[int, tuple[int, str]] = {}
    for pattern in (_COLON, _BRACKET, _BARE, _HEADER):
        for match in pattern.finditer(plain):
            kind = kind_of(match["words"])
            at_line_start = not plain[plain.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" |")
            if kind or (pattern is _COLON and at_line_start):
                marks.setdefault(match.start(), (match.end(), kind or "other"))
    sections: list[Section] = []
    ordered = sorted(marks.items())
    apart = [mark for index, mark in enumerate(ordered) if index == 0 or mark[0] >= ordered[index - 1][1][0]]
    for index, (start, (end, kind)) in enumerate(apart):
        stop = apart[index + 1][0] if index + 1 < len(apart) else len(plain)
        sections.append(
            Section(
                kind,
                Span(start, end),
                Span(
                    end,
                    max(end, _body_end(plain, end, stop, kind if not _NARROW.search(plain[start:end]) else "rest")),
                ),
            )
        )
    return sections


def _body_end(plain: str, start: int, stop: int, kind: str) -> int:
    """Where a section ends: at the next label, after a blank line, or with its line."""
    content = start
    while content < stop and plain[content] in " \n|":
        content += 1
    if kind in _ONE_LINE:
        newline = plain.find("\n", content, stop)
        end = stop if newline < 0 else newline
        # 工作地：滨湖小区，做六休一，交意外险。: what follows a place in its line is not about the place
        other = _PLACE_ENDS.search(plain, content, end) if kind == "place" else None
        return other.start() if other else end
    blank = _BLANK_LINE.search(plain, content, stop)
    return blank.start() if blank else stop
