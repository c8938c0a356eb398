"""The header: which column holds what, found by name in whatever row it stands; and whose export it is.

Names are those of the exports of WeChat Pay, Alipay, ICBC, CCB, ABC, CMB, BOC, BOCOM, SPDB and CITIC, and the usual
variants of other banks. A row is the header when it names a day, an amount and enough else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jiamenkou.engines.statement.cells import fen, moment
from jiamenkou.engines.statement.model import Kind

SEARCHED_ROWS = 300  # a header further down than this is none: preambles have a few dozen rows at most


class Role(StrEnum):
    DAY = "day"
    HOUR = "hour"
    AMOUNT = "amount"
    INCOME = "income"
    EXPENSE = "expense"
    DIRECTION = "direction"
    BALANCE = "balance"
    PARTY = "party"
    ACCOUNT = "account"
    MEMO = "memo"
    SORT = "sort"
    METHOD = "method"
    STATUS = "status"
    NUMBER = "number"
    CURRENCY = "currency"
    CARD = "card"


_NAMES: Mapping[Role, str] = {
    Role.DAY: (
        "交易日期 记账日期 记账日 入账日期 日期 交易日 发生日期 交易日期时间 交易创建时间 付款时间 账务日期 "
        "起息日 交易时间 记账时间 入账时间 时间 业务日期 交易发生日 交易发生时间"
    ),
    Role.HOUR: "交易时间 记账时间 时间 入账时间 交易时刻",
    Role.AMOUNT: (
        "交易金额 金额 发生额 收入/支出金额 收支金额 记账金额 入账金额 交易额 发生金额 交易发生额 结算金额 "
        "收/支金额 人民币金额 订单金额"
    ),
    Role.INCOME: (
        "收入 收入金额 存入金额 存入 贷方发生额 贷方金额 贷方 转入金额 转入 记账金额(收入) 交易金额(收入) "
        "存入额 贷记金额 贷方发生额(收入) 收入(贷方) 收方金额 贷方发生金额 收入发生额 存款 存入(贷) "
        "贷方交易金额"
    ),
    Role.EXPENSE: (
        "支出 支出金额 取出金额 取出 支取金额 支取 借方发生额 借方金额 借方 转出金额 转出 记账金额(支出) "
        "交易金额(支出) 支取额 借记金额 借方发生额(支取) 支出(借方) 付方金额 借方发生金额 支出发生额 取款 "
        "支取(借) 借方交易金额 借方发生额(支出)"
    ),
    Role.DIRECTION: (
        "收/支 收支 借贷 借贷标志 借贷方向 借/贷 收支标志 收支类型 资金流向 收付标志 收支方向 借贷状态 收/付 "
        "借贷标识 交易方向 收付方向"
    ),
    Role.BALANCE: (
        "余额 账户余额 本次余额 联机余额 交易后余额 当前余额 可用余额 交易余额 本金余额 帐户余额 卡内余额 "
        "活期余额 账面余额"
    ),
    Role.PARTY: (
        "交易对方 对方户名 对手信息 对方账户名 对方账户名称 交易对手名称 对方名称 对方姓名 对方信息 交易对手 "
        "对手名称 对方账户户名 对方帐户名 对方账号与户名 对方户名/账号 收款方 收(付)方名称 收付款方名称 "
        "对手户名 对方帐户户名 对方单位 收(付)款人 对方 收款人/付款人 收/付款人 对方账户名称/账号 对手方名称 "
        "商户名称"
    ),
    Role.ACCOUNT: (
        "对方账号 对方账户 对方帐号 对方卡号/账号 交易对手账号 对手账号 对方账户账号 收(付)方账号 对方卡号 "
        "对方帐户 对方账号/卡号 对手方账号"
    ),
    Role.SORT: (
        "交易类型 摘要 交易摘要 交易名称 业务摘要 交易分类 类型 交易类别 业务类型 交易种类 摘要说明 交易描述 "
        "交易码 交易项目"
    ),
    Role.MEMO: (
        "商品 商品说明 商品名称 附言 交易附言 客户摘要 备注 交易详情 交易场所 交易地点 用途 交易地点/附言 "
        "交易说明 转账附言 交易备注 客户附言 转账备注 交易用途 地点 附言/备注 明细 交易明细 交易地点/商户 "
        "说明 资金用途 附加信息 摘要/附言"
    ),
    Role.METHOD: "支付方式 收/付款方式 付款方式 收付款方式",
    Role.STATUS: "当前状态 交易状态 状态 交易结果 处理状态",
    Role.NUMBER: "交易单号 交易订单号 交易号 流水号 交易流水号 日志号 日志流水号 核心流水号 交易流水 流水编号",
    Role.CURRENCY: "币种 币别 货币 记账币种 交易币种 币种名称 结算币种",
    Role.CARD: "借记卡号 卡号 本方账号 账号 卡号末四位 卡末四位 本方卡号 帐号 交易卡号 账户",
}
_ROLES: dict[str, tuple[Role, ...]] = {}
for _role, _names in _NAMES.items():
    for _name in _names.split():
        _ROLES[_name] = (*_ROLES.get(_name, ()), _role)

_UNIT = re.compile(r"\((?:单位[::]?)?(?:人民币)?(?:元|圆|RMB|CNY|￥|¥|人民币|分)\)", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)")
_LATIN = re.compile(r"[A-Za-z.,]+")
_SPACE = re.compile(r"\s+|\*")


def normal(name: str) -> str:
    """A column's name without white space, marks, units and its English half."""
    name = _SPACE.sub("", name).translate(str.maketrans("（）／：【】", "()/:[]"))
    name = _UNIT.sub("", name)
    return _LATIN.sub("", name) if re.search(r"[\u4e00-\u9fff]", name) else name


def _roles_of(name: str) -> tuple[Role, ...]:
    name = normal(name)
    return _ROLES.get(name) or _ROLES.get(_BRACKETED.sub("", name).strip("/")) or ()


@dataclass(frozen=True, slots=True)
class Header:
    """Where each role's cells stand. ``width`` is the number of columns, ``row`` the index of the header row."""

    row: int
    width: int
    columns: Mapping[Role, tuple[int, ...]]
    names: tuple[str, ...]

    def first(self, role: Role) -> int:
        """The column of a role, -1 where there is none."""
        return self.columns.get(role, (-1,))[0]


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The first row that names a day, an amount and at least two other things."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        filled = [cell for cell in row if cell]
        if len(filled) < 4 or any(moment(cell) or fen(cell) is not None for cell in filled):
            continue
        if header := _read_header(index, row):
            return header
    return None


def _read_header(index: int, row: Sequence[str]) -> Header | None:
    width = max(position for position, cell in enumerate(row) if cell) + 1
    columns: dict[Role, tuple[int, ...]] = {}
    taken: set[int] = set()
    wanted = {position: _roles_of(cell) for position, cell in enumerate(row[:width])}
    # a day comes first: a lone 交易时间 is the day with its time, beside 交易日期 it is the time
    days = [p for p, roles in wanted.items() if Role.DAY in roles and Role.HOUR not in roles]
    days = days or [p for p, roles in wanted.items() if Role.DAY in roles]
    if not days:
        return None
    # where there are a booking day and a day of payment, the payment's own day is the line's day
    day = next((p for p in days if "交易" in row[p]), days[0])
    columns[Role.DAY] = (day,)
    taken.update(days)
    for position, roles in wanted.items():
        if position in taken:
            continue
        for role in roles:
            if role is not Role.DAY:
                columns[role] = (*columns.get(role, ()), position)
                break
    money = Role.AMOUNT in columns or (Role.INCOME in columns and Role.EXPENSE in columns)
    if not money or sum(map(len, columns.values())) < 4:
        return None
    # beside 交易类型, 摘要 is what the payer wrote
    kinds = columns.get(Role.SORT, ())
    if len(kinds) > 1 and (free := tuple(p for p in kinds if "摘要" in row[p])) and len(free) < len(kinds):
        columns[Role.SORT] = tuple(p for p in kinds if p not in free)
        columns[Role.MEMO] = (*free, *columns.get(Role.MEMO, ()))
    # 记账金额 stands for the account, 交易金额 for the shop's currency: the account's comes first
    for role in (Role.AMOUNT, Role.INCOME, Role.EXPENSE):
        if role in columns:
            columns[role] = tuple(sorted(columns[role], key=lambda p: ("记账" not in row[p], p)))
    return Header(index, width, columns, tuple(normal(cell) for cell in row[:width]))


def map_header(rows: Sequence[Sequence[str]], mapping: Mapping[str, object]) -> Header | None:
    """The header for the names of a mapping file: role → column name or list of names."""
    wanted = {
        role: [normal(str(name)) for name in (value if isinstance(value, list) else [value])]
        for role in Role
        if (value := mapping.get(role.value)) is not None
    }
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        names = [normal(cell) for cell in row]
        if all(name in names for group in wanted.values() for name in group):
            columns = {role: tuple(names.index(name) for name in group) for role, group in wanted.items()}
            return Header(index, len(names), columns, tuple(names))
    return None


# --- whose export -------------------------------------------------------------------------------------------------

_BANKS: tuple[tuple[str, str], ...] = (
    ("ICBC", r"工商银行|工银|ICBC|明细查询文件下载"),
    ("CCB", r"建设银行|建行|China Construction Bank|CCB"),
    ("ABC", r"农业银行|农行|Agricultural Bank"),
    ("CMB", r"招商银行|招行|China Merchants Bank|一卡通"),
    ("BOCOM", r"交通银行|交行|Bank of Communications"),
    ("SPDB", r"浦发|浦东发展|SPD ?BANK|SPDB"),
    ("CITIC", r"中信银行|CITIC"),
    ("BOC", r"中国银行|中行|Bank of China"),
)
_BANK_PATTERNS = tuple((bank, re.compile(pattern)) for bank, pattern in _BANKS)
# columns that only this bank's export has
_PRINTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("ICBC", frozenset({"交易国家或地区简称"})),
    ("ICBC", frozenset({"收入/支出金额", "储种"})),
    ("CCB", frozenset({"记账日", "账户余额"})),
    ("CCB", frozenset({"交易地点/附言"})),
    ("CCB", frozenset({"对方账号与户名"})),
    ("ABC", frozenset({"本次余额", "对手信息"})),
    ("CMB", frozenset({"联机余额"})),
    ("BOC", frozenset({"网点名称", "对方开户行"})),
    ("BOC", frozenset({"借记卡号"})),
    ("BOCOM", frozenset({"序号", "借贷", "交易地点"})),
    ("BOCOM", frozenset({"借贷(贷/借)"})),
    ("BOCOM", frozenset({"借贷", "交易地点"})),
    ("SPDB", frozenset({"存入金额", "取出金额", "交易对手名称"})),
    ("CITIC", frozenset({"卡末四位"})),
)
# and columns that leave a doubt where nothing above the table names the bank
_FAINT_PRINTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("CITIC", frozenset({"收入金额", "支出金额", "账户余额", "受理机构"})),
    ("CITIC", frozenset({"收入金额", "支出金额", "账户余额", "对方户名"})),
)


def whose(header: Header, preamble: str) -> tuple[Kind, str | None]:
    """The kind of export and the bank's short name, None where nothing names the bank."""
    names = set(header.names)
    if {"交易单号", "支付方式"} <= names or "微信支付账单" in preamble or "微信昵称" in preamble:
        return Kind.WECHAT, None
    if {"收/付款方式"} <= names or "支付宝" in preamble or {"商家订单号", "交易对方"} <= names:
        return Kind.ALIPAY, None
    for bank, print_ in _PRINTS:
        if print_ <= names:
            return Kind.BANK, bank
    faint = (bank for bank, print_ in _FAINT_PRINTS if print_ <= names)
    return Kind.BANK, bank_named(preamble) or next(faint, None)


def bank_named(text: str) -> str | None:
    """The bank that a text names: a preamble, or the payment method of a wallet line."""
    return next((bank for bank, pattern in _BANK_PATTERNS if pattern.search(text)), None)
