"""Requirements, benefits, and conditions the law does not allow, clause by clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jiamenkou.engines.vacancytext.document import Clause, Document
from jiamenkou.engines.vacancytext.model import Span, Unlawful
from jiamenkou.engines.vacancytext.spans import Cover

_NEUTRAL = re.compile(
    r"男女(?:不限|均可|都可以?|皆可|不拘|都要|都招|都行|兼收)?|(?:不限|无论)男女|(?:性别|年龄"
    r"|学历|经验|户籍|地区|专业|民族|身高)(?:均|都|和?经验)?(?:不限|不拘|不要求|无要求|没有?要求)"
    r"|不限(?:学历|年龄|经验|性别)"
)
_AGE = r"(?:年龄(?:要求|范围|控制)?[在于为:]?[ ]?)?"
_NUM = r"[1-9]\d"
_GROUNDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "年龄",
        re.compile(
            rf"(?<![\d.])(?:1[68]|[2-4]\d)[ ]?[-~至到][ ]?[3-6]\d(?=$)|"
            rf"[三四五六]十[一二三四五六七八九]?(?:周)?岁(?:以[下内]|左右)"
            rf"|(?:男|女)?{_AGE}(?<!\d){_NUM}(?:周?岁)?[ ]?(?:-{{1,2}}"
            rf"|~{{1,2}}|至|到|一|、)[ ]?{_NUM}(?:[ ]?(?:周岁|岁)(?:周岁)?(?:之间|以[下内上]|左右)?(?:左右)?"
            rf"|(?:以[下内]|之间)(?=$|[^\d元])|(?<=年龄.{{5}})|(?<=年龄.{{6}})|(?<=年龄.{{7}}))"
            rf"|(?:男|女)?{_AGE}(?<!\d){_NUM}{_NUM}(?:周)?岁(?:以[下内]|左右)?"
            rf"|{_AGE}(?:不超过|不大于|不高于|小于|低于)[ ]?{_NUM}(?:周)?岁"
            rf"|(?:男|女)?(?:性|士)?{_AGE}(?<![\d.]){_NUM}[ ]?(?:多"
            rf"|几)?(?:周)?岁?(?:以[下内]|左右|之内|内(?=$|[^容])|(?:及|或)以下)(?!元)"
            rf"|(?:年龄|女|男)[:]?(?:女|男)?[:]?{_NUM}[ ]?(?:-|~|至|到){{1,2}}[ ]?{_NUM}(?!\d|[ ]?元)"
            rf"|(?<![\d.])[6789]0后|00后|年轻(?:化|人?优先)?(?=$|优先|化|[,。])|[1-9]0后"
            rf"|(?<=[女男]){_NUM}岁?(?=$)|(?:女|男)(?:性)?(?:3|4|5)\d(?:周)?岁以上(?!.*困难)"
        ),
    ),
    (
        "身高",
        re.compile(
            r"(?:净?身高)(?:要求|必须|男|女|在|需|不低于|不限)?[:]?(?:[1-2][、.,,]\d{1,2}|1?米\d{1,2}"
            r"|1\d{2}|一米[五六七八]\S?)[ ]?(?:米|m|cm|厘米|公分)?(?:-?1?[.、]?\d{2,3}(?:cm|米|厘米)?)?(?:以上"
            r"|左右|及以上|起)?|(?<!\d)1[5-8]\d(?:cm|公分|厘米)(?:-1\d{2}(?:cm)?)?(?:以上|左右|及以上)?"
            r"|(?<!\d)1[.、米][5-8]\d?(?:米|m)?以上(?!元)|(?:要求)?个子高挑?|身材高挑"
        ),
    ),
    (
        "相貌",
        re.compile(
            r"(?:要求)?(?:个人)?(?:形象|外形|气质|外貌|相貌|样貌|仪表|长相|五官|容貌){1,2}(?:[和、](?:气质"
            r"|形象|谈吐))?(?:要)?(?:较|良|姣|条件)?(?:端正|良好|好|佳|优雅|清秀|出众|靓丽|甜美|大方"
            r"|不错|端庄|姣好|周正|可以|过关)(?:气质佳|大方)?|(?:五官|品貌|仪容)端正|颜值(?:高|在线)?"
            r"|美女|帅哥|靓女|靓仔|身材(?:匀称|好|苗条|标准)|不戴眼镜|不要?(?:太)?胖|体型(?:匀称|标准"
            r"|偏瘦)|不要戴眼镜|无口吃"
        ),
    ),
    (
        "民族",
        re.compile(
            r"(?:仅?限|只要|只招|要求|接受|不接受|不要|不招|拒绝)?(?:单个)?(?:有文化的)?(?:少数民族"
            r"|少民|彝族|藏族|回族|维族|维吾尔族?|汉族|壮族)(?:勿扰|不要|不招|除外|优先)?"
        ),
    ),
    (
        "地域",
        re.compile(
            r"(?:仅?限|只要|只招|要求|必须)?(?:本地|本市|本县|本区|本省|本社区|本村|本街道)(?:城镇)?(?:户籍"
            r"|户口|人|居民)(?:优先|优先录用)?|(?:仅?限|只要|只招|不要|不招|拒绝|除)(?!本)[一-鿿]{2,3}(?:人"
            r"|籍|户口|户籍)(?:勿扰|不要|除外|优先)?(?<!学生人)|[一-鿿]{2}籍(?:除外|勿扰|不要)|(?:京"
            r"|沪|粤|深)[户籍](?:口|籍)?(?:优先)?|(?:要求|限|只要|只招)(?:广东|河南|四川|湖南|湖北"
            r"|江西|安徽|山东|东北|上海|北京|江苏|浙江|福建|广西|贵州|云南|重庆|陕西|河北|山西)人|外地(?:人"
            r"|户口)?(?:勿扰|不要|不招)"
        ),
    ),
    (
        "婚育",
        re.compile(
            r"(?:要求|限)?(?:已婚已育|已婚|未婚未育|未婚|已育|未育|单身|无孩|二胎|有无生育)(?:妇女"
            r"|女性|者)?(?:优先(?:考虑|录用)?)?|(?:短期|近期|[一二两三]年)内?(?:不|无)(?:生育|怀孕"
            r"|结婚)(?:计划|打算)?|(?:无|没有)(?:结婚|生育)(?:计划|打算)|孕妇(?:勿扰|不要)|哺乳期(?:勿扰"
            r"|不要)"
        ),
    ),
    (
        "性别",
        re.compile(
            r"(?:只|仅|就)?(?:限|要|招|收)(?:招|收|要)?(?:男|女)(?:性|士|生|工|的|员工?|孩)?(?!朋友"
            r"|士内衣|装|鞋|包|女)(?:优先)?|(?:限|要求|性别)[:]?(?:为)?(?:男|女)(?:性|士|生|工)?(?!女"
            r"|装)|(?<![一-鿿\d])(?:男|女)(?:性|士|生|工|孩|员工|同胞)?(?:优先(?:考虑|录用)?|为主|最好"
            r"|佳)?(?=$|[^一-鿿]|\d)|(?:男|女)(?:性|士|生|工)?优先(?:考虑|录用)?"
            r"|(?:男|女)(?:护工|保安|保洁|服务员|司机|普工|员工)|(?:男|女)的(?=$)|男士?(?:勿扰|不要)"
            r"|女士?(?:勿扰|不要)|(?:男|女)(?:性|士|工|孩)(?:为主|为佳)|(?:小姐姐|妹子|宝妈|小伙子?"
            r"|小哥哥|姑娘)优先|招?(?:女|男)(?:工|性|生)(?=\d|$|若干|数名|[一二两三四五六七八九]名)"
            r"|[不别][要招收](?:男|女)(?:的|生|工|性)?"
        ),
    ),
)
_LAWS = {
    "性别": "就业促进法第二十七条、妇女权益保障法第四十三条",
    "年龄": "就业促进法第二十六条、就业服务与就业管理规定第二十条",
    "身高": "就业促进法第二十六条、就业服务与就业管理规定第二十条",
    "相貌": "就业促进法第二十六条、就业服务与就业管理规定第二十条",
    "民族": "就业促进法第二十八条、劳动法第十二条",
    "地域": "就业促进法第二十六条、第三十一条",
    "婚育": "妇女权益保障法第四十三条",
}
_MALE_FEMALE = re.compile(r"男[、,/ ]?女|女[、,/ ]?男")
_BENEFIT = re.compile(
    r"车接车送|现金结|(?:生日|节日|开工)红包|多劳多得|[一每][周月]一结|月底(?:结|一次)|结清|现结|[满全]勤(?!奖)|\d人间|材料免费|免费(?:送|发料)|培训上岗"
    r"|包[1-3一二两三]?[吃住餐食宿饭](?!子)|(?:住宿|吃住|食宿|培训|餐|水电)(?:全)?免费|吃住?全包"
    r"|食宿全包|寒暑假|免费.{0,2}教|银行假|[管供].{0,4}[饭餐]"
    r"|包.{0,3}[餐饭](?!盒)|[一-鿿]{2,3}补(?![充习办丢位贴助助])"
    r"|一天一结|不[压扣]身份证|考证|全?包(?:食宿|三餐|两餐|工作餐|中餐|午餐|晚餐|早餐)|[管供][吃住饭餐]"
    r"|供(?:食宿|膳|住宿|应)|提供.{0,6}(?:食宿|住宿|宿舍|工作餐|吃|餐|住|饭|制服|工装|培训"
    r"|班车|车|公寓)|免费.{0,4}(?:吃|住|餐|宿|接|培训|提供|食|班车|体检|水|早|午|wifi)|工作餐"
    r"|(?:员工|福利性?)食堂|[五六七三两四1-7]险|社会保险|社保|公积金|综合险|(?:意外|商业|雇主"
    r"|工伤|医疗|养老)(?:保)?险|商保|年假|年休|带薪"
    r"|(?:餐|房|车|饭|话|交通|通讯|住房|高温|夜班|加班|岗位|工龄|生活|食宿|餐饮|电话|防暑|住宿"
    r"|油|学历|技能|远距离|取暖)(?:费)?(?:补贴?|津贴|补助)|补贴|补助|津贴|奖金|奖励|(?:全勤"
    r"|满勤|年终|绩效|季度|月度|优秀|介绍|年底|好评|冲单|阶梯|推荐|生产|安全|双薪)奖|1[34]薪"
    r"|十[三四]薪|双薪|花红|勤工奖|提成|分红|股权|期权|加班费|加班工资|[三两][倍薪](?:工资)?"
    r"|(?:节日|节假日|生日|过节|员工|各种|完善|法定|春节|中秋).{0,3}(?:福利|礼[品金物]?|慰问)"
    r"|福利|体检(?!费|合格|过)|旅游|团建|聚餐|下午茶|水果|(?:专业|岗前|免费|带薪|技能|完善"
    r"|系统|入职).{0,2}培训|(?:有人|专人|师傅|老师)?(?:带教|手把手教|包教|包会)|[接包]送|班车"
    r"|交通车|通勤车|宿舍|空调|热水|洗衣机|独卫|wifi|无线网|水电(?:全)?(?:免|补)|免水电"
    r"|[日周月当做完][天日]?(?:次日)?结(?:工资|算|钱)?|次日结|半月结|工资(?:日|周|月|当)|现结"
    r"|预支|借支|法定(?:节?假|休|节)|节假日|国假|晋升|升职|转正(?:后)?(?:机会|有)|坐着上班"
    r"|坐班|可(?:以)?坐|带手机|玩手机|签(?:订)?(?:劳动|正式)?合同|劳动合同|(?:可以?|帮|协助)(?:落户"
    r"|考证|入户)|报销|报路费|入职当天|当天(?:入职|安排|入住)|安排住宿|包?路费|夫妻房|婚假"
    r"|产假|病假|不压工资|不拖欠|准时发|按时发(?:工资|薪)|准时出粮|不穿无尘服|弹性(?:工作|上班"
    r"|时间)|时间(?:自由|灵活)|免费住|有住宿|有食堂|有宿舍|强积金|有薪|勤工|早餐$|夜宵|无责任?底薪"
    r"|无责|发制服|就近(?:安排|分配)|离家近|工作服"
)
_SETTLED = re.compile(r"工资[日周月]结|[日周月]结(?:工资)?|次日结|当[天日]结")
_TOPICS = tuple(
    (topic, re.compile(words))
    for topic, words in (
        ("吃", r"吃|餐(?!饮)|饭|膳|伙食"),
        ("住", r"住|宿|空调|热水|洗衣机|wifi"),
        ("保险", r"险|社保"),
        ("公积金", r"公积金"),
        ("结算", r"[日天周月完]结|现结"),
        ("预支", r"预支|借支"),
        ("接送", r"[接包]送|班车|交通车|通勤车"),
        ("培训", r"培训|带教|包教|包会"),
        ("合同", r"合同"),
        ("手机", r"手机"),
        ("当天", r"当天"),
        ("全勤", r"[全满]勤"),
        ("年终", r"年终|年底"),
        ("坐着", r"坐"),
        ("提成", r"提成"),
        ("加班", r"加班"),
        ("节日", r"节日|过节"),
        ("带薪", r"年假|年休"),
        ("绩效", r"绩效"),
        ("底薪", r"底薪"),
        ("体检", r"体检"),
        ("三薪", r"[双三十4]薪"),
    )
)
_NO_BENEFIT = re.compile(
    r"自带|不发|不上班|不要|禁止|不能|不得|不准|自理|(?<!包[吃住])不包|不提供|没有|无(?!责|线|需|忧)|不含|不管|扣|住宿费"
    r"|水电费|均摊|自费|元/月$|押金|不享受|不缴|不交|另付|不日结|女生无|上传"
)
_REQUIREMENT = re.compile(
    r"^会(?!员|计|议|所)|[搬提扛抬]得动|师范|在职|大学生(?!活)|职称|自己有|有机器|会?能?用(?:智能)?手机|经验|驾龄|驾照|打字快?|^能(?![拿赚挣达])|^要(?:有|会|能|懂)|^最好|退休|(?:证|证书|驾照"
    r"|驾驶证|资格|[abc][12]?[本照])(?:优先|者?优先|的?优先|$|上岗|明)|[持凭].{0,6}证|^认识"
    r"|有.{0,6}证|证件齐全|健康证|学历|大专|本科|中专|高中|初中|小学|文化|识字|专业(?!培训)"
    r"|熟悉|熟练|熟手|(?<!都)懂(?![的得])|精通|会(?:使用|开|做|骑|电脑|普通话|说|写|讲|操作|用|炒|粤语|英语"
    r"|办公|包|踩|缝|打字|简单|基[本础])|能(?:吃苦|接受|适应|独立|熟|长期|够|胜任|服从|看懂"
    r"|做|加班|上|干|坚持|倒|出差|熬|住家|带|打|马上|尽快|随时|立即|听|说)|吃苦|耐劳|服从|责任(?!险"
    r"|底)|认真|细[心致]|勤[快劳奋恳]|干净利?|卫生习惯|讲卫生|爱干净|耐心|爱心|亲和|热情|沟通"
    r"|表达|手脚|手[快巧]|身体(?!检)|健康(?!险)"
    r"|无(?:需|须)?(?:犯罪|纹身|不良|案底|前科|传染|病史|慢性|色盲|伤疤|重大|疾病|口吃|恐高"
    r"|违法|违纪|烟疤|高血压|劣迹)|(?:不能|不得)有|没有?(?:纹身|案底|犯罪|前科)|不[抽吸]烟"
    r"|不(?:喝|酗)酒|不体检|不要(?:案底|学生|纹身|有案底|新手|玩手机|懒)|非学生|学生(?:勿扰"
    r"|不要|除外|不收)|不(?:收|招)(?:学生|新手|暑假工|寒假工)|纹身|案底|优先|接受|适应|自带"
    r"|自备|须|(?<!无)需(?!要?倒班|求|要?人数?$)|必须|长期(?:做|干|稳定|工)?$|稳定(?!收入|的)|视力"
    r"|普通话|粤语|[做干]满|[做干]够|(?:至少|最少|最低|起码)(?:能|要)?[做干]|做.{1,5}(?:天"
    r"|个?月|年)(?:以上|起)|人品|踏实|老实|诚实|诚信|为人|性格|开朗|外向|脾气|有(?:车|电动车"
    r"|电瓶车|手机|电脑|力气|体力|服务意识|时间)|力气|体力|素质|品行|遵纪|守时|动作(?:麻利"
    r"|快)|麻利|利索|头脑|灵活|思路|办事|团队|抗压|(?:18|十八|16|十六)(?:周?岁)?(?:以上|以后"
    r"|起)|满(?:18|十八|16)|成年|退伍|军人|党员|应届|就业困难|4050|低保|零就业|失业|残疾|高校毕业"
    r"|脱贫|离校|大龄|登记|毕业生?|口才|悟性|上进|随叫随到|^住家$|不住家(?=$)|能?倒班$|黑[裤鞋]"
    r"|黑色|形象.{0,2}整洁|双?利手|会照顾|会哄|有爱|不挑|喜欢(?:孩子|宝宝|小孩)|会(?:煮|烧"
    r"|辅导|带|拉|护理)|擅长|拿手|体检合格|征信|住.{0,6}附近|附近.{0,4}优先|干活|麻溜"
)
_NOT_TERM = re.compile(
    r"^(?:优先|长期|要求|需|必须|接受|有|无|能|会|专业|应聘|要|以上|工作|负责|联系|电话|谢谢"
    r"|急|谁|的|了|等|待遇|福利|工资|需要|经验|岗位|可以)$|有意|非诚|请(?:联系|致电|加|电|带"
    r"|拨)|致电|电话|欢迎|咨询|加微|报名|面试|报备|名单|扫码|转发|联系|详[谈询情]|急需|返费|需要?\d"
    r"|我家|找一|需要一|诚信合作|私聊|微信|面议|招聘|诚聘|急招|急聘"
)
_PUBLIC_WELFARE = re.compile(r"公益性?岗|就业困难人员|4050")
_SKIPPED = frozenset({"agency", "skip", "phone", "contact", "place", "meet", "employer", "deadline", "date", "title"})

TermKind = Literal["requirement", "benefit", "unlawful", "neutral", "duty"]


@dataclass(frozen=True, slots=True)
class Term:
    kind: TermKind
    span: Span
    unlawful: Unlawful | None = None


def find_terms(doc: Document, taken: Cover) -> list[Term]:
    """Terms in order. ``taken`` is what other recognisers have read (hours, phones …): that is no term."""
    welfare = _PUBLIC_WELFARE.search(doc.plain) is not None
    terms: list[Term] = []
    for clause in doc.clauses:
        if clause.kind not in _SKIPPED or clause.kind == "title":
            terms += _read(doc, clause, taken.width(clause.span), welfare)
    return terms


def _read(doc: Document, clause: Clause, covered: int, welfare: bool) -> list[Term]:
    plain = doc.plain
    start, end = clause.span.start, clause.span.end
    if end - start > 120:
        return []
    terms: list[Term] = []
    cuts: list[Span] = [Span(start + m.start(), start + m.end()) for m in _NEUTRAL.finditer(plain[start:end])]
    terms += [Term("neutral", cut) for cut in cuts]
    if clause.kind != "duty":
        for ground, pattern in _GROUNDS:
            for match in pattern.finditer(plain, start, end):
                span = Span(*match.span())
                if span.end == span.start or any(span.overlaps(cut) for cut in cuts):
                    continue
                if ground == "性别" and (
                    _MALE_FEMALE.search(plain[max(0, span.start - 2) : span.end + 2])
                    or plain[span.end : span.end + 1] in {"嫂", "装"}
                ):
                    continue
                if welfare and ground in {"年龄", "性别", "地域"}:
                    continue
                cuts.append(span)
                terms.append(Term("unlawful", span, Unlawful(doc.cut(span), ground, _LAWS[ground])))
    joined = clause.kind == "pay" and plain[start - 1 : start] == "+"
    for piece in _pieces(doc, start, end, cuts):
        kind = _kind(plain[piece.start : piece.end], clause.kind, covered)
        settled = _SETTLED.search(plain, piece.start, piece.end) if kind == "benefit" and covered else None
        if settled:  # 周结白班一天130: only the first word is a benefit
            piece = Span(*settled.span())
        if kind == "benefit" and joined and re.search(r"补|奖|提成", plain[piece.start : piece.end]):
            continue  # 5.5-8元一单+早班补贴+… is how the wage is made up
        if kind:
            terms.append(Term(kind, piece))
    return sorted(terms, key=lambda term: term.span)


def topics(words: str) -> frozenset[str]:
    """What a benefit is about: the same thing said again in other words is one benefit."""
    return frozenset(topic for topic, pattern in _TOPICS if pattern.search(words))


def _pieces(doc: Document, start: int, end: int, cuts: list[Span]) -> list[Span]:
    """What is left of a clause when the struck conditions are taken out."""
    pieces = []
    for cut in sorted(cuts):
        if cut.start > start:
            pieces.append(doc.trimmed(start, cut.start))
        start = max(start, cut.end)
    pieces.append(doc.trimmed(start, end))
    return [piece for piece in pieces if piece and piece.end - piece.start > 1]


def _kind(words: str, section: str, covered: int) -> TermKind | None:
    if section == "duty":
        return "duty"
    if not re.search(r"[一-鿿]{2}", words) or _NOT_TERM.search(words) or section == "note" or len(words) > 45:
        return None
    benefit = _BENEFIT.search(words) and not _NO_BENEFIT.search(words)
    requirement = _REQUIREMENT.search(words)
    if section == "requirement":
        if covered * 2 >= len(words) and not re.search(r"证|优先|经验|至少|最少", words):
            return None
        return "benefit" if benefit and not requirement else "requirement"
    if benefit and (covered * 3 < len(words) * 2 or re.search(r"结|补|住|吃", words)):
        return "benefit" if not (requirement and re.search(r"优先|经验", words)) else "requirement"
    strong = re.search(r"证|优先|经验|至少|最少", words)
    if covered * 2 >= len(words) and not (strong and covered * 4 < len(words) * 3):
        return None
    if requirement and section not in {"pay", "benefit", "hours", "rest"} and len(words) <= 24:
        return "requirement"
    return None
