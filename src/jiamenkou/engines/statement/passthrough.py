"""Money received from a client and handed on: one to many, many to one, within days, with what was kept.

Evidence comes before amounts. A candidate is a few linked inflows and a few outflows after them whose sum is the
inflow less a commission; it is scored by what ties its sides, then by amount and delay; the best disjoint candidates
are proposed. Amounts alone are believed only where they are precise, and only if the same search over the same money
shifted in time finds next to nothing: that null also gives the chance level of the whole result.

The work is bounded by a budget of candidates per search, so a dense file ends as fast as any other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import combinations

from jiamenkou.engines.statement.evidence import Side, shared
from jiamenkou.engines.statement.ties import HALF, NONE, STRONG, one_client, one_matter, precise, specific, tie
from jiamenkou.engines.statement.words import PURPOSE_CHINESE, names_person

MAX_COMMISSION = 0.035  # of what came in, without the client's name or flat on both sides
MIN_FORWARDED = 0.25  # with it: less than this handed on is no pass-through
LINK_DAYS = 5.0  # between instalments of one client
HORIZON_DAYS = 8.0  # from the last instalment to the last payment
STRONG_HORIZON_DAYS = 16.0
PRECISE_DAYS = 6  # for sums that stand alone
MAX_INFLOWS, MAX_OUTFLOWS = 4, 4
NEAREST = 12  # outflows looked at per candidate inflow
SCANNED = 40  # outflows of one sort compared with a candidate inflow
LEFT_OUT = 0.9  # off the score for each instalment that a candidate does not explain
STRANGER = 0.6  # off the score for each payer beyond the first that only a surname ties
KEPT = 8  # candidates kept of one set of inflows
MARKED = 200  # movements under one mark: more carry it by habit, not for a client
BUDGET = 40_000  # comparisons and sums per search
SHIFTS = 6
AMOUNT_ONLY_CHANCE = 0.25  # above this share of chance, groups by amount alone are dropped


@dataclass(frozen=True, slots=True)
class Deal:
    """A candidate: positions in the lists of inflows and outflows, how it is tied and how well it fits."""

    score: float
    inflows: tuple[int, ...]
    outflows: tuple[int, ...]
    level: float
    total: int
    paid: int

    @property
    def kept(self) -> int:
        return self.total - self.paid


@dataclass(frozen=True, slots=True)
class Found:
    deals: tuple[Deal, ...]
    chance: float  # share of the matched money that the null explains
    exhausted: bool  # the budget ended before the search did


def find_deals(inflows: Sequence[Side], outflows: Sequence[Side]) -> Found:
    """The disjoint deals between inflows and outflows, both sorted by time."""
    if not inflows or not outflows:
        return Found((), 0.0, False)
    marks = _Marks(inflows, outflows)
    search = _Search(inflows, outflows, marks)
    deals = search.disjoint()
    nulls = (
        [_Search(inflows, outflows, marks, moved).disjoint() for moved in _shifts(inflows, outflows)] if deals else []
    )
    bare = sum(deal.total for deal in deals if deal.level <= NONE)
    if bare and nulls:
        by_chance = sum(deal.total for null in nulls for deal in null if deal.level <= NONE) / len(nulls)
        if by_chance > AMOUNT_ONLY_CHANCE * bare:
            deals = [deal for deal in deals if deal.level > NONE]
            nulls = [[deal for deal in null if deal.level > NONE] for null in nulls]
    matched = sum(deal.total for deal in deals)
    null_money = sum(deal.total for null in nulls for deal in null) / len(nulls) if nulls else 0.0
    chance = min(1.0, null_money / matched) if matched else 0.0
    return Found(tuple(deals), chance, search.exhausted)


def _shifts(inflows: Sequence[Side], outflows: Sequence[Side]) -> Iterator[list[int]]:
    """For each null the days that the outflows are moved by, round and round within the period, beyond any horizon."""
    start = min(inflows[0].day, outflows[0].day)
    span = max(inflows[-1].day, outflows[-1].day) - start + 1
    least = int(STRONG_HORIZON_DAYS) + 1
    steps = sorted({least + (span - 2 * least) * k // (SHIFTS - 1) for k in range(SHIFTS)}) if span > 2 * least else []
    for step in steps or ([span // 2] if span > 3 else []):
        yield [(side.day - start + step) % span - (side.day - start) for side in outflows]


class _Marks:
    """What does not depend on time: who carries which mark, and in what order to look; shared by all searches."""

    def __init__(self, inflows: Sequence[Side], outflows: Sequence[Side]) -> None:
        self.out: dict[str, list[int]] = defaultdict(list)
        for position, side in enumerate(outflows):
            for token in side.tokens:
                self.out[token].append(position)
        paired: dict[str, list[int]] = defaultdict(list)
        self.tied: set[int] = set()
        for position, side in enumerate(inflows):
            for token in side.tokens:
                if len(self.out.get(token, ())) in range(1, MARKED + 1):
                    paired[token].append(position)
                    self.tied.add(position)
        # more movements than this carry a mark by habit, not for one client
        self.bursts = [
            (token, burst)
            for token, members in paired.items()
            if 1 < len(members) <= MARKED and (names_person(token) or any(ch.isdigit() for ch in token))
            for burst in _bursts(inflows, members)
        ]
        self.siblings = _siblings(inflows)
        # payments on a third-party matter, and transfers to persons that say nothing; no others match without a mark
        self.sorts = (
            [p for p, side in enumerate(outflows) if side.purpose in PURPOSE_CHINESE],
            [p for p, side in enumerate(outflows) if not side.purpose and side.silent and side.person],
        )
        # the largest sums first: where the budget ends, what is left is small
        self.order = sorted(range(len(inflows)), key=lambda i: (i not in self.tied, -inflows[i].amount, i))


def _siblings(inflows: Sequence[Side]) -> list[frozenset[int]]:
    """For every inflow the others of its payer on its matter within days: likely one client's instalments."""
    by_payer: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, side in enumerate(inflows):
        if side.party:
            by_payer[side.party, side.purpose].append(position)
    result: list[frozenset[int]] = [frozenset()] * len(inflows)
    for members in by_payer.values():
        for place, position in enumerate(members if len(members) > 1 else ()):
            near = [
                other
                for other in members[max(0, place - MAX_INFLOWS) : place + MAX_INFLOWS + 1]
                if other != position and abs(inflows[other].when - inflows[position].when) <= LINK_DAYS
            ]
            result[position] = frozenset(near)
    return result


def _bursts(inflows: Sequence[Side], members: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Inflows under one mark that follow each other within days, several at a time."""
    burst = [members[0]]
    for position in members[1:]:
        if inflows[position].when - inflows[burst[-1]].when > LINK_DAYS:
            if len(burst) > 1:
                yield tuple(burst)
            burst = []
        burst.append(position)
    if len(burst) > 1:
        yield tuple(burst)


_Near = tuple[int, float, frozenset[str]]  # position of an outflow, how it is tied, by which texts


class _Search:
    """One search. ``moved`` are the days by which each outflow is shifted for a null."""

    def __init__(
        self,
        inflows: Sequence[Side],
        outflows: Sequence[Side],
        marks: _Marks,
        moved: Sequence[int] | None = None,
    ) -> None:
        self.inflows, self.outflows, self.marks = inflows, outflows, marks
        self.budget = BUDGET
        self.exhausted = False
        shift = moved or [0] * len(outflows)
        self.out_day = [side.day + days for side, days in zip(outflows, shift, strict=True)]
        self.out_when = [side.when + days for side, days in zip(outflows, shift, strict=True)]
        self.by_sort: list[tuple[Sequence[int], list[int]]] = []
        for positions in marks.sorts:
            order = sorted(positions, key=self.out_when.__getitem__) if moved else positions
            self.by_sort.append((order, [self.out_day[position] for position in order]))

    def disjoint(self) -> list[Deal]:
        """The candidates by score, each movement used once."""
        chosen: list[Deal] = []
        used_in: set[int] = set()
        used_out: set[int] = set()
        for deal in sorted(self._candidates(), key=lambda d: (-d.score, d.inflows, d.outflows)):
            if used_in.isdisjoint(deal.inflows) and used_out.isdisjoint(deal.outflows):
                chosen.append(deal)
                used_in.update(deal.inflows)
                used_out.update(deal.outflows)
        return chosen

    def _candidates(self) -> Iterator[Deal]:
        yield from self._clusters()
        for anchor in self.marks.order:
            if self.budget <= 0:
                self.exhausted = True
                return
            for group in self._instalments(anchor):
                yield from self._payments(group)

    def _clusters(self) -> Iterator[Deal]:
        """All movements that carry one mark, however many: a collection for one order, a flat paid in many parts."""
        for token, burst in self.marks.bursts:
            if deal := self._collected(token, burst):
                yield deal

    def _collected(self, token: str, group: tuple[int, ...]) -> Deal | None:
        sides = [self.inflows[position] for position in group]
        first, last, day = sides[0].day, sides[-1].day + STRONG_HORIZON_DAYS, self.out_day
        payments: list[_Near] = [
            (position, STRONG, frozenset({token}))
            for position in self.marks.out[token]
            if first <= day[position] <= last
            and self._after(sides[0], position)
            and any(token in shared(other, self.outflows[position]) for other in sides[:MAX_INFLOWS])
        ]
        self.budget -= len(self.marks.out[token])
        total = sum(side.amount for side in sides)
        paid = sum(self.outflows[position].amount for position, _, _ in payments)
        if not payments or not total - int(total * MAX_COMMISSION) <= paid <= total:
            return None
        deal = self._deal(group, sides, payments, total, paid)
        # legs that all carry one mark are no reason for doubt
        return replace(deal, score=deal.score + 0.25 * (len(group) + len(payments) - 2)) if deal else None

    def _after(self, first: Side, position: int) -> bool:
        """Whether an outflow follows an inflow; a day without a time may follow anything of the same day."""
        if first.timed and self.outflows[position].timed:
            return self.out_when[position] >= first.when
        return self.out_day[position] >= first.day

    def _delay(self, sides: Sequence[Side], chosen: Sequence[_Near]) -> int:
        """Days from the last instalment to the last payment."""
        return max(self.out_day[position] for position, _, _ in chosen) - sides[-1].day

    def _doubt(self, group: tuple[int, ...], sides: Sequence[Side]) -> float:
        """What speaks against a set of inflows: instalments left out, payers that only share a surname."""
        left_out = set().union(*(self.marks.siblings[position] for position in group)) - set(group)
        strangers = {
            side.party for side in sides if not any(shared(side, other) for other in sides if other is not side)
        }
        return LEFT_OUT * len(left_out) + (STRANGER * (len(strangers) - 1) if len(strangers) > 1 else 0.0)

    # --- inflows of one client ------------------------------------------------------------------------------------

    def _instalments(self, anchor: int) -> Iterator[tuple[int, ...]]:
        first = self.inflows[anchor]
        linked: list[int] = []
        for position in range(anchor + 1, len(self.inflows)):
            side = self.inflows[position]
            if side.when - first.when > LINK_DAYS or len(linked) >= MAX_INFLOWS - 1:
                break
            self.budget -= 1
            if one_client(first, side):
                linked.append(position)
        for size in range(len(linked), -1, -1):
            for others in combinations(linked, size):
                yield (anchor, *others)

    # --- payments for one client ----------------------------------------------------------------------------------

    def _payments(self, group: tuple[int, ...]) -> Iterator[Deal]:
        sides = [self.inflows[position] for position in group]
        total = sum(side.amount for side in sides)
        near = self._near(sides, total)
        if not near:
            return
        low = total - int(total * MAX_COMMISSION)
        deals = (self._deal(group, sides, chosen, total, paid) for chosen, paid in self._sums(near, low, total))
        # where everything fits everything the best few say as much as all
        yield from nlargest(KEPT, (deal for deal in deals if deal), key=lambda deal: deal.score)
        yield from self._partly(group, sides, near, total, low)

    def _sums(self, near: Sequence[_Near], low: int, high: int) -> Iterator[tuple[list[_Near], int]]:
        """The sets of up to four payments whose sum lies between ``low`` and ``high``, largest payments first."""
        pool = sorted(near, key=lambda item: (-self.outflows[item[0]].amount, item[0]))
        amounts = [self.outflows[position].amount for position, _, _ in pool]
        rest = [sum(amounts[i:]) for i in range(len(amounts) + 1)]
        stack: list[tuple[int, int, list[_Near]]] = [(0, 0, [])]
        while stack:
            start, paid, chosen = stack.pop()
            self.budget -= 1
            if paid >= low:
                self.budget -= 3  # a fitting sum is weighed, which costs more than adding it up
                yield chosen, paid
            if len(chosen) == MAX_OUTFLOWS:
                continue
            for index in range(start, len(pool)):
                if paid + rest[index] < low:
                    break  # even all that is left does not reach the sum
                if paid + amounts[index] <= high:
                    stack.append((index + 1, paid + amounts[index], [*chosen, pool[index]]))

    def _near(self, sides: Sequence[Side], total: int) -> list[_Near]:
        """The outflows after the first instalment that may be for this client, best tied and nearest first."""
        first, last = sides[0], sides[-1].day
        outflows, out_day, out_when = self.outflows, self.out_day, self.out_when
        found: list[_Near] = []
        reachable = self._reachable(sides)
        self.budget -= len(reachable)
        for position in reachable:
            side = outflows[position]
            if side.amount > total or (days := out_day[position] - last) > STRONG_HORIZON_DAYS:
                continue
            if (out_when[position] < first.when) if first.timed and side.timed else (out_day[position] < first.day):
                continue
            level, ties = tie(sides, side)
            if level >= STRONG or (level >= NONE and days <= HORIZON_DAYS):
                found.append((position, level, ties))
        found.sort(key=lambda item: (-item[1], self.out_day[item[0]], item[0]))
        return found[:NEAREST]

    def _reachable(self, sides: Sequence[Side]) -> set[int]:
        """Positions worth comparing: those that carry one of the client's marks, and the next few of each sort."""
        result: set[int] = set()
        for token in {token for side in sides for token in side.tokens}:
            marked = self.marks.out.get(token, ())
            if len(marked) <= MARKED:
                result.update(marked)
        for positions, days in self.by_sort:
            start = bisect_left(days, sides[0].day)
            result.update(positions[start : start + SCANNED])
        return result

    def _deal(
        self,
        group: tuple[int, ...],
        sides: Sequence[Side],
        chosen: Sequence[_Near],
        total: int,
        paid: int,
    ) -> Deal | None:
        outs = [self.outflows[position] for position, _, _ in chosen]
        delay = self._delay(sides, chosen)
        levels = [level for _, level, _ in chosen]
        level = sum(levels) / len(levels)
        if not one_matter(outs, levels):
            return None
        if min(levels) <= NONE and (level < HALF or max(levels) < STRONG):
            if not precise(sides, outs, total, paid) or delay > PRECISE_DAYS:
                return None
            level = NONE
        gap = (total - paid) / total
        score = level + (1.0 if total == paid else 0.8 * (1 - gap / MAX_COMMISSION)) + specific(total, paid)
        score -= 0.06 * delay + 0.25 * (len(sides) + len(outs) - 2) + self._doubt(group, sides)
        return Deal(
            score=score,
            inflows=group,
            outflows=tuple(position for position, _, _ in chosen),
            level=level,
            total=total,
            paid=paid,
        )

    def _partly(
        self,
        group: tuple[int, ...],
        sides: Sequence[Side],
        near: Sequence[_Near],
        total: int,
        low: int,
    ) -> Iterator[Deal]:
        """All payments that carry the client's own mark, where they come to less than the commission allows."""
        strong = [item for item in near if item[1] >= STRONG][:MAX_OUTFLOWS]
        paid = sum(self.outflows[position].amount for position, _, _ in strong)
        if not strong or not total * MIN_FORWARDED <= paid < low:
            return
        delay = self._delay(sides, strong)
        # below every candidate that comes out even: those explain the same payments better
        score = 1.0 + paid / total - 0.05 * delay
        yield Deal(score, group, tuple(position for position, _, _ in strong), STRONG, total, paid)
