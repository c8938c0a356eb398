"""Invented lives other than the samples', with the truth about every line: to tune on neither alone.

Names, firms and sums come from the seed. A deal is *strong* when it leaves a written trace on both sides (a name, a
flat, a number plate, a common purpose); others can only be told by their sums, and nobody is asked to find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from tests.engines.statement.exports import BANK_NAMES, FORMATS
from tests.engines.statement.life import ESTATES, Life


def _life(name: str, seed: int, banks: int = 1) -> Life:
    life = Life(name, "", seed)
    life.owner = life.person()
    for number, bank in enumerate(life.random.sample(sorted(FORMATS), banks)):
        life.accounts[f"bank{number}"] = bank
    life.accounts["wechat"] = "wechat"
    return life


def agent(seed: int) -> Life:
    """Another property agent: other words, flats and habits than the sample's."""
    life = _life("agent", seed, banks=2)
    choose = life.random.choice
    for month in range(life.months):
        life.post(
            "bank0",
            life.moment(month, 10),
            life.random.randint(250_000, 400_000),
            "安家房产经纪有限公司",
            "工资",
            sort="代发",
            label="income",
        )
        for _ in range(life.random.randint(3, 6)):
            _sale(life, life.moment(month), choose([0, 0.005, 0.01, 0.02, 0.03]))
        for _ in range(3):
            life.post(
                choose(["bank0", "bank1"]),
                life.moment(month),
                choose([200_000, 500_000, 1_000_000, 3_000_000]),
                life.person(),
                choose(["", "劳务费", "服务费", "转账"]),
                label="income",
            )
            life.post(
                choose(["bank0", "bank1"]),
                life.moment(month),
                -choose([200_000, 500_000, 1_000_000, 3_000_000]),
                choose([life.person(), "红星家居", "育才学校"]),
                choose(["", "装修", "学费", "家具"]),
            )
    life.daily("wechat", 80)
    life.daily("bank0", 60)
    return life


def _sale(life: Life, when: datetime, commission: float) -> None:
    choose = life.random.choice
    client = life.person()
    kind = choose(["house", "house", "tax", "rent"])
    total = life.random.randint(8, 900) * 10_000 if kind != "tax" else life.random.randint(400_000, 4_000_000)
    paid = int(total * (1 - commission)) // 100 * 100
    flat = f"{choose(ESTATES)}{life.random.randint(1, 30)}-{life.random.randint(101, 1802)}"
    trace = choose(["name", "flat", "purpose", "purpose", "payee", "none"])
    word = {"house": ["购房款", "首付款", "认购金定金"], "tax": ["契税", "维修基金"], "rent": ["房租", "押一付三"]}[
        kind
    ]
    payees = {
        "house": ["金地置业有限公司", "市房屋交易资金监管专户"],
        "tax": ["市税务局第一分局", "市住宅维修资金管理处"],
        "rent": [life.person()],
    }[kind]
    said_in = {"name": choose(word), "flat": flat, "purpose": choose(word), "payee": choose(["", "转账"]), "none": ""}[
        trace
    ]
    said_out = {
        "name": f"代{client}付{choose(word)}",
        "flat": f"{flat}{choose(word)}",
        "purpose": choose(word),
        "payee": choose(word),
        "none": "",
    }[trace]
    if trace == "none":
        payees = [life.person()]
    parts_in, parts_out = choose([1, 1, 2, 3]), choose([1, 1, 2])
    accounts = ["bank0", "bank1"]
    incoming = [(choose(accounts), amount, client, said_in) for amount in life.split(total, parts_in)]
    outgoing = [(choose(accounts), amount, choose(payees), said_out) for amount in life.split(paid, parts_out)]
    life.deal(incoming, outgoing, when, strong=trace != "none")


def leader(seed: int) -> Life:
    """A neighbour who orders for the staircase: many small sums in, one payment to the farm."""
    life = _life("leader", seed)
    for month in range(life.months):
        life.post(
            "bank0", life.moment(month, 12), 320_000, "城东保洁有限公司", "工资", sort="代发工资", label="income"
        )
        for _ in range(3):
            code = f"TG{life.random.randint(10000, 99999)}"
            sums = [life.random.choice([2990, 3990, 5800, 8800]) for _ in range(life.random.randint(5, 14))]
            paid = sum(sums) - life.random.choice([0, 0, 500])
            life.deal(
                [("wechat", amount * 10, life.person(), code) for amount in sums],
                [("wechat", paid * 10, "向阳果园", f"{code}货款")],
                life.moment(month),
                strong=True,
                days=3,
            )
    life.daily("wechat", 120)
    life.daily("bank0", 40)
    return life


def helper(seed: int) -> Life:
    """Pays hospital bills, taxes and plates for old neighbours, by name."""
    life = _life("helper", seed)
    for month in range(life.months):
        life.post("bank0", life.moment(month, 8), 280_000, "市养老护理院", "护工工资", sort="工资", label="income")
        for _ in range(4):
            client, amount = life.person(), life.random.randint(200, 9_000) * 100
            paid = amount - life.random.choice([0, 0, 2_000, 5_000])
            memo_in, payee, memo_out = life.random.choice(
                [
                    (f"{client}住院费", "市第一人民医院", f"{client}住院"),
                    ("医药费", "市中医院", f"代{client}缴费"),
                    (f"苏D{life.random.randint(10000, 99999)}验车", "", ""),
                ]
            )
            if not payee:
                payee, memo_out = "平安机动车检测站", memo_in
            life.deal(
                [("bank0", amount, client, memo_in)],
                [("bank0", paid, payee, memo_out)],
                life.moment(month),
                strong=True,
            )
        life.post("bank0", life.moment(month), -life.random.randint(10, 60) * 10_000, "市第一人民医院", "住院费")
    life.daily("wechat", 90)
    return life


def employee(seed: int) -> Life:
    """Wages, a mortgage, the wife's share, refunds of shops, money lent and returned."""
    life = _life("employee", seed)
    friend, wife = life.person(), life.person()
    for month in range(life.months):
        wage = life.random.randint(450_000, 900_000)
        life.post("bank0", life.moment(month, 5), wage, "恒力机械制造有限公司", "", sort="代发工资", label="income")
        life.post("bank0", life.moment(month, 6), -wage // 10_000 * 9_000, wife, "家用")
        life.post("bank0", life.moment(month, 15), -312_450, "", "房贷", sort="贷款扣款", label="loan")
        back = life.random.randint(1_000, 9_000)
        life.post(
            "bank0",
            life.moment(month),
            back,
            "支付宝（中国）网络技术有限公司",
            "支付宝-阳光超市退款",
            sort="退款",
            label="refund",
        )
    life.post("bank0", life.moment(1, 3), -600_000, friend, "借给你周转", label="loan")
    life.post("bank0", life.moment(4, 3), 600_000, friend, "", label="loan")
    life.daily("wechat", 150)
    life.daily("bank0", 80)
    return life


def pensioner(seed: int) -> Life:
    """A pension, aid under everyday names, a daughter who sends money."""
    life = _life("pensioner", seed)
    daughter = life.person()
    for month in range(life.months):
        life.post(
            "bank0", life.moment(month, 6), 231_500, "市社会保险基金管理中心", "养老金", sort="代发", label="income"
        )
        for word, amount in (("低保金", 36_000), ("高龄津贴", 10_000), ("重度残疾人护理补贴", 12_000)):
            life.post(
                "bank0",
                life.moment(month, 16),
                amount,
                "区财政局社保专户",
                word,
                sort="财政补贴",
                label="excluded_subsidy",
            )
        life.post("wechat", life.moment(month), 50_000, daughter, "给爸买菜的生活费", label="family_support")
        life.post("bank0", life.moment(month, 7), -200_000, "", "", sort="ATM取款")
    life.post("bank0", life.moment(2), 150_000, "", "", sort="现金存入", label="cash_deposit")
    life.daily("wechat", 60)
    return life


def rounds(seed: int) -> Life:
    """Odd jobs and spending in round sums, with words that anybody can type: nothing of it is other people's money."""
    life = _life("rounds", seed)
    choose = life.random.choice
    people = [life.person() for _ in range(10)]
    sums = [100_000, 200_000, 300_000, 500_000, 600_000, 1_000_000, 1_500_000, 2_000_000]
    for month in range(life.months):
        for _ in range(14):
            life.post(
                "bank0",
                life.moment(month),
                choose(sums),
                choose(people),
                choose(["", "", "代收", "帮忙转一下", "转账", "工程款"]),
                label="income",
            )
            life.post(
                "bank0",
                life.moment(month),
                -choose(sums),
                choose([life.person(), "好家电器商行", "启明培训学校"]),
                choose(["", "", "代付", "转账", "学费", "旅游"]),
            )
    life.daily("wechat", 80)
    return life


def shuffler(seed: int) -> Life:
    """Own money between two banks and the wallet, wages at one of them."""
    life = _life("shuffler", seed, banks=2)
    names = [BANK_NAMES[life.accounts[a]] for a in ("bank0", "bank1")]
    for month in range(life.months):
        life.post(
            "bank0",
            life.moment(month, 9),
            life.random.randint(400_000, 600_000),
            "顺达物流有限公司",
            "工资",
            sort="代发工资",
            label="income",
        )
        for _ in range(6):
            a, b = life.random.sample(["bank0", "bank1"], 2)
            when, amount = life.moment(month), life.random.randint(3, 60) * 10_000
            life.post(a, when, -amount, life.owner, "转账", label="own_transfer")
            life.post(
                b,
                when + timedelta(minutes=7),
                amount,
                life.owner if life.random.random() < 0.8 else "",
                "",
                label="own_transfer",
            )
        for _ in range(3):
            bank = life.random.randrange(2)
            when, amount = life.moment(month), life.random.randint(2, 30) * 10_000
            life.post(
                "wechat",
                when,
                -(amount + amount // 1000),
                names[bank],
                sort="零钱提现",
                neutral=True,
                method=names[bank],
                label="own_transfer",
            )
            life.post(
                f"bank{bank}",
                when + timedelta(seconds=3),
                amount,
                "财付通支付科技有限公司",
                "财付通-微信零钱提现",
                label="own_transfer",
            )
    life.daily("wechat", 100)
    return life


LIVES: dict[str, Callable[[int], Life]] = {
    "agent": agent,
    "leader": leader,
    "helper": helper,
    "employee": employee,
    "pensioner": pensioner,
    "rounds": rounds,
    "shuffler": shuffler,
}


def all_lives(seeds: range) -> Iterator[Life]:
    for seed in seeds:
        for make in LIVES.values():
            yield make(seed)
