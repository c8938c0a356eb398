"""What a single line says about itself, before any line is compared with others.

Every rule gives the label, how sure it is, and the reason in words a community worker can read out to the applicant.
A rule that only rests on words the payer typed is less sure than one that rests on who paid or how the bank booked it.
"""

from __future__ import annotations

from jiamenkou.engines.statement import words
from jiamenkou.engines.statement.model import Label, Line, Sign, Verdict
from jiamenkou.engines.statement.words import is_person, party_name, same_person

SMALL_YIELD = 1_000  # fen; a wallet's daily interest below this is left with the neutral lines
SMALL_PACKET = 20_000  # fen; a red packet up to this needs no question


def certain(line: Line, owner: str) -> Verdict | None:
    """The verdict that the line alone allows, None where it has to be compared with others."""
    if line.sign is Sign.CLOSED:
        return Verdict(Label.UNKNOWN, "交易已关闭，没有资金往来", 1.0)
    if line.amount == 0:
        return Verdict(Label.UNKNOWN, "金额为零，没有资金往来", 1.0)
    text = f"{line.sort} {line.memo}"
    if line.sign is Sign.NEUTRAL:
        return _neutral(line, text)
    if own := _own(line, text, owner):
        return own
    return _inflow(line, text) if line.amount > 0 else _outflow(line, text)


def _neutral(line: Line, text: str) -> Verdict:
    """Lines that WeChat marks ``/`` and Alipay 不计收支."""
    if line.amount > 0 and words.REFUND.search(f"{text} {line.status}"):
        return Verdict(Label.REFUND, "商户退款，不是收入", 0.98)
    if words.FUND_YIELD.search(text):
        if line.amount >= SMALL_YIELD:
            return Verdict(Label.INCOME, "理财收益，按财产性收入计", 0.9)
        return Verdict(Label.OWN_TRANSFER, "余额宝收益，金额很小，平台不计收支", 0.7)
    if words.CREDIT_REPAID.search(f"{text} {line.counterparty}"):
        return Verdict(Label.LOAN, "信用产品还款或放款" if line.amount < 0 else "信用产品放款，借来的钱不是收入", 0.95)
    if words.LENDER.search(line.counterparty):
        return Verdict(Label.LOAN, "与贷款机构往来", 0.9)
    return Verdict(Label.OWN_TRANSFER, "钱包内部或与本人银行卡之间转移，平台不计收支", 0.95)


def _own(line: Line, text: str, owner: str) -> Verdict | None:
    party = party_name(line.counterparty)
    if line.amount < 0 and words.repays_card(line.sort):
        return None  # one's own card, but money that was owed
    if owner and same_person(party, owner):
        return Verdict(Label.OWN_TRANSFER, "对方就是本人", 0.97 if "*" not in party else 0.8)
    if words.is_platform(f"{line.counterparty} {line.memo}") and words.WALLET_MOVE.search(
        f"{text} {line.counterparty}"
    ):
        return Verdict(Label.OWN_TRANSFER, "本人银行卡与微信、支付宝之间的充值或提现", 0.95)
    if words.moves_wallet(line.sort) and (not party or words.is_platform(party)):
        return Verdict(Label.OWN_TRANSFER, "本人账户内部转存", 0.9)
    return None


def _inflow(line: Line, text: str) -> Verdict | None:
    party = party_name(line.counterparty)
    if not words.speaks_of_inflow(f"{text} {line.status} {line.counterparty}") and not words.KIN.search(party):
        return None
    person = is_person(party)
    booked = not person or words.is_platform(f"{line.counterparty} {line.memo}")
    if _shop_refund(line, text, booked=booked):
        return Verdict(Label.REFUND, "商户退款，不是收入", 0.95)
    if words.INTEREST.search(text) and (not party or not person):
        return Verdict(Label.INCOME, "存款利息", 0.95)
    if subsidy := _subsidy(line, text, party, person):
        return subsidy
    if words.CASH_IN.search(text):
        return Verdict(Label.CASH_DEPOSIT, "现金存入，来源请申请人说明，先按收入计", 0.95)
    if words.LENDER.search(line.counterparty) or words.BORROWED.search(text):
        return Verdict(Label.LOAN, "借入的钱要还，不是收入", 0.95 if words.LENDER.search(line.counterparty) else 0.75)
    if words.LENT_BACK.search(text):
        return Verdict(Label.LOAN, "借出的钱还回来，不是收入", 0.7)
    if words.MEDICAL_BACK.search(text) and not person:
        return Verdict(Label.REFUND, "医疗报销或保险赔付，补的是已花的钱", 0.8)
    return _earned(line, text, party, person)


def _shop_refund(line: Line, text: str, *, booked: bool) -> bool:
    """Whether a shop or the platform gave money back; what a person sends back is compared with what went out."""
    if "退款" in line.sort:
        return True
    if not booked or not words.REFUND.search(f"{text} {line.counterparty}"):
        return False
    return words.is_platform(f"{line.counterparty} {line.memo}") or not words.GIVEN_BACK.search(line.memo)


def _subsidy(line: Line, text: str, party: str, person: bool) -> Verdict | None:
    public = bool(words.PUBLIC_PAYER.search(party)) or (not party and words.SUBSIDY.search(line.sort) is not None)
    if words.BASIC_PENSION.search(line.memo) and not person:
        return Verdict(Label.EXCLUDED_SUBSIDY, "中央基础养老金，按规定不计入收入", 0.85)
    if words.PENSION.search(text):
        if person:
            return None
        return Verdict(Label.INCOME, "养老金或退休金", 0.97)
    if found := words.SUBSIDY.search(text):
        if (person and not public) or words.WORK_AID.search(text):
            return None  # anyone can type the word; only a public payer makes it a subsidy, and aid to work counts
        sure = 0.97 if public else 0.8
        return Verdict(Label.EXCLUDED_SUBSIDY, f"{found[0]}：按规定不计入收入", sure)
    if words.AID_PAYER.search(party) and words.AID.search(text) and not words.WORK_AID.search(text):
        return Verdict(Label.EXCLUDED_SUBSIDY, "政府发放的补助，按规定不计入收入，请核对名目", 0.75)
    return None


def _earned(line: Line, text: str, party: str, person: bool) -> Verdict | None:
    if found := words.WAGE.search(text):
        booked = words.WAGE.search(line.sort) is not None or not person
        return Verdict(
            Label.INCOME, f"{found[0]}：劳动所得" if booked else f"附言写{found[0]}", 0.97 if booked else 0.85
        )
    if words.KIN.search(party) or (person and words.FAMILY.search(text)):
        return Verdict(Label.FAMILY_SUPPORT, "家人给的生活费，计入收入", 0.9)
    if words.RED_PACKET.search(text):
        if line.amount <= SMALL_PACKET:
            return Verdict(Label.INCOME, "小额红包，计入收入", 0.8)
        return Verdict(Label.UNKNOWN, "大额红包，请申请人说明，先按收入计", 0.5)
    if found := words.BUSINESS.search(f"{text} {line.status}"):
        return Verdict(Label.INCOME, f"{found[0]}：经营收款，按毛额计", 0.85)
    return None


def _outflow(line: Line, text: str) -> Verdict | None:
    if not words.speaks_of_outflow(f"{text} {line.counterparty}"):
        return None
    if words.CASH_OUT.search(text):
        return Verdict(Label.SPENDING, "取现", 0.9)
    if words.CREDIT_REPAID.search(f"{text} {line.counterparty}") or words.LENDER.search(line.counterparty):
        return Verdict(Label.LOAN, "归还借款", 0.9)
    if words.LENT.search(text):
        return Verdict(Label.LOAN, "借出或归还借款", 0.8)
    return None


def remaining(line: Line) -> Verdict:
    """What is left when nothing else explained the line: inflows count, nothing is excused without a reason."""
    if line.amount <= 0:
        return Verdict(Label.SPENDING, "日常支出", 0.7)
    if party_name(line.counterparty) and not is_person(line.counterparty):
        return Verdict(Label.INCOME, "单位转入，按收入计", 0.6)
    if not words.says_nothing(f"{line.sort} {line.memo}"):
        return Verdict(Label.INCOME, "附言写了用途，没有凭据表明是代收，按收入计", 0.5)
    return Verdict(Label.UNKNOWN, "来源不明，请申请人说明，先按收入计", 0.4)
