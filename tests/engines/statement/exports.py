"""Invented exports: events of a life written the way banks and wallets write them, with the row of every event."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(slots=True)
class Event:
    """One movement on one account and the truth about it."""

    account: str
    when: datetime
    amount: int  # fen, inflow positive
    party: str = ""
    memo: str = ""
    sort: str = ""
    method: str = ""
    label: str = "spending"
    group: str | None = None
    strong: bool = False  # the deal it belongs to leaves a written trace
    neutral: bool = False
    file: str = ""
    row: int = 0


Rows = list[list[str]]


def yuan(fen: int, *, comma: bool = True) -> str:
    return f"{fen / 100:,.2f}" if comma else f"{fen / 100:.2f}"


def balances(events: Sequence[Event], opening: int) -> list[int]:
    result = []
    for event in events:
        opening += event.amount
        result.append(opening)
    return result


def _bank(
    header: list[str],
    cells: Callable[[Event, int], list[str]],
    *,
    preamble: Rows | None = None,
    footer: Rows | None = None,
    newest_first: bool = False,
) -> Callable[[list[Event], int], Rows]:
    def write(events: list[Event], opening: int) -> Rows:
        pairs = list(zip(events, balances(events, opening), strict=True))
        if newest_first:
            pairs.reverse()
        rows = [list(row) for row in preamble or []] + [header]
        for event, balance in pairs:
            event.row = len(rows) + 1
            rows.append(cells(event, balance))
        return rows + [list(row) for row in footer or []]

    return write


FORMATS: dict[str, Callable[[list[Event], int], Rows]] = {
    "CMB": _bank(
        ["记账日期", "货币", "交易金额", "联机余额", "交易摘要", "对手信息", "客户摘要"],
        lambda e, b: [
            f"{e.when:%Y-%m-%d}",
            "CNY",
            yuan(e.amount),
            yuan(b),
            e.sort,
            f"{e.party} 6222****0000".strip(),
            e.memo,
        ],
        newest_first=True,
    ),
    "ABC": _bank(
        ["交易日期", "交易时间", "交易摘要", "交易金额", "本次余额", "对手信息", "日 志 号", "交易渠道", "交易附言"],
        lambda e, b: [
            f"{e.when:%Y%m%d}",
            f"{e.when:%H%M%S}",
            e.sort,
            f"{e.amount / 100:+.2f}",
            yuan(b, comma=False),
            e.party,
            "100000001",
            "超级网银",
            e.memo,
        ],
    ),
    "ICBC": _bank(
        [
            "交易日期",
            "摘要",
            "交易详情",
            "交易场所",
            "交易国家或地区简称",
            "钞/汇",
            "记账金额(收入)",
            "记账金额(支出)",
            "记账币种",
            "余额",
            "对方户名",
        ],
        lambda e, b: [
            f"{e.when:%Y-%m-%d}\t",
            e.sort + "   \t",
            e.memo,
            "",
            "CHN",
            "钞",
            yuan(e.amount) if e.amount > 0 else "",
            yuan(-e.amount) if e.amount < 0 else "",
            "人民币",
            yuan(b),
            e.party,
        ],
        preamble=[["明细查询文件下载"], [], ["卡号: 6222****0001", "卡别名: "], []],
        newest_first=True,
    ),
    "CITIC": _bank(
        [
            "交易日期",
            "交易时间",
            "收入金额",
            "支出金额",
            "账户余额",
            "对方户名",
            "对方账号",
            "受理机构",
            "交易摘要",
            "备注",
        ],
        lambda e, b: [
            f"{e.when:%Y-%m-%d}",
            f"{e.when:%H:%M:%S}",
            yuan(e.amount) if e.amount > 0 else "--",
            yuan(-e.amount) if e.amount < 0 else "--",
            yuan(b),
            e.party,
            "6217****0000",
            "网上银行",
            e.sort,
            e.memo,
        ],
        preamble=[["中信银行账户交易明细"], ["币种：人民币"]],
        footer=[["温馨提示：以上明细仅供参考"]],
    ),
    "BOCOM": _bank(
        [
            "序号",
            "交易日期",
            "交易时间",
            "交易类型",
            "借贷",
            "交易金额",
            "余额",
            "对方账号",
            "对方户名",
            "交易地点",
            "摘要",
        ],
        lambda e, b: [
            "1",
            f"{e.when:%Y-%m-%d}",
            f"{e.when:%H:%M:%S}",
            e.sort,
            "贷 Cr" if e.amount > 0 else "借 Dr",
            yuan(abs(e.amount), comma=False),
            yuan(b, comma=False),
            "6222****0000",
            e.party,
            "网络支付",
            e.memo,
        ],
    ),
}
BANK_NAMES = {"CMB": "招商银行", "ABC": "农业银行", "ICBC": "工商银行", "CITIC": "中信银行", "BOCOM": "交通银行"}


def wechat(events: list[Event], opening: int) -> Rows:
    events = sorted(events, key=lambda e: e.when, reverse=True)
    rows: Rows = [["微信支付账单明细"], ["微信昵称：[过路人]"], [f"共{len(events)}笔记录"], []]
    rows.append(
        [
            "交易时间",
            "交易类型",
            "交易对方",
            "商品",
            "收/支",
            "金额(元)",
            "支付方式",
            "当前状态",
            "交易单号",
            "商户单号",
            "备注",
        ]
    )
    for number, event in enumerate(events):
        event.row = len(rows) + 1
        direction = "/" if event.neutral else "收入" if event.amount > 0 else "支出"
        memo = f"转账备注:{event.memo}" if event.sort == "转账" and event.memo else event.memo or "/"
        rows.append(
            [
                f"{event.when:%Y-%m-%d %H:%M:%S}",
                event.sort,
                event.party or "/",
                memo,
                direction,
                f"¥{abs(event.amount) / 100:.2f}",
                event.method or "/",
                "支付成功",
                f"{event.when:%Y%m%d%H%M%S}{number:08d}\t",
                "/\t",
                "/",
            ]
        )
    return rows


def alipay(events: list[Event], opening: int) -> Rows:
    events = sorted(events, key=lambda e: e.when, reverse=True)
    rows: Rows = [["-" * 60], ["导出信息："], [f"共{len(events)}笔记录"], ["特别提示："]]
    rows.append(
        [
            "交易时间",
            "交易分类",
            "交易对方",
            "对方账号",
            "商品说明",
            "收/支",
            "金额",
            "收/付款方式",
            "交易状态",
            "交易订单号",
            "商家订单号",
            "备注",
        ]
    )
    for number, event in enumerate(events):
        event.row = len(rows) + 1
        direction = "不计收支" if event.neutral else "收入" if event.amount > 0 else "支出"
        rows.append(
            [
                f"{event.when:%Y-%m-%d %H:%M:%S} ",
                event.sort,
                event.party,
                "/",
                event.memo,
                direction,
                yuan(abs(event.amount), comma=False),
                event.method or "余额",
                "交易成功",
                f"{event.when:%Y%m%d%H%M%S}{number:08d}\t",
                "",
                "",
            ]
        )
    return rows


def write(folder: Path, account: str, format: str, events: Iterable[Event], opening: int = 5_000_000) -> Path:
    """Write one account's events; sets ``file`` and ``row`` of each."""
    own = sorted(events, key=lambda e: e.when)
    name = f"{account}.csv"
    for event in own:
        event.file = name
    maker = {"wechat": wechat, "alipay": alipay}.get(format) or FORMATS[format]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(maker(own, opening))
    path = folder / name
    path.write_bytes(text.getvalue().encode("gb18030" if format in {"alipay", "ABC", "ICBC"} else "utf-8-sig"))
    return path
