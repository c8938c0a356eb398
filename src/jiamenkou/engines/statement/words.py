"""The vocabulary of statements: what the short texts of banks, wallets and people mean.

Everything that recognises words stands here, so that a community can read and extend it in one place.
"""

from __future__ import annotations

import re
from functools import lru_cache

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮"
    "龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束"
    "龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别"
    "庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙"
    "养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓肖涂阳尧尉皇"
)
_ORGANISATION = re.compile(
    r"公司|银行|中心|局|院|校|店|社|厂|部|处|会|所|站|办|馆|超市|市场|专户|基金|平台|商户|支付|财付通|集团|行$|企业|工作室|经营部|合作社|"
    r"街道|财政|政府|大学|医|餐|旅|保险|人寿|财险|人保|证券|物业|宾馆|酒店|商城|购物|出行|地铁|公交"
)
_PLACES = "路街巷里弄苑村园湾城府庭号栋幢区镇乡坊庄桥"  # a name that ends so is a place's
_TRADES = "店厂社校院局所站馆部"  # a three-character name that ends so is a firm after all
# spelled out: a pattern that ignores case is several times slower, and this one meets every line
TENPAY, ALIPAY = "tenpay|Tenpay|TenPay|TENPAY", "alipay|Alipay|AliPay|ALIPAY"
_PLATFORM = re.compile(rf"财付通|微信|支付宝|蚂蚁|天弘|零钱|余额宝|{TENPAY}|{ALIPAY}")

# --- certain things -----------------------------------------------------------------------------------------------

REFUND = re.compile(r"退款|退货|退费|退回|冲正|冲销|退还|退票|退保证金")
GIVEN_BACK = re.compile(
    r"退款|退定|退订|退房|退回|退还|退意向|退诚意|退首付|退押|退租|退钱|退给|退全款|没谈成|没成|取消|不买了|未成交|谈崩|黄了"
)
DEPOSIT_BACK = re.compile(r"退押|退定|退订|退租|退房款|退保证金")
INTEREST = re.compile(r"结息|利息|付息|存款息|季度息")
FUND_YIELD = re.compile(r"收益发放|余额宝.*收益|零钱通.*收益")
WALLET_MOVE = re.compile(
    r"零钱提现|零钱充值|零钱通|余额宝|余利宝|微信提现|微信充值|支付宝.?提现|支付宝.?充值|提现.?(?:实时|普通)|充值.?普通|转出到银行卡|提现到银行卡|"
    r"理财通|账户存取|朝朝宝|活期宝|银证转账|证券转银行|银行转证券|定期转活期|活期转定期|约定转存|定活互转|卡内互转|本人转账|自助转存"
)
OWN_WORD = re.compile(r"^(?:自己|本人|转自己|自转|本人转账|转本人|自己转)$")
CREDIT_REPAID = re.compile(
    r"花呗|借呗|白条|金条|信用卡还款|还信用卡|信用卡.{0,2}还|微粒贷|分付|月付|网商贷|有钱花|还呗|备用金"
)
BORROWED = re.compile(
    r"借款|贷款|放款|借呗|微粒贷|金条|网商贷|小额贷款|消费贷|借给我|周转借|借条|信用贷|有钱花|美团借钱|借钱"
)
LENT_BACK = re.compile(r"还款|还钱|还你|还借|归还|还上次|还我|欠款|还清|借款归还|还周转")
LENT = re.compile(r"借给|借你|借款|周转|借钱|还款|还钱|还你|还借|归还|还贷|房贷|贷款|按揭|车贷|月供|还清|欠款")
LENDER = re.compile(r"小额贷款|消费金融|微众银行|网商银行|蚂蚁小微|信托|融资")
CASH_IN = re.compile(r"现金存入|存现|ATM ?存款|现存|柜面存款|现金存款|自助存款|CDM|无卡存款|存款机")
CASH_OUT = re.compile(r"取款|取现|支取现金|现金支取|ATM ?取")

SUBSIDY = re.compile(
    r"低保|最低生活|特困|残补|残疾|重残|护理补贴|高龄|尊老|敬老|长寿|计生|计划生育|奖扶|特扶|独生子女|优待|抚恤|优抚|伤残军人|义务兵|"
    r"奖学金|助学金|助学(?!贷)|育儿补贴|困境儿童|孤儿|临时救助|临时补贴|价格补贴|价补|救助|慰问|见义勇为|帮扶金|惠民补贴|惠农|粮补|直补|临补|困补|困难补助|爱心款|"
    r"五保|供养|两项补贴|两补|老复员|老党员|烈士|退役补助|60周岁|助残|补助金|特殊家庭|低收入|边缘户|烈属|丧葬|医疗救助|取暖补|养老服务补贴|失独"
)
BASIC_PENSION = re.compile(r"^(?:中央)?基础养老金$")
PENSION = re.compile(r"养老金|退休金|离退休|养老保险|养老待遇|城乡居保|居民养老|退休工资|企退|社保待遇|遗属|定期待遇")
PUBLIC_PAYER = re.compile(
    r"财政|民政|街道|政府|人社|社保|社会保险|残联|残疾人联合|卫健|卫生健康|退役军人|镇人民|居委|村委|慈善|红十字|妇联|工会|教育局|大学|学院|学校|惠民|专户|国库"
)
AID = re.compile(r"补贴|补助|津贴|救助|慰问|救济|扶助|优待")
WORK_AID = re.compile(r"就业|社保|岗位|稳岗|创业|培训|见习|人才|失业")
AID_PAYER = re.compile(r"财政|民政|街道|残联|残疾人联合|退役军人|卫健|卫生健康|镇人民|村委|居委|慈善|红十字|国库|惠民")
WAGE = re.compile(
    r"工资|薪|奖金|年终奖|绩效|加班|提成|佣金|劳务|报酬|稿费|课时|家教|代班|跑腿|拉货|搬运|搬家|装卸|零工|零活|运费|小时工|钟点|保洁费|中介费|服务费|失业金|失业保险|"
    r"津贴|补贴|高温费|过节费|年底双薪|13薪|分红|介绍费|辛苦费|手工费|计件|日结|工时|兼职|咨询费|设计费|护工|月嫂|陪护|带娃|稳岗|社保补"
)
FEE = re.compile(r"提成|佣金|劳务|中介费|服务费|介绍费|辛苦费|工资|奖金|薪|绩效|报酬|兼职|咨询费|代办费|手续费")
BUSINESS = re.compile(
    r"二维码收款|收款码|收钱码|商家收款|经营收款|经营收入|营业款|货款|菜款|餐费|收单|商户结算|POS入账|结算款|销售|摊位|订单收入|已收钱|到账结算|"
    r"工程款|装修|材料款|房租收入|租金收入|菜钱|水果|早点|面条|修理费|维修费|加工费|理发|打车费|车费"
)
FAMILY = re.compile(
    r"生活费|给妈|给爸|给爷|给奶|赡养|孝敬|孝心|零花|爸妈|妈买|爸买|妈妈|爸爸|老妈|老爸|养老钱|压岁|抚养费|抚育|给老人|家用|给家里|母亲|父亲|过年钱|看病钱|"
    r"买菜钱|给姥|给外婆|给儿|给女|补贴家|(?:^|\W)(?:老?[爸妈爹娘]|爷爷|奶奶|姥姥|姥爷|外婆|外公)(?:的|$|\W)"
)
KIN = re.compile(
    r"^(?:我?的?)(?:大|小|老|二|三|亲)?(?:儿子|女儿|闺女|儿媳|女婿|老公|老婆|丈夫|妻子|爱人|媳妇|爸|妈|爸爸|妈妈|哥|姐|弟|妹|哥哥|姐姐|弟弟|妹妹|孙子|孙女|外孙|侄子|侄女|舅舅|姑姑|姨|叔叔|儿)$"
)
RED_PACKET = re.compile(r"红包")
MEDICAL_BACK = re.compile(r"医保报销|报销|新农合|医疗报销|理赔|赔付|保险金赔")


def _union(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    """One pattern for many: most lines hold none of these words, and one look says so."""
    return re.compile("|".join(pattern.pattern for pattern in patterns))


_INFLOW_WORDS = _union(
    REFUND, INTEREST, PENSION, SUBSIDY, AID, CASH_IN, LENDER, BORROWED, LENT_BACK, MEDICAL_BACK, WAGE, FAMILY, RED_PACKET,
    BUSINESS,
)  # fmt: skip
_OUTFLOW_WORDS = _union(CASH_OUT, CREDIT_REPAID, LENDER, LENT)


@lru_cache(maxsize=50_000)
def speaks_of_inflow(text: str) -> bool:
    """Whether any rule for a single inflow could find its word in a text (基础养老金 is found as 养老金)."""
    return _INFLOW_WORDS.search(text) is not None


@lru_cache(maxsize=50_000)
def speaks_of_outflow(text: str) -> bool:
    """Whether any rule for a single outflow could find its word in a text."""
    return _OUTFLOW_WORDS.search(text) is not None


# --- purposes: what money is for ----------------------------------------------------------------------------------

_PURPOSES: tuple[tuple[str, str], ...] = (
    ("tax", r"契税|维修基金|维修资金|税费|办证费|产证|过户费?|评估费|公证费|登记费|土增|个税|增值税"),
    (
        "other",
        r"住院|押金条|装修|家具|家电|物业|学费|培训|购车|车款|旅游|家政|生活费|工资|理财|(?<!维修)基金|保险|彩礼|份子",
    ),
    ("rent", r"房租|租金|押[一二三]付|押金|租房|季租|年租|半年租|月租|转租"),
    ("house", r"房款|购房|买房|首付|首期|定金|订金|意向金|诚意金|认购|认筹|楼款|房价款|房屋款"),
)
_PURPOSE_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _PURPOSES)
_PAYEES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "house",
        re.compile(
            r"房地产开发|房地产有限|房地产集团|置业|地产(?!经纪)|开发有限公司|资金托管|资金监管|监管专户|托管专户|存量房|房屋交易"
        ),
    ),
    ("tax", re.compile(r"税务局|税务所|维修资金|维修基金|不动产登记|公证处|房产交易中心")),
)
PURPOSE_CHINESE = {"house": "购房款项", "tax": "税费或维修基金", "rent": "房租押金"}
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]+")
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
_PLAIN_MEMO = re.compile(
    r"转账汇入|转账汇款|转账|微信|汇款|汇入|他行|跨行|来账|往账|网银|手机银行|网上支付|网络支付|超级网银|网转|转存|转支|转账支取|银联|收款|付款|转入|转出|"
    r"支取|存入|财付通|支付宝|备注|快捷支付|其他|代付|代收|代转|帮忙|一下|电子商务|行内|实时|普通|：|:|-|/|\s|款项|款|互联|汇"
)


def purpose(memo: str) -> str:
    """``house``, ``tax``, ``rent``, ``other`` for any stated end, empty where the memo says nothing."""
    return _purpose(_NOT_CHINESE.sub(" ", memo))


@lru_cache(maxsize=50_000)
def _purpose(memo: str) -> str:
    """The purpose of a memo without its numbers: what differs from line to line is the flat and the order."""
    for name, pattern in _PURPOSE_PATTERNS:
        if pattern.search(memo):
            return name
    return ""


@lru_cache(maxsize=50_000)
def payee_purpose(party: str) -> str:
    """What money paid to this party is for, by its name alone."""
    for name, pattern in _PAYEES:
        if pattern.search(party):
            return name
    return ""


def says_nothing(memo: str) -> bool:
    """Whether a memo carries no word of its own."""
    return not _LATIN_OR_DIGIT.search(memo) and _silent(memo)


@lru_cache(maxsize=50_000)
def _silent(memo: str) -> bool:
    return not _PLAIN_MEMO.sub("", memo)


# --- names --------------------------------------------------------------------------------------------------------

_PARTY_HEAD = re.compile(r"^[\d*＊]{4,}[\s/|,，、-]*")
_PARTY_TAIL = re.compile(r"[\s（(/]?[\d*＊]{4,}.*$|\s.*$")


@lru_cache(maxsize=100_000)
def party_name(party: str) -> str:
    """A counterparty without the account number that some banks write beside it."""
    return _PARTY_TAIL.sub("", _PARTY_HEAD.sub("", party.strip())).strip()


@lru_cache(maxsize=100_000)
def is_person(party: str) -> bool:
    """Whether a counterparty looks like a person's name or nickname rather than an organisation."""
    name = party_name(party)
    if len(name) <= 3 and is_real_name(name):
        return name[-1] not in _TRADES
    return bool(name) and len(name) <= 6 and not _ORGANISATION.search(name) and not _PLATFORM.search(name)


@lru_cache(maxsize=100_000)
def is_real_name(text: str) -> bool:
    """Two to four Chinese characters that begin with a surname."""
    return 2 <= len(text) <= 4 and text[0] in SURNAMES and all("\u4e00" <= ch <= "\u9fff" for ch in text)


@lru_cache(maxsize=10_000)
def repays_card(sort: str) -> bool:
    """Whether a bank's own word for a transaction says that a credit card was repaid."""
    return CREDIT_REPAID.search(sort) is not None


def names_person(text: str) -> bool:
    """Whether a text may be somebody's name and not a street's or an estate's that begins like a surname (柳荫街)."""
    return is_real_name(text) and text[-1] not in _PLACES


@lru_cache(maxsize=10_000)
def moves_wallet(sort: str) -> bool:
    """Whether a bank's own word for a transaction says that money moved between the owner's accounts."""
    return WALLET_MOVE.search(sort) is not None


@lru_cache(maxsize=50_000)
def is_platform(text: str) -> bool:
    """Whether a text names WeChat Pay or Alipay."""
    return bool(_PLATFORM.search(text))


def same_person(found: str, wanted: str) -> bool:
    """Whether two ways of writing a name may be one person: a masked character (``*建华``) fits any."""
    if not found or not wanted:
        return False
    if found.isalpha() and wanted.isalpha():
        return found == wanted
    found, wanted = found.replace("＊", "*").replace("○", "*"), wanted.replace("＊", "*").replace("○", "*")
    if found == wanted:
        return True
    if "*" not in found + wanted:
        return False
    shorter, longer = sorted((found, wanted), key=len)
    if len(shorter) != len(longer):
        known = [name.replace("*", "") for name in (found, wanted)]
        return bool(all(known)) and (known[0] in wanted or known[1] in found) and min(map(len, known)) > 0
    return all(a == b or "*" in (a, b) for a, b in zip(found, wanted, strict=True))
