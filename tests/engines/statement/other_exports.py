"""Exports of other banks and other hands: header spellings, file types and orders that ``exports.py`` does not write.

A format is a header, a function from an event and its balance to cells, and how the file is stored.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from tests.engines.statement.exports import Event, Rows, balances, yuan

Cells = Callable[[Event, int], list[str]]


@dataclass(frozen=True)
class Format:
    """``stored`` is an encoding, or ``xlsx``; ``suffix`` may well be wrong, as it is in real life."""

    header: list[str]
    cells: Cells
    stored: str = "utf-8-sig"
    suffix: str = "csv"
    newest_first: bool = False
    delimiter: str = ","
    preamble: Rows = field(default_factory=list)
    footer: Rows = field(default_factory=list)


def _in(event: Event, blank: str = "") -> str:
    return yuan(event.amount) if event.amount > 0 else blank


def _out(event: Event, blank: str = "") -> str:
    return yuan(-event.amount) if event.amount < 0 else blank


BANKS: dict[str, Format] = {
    "post": Format(
        ["交易日期", "交易时间", "摘要", "币种", "支出金额(元)", "收入金额(元)", "账户余额(元)", "对方户名", "对方账号", "交易渠道", "附言"],
        lambda e, b: [
            f"{e.when:%Y/%m/%d}", f"{e.when:%H:%M:%S}", e.sort, "人民币", _out(e), _in(e), yuan(b), e.party,
            "6221****1111", "手机银行", e.memo,
        ],
        preamble=[["中国邮政储蓄银行个人账户交易明细"], ["账号：6221****2222"], ["起止日期：2025-01-01至2025-06-30"]],
        footer=[["合计"], ["以上内容仅供参考，以银行记录为准"]],
    ),
    "rural": Format(
        ["序号", "记账日期", "借方发生额", "贷方发生额", "余额", "对方名称", "对方账户", "摘要", "备注"],
        lambda e, b: [
            "1", f"{e.when:%Y%m%d}", _out(e, "0.00"), _in(e, "0.00"), yuan(b, comma=False), e.party, "6214****1111",
            e.sort, e.memo,
        ],
        stored="gb18030",
        newest_first=True,
        preamble=[["城北农村商业银行"], ["客户账户流水"]],
    ),
    "ccb": Format(
        ["记账日", "交易日期", "交易时间", "支出", "收入", "账户余额", "币种", "摘要", "对方账号", "对方户名", "交易地点"],
        lambda e, b: [
            f"{e.when:%Y%m%d}", f"{e.when:%Y%m%d}", f"{e.when:%H:%M:%S}", _out(e), _in(e), yuan(b), "人民币元", e.sort,
            "6217****1111", e.party, e.memo,
        ],
        stored="xlsx",
        suffix="xls",
        preamble=[["中国建设银行个人活期账户全部交易明细"], ["卡号/账号：6217****3333"], []],
    ),
    "boc": Format(
        ["记账日期", "记账时间", "币别", "金额", "余额", "交易名称", "渠道", "网点名称", "附言", "对方账户名",
         "对方卡号/账号", "对方开户行"],
        lambda e, b: [
            f"{e.when:%Y-%m-%d}", f"{e.when:%H:%M:%S}", "人民币", yuan(e.amount), yuan(b), e.sort, "手机银行", "-" * 12,
            e.memo or "-------------------", e.party or "-------------------", "-------------------", "",
        ],
        stored="gb18030",
        newest_first=True,
    ),
    "signed": Format(
        ["交易时间", "收支方向", "交易金额(元)", "账户余额", "交易对手", "对手账号", "交易摘要", "用途"],
        lambda e, b: [
            f"{e.when:%Y-%m-%d %H:%M:%S}", "收入" if e.amount > 0 else "支出", f"¥{yuan(abs(e.amount))}", f"¥{yuan(b)}",
            e.party, "6230****1111", e.sort, e.memo,
        ],
        delimiter="\t",
        suffix="txt",
    ),
    "bilingual": Format(
        ["Serial Num 序号", "Trans Date 交易日期", "Trans Time 交易时间", "Trading Type 交易类型", "Dc Flg 借贷",
         "Trans Amt 交易金额", "Balance 余额", "Payment Receipt Account 对方账号", "对方户名", "Trading Place 交易地点",
         "Abstract 摘要"],
        lambda e, b: [
            "1", f"{e.when:%Y-%m-%d}", f"{e.when:%H:%M:%S}", e.sort, "贷 Cr" if e.amount > 0 else "借 Dr",
            yuan(abs(e.amount)), yuan(b), "6222****1111", e.party, "网络支付", e.memo,
        ],
    ),
}  # fmt: skip

WECHAT = Format(
    ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号", "商户单号", "备注"],
    lambda e, n: [
        f"{e.when:%Y-%m-%d %H:%M:%S}", e.sort, e.party or "/", _wechat_memo(e),
        "/" if e.neutral else "收入" if e.amount > 0 else "支出", f"¥{yuan(abs(e.amount), comma=False)}",
        e.method or "零钱", "已存入零钱" if e.amount > 0 else "支付成功", f"4200{e.when:%Y%m%d%H%M%S}{n:06d}", "1000", "/",
    ],
    stored="xlsx",
    suffix="csv",
    newest_first=True,
    preamble=[["微信支付账单明细"], ["微信昵称：[老街]"], ["起始时间：[2025-01-01 00:00:00] 终止时间：[2025-06-30 23:59:59]"],
              ["导出类型：[全部]"], ["----------------------微信支付账单明细列表--------------------"]],
)  # fmt: skip
ALIPAY = Format(
    ["交易时间", "交易分类", "交易对方", "对方账号", "商品说明", "收/支", "金额", "收/付款方式", "交易状态", "交易订单号", "商家订单号", "备注"],
    lambda e, n: [
        f"{e.when:%Y-%m-%d %H:%M:%S}  ", f"{e.sort}   ", f"{e.party}    ", "137***@qq.com", f"{e.memo}   ",
        "不计收支" if e.neutral else "收入" if e.amount > 0 else "支出", yuan(abs(e.amount), comma=False),
        e.method or "余额", "交易成功", f"2025{e.when:%m%d%H%M%S}{n:08d}\t", "T200\t", "",
    ],
    stored="gb18030",
    newest_first=True,
    preamble=[["-" * 78], ["导出信息："], ["支付宝账户：137***@qq.com"], ["起始时间：[2025-01-01]    终止时间：[2025-06-30]"],
              ["导出交易类型：[全部]"], [], ["特别提示："], ["1.本明细不包括已删除的记录；快捷支付会同时出现在银行账单里。"],
              ["-" * 26 + "支付宝支付科技有限公司  电子客户回单" + "-" * 26]],
    footer=[["-" * 78], ["以上为全部记录，共计如上"]],
)  # fmt: skip


def _wechat_memo(event: Event) -> str:
    if event.sort == "转账":
        return f"转账备注:{event.memo}" if event.memo else "转账备注:微信转账"
    return event.memo or "/"


def format_of(name: str) -> Format:
    return {"wechat": WECHAT, "alipay": ALIPAY}.get(name) or BANKS[name]


def write_other(folder: Path, name: str, format: Format, events: Iterable[Event], opening: int = 8_000_000) -> Path:
    """Write events in a format; sets ``file`` and ``row`` of each."""
    own = sorted(events, key=lambda e: e.when)
    numbers: Sequence[int] = balances(own, opening) if format not in (WECHAT, ALIPAY) else range(len(own))
    pairs = list(zip(own, numbers, strict=True))
    if format.newest_first:
        pairs.reverse()
    rows: Rows = [*map(list, format.preamble), format.header]
    for event, number in pairs:
        event.file, event.row = f"{name}.{format.suffix}", len(rows) + 1
        rows.append(format.cells(event, number))
    rows += map(list, format.footer)
    path = folder / f"{name}.{format.suffix}"
    if format.stored == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        book.save(path.with_suffix(".xlsx"))
        path.with_suffix(".xlsx").rename(path)
    else:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n", delimiter=format.delimiter).writerows(rows)
        path.write_bytes(text.getvalue().encode(format.stored))
    return path
