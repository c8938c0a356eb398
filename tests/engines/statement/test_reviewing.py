"""What the review promises whatever the lines are, and the rules by example."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.statement import Kind, Label, Line, Receipt, Review, Sign, review
from tests.engines.statement.making import line, statement

PARTIES = ["", "卜嘉树", "尤望舒", "金地置业有限公司", "街角超市", "财付通支付科技有限公司", "市民政局", "温素心"]
MEMOS = [
    "",
    "转账",
    "购房款",
    "代卜嘉树付购房款",
    "借款",
    "还款",
    "工资",
    "退款",
    "低保金",
    "生活费",
    "桃园里3-101",
    "货款",
    "退定金",
    "代付",
]


@st.composite
def accounts(draw: st.DrawFn) -> list[Line]:
    count = draw(st.integers(1, 25))
    return [
        line(
            row,
            draw(st.integers(-20, 20)) * 50_000 + draw(st.sampled_from([0, 0, 1_234])),
            draw(st.sampled_from(PARTIES)),
            draw(st.sampled_from(MEMOS)),
            days=draw(st.integers(0, 90)),
            dated_only=draw(st.booleans()),
        )
        for row in range(2, count + 2)
    ]


@given(accounts())
@settings(max_examples=150)
def test_what_always_holds(lines: list[Line]) -> None:
    result = review([statement(lines)], owner="温素心")
    assert result.lines == tuple(lines)
    assert len(result.verdicts) == len(lines)
    verdicts = dict(zip((item.key for item in result.lines), result.verdicts, strict=True))
    amounts = {item.key: item.amount for item in result.lines}
    in_groups: list[str] = []
    for group in result.groups:
        members = [*group.inflows, *group.outflows]
        in_groups += members
        assert group.inflows and group.outflows
        assert all(verdicts[key].group == group.id and verdicts[key].label is group.kind for key in members)
        assert all(amounts[key] > 0 for key in group.inflows) and all(amounts[key] < 0 for key in group.outflows)
        assert group.kept == sum(amounts[key] for key in members) >= 0
        assert group.evidence
    assert len(in_groups) == len(set(in_groups))
    for month in result.months:
        assert month.inflow == month.countable + sum(month.excluded.values())
    assert sum(month.inflow for month in result.months) == sum(max(item.amount, 0) for item in lines)
    assert 0 <= result.chance <= 1
    assert all(verdict.reason and 0 <= verdict.confidence <= 1 for verdict in result.verdicts)
    assert review([statement(lines)], owner="温素心") == result


def labels(result: Review) -> list[str]:
    return [verdict.label.value for verdict in result.verdicts]


@pytest.mark.parametrize(
    ("amount", "party", "memo", "sort", "label"),
    [
        (450_000, "恒力机械有限公司", "", "代发工资", Label.INCOME),
        (230_000, "市社会保险基金管理中心", "养老金", "代发", Label.INCOME),
        (36_000, "区民政局", "低保金", "财政补贴", Label.EXCLUDED_SUBSIDY),
        (36_000, "卜嘉树", "低保金", "", Label.INCOME),  # anybody can type the word
        (80_000, "区财政局", "一次性就业补贴", "", Label.INCOME),
        (80_000, "区退役军人事务局", "春节慰问金", "", Label.EXCLUDED_SUBSIDY),
        (50_000, "女儿", "", "转账", Label.FAMILY_SUPPORT),
        (50_000, "尤望舒", "给妈的生活费", "转账", Label.FAMILY_SUPPORT),
        (800_000, "重庆蚂蚁小额贷款有限公司", "", "贷款发放", Label.LOAN),
        (300_000, "尤望舒", "借款", "", Label.LOAN),
        (150_000, "", "", "现金存入", Label.CASH_DEPOSIT),
        (3_300, "支付宝（中国）网络技术有限公司", "支付宝-街角超市退款", "退款", Label.REFUND),
        (100_000, "温素心", "", "转存", Label.OWN_TRANSFER),
        (200_000, "财付通支付科技有限公司", "财付通-微信零钱提现", "转账汇入", Label.OWN_TRANSFER),
        (1_200, "", "", "结息", Label.INCOME),
        (-200_000, "", "", "ATM取款", Label.SPENDING),
        (-312_450, "", "房贷", "贷款扣款", Label.LOAN),
        (123_400, "卜嘉树", "", "转账", Label.UNKNOWN),
    ],
)
def test_a_line_that_speaks_for_itself(amount: int, party: str, memo: str, sort: str, label: Label) -> None:
    result = review([statement([line(2, amount, party, memo, sort=sort)])], owner="温素心")
    assert result.verdicts[0].label is label


def test_money_lent_that_comes_back_is_loan_though_it_does_not_say_so() -> None:
    lines = [line(2, -500_000, "尤望舒", "借给你周转"), line(3, 500_000, "尤望舒", "", days=40)]
    assert labels(review([statement(lines)])) == ["loan", "loan"]


def test_the_same_payment_in_wallet_and_bank_counts_once() -> None:
    bank = statement([line(2, -4_900, "财付通支付科技有限公司", "财付通-街角超市", days=0.0001)])
    wallet = statement([line(9, -4_900, "街角超市", account="a2", method="工商银行(0001)")], "a2", Kind.WECHAT)
    result = review([bank, wallet])
    assert result.verdicts[0].duplicate_of == "a2:9"
    assert result.verdicts[1].duplicate_of is None


def test_overlapping_exports_count_once_and_equal_payments_twice() -> None:
    twice = [line(5, 800, "过客", memo="收款", number="n1"), line(6, 800, "过客", memo="收款", number="n2")]
    again = [line(8, 800, "过客", memo="收款", number="n1", account="a2")]
    result = review([statement(twice, kind=Kind.WECHAT), statement(again, "a2", Kind.WECHAT)])
    assert [verdict.duplicate_of for verdict in result.verdicts] == [None, None, "a1:5"]
    assert result.months[0].inflow == 1_600


def test_both_ends_of_an_own_transfer_though_one_says_nothing() -> None:
    out = statement([line(2, -300_000, "温素心", "转账")])
    into = statement([line(4, 300_000, account="a2", days=0.01)], "a2")
    result = review([out, into], owner="温素心")
    assert labels(result) == ["own_transfer", "own_transfer"]
    assert "a2:4" in result.verdicts[0].reason


def test_a_withdrawal_with_a_fee_is_one_transfer() -> None:
    wallet = statement([line(5, -100_100, "工商银行", sort="零钱提现", sign=Sign.NEUTRAL)], kind=Kind.WECHAT)
    bank = statement([line(3, 100_000, "财付通支付科技有限公司", "财付通-微信零钱提现", account="a2")], "a2")
    assert labels(review([wallet, bank])) == ["own_transfer", "own_transfer"]


def test_a_clients_money_handed_on_leaves_the_commission_as_income() -> None:
    lines = [
        line(2, 3_000_000, "卜嘉树", "桃园里3-101购房款"),
        line(3, 2_000_000, "卜嘉树", "桃园里3-101", days=1),
        line(4, -4_900_000, "金地置业有限公司", "桃园里3-101首付", days=3),
    ]
    result = review([statement(lines)])
    assert labels(result) == ["pass_through"] * 3
    assert result.groups[0].kept == 100_000
    assert result.months[0].countable == 100_000
    assert result.months[0].excluded == {Label.PASS_THROUGH: 4_900_000}


def test_money_that_stayed_is_income_though_part_went_on() -> None:
    lines = [line(2, 1_000_000, "卜嘉树", "意向金"), line(3, -640_000, "金地置业有限公司", "代卜嘉树付意向金", days=2)]
    result = review([statement(lines)])
    assert result.groups[0].kept == 360_000
    assert result.months[0].countable == 360_000


def test_a_deal_that_fell_through_is_a_refund_on_both_sides() -> None:
    lines = [line(2, 5_000_000, "卜嘉树", "购房款"), line(3, -5_000_000, "卜嘉树", "没谈成退回", days=9)]
    result = review([statement(lines)])
    assert labels(result) == ["refund", "refund"]
    assert result.months[0].countable == 0


def test_a_receipt_ties_what_the_bank_lines_do_not() -> None:
    lines = [line(2, 888_000, "卜嘉树", "谢谢"), line(3, -880_000, "市车辆检测站", "", days=1)]
    assert labels(review([statement(lines)])) == ["income", "spending"]
    receipt = Receipt(amount=880_000, payee="市车辆检测站", payer="卜嘉树")
    result = review([statement(lines)], receipts=[receipt])
    assert labels(result) == ["pass_through", "pass_through"]
    assert "有票据为证" in result.groups[0].evidence


def test_round_sums_and_the_word_daifu_excuse_nothing() -> None:
    lines = [line(2, 1_000_000, "卜嘉树", "代收"), line(3, -1_000_000, "尤望舒", "代付", days=1)]
    assert labels(review([statement(lines)])) == ["unknown", "spending"]


def test_two_flats_of_one_estate_are_two_deals() -> None:
    lines = [
        line(2, 1_000_000, "卜嘉树", "桃园里3-101购房款"),
        line(3, -1_000_000, "尤望舒", "桃园里9-202装修", days=1),
    ]
    assert labels(review([statement(lines)])) == ["income", "spending"]


def test_the_owner_is_recognised_by_the_transfers_that_carry_one_name_on_both_ends() -> None:
    first = [line(2, -100_000, "温素心"), line(3, -200_000, "温素心", days=5), line(4, 700_000, "温素心", days=9)]
    second = [line(2, 100_000, "温素心", account="a2"), line(3, 200_000, "温素心", account="a2", days=5)]
    assert set(labels(review([statement(first), statement(second, "a2")]))) == {"own_transfer"}


def test_money_from_a_wallet_that_was_not_handed_in_is_asked_about() -> None:
    lines = [line(2, 200_000, "财付通支付科技有限公司", "财付通-微信零钱提现"), line(3, 50_000, "温素心", days=3)]
    result = review([statement(lines)], owner="温素心")
    assert labels(result) == ["own_transfer", "own_transfer"]
    assert any("2000.00元从微信转入" in warning for warning in result.warnings)
    assert any("500.00元从本人其他账户转入" in warning for warning in result.warnings)
