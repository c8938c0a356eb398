"""What ties money that came in to money that went out, apart from the amount.

Strong: the client's name, a flat, a contract number or a receipt stands on both sides. Fair: both sides, or the
payee's trade, are about the same third-party matter (a purchase, its taxes, a rent). Words like 代付 alone prove
nothing: anybody can type them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from jiamenkou.engines.statement import words
from jiamenkou.engines.statement.model import Line, Receipt
from jiamenkou.engines.statement.words import is_person, is_real_name, party_name

COMMON = 40  # a text that stands on more lines than this names nobody in particular
RARE = 8  # the same for a text that is neither a name nor a number
RECEIPT_DAYS = 5
LONG_MEMO = 80

_PLACE = re.compile(
    r"(?<![\d.\-])\d{1,3}-[甲乙丙丁东西南北A-Za-z]?\d{1,4}(?:-\d{1,4})?(?![\d.\-])|"
    r"\d{1,4}(?:栋|幢|号楼|号院|号|座|弄|#)[\d甲乙丙丁A-Za-z单元号楼#\-]*\d{2,4}室?"
)
_PLACE_PART = re.compile(r"\d+|[甲乙丙丁东西南北A-Za-z]")
_NO_TOKENS: frozenset[str] = frozenset()
_DIGIT = re.compile(r"\d")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])")
_CODE = re.compile(r"[A-Za-z]{1,6}[-_]?\d{4,}[\dA-Za-z\-]*|(?:合同|单号|编号|订单|协议)[号:：]*\s*([\dA-Za-z\-]{3,})")
_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z.*＊])\d{6,20}(?![\d.*＊])")  # a meter's, a contract's, a customer's
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?\d*$")
_LETTER_OR_NUMBER = re.compile(r"[A-Za-z号同编单协]")
_CHINESE = re.compile(r"[\u4e00-\u9fff·]{2,}")
_GENERIC = re.compile(
    r"转账备注|收款方备注|二维码收款|微信转账|网络支付|转账汇入|转账汇款|快捷支付|契税维修基金|维修基金|维修资金|购房定金|购房款|首付款|意向金|诚意金|租金押金|"
    r"押[一二三]付[一二三四六]|房租|租金|押金|契税|税费|首付|房款|定金|订金|尾款|全款|余款|转账|备注|汇款|代收款|代付款|代收|代付|代缴|代交|代买|代购|帮忙转一下|帮忙转|"
    r"转交|垫付|预付款|预付|货款|材料款|工程款|人工费|工钱|学费|班费|团费|团购款|团购|住院费|医药费|保费|手续费|服务费|退款|退回|买房|购房|房子|房屋|款项|"
    r"网银|跨行|他行|手机银行|财付通|支付宝|订单|商品|电子商务|超级|本人|自己|先生|女士|老师|师傅|收到|已付|办证|过户|合同|单号|编号|协议|月份|款|费"
)
_EDGES = "代替帮给付转为交缴收和的了请由从往向买卖"


@dataclass(slots=True)
class Side:
    """One movement that may be part of a deal, with everything it says."""

    key: str
    position: int  # in the list of lines
    when: float  # days
    day: int
    timed: bool
    amount: int  # fen, positive on both sides
    party: str
    person: bool
    purpose: str  # of the memo, or of the payee's trade
    by_payee: str
    silent: bool  # the memo says nothing
    tokens: frozenset[str] = field(default_factory=frozenset)
    marks: frozenset[str] = field(default_factory=frozenset)  # tokens with digits: flats, codes, number plates
    vouched: bool = False  # a receipt is at hand

    @property
    def surname(self) -> str:
        return self.party[0] if is_real_name(self.party) else ""


def side_of(line: Line, position: int) -> Side:
    """The movement that a line is, without its tokens: those need the whole review."""
    party = party_name(line.counterparty)
    by_payee = words.payee_purpose(party) if line.amount < 0 else ""
    text = said(line)
    moment = line.time
    day = moment.toordinal()
    purpose = words.purpose(text) or by_payee
    return Side(
        key=line.key,
        position=position,
        when=day + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400,
        day=day,
        timed=not line.dated_only,
        amount=abs(line.amount),
        party=party,
        person=is_person(party),
        purpose=purpose,
        by_payee=by_payee,
        silent=words.says_nothing(text),
    )


def said(line: Line) -> str:
    """All that a line says: some banks put the payer's words where others have their own."""
    return f"{line.sort} {line.memo}".strip()


def memo_tokens(memo: str, runs: Sequence[str] | None = None) -> set[str]:
    """Flats, contract numbers and the names left when the usual words are taken away."""
    tokens: set[str] = set()
    if _DIGIT.search(memo):
        # one flat in two spellings: 3幢2单元501, 3-2-501室
        tokens.update("-".join(_PLACE_PART.findall(place)) for place in _PLACE.findall(memo))
        tokens.update(number for number in _LONG_NUMBER.findall(memo) if not _DATE.match(number))
        if _LETTER_OR_NUMBER.search(memo):
            tokens.update(_PLATE.findall(memo))
            tokens.update(code[1] or code[0] for code in _CODE.finditer(memo))
    for run in _CHINESE.findall(memo) if runs is None else runs:
        if found := _run_tokens(run):
            tokens.update(found)
    return tokens


@lru_cache(maxsize=50_000)
def _run_tokens(run: str) -> tuple[str, ...]:
    """What is left of an unbroken run of Chinese characters when the usual words are taken away."""
    tokens = []
    for part in _CHINESE.findall(_GENERIC.sub(" ", run)):
        glued = part[0] in _EDGES and part[-1] in _EDGES
        text = part if is_real_name(part) and not glued else part.strip(_EDGES)
        if 2 <= len(text) <= 8:
            tokens.append(text)
    return tuple(tokens)


def add_tokens(sides: Sequence[Side], lines: Sequence[Line], receipts: Iterable[Receipt], owner: str) -> None:
    """Give every side its tokens: its memo's, and the names of other parties that its memo mentions."""
    names = {side.party for side in sides if side.person and len(side.party) >= 2 and side.party != owner}
    mentioned = _Mentions(names)
    found: list[set[str]] = []
    count: Counter[str] = Counter()
    for side in sides:
        tokens: set[str] = set()
        if not side.silent:
            memo = said(lines[side.position])
            runs = _CHINESE.findall(memo)
            tokens = memo_tokens(memo, runs)
            mentioned.add_to(tokens, memo[:LONG_MEMO], runs if len(memo) <= LONG_MEMO else None)
            count.update(tokens)
        if side.person and len(side.party) >= 2:
            tokens.add(side.party)
        found.append(tokens)
    vouched = _vouched(sides, lines, receipts)
    for side, tokens in zip(sides, found, strict=True):
        if not tokens and not vouched:
            continue
        kept = {token for token in tokens if token == side.party or _ties(token, count[token], names)}
        if papers := vouched.get(side.key, set()) if vouched else None:
            kept |= papers
            tokens |= papers
            side.vouched = True
        kept.discard(owner)
        side.tokens = frozenset(kept)
        side.marks = frozenset(token for token in tokens if not token.isalpha() and _DIGIT.search(token))


def _ties(token: str, times: int, names: Set[str]) -> bool:
    """Whether a text that stands on so many lines can mean one matter: neither on this one only, nor everywhere."""
    if token in names:
        return times <= COMMON
    if times < 2:
        return False
    if is_real_name(token) or _DIGIT.search(token):
        return times <= COMMON
    return times <= RARE and not words.purpose(token)


class _Mentions:
    """The names of other parties that a memo mentions.

    A Chinese name stands within one run of Chinese characters, and the runs of a file are few: each is searched once.
    """

    def __init__(self, names: Set[str]) -> None:
        self.names = {name for name in names if _CHINESE.fullmatch(name)}
        self.starts = {name[0] for name in self.names}
        self.others = names - self.names
        self.other_starts = {name[0] for name in self.others}
        self.known: dict[str, tuple[str, ...]] = {}

    def add_to(self, tokens: set[str], memo: str, runs: Sequence[str] | None) -> None:
        for run in _CHINESE.findall(memo) if runs is None else runs:
            if (known := self.known.get(run)) is None:
                known = self.known[run] = tuple(_named(run, self.names, self.starts))
            if known:
                tokens.update(known)
        if self.others:
            tokens.update(_named(memo, self.others, self.other_starts))


def _named(text: str, names: Set[str], starts: Set[str]) -> Iterator[str]:
    if starts.isdisjoint(text):
        return
    for start, ch in enumerate(text):
        if ch in starts:
            for end in (start + 2, start + 3, start + 4):
                if text[start:end] in names:
                    yield text[start:end]


def shared(first: Side, second: Side) -> frozenset[str]:
    """The tokens that tie two movements. The same party on both sides is no third person and ties nothing."""
    if first.tokens.isdisjoint(second.tokens):
        return _NO_TOKENS
    both = first.tokens & second.tokens
    if both and first.party == second.party:
        both -= {first.party}
    if both and first.marks and second.marks and first.marks.isdisjoint(second.marks):
        # two flats of one estate: the estate's name ties nothing, a person's still does
        both = frozenset(token for token in both if words.names_person(token))
    return both


def _vouched(sides: Sequence[Side], lines: Sequence[Line], receipts: Iterable[Receipt]) -> Mapping[str, set[str]]:
    """For each outflow that a receipt vouches for, what the receipt says about whose money it was."""
    by_amount: dict[int, list[Side]] = defaultdict(list)
    for side in sides:
        if lines[side.position].amount < 0:
            by_amount[side.amount].append(side)
    result: dict[str, set[str]] = {}
    for receipt in receipts:
        fitting = [
            side
            for side in by_amount.get(receipt.amount, ())
            if side.key not in result
            and (receipt.day is None or abs(side.day - receipt.day.toordinal()) <= RECEIPT_DAYS)
            and (
                not receipt.payee
                or not side.party
                or receipt.payee in side.party
                or side.party in receipt.payee
                or words.is_platform(side.party)
            )
        ]
        if fitting:
            side = min(fitting, key=lambda s: abs(s.day - receipt.day.toordinal()) if receipt.day else s.day)
            result[side.key] = memo_tokens(receipt.text) | ({receipt.payer} if receipt.payer else set())
    return result
