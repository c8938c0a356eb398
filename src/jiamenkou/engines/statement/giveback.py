"""Deals that fell through: a client's money that went back to the client, or came back from where it was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiamenkou.engines.statement import words
from jiamenkou.engines.statement.evidence import Side, said, shared
from jiamenkou.engines.statement.model import Line

SAID_DAYS = 60  # with a word of giving back
SILENT_DAYS = 15  # the same sum back to the same payer without a word
LEAST_SILENT = 100_000  # fen


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Positions in the lists of inflows and outflows, and why."""

    inflow: int
    outflow: int
    why: tuple[str, ...]


def find_given_back(inflows: Sequence[Side], outflows: Sequence[Side], lines: Sequence[Line]) -> tuple[GivenBack, ...]:
    """Pairs of equal amounts, in before out, the clearest first; every movement at most once."""
    by_amount: dict[int, list[int]] = defaultdict(list)
    for position, side in enumerate(inflows):
        by_amount[side.amount].append(position)
    found: list[tuple[float, int, int, tuple[str, ...]]] = []
    for position, out in enumerate(outflows):
        memo = said(lines[out.position])
        spoken = bool(words.GIVEN_BACK.search(memo))
        for other in by_amount.get(out.amount, ())[-200:]:
            side = inflows[other]
            days = out.day - side.day
            if days < 0 or (side.timed and out.timed and out.when < side.when) or days > SAID_DAYS:
                continue
            if (strength := _strength(side, out, said(lines[side.position]), spoken=spoken, days=days)) > 0:
                found.append((-strength + days * 0.02, other, position, _why(side, out, spoken=spoken)))
    return tuple(_disjoint(sorted(found)))


def _strength(side: Side, out: Side, received_for: str, *, spoken: bool, days: int) -> float:
    same = bool(side.party) and side.party == out.party
    came_back = bool(words.GIVEN_BACK.search(received_for))
    if spoken and came_back:
        return 5.0
    if spoken:
        if same or shared(side, out):
            return 4.0
        if side.surname and side.surname == out.surname:
            return 3.0
        return 1.5 if side.purpose in words.PURPOSE_CHINESE and out.amount % 100_000 else 0.0
    if same and days <= SILENT_DAYS and out.amount >= LEAST_SILENT and side.person:
        return 2.0
    return 0.0


def _why(side: Side, out: Side, *, spoken: bool) -> tuple[str, ...]:
    texts = ["原额退回"]
    if side.party and side.party == out.party:
        texts.append("退给原付款人")
    if spoken:
        texts.append("附言写明退款")
    return tuple(texts)


def _disjoint(found: Iterable[tuple[float, int, int, tuple[str, ...]]]) -> Iterable[GivenBack]:
    used_in: set[int] = set()
    used_out: set[int] = set()
    for _, inflow, outflow, why in found:
        if inflow not in used_in and outflow not in used_out:
            used_in.add(inflow)
            used_out.add(outflow)
            yield GivenBack(inflow, outflow, why)
