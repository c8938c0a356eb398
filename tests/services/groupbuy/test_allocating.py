"""Fewer boxes than were ordered: shared out without losing one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.services.groupbuy.allocating import Wish, allocate
from jiamenkou.services.groupbuy.states import ShortageRule

WISHES = st.lists(st.integers(1, 99), max_size=30).map(lambda all_: [Wish(n, q) for n, q in enumerate(all_)])


@given(st.integers(0, 2000), WISHES, st.sampled_from(list(ShortageRule)))
def test_every_box_is_somebodys_and_nobody_gets_more_than_they_wanted(
    arrived: int, wishes: list[Wish], rule: ShortageRule
) -> None:
    given_ = allocate(arrived, wishes, rule)
    assert sum(given_.values()) == min(arrived, sum(wish.quantity for wish in wishes))
    assert all(0 <= given_[wish.line] <= wish.quantity for wish in wishes)


@given(st.integers(0, 500), WISHES)
def test_even_is_within_one_box_of_the_share(arrived: int, wishes: list[Wish]) -> None:
    wanted = sum(wish.quantity for wish in wishes)
    for line, boxes in allocate(arrived, wishes, ShortageRule.EVEN).items():
        if arrived < wanted:
            assert abs(boxes * wanted - wishes[line].quantity * arrived) < wanted


def test_first_come() -> None:
    assert allocate(3, [Wish(1, 2), Wish(2, 2), Wish(3, 1)], ShortageRule.FIRST) == {1: 2, 2: 1, 3: 0}


def test_negative_boxes() -> None:
    with pytest.raises(ValueError):
        allocate(-1, [], ShortageRule.FIRST)
