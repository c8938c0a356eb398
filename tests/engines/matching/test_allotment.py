"""A round against trying every assignment, its proof, and a real round with families."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from bench.matching import placement_round
from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.matching import (
    Edges,
    Opening,
    Seeker,
    allot,
    assign,
    assign_families,
    feasible,
    score,
)
from tests.engines.matching.strategies import people, posts
from tests.shared import shared

Round = tuple[list[tuple[int, int, int]], list[bool], list[int]]


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    cells = draw(st.lists(st.none() | st.integers(0, 9), min_size=n * m, max_size=n * m))
    edges = [(i // m, i % m, fit) for i, fit in enumerate(cells) if fit is not None]
    return (
        edges,
        draw(st.lists(st.booleans(), min_size=n, max_size=n)),
        draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
    )


def run(edges: list[tuple[int, int, int]], priority: list[bool], seats: list[int]) -> tuple[int, int, int]:
    table = np.array(edges, dtype=np.int64).reshape(-1, 3)
    found = assign(
        Edges(table[:, 0], table[:, 1], table[:, 2]),
        priority=np.array(priority, dtype=np.bool_),
        seats=np.array(seats, dtype=np.int64),
    )
    fit = {(i, j): f for i, j, f in edges}
    taken = [(i, j) for i, j in enumerate(found.post_of.tolist()) if j >= 0]
    assert all(pair in fit for pair in taken)
    assert all(sum(j == post for _, j in taken) <= seats[post] for post in range(len(seats)))
    assert found.weight == found.bound
    assert (found.prices >= 0).all()
    assert found.fit == sum(fit[pair] for pair in taken)
    assert found.placed == len(taken)
    assert found.placed_priority == sum(priority[i] for i, _ in taken)
    return found.placed_priority, found.placed, found.fit


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_a_round_is_as_good_as_trying_everything(given_round: Round) -> None:
    edges, priority, seats = given_round
    fit = {(i, j): f for i, j, f in edges}
    choices = [[-1, *(j for j in range(len(seats)) if (i, j) in fit)] for i in range(len(priority))]
    best = max(
        (
            sum(priority[i] for i, j in enumerate(posts) if j >= 0),
            sum(j >= 0 for j in posts),
            sum(fit[i, j] for i, j in enumerate(posts) if j >= 0),
        )
        for posts in itertools.product(*choices)
        if all(posts.count(j) <= seats[j] for j in range(len(seats)))
    )
    assert run(edges, priority, seats) == best


@settings(deadline=None)
@given(rounds(), st.data())
def test_one_more_seat_never_places_fewer(given_round: Round, data: st.DataObject) -> None:
    edges, priority, seats = given_round
    post = data.draw(st.integers(0, len(seats) - 1))
    more = [count + (j == post) for j, count in enumerate(seats)]
    assert run(edges, priority, more)[:2] >= run(edges, priority, seats)[:2]


@settings(max_examples=60, deadline=None)
@given(people(5), posts(4))
def test_allot_gives_only_feasible_posts_whatever_the_order(who: list[Seeker], what: list[Opening]) -> None:
    given_out = allot(who, what)
    by_seeker, by_opening = {s.id: s for s in who}, {o.id: o for o in what}
    for seeker, opening in given_out.items():
        assert not feasible(by_seeker[seeker], by_opening[opening])
        assert score(by_seeker[seeker], by_opening[opening]) >= 0
    assert allot(who[::-1], what[::-1]) == given_out
    more = [replace(o, places_left=None if o.places_left is None else o.places_left + 1) for o in what]
    assert len(allot(who, more)) >= len(given_out)


def test_priority_comes_before_fit() -> None:
    assert run([(0, 0, 90), (1, 0, 10)], [False, True], [1]) == (1, 1, 10)
    assert run([(0, 0, 90), (1, 0, 10), (0, 1, 0)], [False, True], [1, 1]) == (1, 2, 10)


def test_what_cannot_be_exact_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        run([(0, 0, -1)], [False], [1])
    with pytest.raises(ValueError, match="twice"):
        run([(0, 0, 1), (0, 0, 2)], [False], [1])
    with pytest.raises(ValueError, match="too large"):
        run([(i, 0, 2**50) for i in range(3)], [False] * 3, [3])
    assert run([], [], [1]) == (0, 0, 0)
    assert run([], [True], []) == (0, 0, 0)


def test_families_go_together_or_not_at_all() -> None:
    value = np.array([[3.0, np.nan], [2.0, 2.0], [2.0, -1.0]])
    found = assign_families(value, np.array([3, 2, 1]), np.array([3, 2]))
    assert found.place_of.tolist() == [0, 1, -1]
    assert found.value == found.bound == 5.0
    assert assign_families(np.full((1, 1), np.nan), np.array([1]), np.array([1])).value == 0.0


def test_real_placement_round_reaches_its_optimum() -> None:
    """HIAS FY16: 286.08 expected jobs, with capacity the larger of what was stated and what came."""
    value, sizes, capacities = placement_round(shared("refugee_hias/FY16"))
    found = assign_families(value, sizes, capacities, gap=3e-5)
    assert found.value == pytest.approx(286.08, abs=0.01)
    assert found.bound <= found.value * 1.00003
