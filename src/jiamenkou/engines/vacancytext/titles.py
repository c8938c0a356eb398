"""Titles: words for occupations and kinds of work, with the words that belong in front of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jiamenkou.engines.vacancytext.document import HAN, Document, kind_of
from jiamenkou.engines.vacancytext.model import Span
from jiamenkou.engines.vacancytext.spans import Cover

# People by what they do. A head ends a title; longer ones come first by sorting.
_PEOPLE = """
服务员 保洁员 保洁 清洁工 清洁员 环卫工 保安员 保安 保安队长 安保 安检员 门卫 巡逻员 秩序维护员 消防员 消控员 监控员 消防中控员 中控员 收银员 收银 营业员 售货员 导购员 导购 促销员 促销 理货员 理货 店员 店长 迎宾 前台 接待员
文员 行政 人事 会计 出纳 助理 秘书 客服 客服专员 客服人员 话务员 业务员 销售 销售员 销售代表 销售顾问 顾问 经纪人 编辑 设计师 程序员 工程师 技术员 技工 学徒 学徒工 实习生 讲师 教师 老师 教练 辅导员 助教 护士 护工 护理员 护理
医生 药师 药店营业员 陪护 陪护员 护老员 照料员 照护员 养老护理员 康复师 营养师 厨师 厨师长 大厨 主厨 厨工 帮厨 炒锅 炒锅师傅 炒菜师傅 面点师 面点 点心师 切配 切配工 配菜员 配菜 打荷 水台 砧板 尾灶 头灶 二灶 炒尾灶 上什 蒸笼 烧腊 凉菜 冷菜 烧烤师 小炒 白案 红案 墩子
洗碗工 洗碗 洗碗阿姨 传菜员 传菜 传菜生 打餐员 打菜员 食堂工 后厨 煮饭阿姨 做饭阿姨 阿姨 钟点工 保姆 住家保姆 月嫂 育儿嫂 育婴师 育婴员 催乳师 家政员 家政服务员 家政 家政工 小时工 临时工 暑假工 寒假工 兼职 普工 操作工 操作员 包装工 包装员 分拣员 分拣工 拣货员 打包员 打包工 装卸工 搬运工 叉车工 叉车司机
司机 货车司机 驾驶员 送货员 送货司机 送餐员 配送员 快递员 外卖员 外卖骑手 骑手 派件员 网约车司机 代驾 跟车员 押运员 仓管员 仓管 仓库管理员 管理员 库管 收货员 质检员 质检 检验员 品检 品检员 巡检员 测试员 统计员 跟单员 采购 采购员 物料员 上料工
缝纫工 车工 车位工 平车工 平车 裁床 裁剪工 锁眼 锁钉 整烫工 尾部 大烫 手工 手工员 手工活 手缝工 绣花工 编织工 钉珠 质检工 剪线工 样衣工 针织工 横机工 鞋工 鞋面工 针车 针车工 压铸工 注塑工 冲压工 磨工 铣工 钳工 数控 数控车床 机加工 加工中心 电工 水电工 水暖工 焊工 氩弧焊工 木工 油漆工 喷漆工 泥瓦工 瓦工 钢筋工 架子工 小工 大工 杂工 力工 民工 工人 维修工 维修员 机修 机修工 电梯工
空调安装工 安装工 安装师傅 师傅 绿化工 绿化养护工 园林工 花工 养殖工 采摘工 农工 果园工 洗车工 汽修工 美容师 美发师 发型师 洗头工 按摩师 技师 足疗师 理疗师 美甲师 主播 模特 礼仪 发单员 派单员 派单 传单派发员 传单员 发传单 地推 地推员 推广员 问卷员 访问员 调查员 录入员 打字员 数据标注员 标注员 检票员 检票 验票员
志愿者 协管员 协理员 网格员 社工 社区工作者 公益岗 公益性岗位 巡查员 巡河员 护林员 保育员 幼师 生活老师 宿管 宿管员 宿管阿姨 图书管理员 讲解员 领班 主管 组长 队长 班长 经理 项目经理 厂长 车间主任 储备干部 操盘手 店助 咖啡师 调酒师 茶艺师 烘焙师 裱花师 面包师 蛋糕师 奶茶店员 救生员 服务生 客房服务员 客房 楼层服务员 房嫂 pa 布草员 布草工 洗衣工 熨烫工 行李员 订票员
客房阿姨 保洁阿姨 清洁阿姨 护工阿姨 绿化 环卫 物业管家 管家 停车管理员 停车场管理员 收费员 抄表员 加油员 充电员 充场 群演 群众演员 考务员 监考员 监考 点货员 盘点员 盘点 陪诊师 陪诊员 洗护工 宠物美容师 养护工 家电清洗工 擦窗工 擦玻璃 搬家工 拉货 卸货工 卸货 装车工 卸车 装卸 搬运 分拣 分揀 打包 包装 品检工 品管 组装工 装配工 产品检验 检验 装配 组装 焊锡工 插件工 绕线工 绕线普工 流水线工 冲床工 折弯工 抛光工 打磨工 印刷工 糊盒工 贴标工 刮码 挑拣工 挑选工 拣菜工 切菜工 杀鱼工 屠宰工 分割工 腌制工 小菜工 面案
洗菜工 择菜工 配送司机 司炉工 锅炉工 炉工 消毒员 防疫员 登记员 引导员 咨询员 测温员 内勤 外勤 内勤文员 仓库文员 业务跟单 美工 运营 网店客服 直播助理 剪辑 摄影助理 场务 侍应 侍应生 楼面 楼面部长 洗碗员 清潔工 店務員 文職 送貨員 倉務員 司机助理 家务助理 家佣 看护 看护员 收货文员 收垃圾员 垃圾分类员 分类指导员 督导员 垃圾分拣员 守库员 看守员 值班员 值守员 门岗 更夫 夜班看护 操作岗 生产工 技校生 制衣工 服装工 烫工 熟练工 快递分拣 快递兼职 会服 会服前台 会务 茶水员 采茶工 摘果工 种植工 大棚工 包装阿姨 中医师 洗涤工 熟手 送水工 送奶工 送报员 打扫 打扫卫生 家教 伴读 司仪 代课老师 托管老师 晚托老师 中班 阿叔 大叔 早餐师傅 包子师傅 拉面师傅 卤菜师傅 凉菜师傅 烧烤师傅 面馆师傅 小时工阿姨 团长 副手 印刷机长 机长 宝妈 理发师 水吧师傅 水吧 锁边工 包缝 挡车工 质检组长 护林防火员
""".split()
_SUFFIXED = r"[{han}]{{1,4}}(?:员工?|工(?!作|资|时|厂|业|程(?!师)|具|会|龄|伤|种|序|价|人|地|艺|商|钱|期|装|牌|号|服|棚)|师傅?|嫂|司机|阿姨|专员|助理|学徒)".format(han=HAN)
_HEADS = "|".join(sorted((re.escape(word) for word in _PEOPLE), key=len, reverse=True))
_TITLE = re.compile(rf"(?P<head>{_HEADS})(?P<tail>助理|主管|经理|组长|队长|班长|学徒|师傅|领班|阿姨|兼职|岗位?|工人|人员|专员|工|员|师|长|大姐)?(?!证|经验|技能|基础|资格|专业|公司|证书)(?:[ ]?\((?P<note>[^()\n\d]{{1,8}})\))?")
_LOOSE = re.compile(rf"(?<![{HAN}]){_SUFFIXED}(?![{HAN}])")
_COUNTED = re.compile(rf"[{HAN}]{{1,5}}(?:员|工|师傅?|嫂|手|生|长|司机|人员|专员|阿姨|学徒)(?=[ :]?(?:\d{{1,3}}|[一二两三四五六七八九十]{{1,2}})[ ]?[名人个位])")
_WEAK = re.compile(r"^(?:(?:招聘|大量|长期)?(?:兼职|小时工|临时工|钟点工|暑假工|寒假工|工人|学徒|师傅|师傅们|阿姨|手工|管理员|员工|安保|运营|技师|客房|家政|物业管家|早餐|志愿者))$")
_HIRING = re.compile(
    r"(?:高薪|长期|大量|紧急|现|诚|急|直|特|新|另|还|再|同时|店内|本店|本厂|本公司|公司|我司|兹|面向社会|公开)?(?:诚聘|招聘|急聘|招收|招募|聘请|诚招|急招|急需|寻找|急找|诚请|聘用|招请|招工|招|聘|请|寻|另组|诚征|征|需要|找|想找|缺)(?:以下|下列|多名|一批|若干|几名|长期|急|大量)?"
)
# Words that cannot be part of a title: what stands before the last of them is cut off.
_STOP = re.compile(
    r"招聘|诚聘|急聘|急招|诚招|招募|招收|聘请|急需|寻找|招请|招|聘|急|需要|寻|找|另组|请|公司|酒店|餐厅(?=服务)|有限|集团|工厂|[一二两三四五六七八九十几数多\d]+[名个位人]|[一二两三四五六七八九]名|若干|岗位|职位|工种|男女|不限|各种|现|我们|一起|优秀|以下|长期|临时(?!工)|大量|高薪|[的是在为和及或与]|做|当|要求|经验|从事|担任|负责"
    r"|附近|关口|店(?!长|员|助)|厂(?!长|区|内)|医院|学校|小区|学院|大学|幼儿园(?=[保厨老])|月薪|元|块|天|每|起|到|周结|日结|月结|白天|明早|明天|今天|后天|立即|上岗|家里|家中|本人|一家"
)
_NOT_TITLE = re.compile(r"免费|提供|培训|补贴|福利|工资|优先|经验|以上|证$|协助|有(?!机)|无|会|能|可|包(?!装|子)|交|不(?!锈|住)|服从|配合|完成|领导|公司|沟通|客户|上级")
_CONTEXT_NO = frozenset({"requirement", "benefit", "agency", "skip", "phone", "contact", "note", "meet", "place", "hours", "rest"})
_SPLIT_FROM = re.compile(r"[,。;!?\n|()【】:]")


@dataclass(frozen=True, slots=True)
class Title:
    """A title candidate; ``rank`` 5 labelled, 4 after a word for hiring, 3 at the head of a short line, 1 elsewhere."""

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
        found = [Title(Span(*match.span()), 1) for match in _LOOSE.finditer(doc.plain) if doc.kind_at(match.start()) not in _CONTEXT_NO and not _NOT_TITLE.search(match.group())]
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
        words = re.split(r"[,。;!|(]|\d|[一二两三四五六七八九十]+[名个位人]|若干|数名|限[男女]|男女| 工资| 月薪", line)[0].rstrip(" 、:-")
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
        return 1
    last = _SPLIT_FROM.split(before)[-1]
    if _HIRING.search(last) or re.search(r"[名个位][ ]?$|男女$", last):
        return 4
    if line.start + 8 >= span.start and line.end - line.start <= 30 and not _SPLIT_FROM.search(doc.plain[line.start : span.start].strip(" |【】①②③④⑤⑥⑦⑧⑨0123456789.、()")):
        return 3
    return 2 if line.start == doc.lines[0].start else 1


def _merged(doc: Document, titles: list[Title]) -> list[Title]:
    """普工、操作工、包装工 under one set of terms is one title."""
    merged: list[Title] = []
    for title in titles:
        last = merged[-1] if merged else None
        own_terms = re.match(r"[ :]?(?:\d|[一二两三四五六七八九十数][名个位])", doc.plain[title.span.end : title.span.end + 3])
        comma = bool(last) and "," in doc.plain[merged[-1].span.end : title.span.start]
        if last and not (comma and own_terms) and re.fullmatch(r"[ ]?[、/和及+]?[ ]?|,(?=.{2})", doc.plain[last.span.end : title.span.start]) and "\n" not in doc.plain[last.span.end : title.span.start]:
            merged[-1] = Title(Span(last.span.start, title.span.end), max(last.rank, title.rank))
        elif last and title.span.start < last.span.end:
            continue
        else:
            merged.append(title)
    return merged
