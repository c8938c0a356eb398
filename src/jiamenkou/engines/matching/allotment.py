"""One round, one answer: who gets which post, as good as it can be, with the proof beside it.

Order of aims, each strictly before the next: people of the priority group
placed, people placed, fit. Not the solver but this order does the social work.

People of one seat go to an assignment by shortest augmenting paths
(``scipy.sparse.csgraph.min_weight_full_bipartite_matching``) over the few pairs
of each person that matter. The answer is proved over all pairs, in whole
numbers: seat prices are found that make a dual solution of the same value, and
by weak duality nothing can be better. Where a price shows that a pair left out
could matter, it comes into play and the round is solved again. Families that
need several seats, or fits that are not whole numbers, go to HiGHS
(``scipy.optimize.milp``), which reports its own gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from jiamenkou.engines.matching.feasibility import feasible
from jiamenkou.engines.matching.model import Opening, Seeker
from jiamenkou.engines.matching.reasons import score

Ints = npt.NDArray[np.int64]
# doubles hold whole numbers up to here; a larger sum of weights could not be told apart
_EXACT = 2**53
# pairs of a person that come into play at a time, and how far (in points of fit) from bettering the answer they may
# be: few are needed, the prices show which, and a little slack saves solving once more for a single pair
_AT_ONCE = 4
_SLACK = 5


class NotProved(RuntimeError):
    """The solver's answer could not be shown to be the best; nothing is returned in its place."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Feasible pairs as arrays of equal length: person row, post row, fit ≥ 0 (higher is better)."""

    person: Ints
    post: Ints
    fit: Ints


@dataclass(frozen=True, slots=True)
class Allotment:
    """``post_of[i]`` is the post row of person i, or -1. The bound equals the weight: proved."""

    post_of: Ints
    prices: Ints
    weight: int
    bound: int
    placed: int
    placed_priority: int
    fit: int


def allot(seekers: Sequence[Seeker], openings: Sequence[Opening]) -> dict[str, str]:
    """Seeker id → opening id for a round; places left are the seats (not stated: one).

    People registered as hard to employ are the priority group. For large
    rounds take the pairs from ``Index.pairs`` and call ``assign``.
    """
    people, posts = sorted(seekers, key=lambda s: s.id), sorted(openings, key=lambda o: o.id)
    rows = [
        (i, j, score(seeker, opening))
        for i, seeker in enumerate(people)
        for j, opening in enumerate(posts)
        if not feasible(seeker, opening)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    result = assign(
        Edges(table[:, 0], table[:, 1], table[:, 2]),
        priority=np.array([s.hard_to_employ for s in people], dtype=np.bool_),
        seats=np.array([1 if o.places_left is None else max(o.places_left, 0) for o in posts], dtype=np.int64),
    )
    return {people[i].id: posts[j].id for i, j in enumerate(result.post_of.tolist()) if j >= 0}


def assign(edges: Edges, *, priority: npt.NDArray[np.bool_], seats: Ints) -> Allotment:
    """The best one-seat-a-person assignment (see the module) with its proof.

    ``priority`` has one flag per person, ``seats`` one count per post. Raises
    ValueError for a negative fit or more pairs than whole numbers can weigh,
    NotProved if the proof fails.
    """
    if len(np.unique(edges.person * len(seats) + edges.post)) != len(edges.post):
        raise ValueError("a pair stands twice")
    weight = _weights(edges, priority, seats)
    gain = weight
    near = np.ones(len(weight), dtype=np.bool_)
    in_play = np.zeros(len(weight), dtype=np.bool_)
    while True:
        in_play[_first_few(edges.person, gain, np.flatnonzero(near & ~in_play))] = True
        post_of, prices = _solve(_only(edges, in_play), weight[in_play], len(priority), seats)
        gain = weight - prices[edges.post]
        own = np.zeros(len(priority), dtype=np.int64)
        taken = post_of[edges.person] == edges.post
        own[edges.person[taken]] = gain[taken]
        if (gain <= own[edges.person]).all():
            break
        near = gain > own[edges.person] - _SLACK
    total, bound = int(weight[taken].sum()), int(own.sum()) + int((prices * seats).sum())
    if bound != total or (own < 0).any() or (prices < 0).any() or _crowded(post_of, seats):
        raise NotProved(f"weight {total}, bound {bound}")
    return Allotment(
        post_of=post_of,
        prices=prices,
        weight=total,
        bound=bound,
        placed=int((post_of >= 0).sum()),
        placed_priority=int((post_of[priority] >= 0).sum()),
        fit=int(edges.fit[taken].sum()),
    )


def _weights(edges: Edges, priority: npt.NDArray[np.bool_], seats: Ints) -> Ints:
    """One number per pair whose sum orders assignments by priority placed, placed, fit."""
    if edges.fit.size == 0:
        return np.zeros(0, dtype=np.int64)
    if int(edges.fit.min()) < 0:
        raise ValueError("a fit must not be negative")
    most = min(len(np.unique(edges.person)), int(np.minimum(seats, len(priority)).sum()))
    a_person = most * int(edges.fit.max()) + 1
    a_priority = most * a_person + 1
    if most * (a_priority + a_person + a_person) >= _EXACT:
        raise ValueError("too many people or too large a fit for an exact answer: split the round by community")
    return edges.fit + a_person + a_priority * priority[edges.person]


def _first_few(person: Ints, gain: Ints, candidates: Ints) -> Ints:
    """Of the candidate pairs, those with the most gain for each person."""
    order = candidates[np.lexsort((-gain[candidates], person[candidates]))]
    people = person[order]
    kept: Ints = order[np.arange(len(order)) - np.searchsorted(people, people) < _AT_ONCE]
    return kept


def _only(edges: Edges, kept: npt.NDArray[np.bool_]) -> Edges:
    return Edges(edges.person[kept], edges.post[kept], edges.fit[kept])


def _crowded(post_of: Ints, seats: Ints) -> bool:
    return bool((np.bincount(post_of[post_of >= 0], minlength=len(seats)) > seats).any())


def _solve(edges: Edges, weight: Ints, people: int, seats: Ints) -> tuple[Ints, Ints]:
    """The best assignment of these pairs, and its prices.

    Each seat stands for itself. The scarcer of seats and people are the rows, and each row has one more column of
    its own for staying alone: searches from the plentiful side would end nowhere.
    """
    post_of = np.full(people, -1, dtype=np.int64)
    copies = np.minimum(seats, np.bincount(edges.post, minlength=len(seats)))
    first = np.concatenate(([0], np.cumsum(copies)))
    owner = np.repeat(np.arange(len(seats)), copies)
    if len(owner) == 0 or people == 0:
        return post_of, _prices(edges, weight, post_of, seats)
    times = copies[edges.post]
    pair = np.repeat(np.arange(len(weight)), times)
    seat = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times) + first[edges.post[pair]]
    person = edges.person[pair]
    seats_are_rows = len(owner) < people
    row, column = (seat, person) if seats_are_rows else (person, seat)
    rows, columns = (len(owner), people) if seats_are_rows else (people, len(owner))
    alone = np.arange(rows)
    # a stored zero would read as "no pair", so all weights are lifted by one: every row takes exactly one column
    graph = csr_array(
        (
            np.concatenate((weight[pair], np.zeros(rows, dtype=np.int64))) + 1.0,
            (np.concatenate((row, alone)), np.concatenate((column, columns + alone))),
        ),
        shape=(rows, columns + rows),
    )
    taker, taken = min_weight_full_bipartite_matching(graph, maximize=True)
    paired = taken < columns
    taker, taken = taker[paired], taken[paired]
    if seats_are_rows:
        post_of[taken] = owner[taker]
    else:
        post_of[taker] = owner[taken]
    return post_of, _prices(edges, weight, post_of, seats)


def _prices(edges: Edges, weight: Ints, post_of: Ints, seats: Ints) -> Ints:
    """What one more seat of each post would be worth: the dual side of the assignment.

    Difference constraints solved by Bellman–Ford over posts and one outside
    node (prices 0). They have no solution exactly when the assignment can be
    improved, hence NotProved.
    """
    posts = outside = len(seats)
    held = post_of[edges.person]
    matched = held == edges.post
    own = np.zeros(len(post_of), dtype=np.int64)
    own[edges.person[matched]] = weight[matched]
    free = np.flatnonzero(np.bincount(post_of[post_of >= 0], minlength=posts) < seats)
    # a post without any seat: no holder sets its price, so it may be as high as the keenest bid
    shut = np.flatnonzero(seats <= 0)
    constraints = [
        # (from, to, length): price[to] <= price[from] + length. Nobody would rather have another post than their own,
        # where who holds nothing holds the outside
        (edges.post[~matched], np.where(held < 0, outside, held)[~matched], (own[edges.person] - weight)[~matched]),
        # nobody would rather stay out than pay the price of their post
        (np.full(int(matched.sum()), outside), edges.post[matched], weight[matched]),
        # prices are not negative, and zero where a seat is free
        (np.arange(posts), np.full(posts, outside), np.zeros(posts, dtype=np.int64)),
        (np.full(len(free), outside), free, np.zeros(len(free), dtype=np.int64)),
        (np.full(len(shut), outside), shut, np.full(len(shut), weight.max(initial=0))),
    ]
    tail, head, span = (np.concatenate(part) for part in zip(*constraints, strict=True))
    distance = np.full(posts + 1, _EXACT, dtype=np.int64)
    distance[outside] = 0
    for _ in range(posts + 2):
        relaxed = distance.copy()
        np.minimum.at(relaxed, head, distance[tail] + span)
        if np.array_equal(relaxed, distance):
            return distance[:posts]
        distance = relaxed
    raise NotProved("an improving cycle remains")


@dataclass(frozen=True, slots=True)
class FamilyAllotment:
    """``place_of[i]`` is the place of family i, or -1; ``bound`` is the solver's proved upper bound on ``value``."""

    place_of: Ints
    value: float
    bound: float


def assign_families(
    value: npt.NDArray[np.float64],
    sizes: Ints,
    capacities: Ints,
    *,
    gap: float = 0.0,
    limits: Mapping[str, float] | None = None,
) -> FamilyAllotment:
    """The most valuable placement of families that need several seats each.

    ``value`` is families × places, NaN or negative where a pair is impossible;
    ``sizes`` seats per family, ``capacities`` seats per place. ``gap`` is the
    relative gap at which the search may stop; ``limits`` passes further options
    to HiGHS (``time_limit`` in seconds). Raises NotProved without an optimum.
    """
    family, place = np.nonzero(np.nan_to_num(value, nan=-1.0) > 0)
    place_of = np.full(len(sizes), -1, dtype=np.int64)
    if len(family) == 0:
        return FamilyAllotment(place_of, 0.0, 0.0)
    column = np.arange(len(family))
    once = coo_array((np.ones(len(family)), (family, column)), shape=(len(sizes), len(family)))
    seats = coo_array((sizes[family].astype(float), (place, column)), shape=(len(capacities), len(family)))
    found = milp(
        -value[family, place],
        integrality=np.ones(len(family)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            vstack([once, seats], format="csr"), -np.inf, np.concatenate((np.ones(len(sizes)), capacities))
        ),
        options={"mip_rel_gap": gap, **(limits or {})},
    )
    if not found.success:
        raise NotProved(str(found.message))
    taken = np.flatnonzero(found.x > 0.5)
    place_of[family[taken]] = place[taken]
    return FamilyAllotment(place_of, float(value[family, place][taken].sum()), float(-found.mip_dual_bound))
