"""The readers: headers found by name, five sign conventions, what is no line, and what refuses a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from jiamenkou.engines.statement import Kind, Sign, Statement, load
from tests.engines.statement.exports import FORMATS, write
from tests.engines.statement.lives import pensioner


def read(tmp_path: Path, text: str | bytes, name: str = "x.csv", **more: object) -> Statement:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    statements, problems = load([path], **more)  # type: ignore[arg-type]
    assert not problems, problems
    return statements[0]


def refused(tmp_path: Path, text: str | bytes, name: str = "x.csv", **more: object) -> str:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    statements, problems = load([path], **more)  # type: ignore[arg-type]
    assert not statements
    assert len(problems) == 1 and "\n" not in problems[0].problem
    return problems[0].problem


SPDB = """账号,6217920001,账户类型,借记卡,日期范围,20250101-20250331
顺序号,交易日期,交易类型,存入金额,取出金额,余额,交易对手名称,交易对手账号,附言
1,2025/01/02  20:48:16,汇入,2700.00,,5000.00,卜嘉树,6222****0000,货款
2,2025/01/03  09:00:00,网上转账,,¥700.00,4300.00,尤望舒,6222****0000,
"""
NONE = "-------------------"
BOC = f"""中国银行交易流水明细单
记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号
2025-01-03,09:00:00,人民币,-700.00,"4,300.00",跨行转账,手机银行,{NONE},房租,尤望舒,6222****0000,{NONE},0001
2025-01-02,20:48:16,人民币,"2,700.00","5,000.00",工资,柜面,{NONE} 一月,恒力机械有限公司,6222****0000,{NONE},0001
"""
CMB = """记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要
2025-01-03,CNY,-700.00,"4,300.00",转账汇款,尤望舒 6222****0000,房租
2025-01-02,CNY,"2,700.00","5,000.00",代发工资,恒力机械有限公司,工资
"""
UNKNOWN = """交易日期,摘要,借方发生额,贷方发生额,账户余额,对方户名
2025-01-02,汇入,,2700.00,5000.00,卜嘉树
2025-01-03,转账,700.00,,4300.00,尤望舒
合计,,700.00,2700.00,,
"""
WECHAT = """微信支付账单明细,,,,,,,,,,
起始时间：[2025-01-01 00:00:00] 终止时间：[2025-01-31 23:59:59],,,,,,,,,,
共3笔记录,,,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
2025-01-03 09:00:00,零钱提现,工商银行,/,/,¥700.00,工商银行,提现已到账,"1001\t","/",服务费¥0.70
2025-01-02 20:48:16,转账,卜嘉树,转账备注:房款,收入,"¥2,700.00",/,已存入零钱,"1002\t","/",/
2025-01-02 20:40:00,零钱充值,/,/,/,¥50.00,工商银行(0001),充值完成,"1003\t","/",/
"""


@pytest.mark.parametrize(("text", "bank"), [(SPDB, "SPDB"), (BOC, "BOC"), (CMB, "CMB")])
def test_the_same_two_movements_in_three_sign_conventions(tmp_path: Path, text: str, bank: str) -> None:
    found = read(tmp_path, text)
    assert (found.kind, found.bank) == (Kind.BANK, bank)
    assert sorted((line.amount, line.balance) for line in found.lines) == [(-70000, 430000), (270000, 500000)]
    assert {line.time.strftime("%d") for line in found.lines} == {"02", "03"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    text = SPDB.replace(",", separator)
    assert len(read(tmp_path, text.encode(encoding)).lines) == 2


def test_rows_are_those_of_the_file_and_the_short_row_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, BOC)
    assert [line.row for line in found.lines] == [3, 4]
    assert found.lines[1].amount == 270000
    assert found.card == "0001"


def test_blank_padded_and_repeated_header_rows_do_not_shift_the_numbers(tmp_path: Path) -> None:
    lines = CMB.splitlines()
    found = read(
        tmp_path, "\n".join(["招商银行", "", "", lines[0], lines[1], "", lines[0], lines[2], "", "合计 2笔", ""])
    )
    assert [line.row for line in found.lines] == [5, 8]


def test_a_wallet_keeps_its_neutral_lines_with_the_direction_of_the_money(tmp_path: Path) -> None:
    found = read(tmp_path, WECHAT)
    assert [(line.amount, line.sign) for line in found.lines] == [
        (-70000, Sign.NEUTRAL),
        (270000, Sign.PLAIN),
        (5000, Sign.NEUTRAL),
    ]
    assert found.period is not None and found.declared == 3


def test_a_closed_transaction_is_listed_with_nothing(tmp_path: Path) -> None:
    text = (
        "支付宝\n"
        + "交易时间,交易分类,交易对方,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号\n"
        + ("2025-01-03 09:00:00 ,日用百货,街角超市,茶叶,不计收支,26.00,,交易关闭,2025\n")
    )
    line = read(tmp_path, text.encode("gb18030")).lines[0]
    assert (line.amount, line.sign) == (0, Sign.CLOSED)


def test_a_bank_nobody_knows_is_read_by_names_and_said_to_be(tmp_path: Path) -> None:
    found = read(tmp_path, UNKNOWN)
    assert found.bank is None
    assert [line.amount for line in found.lines] == [270000, -70000]
    assert found.totals == (270000, 70000)
    assert "认不出是哪家银行" in found.notes[0].problem


def test_a_mapping_names_the_columns_of_any_bank(tmp_path: Path) -> None:
    text = "何时,多少,剩下,谁,啥\n2025-01-02,2700,5000,卜嘉树,货\n2025-01-03,-700,4300,尤望舒,租\n"
    assert "认不出表头" in refused(tmp_path, text)
    mapping: dict[str, object] = {
        "bank": "村镇银行",
        "day": "何时",
        "amount": "多少",
        "balance": "剩下",
        "party": "谁",
        "memo": ["啥"],
    }
    found = read(tmp_path, text, mapping=mapping)
    assert [(line.amount, line.counterparty) for line in found.lines] == [(270000, "卜嘉树"), (-70000, "尤望舒")]


@pytest.mark.parametrize("format", [*sorted(FORMATS), "wechat", "alipay"])
def test_what_was_written_is_read(tmp_path: Path, format: str) -> None:
    life = pensioner(3)
    events = [event for event in life.events if event.account == "bank0"]
    for event in events:
        event.account = "one"
    path = write(tmp_path, "one", format, events)
    statements, problems = load([path])
    assert not problems
    read_back = {line.row: (line.amount, line.counterparty.split(" ")[0]) for line in statements[0].lines}
    assert {row: amount for row, (amount, _) in read_back.items()} == {event.row: event.amount for event in events}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "空的"),
        ("  \n ", "空的"),
        (b"\x89PNG\r\n\x1a\n0000", "不是表格"),
        (b"%PDF-1.7", "不是表格"),
        (b"\x00\x01\x02" * 50, "不是表格"),
        ("<html><table></table></html>", "网页"),
        ("Date,Description,Debit,Credit\n2025-01-02,Shop,1.00,\n", "认不出表头"),
        (CMB.splitlines()[0] + "\n", "没有一笔"),
        (CMB.replace("CNY,", "", 1).replace('CNY,"2', '"2'), "列可能错了位"),
        (CMB.replace("2025-01-0", ",2025-01-0"), "列可能错了位"),
        (CMB.replace("-700.00", "七百"), "金额读不懂"),
        (CMB.replace("CNY", "USD"), "不是人民币"),
        (CMB.rstrip()[:-22], "中断"),
        (WECHAT.replace("共3笔", "共9笔"), "不完整"),
        (WECHAT.replace("收入", "也许"), "收支方向读不懂"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "损坏"),
        (b"PK\x03\x04" + b"0" * 600, "损坏"),
        (CMB.encode("gb18030")[:-1] + b"\x81", "编码认不出"),
    ],
)
def test_a_bad_file_is_refused_whole_with_one_plain_line(tmp_path: Path, text: str | bytes, why: str) -> None:
    assert why in refused(tmp_path, text)


def test_somebody_elses_statement_is_not_reviewed_and_its_name_not_shown(tmp_path: Path) -> None:
    text = "户名：卜嘉树\n" + CMB
    said = refused(tmp_path, text, owner="温素心")
    assert "卜**" in said and "嘉" not in said
    assert read(tmp_path, text.replace("卜嘉树", "温*心"), owner="温素心").holder == "温*心"


def test_columns_that_are_off_throughout_are_not_taken_for_tampering(tmp_path: Path) -> None:
    rows = [f"2025-01-{day:02d},CNY,{day}00.00,{day * 37}.00,转账,卜嘉树,\n" for day in range(1, 29)]
    assert "错了位" in refused(tmp_path, CMB.splitlines()[0] + "\n" + "".join(rows))


@pytest.mark.parametrize("text", [CMB, BOC, SPDB, WECHAT])
@pytest.mark.parametrize("change", ["drop", "insert"])
def test_a_column_too_many_or_too_few_in_the_rows_is_never_read(tmp_path: Path, text: str, change: str) -> None:
    rows = list(csv.reader(text.splitlines()))
    head = next(i for i, row in enumerate(rows) if len(row) > 5 and "金额" in "".join(row))
    for column in range(len(rows[head])):
        changed = io.StringIO()
        for row in rows[: head + 1]:
            csv.writer(changed, lineterminator="\n").writerow(row)
        for row in rows[head + 1 :]:
            middle = row[column + 1 :] if change == "drop" else ["", *row[column:]]
            csv.writer(changed, lineterminator="\n").writerow([*row[:column], *middle])
        if change == "insert" and not any("".join(row[-1:]).strip() for row in rows[head + 1 :]):
            continue  # a blank cell more at the end changes nothing
        path = tmp_path / "x.csv"
        path.write_text(changed.getvalue(), encoding="utf-8")
        statements, problems = load([path])
        assert not statements and len(problems) == 1, rows[head][column]


def test_a_bad_file_among_good_ones_is_named(tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text(CMB, encoding="utf-8")
    bad = tmp_path / "bad.xls"
    bad.write_bytes(b"GIF89a")
    statements, problems = load([bad, good, tmp_path / "none.csv"])
    assert [found.id for found in statements] == ["a1"]
    assert [problem.file for problem in problems] == ["bad.xls", "none.csv"]
