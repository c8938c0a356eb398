"""The review: certain things first, then deals that fell through, then pass-through, then what is left.

:func:`review` takes statements that are already read and gives a proposal for every line. It knows no files and no
clock, and the same statements always give the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from jiamenkou.engines.statement import words
from jiamenkou.engines.statement.evidence import Side, add_tokens, side_of
from jiamenkou.engines.statement.giveback import find_given_back
from jiamenkou.engines.statement.integrity import balance_breaks, file_problems, gaps
from jiamenkou.engines.statement.labels import certain, remaining
from jiamenkou.engines.statement.model import (
    AccountReport,
    Group,
    Kind,
    Label,
    Line,
    Problem,
    Receipt,
    Review,
    Sign,
    Statement,
    Verdict,
)
from jiamenkou.engines.statement.months import monthly
from jiamenkou.engines.statement.movements import duplicates, transfer_legs, wallets_of
from jiamenkou.engines.statement.passthrough import Deal, find_deals
from jiamenkou.engines.statement.ties import FAIR, NONE, STRONG, explain
from jiamenkou.engines.statement.words import is_person, party_name, same_person

LEAST = 10_000  # fen; smaller movements are no part of a deal
CHANCE_WARNING = 0.3
REGULAR_MONTHS = 3  # the same payer in this many months, much the same sum: wages
LENDING_DAYS = 730
UNSEEN = 0.55  # confidence of an own transfer whose other end was not handed in
OWN_PAIRS = 2  # transfers with one name on both ends that show whose name it is


def review(
    statements: Sequence[Statement],
    *,
    owner: str = "",
    receipts: Iterable[Receipt] = (),
    problems: Iterable[Problem] = (),
) -> Review:
    """Label every line of every statement and say why.

    ``owner`` is the applicant's name; without it the name that stands in the files is taken. ``problems`` are those
    already found while reading; they come first in the result.
    """
    owner = owner or stated_owner(statements)
    guessed = "" if owner else likely_owner(statements)
    owner = owner or guessed
    work = _Work(statements, owner)
    work.certain_things()
    groups, chance, exhausted = work.deals(tuple(receipts))
    verdicts = work.settle()
    reports = []
    found = list(problems)
    for statement in statements:
        breaks, missing = balance_breaks(statement.lines), gaps(statement)
        found.extend(file_problems(statement, breaks, missing))
        days = [line.time.date() for line in statement.lines]
        first, last = statement.period or (min(days, default=None), max(days, default=None))
        reports.append(AccountReport(statement, first, last, breaks, missing))
    return Review(
        accounts=tuple(reports),
        lines=work.lines,
        verdicts=verdicts,
        groups=groups,
        chance=chance,
        months=monthly(work.lines, verdicts, groups),
        problems=tuple(found),
        warnings=(*_warnings(chance, groups, exhausted=exhausted, guessed=guessed), *work.not_handed_in()),
    )


def _warnings(chance: float, groups: Sequence[Group], *, exhausted: bool, guessed: str) -> tuple[str, ...]:
    said = []
    if chance > CHANCE_WARNING and groups:
        said.append(f"代收代付中约{chance:.0%}可能只是金额巧合，请逐组核对凭据后再采信")
    if exhausted:
        said.append("往来过密，只比对了金额较大和写明凭据的往来，其余按收入计")
    if guessed:
        said.append(f"没有给出申请人姓名，按账户之间的往来推断为{guessed[0]}{'*' * (len(guessed) - 1)}，请核对")
    return tuple(said)


def stated_owner(statements: Sequence[Statement]) -> str:
    """The unmasked name that stands in a file, empty where none does."""
    return next((s.holder for s in statements if s.holder and "*" not in s.holder), "")


def likely_owner(statements: Sequence[Statement]) -> str:
    """The name that stands on both ends of transfers between the files: two such transfers make it the owner's."""
    if len(statements) < 2:
        return ""
    sent: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    for statement in statements:
        for line in statement.lines:
            if line.amount < 0 and is_person(line.counterparty):
                sent[party_name(line.counterparty), -line.amount, line.time.toordinal()].add(line.account)
    both: Counter[str] = Counter()
    for statement in statements:
        for line in statement.lines:
            party = party_name(line.counterparty)
            if line.amount > 0 and sent.get((party, line.amount, line.time.toordinal()), set()) - {line.account}:
                both[party] += 1
    name, times = both.most_common(1)[0] if both else ("", 0)
    return name if times >= OWN_PAIRS else ""


class _Work:
    """One review in progress: a verdict per line, None while it is open."""

    def __init__(self, statements: Sequence[Statement], owner: str) -> None:
        self.owner, self.statements = owner, statements
        self.lines: tuple[Line, ...] = tuple(line for statement in statements for line in statement.lines)
        self.position = {line.key: index for index, line in enumerate(self.lines)}
        self.twins: Mapping[str, str] = duplicates(statements)
        # what counts: a payment seen in two exports once
        self.counted = [(i, line) for i, line in enumerate(self.lines) if line.key not in self.twins]
        self.verdicts: list[Verdict | None] = [certain(line, owner) for line in self.lines]

    # --- certain things -------------------------------------------------------------------------------------------

    def certain_things(self) -> None:
        self._both_ends()
        self._money_lent()
        self._family()
        self._regular_wages()

    def _both_ends(self) -> None:
        """Own transfers: the other end in another file, where nothing on the line itself says so."""
        sure, open_ = {}, []
        for index, line in self.counted:
            verdict = self.verdicts[index]
            if verdict and verdict.label is Label.OWN_TRANSFER:
                sure[line.key] = verdict.reason
            elif verdict is None and not party_name(line.counterparty) and words.says_nothing(line.memo):
                open_.append(line.key)
        legs = transfer_legs(self.lines, sure, open_)
        for key, other in legs.items():
            old = self.verdicts[self.position[key]]
            reason = old.reason if old else "与本人另一账户的转账金额、时间对应"
            self._set(key, Label.OWN_TRANSFER, f"{reason}，另一端在 {other}", 0.99 if old else 0.9)
        for key in sure.keys() - legs.keys():
            line, old = self.lines[self.position[key]], self.verdicts[self.position[key]]
            if old and line.amount > 0 and same_person(party_name(line.counterparty), self.owner):
                self._set(key, Label.OWN_TRANSFER, "对方就是本人，另一端账户没有提交，请补交", UNSEEN)

    def not_handed_in(self) -> list[str]:
        """Money that came from the applicant's own accounts of which no export was given: excluded, and asked for."""
        handed_in = {statement.kind for statement in self.statements}
        unseen: Counter[str] = Counter()
        for index, line in self.counted:
            verdict = self.verdicts[index]
            if line.amount <= 0 or not verdict or verdict.label is not Label.OWN_TRANSFER or line.sign is Sign.NEUTRAL:
                continue
            if verdict.confidence == UNSEEN:
                unseen["本人其他账户"] += line.amount
            for wallet in set(wallets_of(line)) - handed_in:
                unseen["微信" if wallet is Kind.WECHAT else "支付宝"] += line.amount
        return [f"有{amount / 100:.2f}元从{name}转入，但没有提交那边的账单，请补交" for name, amount in unseen.items()]

    def _money_lent(self) -> None:
        """Money lent that comes back from the same person: the sum whole without a word, a part of it with one."""
        lent: dict[str, list[Line]] = defaultdict(list)
        owed: Counter[str] = Counter()
        for index, line in sorted(self.counted, key=lambda item: item[1].time):
            party = party_name(line.counterparty)
            verdict = self.verdicts[index]
            if line.amount < 0 and verdict and verdict.label is Label.LOAN and is_person(party):
                lent[party].append(line)
                owed[party] -= line.amount
            elif line.amount > 0 and party in lent and (verdict is None or verdict.label is Label.LOAN):
                outs = [out for out in lent[party] if (line.time - out.time).days <= LENDING_DAYS]
                whole = next((out for out in outs if -out.amount == line.amount), None)
                if outs and (whole or (line.amount <= owed[party] and "还" in line.memo)):
                    self._set(
                        line.key, Label.LOAN, f"借出的钱还回来，见 {(whole or outs[-1]).key}", 0.9 if whole else 0.8
                    )
                owed[party] -= line.amount

    def _family(self) -> None:
        """Who once sent money with the words of family goes on being family."""
        kin = {
            party_name(line.counterparty)
            for index, line in self.counted
            if line.amount > 0 and (v := self.verdicts[index]) and v.label is Label.FAMILY_SUPPORT
        }
        for index, line in self.counted:
            if (
                line.amount > 0
                and self.verdicts[index] is None
                and party_name(line.counterparty) in kin
                and words.says_nothing(line.memo)
            ):
                self._set(line.key, Label.FAMILY_SUPPORT, "该亲属多次给生活费，计入收入", 0.8)

    def _regular_wages(self) -> None:
        """An employer that pays every month needs no word for it."""
        paid: dict[str, list[Line]] = defaultdict(list)
        for index, line in self.counted:
            party = party_name(line.counterparty)
            if (
                line.amount > 0
                and self.verdicts[index] is None
                and _may_employ(party)
                and words.says_nothing(line.memo)
            ):
                paid[party].append(line)
        for lines in paid.values():
            months = {line.time.strftime("%Y-%m") for line in lines}
            amounts = sorted(line.amount for line in lines)
            middle = amounts[len(amounts) // 2]
            if len(months) >= REGULAR_MONTHS and all(middle / 2 <= amount <= middle * 2 for amount in amounts):
                for line in lines:
                    self._set(line.key, Label.INCOME, "同一单位每月转入，按工资计", 0.85)

    def _set(self, key: str, label: Label, reason: str, confidence: float, group: str | None = None) -> None:
        self.verdicts[self.position[key]] = Verdict(label, reason, confidence, group)

    # --- deals ----------------------------------------------------------------------------------------------------

    def _sides(self) -> tuple[list[Side], list[Side]]:
        inflows: list[Side] = []
        outflows: list[Side] = []
        for index, line in self.counted:
            verdict = self.verdicts[index]
            if abs(line.amount) < LEAST or (verdict and not self._still_open(line, verdict)):
                continue
            side = side_of(line, index)
            if verdict:
                side.purpose = "other"  # takings: only a client's own mark makes them someone else's money
            (inflows if line.amount > 0 else outflows).append(side)
        for sides in (inflows, outflows):
            sides.sort(key=lambda side: (side.when, side.position))
        return inflows, outflows

    @staticmethod
    def _still_open(line: Line, verdict: Verdict) -> bool:
        return (
            verdict.label is Label.INCOME
            and line.amount > 0
            and not words.WAGE.search(f"{line.sort} {line.memo}")
            and words.BUSINESS.search(line.memo) is not None
            and not line.status
        )

    def deals(self, receipts: Sequence[Receipt]) -> tuple[tuple[Group, ...], float, bool]:
        """Propose the groups and label their lines."""
        inflows, outflows = self._sides()
        add_tokens([*inflows, *outflows], self.lines, receipts, self.owner)
        proposals: list[tuple[Label, list[Side], list[Side], tuple[str, ...], float]] = []
        back = find_given_back(inflows, outflows, self.lines)
        for pair in back:
            proposals.append(
                (Label.REFUND, [inflows[p] for p in pair.inflows], [outflows[pair.outflow]], pair.why, 0.9)
            )
        gone_in, gone_out = {p for pair in back for p in pair.inflows}, {pair.outflow for pair in back}
        inflows = [side for position, side in enumerate(inflows) if position not in gone_in]
        outflows = [side for position, side in enumerate(outflows) if position not in gone_out]
        found = find_deals(inflows, outflows)
        for deal in found.deals:
            ins, outs = [inflows[p] for p in deal.inflows], [outflows[p] for p in deal.outflows]
            why = explain(ins, outs, deal.level)
            proposals.append((Label.PASS_THROUGH, ins, outs, why, _confidence(deal, found.chance)))
        proposals.sort(key=lambda p: (p[1][0].when, p[1][0].position))
        groups = tuple(self._group(f"g{n}", *proposal) for n, proposal in enumerate(proposals, 1))
        return groups, found.chance, found.exhausted

    def _group(
        self,
        id: str,
        kind: Label,
        ins: Sequence[Side],
        outs: Sequence[Side],
        evidence: tuple[str, ...],
        confidence: float,
    ) -> Group:
        for side in (*ins, *outs):
            self._set(side.key, kind, f"{kind.chinese}：{evidence[0]}", confidence, id)
        return Group(
            id=id,
            kind=kind,
            inflows=tuple(side.key for side in ins),
            outflows=tuple(side.key for side in outs),
            kept=sum(side.amount for side in ins) - sum(side.amount for side in outs),
            evidence=evidence,
        )

    # --- the rest -------------------------------------------------------------------------------------------------

    def settle(self) -> tuple[Verdict, ...]:
        """A verdict for every line; one that does not count says what its twin says."""
        decided = [verdict or remaining(line) for line, verdict in zip(self.lines, self.verdicts, strict=True)]
        for key, counts in self.twins.items():
            twin = decided[self.position[counts]]
            decided[self.position[key]] = Verdict(
                twin.label, f"与 {counts} 是同一笔，不重复计", twin.confidence, twin.group, counts
            )
        return tuple(decided)


def _may_employ(party: str) -> bool:
    return bool(party) and not is_person(party) and not words.is_platform(party) and not words.payee_purpose(party)


def _confidence(deal: Deal, chance: float) -> float:
    base = 0.95 if deal.level >= STRONG else 0.9 if deal.level >= FAIR else 0.8 if deal.level > NONE else 0.6
    return round(base * (1 - chance / 2), 2)
