"""Lives of another hand than ``lives.py``: other trades, fee habits, words, banks and file types, and their truth.

What a deal keeps differs: nothing, a fixed fee, a share, a fee for all deals of a month taken from the last one, or the
client's own purchase of labour, of which only the material is handed on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.engines.statement.exports import Event
from tests.engines.statement.life import Life
from tests.engines.statement.other_exports import BANKS, format_of, write_other

STREETS = ["望江路", "柳荫街", "北塘巷", "槐树里", "石桥弄"]


@dataclass
class OtherLife(Life):
    """A life that hands in files of the other formats; ``copies`` are events that stand in a second export too."""

    twins: list[tuple[Event, Event]] = field(default_factory=list)
    overlapping: bool = False  # the first account comes as two exports that overlap
    openings: dict[str, int] = field(default_factory=dict)

    def countable(self) -> dict[str, int]:
        seen_twice = {id(again) for _, again in self.twins}
        whole, self.events = self.events, [event for event in self.events if id(event) not in seen_twice]
        try:
            return super().countable()
        finally:
            self.events = whole

    def files(self, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for account, format in self.accounts.items():
            own = sorted((e for e in self.events if e.account == account), key=lambda e: e.when)
            if self.overlapping and account == "bank0":
                paths += self._two_exports(folder, format, own)
            else:
                paths.append(write_other(folder, account, format_of(format), own))
        return paths

    def _two_exports(self, folder: Path, format: str, own: list[Event]) -> list[Path]:
        third = len(own) // 3
        again = [replace(event) for event in own[third : 2 * third]]
        self.twins += zip(own[third : 2 * third], again, strict=True)
        first = write_other(folder, "bank0_1", format_of(format), own[: 2 * third])
        opening = 8_000_000 + sum(event.amount for event in own[:third])
        second = write_other(folder, "bank0_2", format_of(format), [*again, *own[2 * third :]], opening)
        self.events += again
        return [first, second]


def _life(name: str, seed: int, banks: int = 1, wallets: str = "wechat") -> OtherLife:
    life = OtherLife(name, "", seed)
    life.owner = life.person()
    for number, bank in enumerate(life.random.sample(sorted(BANKS), banks)):
        life.accounts[f"bank{number}"] = bank
    for wallet in wallets.split():
        life.accounts[wallet] = wallet
    return life


# fmt: off
def broker(seed: int) -> OtherLife:
    """Sells second-hand flats: a fixed fee, a share, nothing, or one fee a month from the last deal; some fall through."""
    life = _life("broker", seed, banks=2)
    choose, number = life.random.choice, life.random.randint
    habit = choose(["fixed", "share", "monthly"])
    for month in range(life.months):
        life.post("bank0", life.moment(month, 15), number(2_800, 3_600) * 100, "城南不动产经纪有限公司", "上月底薪",
                  sort="代发业务", label="income")
        clients = [life.person() for _ in range(number(3, 5))]
        for place, client in enumerate(clients):
            price = number(20, 480) * 100_000 + number(0, 99) * 1_000
            fee = {"fixed": 200_000, "share": price // 100, "monthly": 0}[habit]
            if habit == "monthly" and place == len(clients) - 1:
                fee = min(60_000 * len(clients), price // 40)
            code = choose([f"BJ{number(100000, 999999)}", f"{choose(STREETS)}{number(1, 99)}号{number(101, 2404)}室"])
            kind = choose(["name", "code", "both", "stage"])
            said = {"name": "买房的钱", "code": f"{code}首付", "both": f"{client} {code}", "stage": "二手房首付款"}[kind]
            to = {"name": f"{client}房款", "code": code, "both": f"{code} {client}房款", "stage": "存量房交易首付款"}[kind]
            payee = "存量房交易资金托管专户" if kind == "stage" else choose([life.person(), "市产权交易服务中心", "住房资金监管中心"])
            source, target = choose(["bank0", "bank1"]), choose(["bank0", "bank1"])
            life.deal([(source, price, client, said)], [(target, price - fee, payee, to)],
                      life.moment(month), strong=True, days=choose([1, 3, 6]))
        # a purchase that came to nothing
        client, deposit, when = life.person(), number(10, 50) * 100_000, life.moment(month, 20)
        life.post("bank0", when, deposit, client, "购房定金", label="refund")
        life.post("bank0", when + timedelta(days=number(1, 8)), -deposit, client,
                  choose(["房子没买成，退定金", "退回定金", "卖家反悔 退款", ""]), label="refund")
        # own dealings in the same sums
        life.post("bank1", life.moment(month), -number(10, 60) * 100_000, choose(["万家建材城", life.person()]),
                  choose(["买建材", "给孩子学费", ""]))
        life.post("bank1", life.moment(month), number(5, 30) * 100_000, life.person(), choose(["介绍费", "带看辛苦费"]), label="income")
    life.daily("wechat", 60)
    return life


def decorator(seed: int) -> OtherLife:
    """Fits out flats: of each payment only the material is handed on, with the address on both sides."""
    life = _life("decorator", seed)
    number, choose = life.random.randint, life.random.choice
    for month in range(life.months):
        for _ in range(2):
            flat = f"{choose(STREETS)}{number(1, 30)}-{number(101, 1802)}"
            paid = number(80, 300) * 10_000
            material = int(paid * choose([0.4, 0.55, 0.7])) // 100 * 100
            life.deal([("bank0", paid, life.person(), f"{flat}厨房翻新")],
                      [("bank0", -(-material // 1), "恒泰瓷砖批发部", f"{flat}瓷砖")], life.moment(month), strong=True, days=5)
        life.post("bank0", life.moment(month), number(8, 30) * 10_000, life.person(), "刷墙工钱", label="income")
        life.post("bank0", life.moment(month), -number(8, 30) * 10_000, "恒泰瓷砖批发部", "自家用")
    life.daily("wechat", 60)
    return life


def payer(seed: int) -> OtherLife:
    """Pays insurance, power and fees for old neighbours who have no smartphone."""
    life = _life("payer", seed, wallets="wechat alipay")
    number, choose = life.random.randint, life.random.choice
    for month in range(life.months):
        life.post("bank0", life.moment(month, 10), 310_000, "惠家保洁服务有限公司", "", sort="工资", label="income")
        for _ in range(4):
            old = life.person()
            amount, said, payee, to = choose([
                (40_000, f"{old}医保", "国家税务总局城东税务所", f"城乡居民医保-{old}"),
                (number(50, 300) * 100 + 37, "电费户号3200451234", "市供电公司", "户号3200451234电费"),
                (number(3, 12) * 10_000, f"{old}养老院", "夕阳红养老院", f"{old}护理费"),
            ])
            code = number(100000, 999999)
            said, to = said.replace("3200451234", f"3200{code}"), to.replace("3200451234", f"3200{code}")
            account = choose(["wechat", "bank0"])
            life.deal([(account, amount, old, said)], [(account, amount, payee, to)], life.moment(month), strong=True, days=3)
    life.daily("alipay", 40)
    life.daily("wechat", 60)
    return life


def clerk(seed: int) -> OtherLife:
    """Wages with bonuses, a credit card, 花呗 and 余额宝, a mortgage, money lent, gifts at the New Year."""
    life = _life("clerk", seed, wallets="wechat alipay")
    number = life.random.randint
    friend, mother = life.person(), life.person()
    firm = "东海精密仪器股份有限公司"
    for month in range(life.months):
        life.post("bank0", life.moment(month, 10), number(5_200, 7_800) * 100 + 35, firm, "", sort="代发工资", label="income")
        if month in {0, 3}:
            life.post("bank0", life.moment(month, 12), number(3_000, 20_000) * 100, firm, "季度奖", sort="代发", label="income")
        life.post("bank0", life.moment(month, 18), -number(800, 4_000) * 100, life.owner, "还信用卡", sort="信用卡还款", label="loan")
        life.post("bank0", life.moment(month, 20), -356_712, "", "个人住房贷款", sort="贷款还款", label="loan")
        life.post("alipay", life.moment(month, 9), -number(200, 1_500) * 100, "花呗", "花呗自动还款", sort="信用借还",
                  neutral=True, label="loan")
        life.post("alipay", life.moment(month), -number(10, 50) * 10_000, "天弘基金管理有限公司", "余额宝-单次转入", sort="投资理财",
                  neutral=True, label="own_transfer")
        for _ in range(5):
            life.post("alipay", life.moment(month), number(20, 190), "天弘基金管理有限公司", "余额宝-2025.01.05-收益发放",
                      sort="投资理财", neutral=True, label="own_transfer")
        life.post("wechat", life.moment(month), number(1, 180) * 100, life.person(), "", sort="微信红包", label="income")
        life.post("wechat", life.moment(month), number(9, 90) * 100, "叮咚买菜", "缺货退款", sort="叮咚买菜-退款", label="refund")
        life.post("wechat", life.moment(month), -number(1, 9) * 10_000, mother, "给妈", sort="转账")
    life.post("wechat", life.moment(1, 5), -800_000, friend, "先借你", label="loan")
    life.post("wechat", life.moment(3, 9), 500_000, friend, "先还一部分", label="loan")
    life.post("wechat", life.moment(4, 9), 300_000, friend, "还清啦", label="loan")
    life.post("bank0", life.moment(2, 9), 3_000_000, "蚂蚁商诚小额贷款有限公司", "", sort="放款", label="loan")
    life.daily("wechat", 120)
    life.daily("alipay", 60)
    return life


ELDER_AID = [
    ("区民政局", "城市低保", 78_000), ("区残疾人联合会", "重残护理补贴", 16_000), ("区残联专户", "困难残疾人生活补贴", 12_000),
    ("市财政国库支付中心", "80岁以上老人津贴", 10_000), ("区退役军人事务局", "定期抚恤金", 95_000),
    ("街道卫健办", "计划生育家庭特别扶助金", 59_000), ("区民政局", "物价补贴", 4_500),
]


def elder(seed: int) -> OtherLife:
    """A pension under one of its names, aid that does not count, rent and children's money that do."""
    life = _life("elder", seed)
    child, tenant, number = life.person(), life.person(), life.random.randint
    payer, memo, sort = life.random.choice([
        ("市社会保险事业管理中心", "", "代发养老金"), ("", "企业退休人员养老金", "社保发放"), ("市人社局养老专户", "城乡居民养老保险待遇", "转存"),
    ])
    aid = life.random.sample(ELDER_AID, 3)
    for month in range(life.months):
        life.post("bank0", life.moment(month, 15), 241_300, payer, memo, sort=sort, label="income")
        for party, word, amount in aid:
            life.post("bank0", life.moment(month, 20), amount, party, word, sort="批量代发", label="excluded_subsidy")
        life.post("bank0", life.moment(month, 3), 120_000, tenant, "房屋租金", label="income")
        life.post("wechat", life.moment(month), 60_000, child, life.random.choice(["爸的生活费", "孝敬老爸", "买药钱 爸"]),
                  label="family_support")
        life.post("bank0", life.moment(month, 16), -180_000, "", "", sort="ATM取款")
    life.post("bank0", life.moment(3), 300_000, "", "", sort="现金存入", label="cash_deposit")
    life.post("bank0", life.moment(2, 21), number(1, 90) * 7, "", "", sort="结息", label="income")
    life.post("bank0", life.moment(4), number(100, 900) * 100, "市医疗保障基金中心", "医保零星报销", sort="转存", label="refund")
    life.daily("wechat", 50)
    return life


def mover(seed: int) -> OtherLife:
    """Own money between three accounts, with fees and over midnight; the first bank's file comes twice, overlapping."""
    life = _life("mover", seed, banks=2, wallets="wechat alipay")
    life.overlapping = True
    number = life.random.randint
    for month in range(life.months):
        life.post("bank0", life.moment(month, 9), number(4_000, 6_000) * 100, "力达电子厂", "", sort="工资", label="income")
        for day in (11, 17):
            amount = number(5, 40) * 10_000
            when = life.moment(month, day).replace(hour=23, minute=58)
            life.post("bank0", when, -(amount + life.random.choice([0, 200, 550])), life.owner, "", sort="跨行汇款", label="own_transfer")
            life.post("bank1", when + timedelta(minutes=9), amount, life.random.choice([life.owner, ""]), "", sort="跨行来账",
                      label="own_transfer")
        out, when = number(3, 20) * 10_000, life.moment(month, 13)
        life.post("wechat", when, -out - out // 1000, "邮储银行(2222)", "", sort="零钱提现", neutral=True, method="邮储银行(2222)",
                  label="own_transfer")
        life.post("bank1", when + timedelta(seconds=50), out, "财付通支付科技有限公司", "零钱提现", sort="银联入账", label="own_transfer")
        life.post("alipay", life.moment(month), number(3, 20) * 10_000, "天弘基金管理有限公司", "余额宝-转出到余额", sort="投资理财",
                  neutral=True, label="own_transfer")
        life.post("wechat", life.moment(month), -number(3, 9) * 10_000, "零钱通", "", sort="转入零钱通-来自零钱", neutral=True,
                  label="own_transfer")
    life.daily("bank0", 60)
    life.daily("wechat", 60)
    return life


def friends(seed: int) -> OtherLife:
    """Round sums to and fro among a dozen friends and customers, silent or with words anybody can type."""
    life = _life("friends", seed, banks=2)
    choose = life.random.choice
    people = [life.person() for _ in range(12)]
    sums = [100_000, 200_000, 500_000, 1_000_000, 2_000_000]
    for month in range(life.months):
        for _ in range(12):
            life.post(choose(["bank0", "bank1"]), life.moment(month), choose(sums), choose(people),
                      choose(["", "", "帮你代付的", "往来款", "活钱", "代转"]), label="income")
            life.post(choose(["bank0", "bank1"]), life.moment(month), -choose(sums), choose([*people, "大润发", "驾校"]),
                      choose(["", "", "代付", "往来款", "消费"]))
    life.daily("wechat", 60)
    return life


def stallholder(seed: int) -> OtherLife:
    """Sells fruit: takings by code, the wholesaler paid in like sums. Nothing of it is other people's money."""
    life = _life("stallholder", seed)
    number, choose = life.random.randint, life.random.choice
    for month in range(life.months):
        for _ in range(60):
            life.post("wechat", life.moment(month), number(5, 180) * 100, life.person(), "收款方备注:二维码收款", sort="二维码收款",
                      label="income")
        for _ in range(4):
            life.post("bank0", life.moment(month), number(20, 90) * 10_000, choose([life.person(), "幸福食堂"]),
                      choose(["水果款", "货款", "配送水果"]), label="income")
            life.post("bank0", life.moment(month), -number(20, 90) * 10_000, "江北水果批发市场", choose(["进货", "货款", "拿货"]))
    return life


OTHERS: dict[str, Callable[[int], OtherLife]] = {
    make.__name__: make for make in (broker, decorator, payer, clerk, elder, mover, friends, stallholder)
}
