"""Deals that fell through: a client's money that went back to the client, or came back from where it was paid."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiamenkou.engines.statement import words
from jiamenkou.engines.statement.evidence import Side, said, shared
from jiamenkou.engines.statement.model import Line

SAID_DAYS = 60  # with a word of giving back
SILENT_DAYS = 15  # the same sum back to the same payer without a word
LEAST_SILENT = 100_000  # fen
NEIGHBOURS = 20
MAX_PARTS = 4
LEAST_RETURNED = 0.7  # of what came in; what was kept beyond this needs an explanation of its own


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Positions in the lists of inflows and outflows, and why."""

    inflows: tuple[int, ...]
    outflow: int
    why: tuple[str, ...]


def find_given_back(inflows: Sequence[Side], outflows: Sequence[Side], lines: Sequence[Line]) -> tuple[GivenBack, ...]:
    """Pairs of equal amounts, in before out, the clearest first; every movement at most once.

    Both lists are sorted by time. Only the nearest inflows of the same sum are compared, so the work stays small.
    """
    same_sum: dict[int, list[int]] = defaultdict(list)
    same_payer: dict[tuple[str, int], list[int]] = defaultdict(list)
    for position, side in enumerate(inflows):
        same_sum[side.amount].append(position)
        same_payer[side.party, side.amount].append(position)
    days_of = [side.day for side in inflows]
    dealings = Counter(side.party for side in (*inflows, *outflows))
    found: list[tuple[float, int, int, tuple[str, ...]]] = []
    for position, out in enumerate(outflows):
        spoken = bool(words.GIVEN_BACK.search(said(lines[out.position])))
        if not spoken and out.amount < LEAST_SILENT:
            continue
        known = same_sum.get(out.amount, []) if spoken else same_payer.get((out.party, out.amount), [])
        within = SAID_DAYS if spoken else SILENT_DAYS
        until = bisect_right(known, out.day, key=days_of.__getitem__) if known else 0
        for other in reversed(known[max(0, until - NEIGHBOURS) : until]):
            days = out.day - days_of[other]
            if days > within:
                break
            side = inflows[other]
            if side.timed and out.timed and out.when < side.when:
                continue
            received_for = said(lines[side.position])
            alone = dealings[side.party] == 2 or side.purpose in words.PURPOSE_CHINESE
            if (strength := _strength(side, out, received_for, spoken=spoken, days=days, alone=alone)) > 0:
                found.append((-strength + days * 0.02, other, position, _why(side, out, spoken=spoken)))
    whole = tuple(_disjoint(sorted(found)))
    return (*whole, *_in_parts(inflows, outflows, lines, whole))


def _in_parts(
    inflows: Sequence[Side], outflows: Sequence[Side], lines: Sequence[Line], whole: Sequence[GivenBack]
) -> Iterable[GivenBack]:
    """Given back to the payer with a word, but not the same sum: several instalments at once, or less a fee."""
    used = {position for pair in whole for position in pair.inflows}
    done = {pair.outflow for pair in whole}
    by_payer: dict[str, list[int]] = defaultdict(list)
    for position, side in enumerate(inflows):
        if side.party and side.person:
            by_payer[side.party].append(position)
    for position, out in enumerate(outflows):
        if position in done or out.party not in by_payer or not words.GIVEN_BACK.search(said(lines[out.position])):
            continue
        before = [
            other
            for other in by_payer[out.party]
            if other not in used
            and 0 <= out.day - inflows[other].day <= SAID_DAYS
            and not (inflows[other].timed and out.timed and out.when < inflows[other].when)
        ][-MAX_PARTS:]
        for size in range(1, len(before) + 1):
            total = sum(inflows[other].amount for other in before[-size:])
            if total == out.amount or (LEAST_RETURNED * total <= out.amount < total):
                chosen = tuple(before[-size:])
                used.update(chosen)
                why = (
                    "退给原付款人" if total == out.amount else f"退给原付款人，留下{(total - out.amount) / 100:.2f}元"
                )
                yield GivenBack(chosen, position, (why, "附言写明退款"))
                break


def _strength(side: Side, out: Side, received_for: str, *, spoken: bool, days: int, alone: bool) -> float:
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
    if same and alone and days <= SILENT_DAYS and out.amount >= LEAST_SILENT and side.person:
        return 2.0  # friends who send round sums to and fro meet by chance: only who does nothing else is believed
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
            yield GivenBack((inflow,), outflow, why)
