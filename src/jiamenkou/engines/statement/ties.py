"""How strongly an outflow is tied to a client's inflows, and how to say so at the meeting table."""

from __future__ import annotations

from collections.abc import Sequence

from jiamenkou.engines.statement.evidence import Side, shared
from jiamenkou.engines.statement.words import PURPOSE_CHINESE

# a mark on both sides · both about one third-party matter · one of them silent · nothing · a reason against
STRONG, FAIR, HALF, NONE, AGAINST = 4.0, 2.5, 1.2, 0.0, -9.0


def one_client(first: Side, side: Side) -> bool:
    """Whether two inflows may be instalments of one client: the same payer, the same mark, or one family."""
    if first.party and first.party == side.party:
        return True
    if shared(first, side):
        return True
    same_matter = first.purpose == side.purpose or first.silent or side.silent
    return (
        bool(first.surname)
        and first.surname == side.surname
        and same_matter
        and "other" not in (first.purpose, side.purpose)
    )


def tie(sides: Sequence[Side], out: Side) -> tuple[float, frozenset[str]]:
    """How strongly an outflow is tied to a client's inflows, and by which texts."""
    best, ties = AGAINST, frozenset[str]()
    for side in sides:
        if both := shared(side, out):
            return STRONG, both
        best = max(best, _matter(side, out))
    return best, ties


def _matter(side: Side, out: Side) -> float:
    """What the purposes of two movements say: both about one third-party matter, one silent, or different things."""
    if side.party and side.party == out.party:
        return AGAINST  # paid back to the payer: no third person
    if "other" in (side.purpose, out.purpose):
        return AGAINST
    if side.purpose and out.purpose:
        return FAIR if side.purpose == out.purpose else AGAINST
    if out.purpose:
        return HALF if side.silent else AGAINST
    if side.purpose:
        return HALF / 2 if out.silent and out.person else AGAINST
    return NONE if side.silent and out.silent and side.person and out.person else AGAINST


def one_matter(outs: Sequence[Side], levels: Sequence[float]) -> bool:
    """Payments of one deal go to one payee or are about one thing; a marked one may bring its own."""
    if len(outs) == 1:
        return True
    purposes = {side.purpose for side in outs if side.purpose}
    if len(purposes) > 1 and min(levels) < STRONG:
        return False
    plain = {side.party for side, level in zip(outs, levels, strict=True) if not side.purpose and level < STRONG}
    return len(plain) <= 1 and (not plain or not purposes or any(side.party in plain for side in outs if side.purpose))


def precise(sides: Sequence[Side], outs: Sequence[Side], total: int, paid: int) -> bool:
    """Whether an amount is so particular that it may stand without other evidence: one payer, one payee, odd sums."""
    if len({side.party for side in sides}) > 1 or len({side.party for side in outs}) > 1 or len(sides) + len(outs) > 3:
        return False
    odd = sum(value % 10_000 != 0 for value in (total, paid)) + sum(side.amount % 10_000 != 0 for side in sides)
    return odd >= 2 and total >= 100_000


def specific(total: int, paid: int) -> float:
    """How much two sums say by being odd: round ones meet everywhere."""
    if paid % 100 and (total - paid) % 100 == 0:
        return 1.2
    if paid % 10_000:
        return 0.6
    return 0.3 if paid % 100_000 else 0.0


def explain(sides: Sequence[Side], outs: Sequence[Side], level: float) -> tuple[str, ...]:
    """The evidence of a deal, its inflows and outflows by time, in words for the meeting."""
    said: list[str] = []
    total, paid = sum(side.amount for side in sides), sum(side.amount for side in outs)
    days = max(side.day for side in outs) - max(side.day for side in sides)
    texts = {text for out in outs for side in sides for text in shared(side, out)}
    marks = sorted(texts, key=lambda text: (-len(text), text))
    if marks:
        said.append("收付两边都写明：" + "、".join(marks[:3]))
    if any(side.vouched for side in outs):
        said.append("有票据为证")
    payees = [side.party for side in outs if side.by_payee]
    if payees:
        said.append(f"对方为{payees[0]}")
    stated = {side.purpose for side in (*sides, *outs)} & PURPOSE_CHINESE.keys()
    for name in sorted(stated):
        said.append("附言或对方涉及" + PURPOSE_CHINESE[name])
    when = "当天" if days <= 0 else f"{days}天内"
    if total == paid:
        said.append(f"{when}原额转出")
    else:
        said.append(f"{when}转出{100 * paid / total:.1f}%，留下{(total - paid) / 100:.2f}元")
    if level <= NONE:
        said.append("只有金额吻合，没有文字凭据，请申请人补充合同或收据")
    return tuple(said)
