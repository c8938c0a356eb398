"""Fewer boxes came than were ordered: who gets how many. Pure arithmetic; nothing is lost by rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiamenkou.services.groupbuy.states import ShortageRule


@dataclass(frozen=True, slots=True)
class Wish:
    """What one order line wants. The order of a sequence of wishes is the order in which they were placed."""

    line: int
    quantity: int


def allocate(arrived: int, wishes: Sequence[Wish], rule: ShortageRule) -> dict[int, int]:
    """Line → boxes. The sum is ``min(arrived, wanted)``; nobody gets more than they wanted.

    FIRST serves in order. EVEN gives everybody the same share, rounded down, and hands out the rest to the largest
    remainders, earlier ones first.

    >>> allocate(3, [Wish(1, 2), Wish(2, 2)], ShortageRule.FIRST)
    {1: 2, 2: 1}
    """
    if arrived < 0:
        raise ValueError("boxes are not negative")
    wanted = sum(wish.quantity for wish in wishes)
    if arrived >= wanted:
        return {wish.line: wish.quantity for wish in wishes}
    return _first(arrived, wishes) if rule == ShortageRule.FIRST else _even(arrived, wanted, wishes)


def _first(arrived: int, wishes: Sequence[Wish]) -> dict[int, int]:
    given = {}
    for wish in wishes:
        given[wish.line] = min(wish.quantity, arrived)
        arrived -= given[wish.line]
    return given


def _even(arrived: int, wanted: int, wishes: Sequence[Wish]) -> dict[int, int]:
    given = {wish.line: wish.quantity * arrived // wanted for wish in wishes}
    rest = arrived - sum(given.values())
    by_remainder = sorted(range(len(wishes)), key=lambda place: (-(wishes[place].quantity * arrived % wanted), place))
    for place in by_remainder[:rest]:
        given[wishes[place].line] += 1
    return given
