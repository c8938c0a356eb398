"""The same answers as ``rank`` and ``rank_people``, for a whole city: built once, asked often.

``Index(seekers, openings)`` holds both sides as columns (``encode``). A query
judges all its pairs by a handful of array operations and scores the feasible
ones. Its results equal those of the plain functions, tie for tie; the tests
hold one against the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jiamenkou.engines.matching import reasons, walking
from jiamenkou.engines.matching.allotment import Edges
from jiamenkou.engines.matching.encode import FAR, Encoder, Flags, Ints, People, Posts
from jiamenkou.engines.matching.feasibility import feasible, walk_minutes
from jiamenkou.engines.matching.likeness import CODE_POINTS, OCCUPATION_POINTS
from jiamenkou.engines.matching.model import Match, Opening, Seeker
from jiamenkou.engines.matching.ranking import NO_WALK

# neighbours with the same reach, judged together: small enough for the cache, large enough for numpy
_BLOCK = 256
# a key sorts as the plain ranking does: score down, walk up, id up
_SCORE_FROM, _SCORE_SHIFT, _WALK_SHIFT = 2**10, 48, 28
_NOTHING = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Top:
    """Best first, one row per seeker: rows of openings (-1: no more), scores, minutes on foot (-1: unknown)."""

    opening: Ints
    score: Ints
    walk_min: Ints


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Feasible pairs of a block: positions within it, score and walk (NO_WALK: unknown)."""

    person: Ints
    post: Ints
    score: Ints
    walk: Ints


class Index:
    """Columns of all seekers and openings. Ids are unique on each side; at most 2²⁸ rows a side."""

    def __init__(self, seekers: Sequence[Seeker], openings: Sequence[Opening]) -> None:
        self.seekers, self.openings = tuple(seekers), tuple(openings)
        self._encoder = Encoder(self.seekers, self.openings)
        self._people = self._encoder.people(self.seekers)
        self._posts = self._encoder.posts(self.openings)
        self._judge = _Judge(self._encoder)

    def openings_for(self, seeker: Seeker, k: int = 20, *, reach: bool = False) -> list[Match]:
        """The first ``k`` of ``rank(seeker, openings)``; the seeker need not be in the index."""
        people = self._encoder.people([seeker])
        row = np.zeros(1, dtype=np.int64)
        near = _near(people, row, self._posts)
        pairs = self._judge.pairs(people, row, self._posts, near, reach=reach)
        keys = np.sort(_smallest(_keys(pairs, self._posts.order[near[pairs.post]]), k))
        by_order = np.argsort(self._posts.order)
        return [_match(seeker, self.openings[by_order[key & _LOW_ORDER]], int(key)) for key in keys]

    def people_for(self, opening: Opening, k: int = 50, *, reach: bool = False) -> list[Match]:
        """The first ``k`` of ``rank_people(opening, seekers)``; the opening need not be in the index."""
        posts = self._encoder.posts([opening])
        everyone = np.arange(len(self.seekers))
        pairs = self._judge.pairs(self._people, everyone, posts, np.zeros(1, dtype=np.int64), reach=reach)
        keys = np.sort(_smallest(_keys(pairs, self._people.order[pairs.person]), k))
        by_order = np.argsort(self._people.order)
        return [_match(self.seekers[by_order[key & _LOW_ORDER]], opening, int(key)) for key in keys]

    def top(self, k: int = 20) -> Top:
        """The first ``k`` openings of every seeker."""
        keys = np.full((len(self.seekers), k), _NOTHING, dtype=np.int64)
        for rows in _blocks(self._people):
            near = _near(self._people, rows, self._posts)
            pairs = self._judge.pairs(self._people, rows, self._posts, near)
            table = np.full((len(rows), max(len(near), k)), _NOTHING, dtype=np.int64)
            table[pairs.person, pairs.post] = _keys(pairs, self._posts.order[near[pairs.post]])
            keys[rows] = np.sort(np.partition(table, k - 1, axis=1)[:, :k], axis=1)
        found = keys != _NOTHING
        by_order = np.append(np.argsort(self._posts.order), -1)
        walk = keys >> _WALK_SHIFT & NO_WALK
        return Top(
            opening=by_order[np.where(found, keys & _LOW_ORDER, -1)],
            score=np.where(found, _SCORE_FROM - (keys >> _SCORE_SHIFT), 0),
            walk_min=np.where(found & (walk != NO_WALK), walk, -1),
        )

    def pairs(self) -> Edges:
        """All feasible pairs with their scores, for ``assign``; rows are places in ``seekers`` and ``openings``."""
        parts = [(np.zeros(0, dtype=np.int64),) * 3]
        for rows in _blocks(self._people):
            near = _near(self._people, rows, self._posts)
            found = self._judge.pairs(self._people, rows, self._posts, near)
            parts.append((rows[found.person], near[found.post], found.score))
        person, post, fit = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Edges(person, post, fit)


_LOW_ORDER = (1 << _WALK_SHIFT) - 1


class _Judge:
    """Feasibility and score of blocks of pairs; each rule is that of the plain function named beside it."""

    def __init__(self, encoder: Encoder) -> None:
        self._certificates = encoder.bits.pack([encoder.bits.certificates])[0]
        self._curable = encoder.bits.pack([encoder.bits.curable])[0]

    def pairs(self, people: People, rows: Ints, posts: Posts, near: Ints, *, reach: bool = False) -> _Pairs:
        """All pairs of these people and posts that are feasible, or within reach."""
        allowed = self._feasible(people, rows, posts, near, reach=reach)
        person, post = np.nonzero(allowed)
        fits = _HoursFit(people, people.week[rows], posts, posts.shift[near])
        kept = fits(person, post)
        person, post = person[kept], post[kept]
        who, what = rows[person], near[post]
        walk = _walk(people, who, posts, what)
        return _Pairs(person, post, self._score(people, who, posts, what, walk), walk)

    def _feasible(self, people: People, rows: Ints, posts: Posts, near: Ints, *, reach: bool) -> Flags:
        """``feasible`` but for the hours."""
        allowed = people.floor[rows, None] <= posts.hourly[near]
        for word in range(people.has.shape[1]):
            lacking = ~people.has[rows, word]
            if reach:
                lacking = lacking & ~self._curable[word]
            allowed &= (lacking[:, None] & posts.need[near, word]) == 0
        limited = people.placed[rows] & (people.reach[rows] < FAR)
        if limited.any():
            measured = posts.placed[near] & ~posts.home[near]
            apart = np.subtract.outer(people.x[rows], posts.x[near]) ** 2
            apart += np.subtract.outer(people.y[rows], posts.y[near]) ** 2
            allowed &= (apart <= people.reach[rows, None]) | ~(limited[:, None] & measured)
        return allowed

    def _score(self, people: People, who: Ints, posts: Posts, what: Ints, walk: Ints) -> Ints:
        """``reasons.score``."""
        scale = people.scale[who]
        total = np.where(walk == NO_WALK, 0, reasons.WALK_POINTS * np.maximum(scale - walk, 0) // scale)
        wish, monthly = people.wish_pay[who], posts.monthly[what]
        pay = reasons.PAY_POINTS // 2 + reasons.PAY_POINTS * (monthly - wish) // np.maximum(wish, 1)
        total += np.where((wish > 0) & (monthly >= 0), np.clip(pay, 0, reasons.PAY_POINTS), 0)
        total += np.where(people.timed[who] & posts.known[what], reasons.HOURS_POINTS, 0)
        asked = np.zeros(len(who), dtype=np.bool_)
        lacked = np.zeros(len(who), dtype=np.bool_)
        cures = np.zeros(len(who), dtype=np.int64)
        for word in range(people.has.shape[1]):
            need, lacking = posts.need[what, word], ~people.has[who, word]
            asked |= (need & self._certificates[word]) != 0
            lacked |= (need & lacking & self._certificates[word]) != 0
            cures += np.bitwise_count(need & lacking & self._curable[word])
        total += np.where(asked & ~lacked, reasons.CERTIFICATE_POINTS, 0)
        total += reasons.CURE_POINTS * cures
        return total + _likeness(people, who, posts, what)


def _likeness(people: People, who: Ints, posts: Posts, what: Ints) -> Ints:
    """``likeness.likeness``, over the distinct wishes and jobs of the block."""
    best = np.zeros(len(who), dtype=np.int64)
    if len(who) == 0 or people.wishes.shape[1] == 0:
        return best
    wishes, wish_at = _distinct(people.wishes[np.unique(who)].ravel(), len(people.wish_sizes))
    jobs, job_at = _distinct(posts.job[what], len(posts.job_codes))
    same = (people.wish_codes[wishes][:, None, :] == posts.job_codes[jobs][None, :, :]).sum(axis=2)
    shared = (people.wish_grams[wishes] @ posts.job_grams[jobs].T).toarray().astype(np.int64)
    size = np.maximum(people.wish_sizes[wishes], 1)[:, None]
    words = np.where(2 * shared >= size, OCCUPATION_POINTS * shared // size, 0)
    # one more row of zeros stands for the padding -1
    points = np.zeros((len(wishes) + 1, len(jobs)), dtype=np.int64)
    points[:-1] = np.maximum(np.array(CODE_POINTS)[same], words)
    for column in range(people.wishes.shape[1]):
        np.maximum(best, points[wish_at[people.wishes[who, column]], job_at[posts.job[what]]], out=best)
    return best


class _HoursFit:
    """``Shift.fits`` for pairs, over the distinct weeks and shifts of the block."""

    def __init__(self, people: People, week: Ints, posts: Posts, shift: Ints) -> None:
        weeks, week_at = _distinct(week, len(people.span_start))
        shifts, shift_at = _distinct(shift, len(posts.shift_days))
        self._row, self._column = week_at[week], shift_at[shift]
        start, end = people.span_start[weeks], people.span_end[weeks]
        low, high = posts.probe_low[shifts], posts.probe_high[shifts]
        every = np.ones((len(weeks), len(shifts)), dtype=np.bool_)
        some = ~every
        for day in range(7):
            fits = np.zeros((len(weeks), len(shifts)), dtype=np.bool_)
            for place in range(start.shape[2]):
                for probe in range(2):
                    covered = start[:, day, place, None] <= low[:, probe]
                    covered &= end[:, day, place, None] >= high[:, probe]
                    fits |= covered
            worked = (posts.shift_days[shifts] >> day & 1) != 0
            every &= fits | ~worked
            some |= fits & worked
        self._table = np.where(posts.shift_every[shifts], every, some)

    def __call__(self, person: Ints, post: Ints) -> Flags:
        kept: Flags = self._table[self._row[person], self._column[post]]
        return kept


def _walk(people: People, who: Ints, posts: Posts, what: Ints) -> Ints:
    """``walk_minutes``, with NO_WALK for unknown."""
    apart = (people.x[who] - posts.x[what]) ** 2 + (people.y[who] - posts.y[what]) ** 2
    walk = np.where(people.placed[who] & posts.placed[what], walking.minutes_of(apart), NO_WALK)
    return np.where(posts.home[what], 0, walk)


def _near(people: People, rows: Ints, posts: Posts) -> Ints:
    """Posts that lie in the box around these people widened by their reach, and those that lie nowhere."""
    reach = int(people.reach[rows].max(initial=0))
    if reach >= FAR or not people.placed[rows].all():
        return np.arange(len(posts.order))
    wide = int(np.ceil(np.sqrt(reach)))
    x, y = people.x[rows], people.y[rows]
    inside = (posts.x >= x.min() - wide) & (posts.x <= x.max() + wide)
    inside &= (posts.y >= y.min() - wide) & (posts.y <= y.max() + wide)
    return np.flatnonzero(inside | ~posts.placed | posts.home)


def _blocks(people: People) -> Iterator[Ints]:
    """All rows in blocks of neighbours with a like reach, so that few posts are near a block."""
    reach = np.where(people.placed, people.reach, FAR)
    cell = np.int64(500)  # metres
    order = np.lexsort((people.y // cell, people.x // cell, reach))
    edges = np.flatnonzero(
        (np.diff(reach[order]) != 0) | (np.diff(people.x[order] // cell) != 0) | (np.diff(people.y[order] // cell) > 1)
    )
    starts = [0, *(edges + 1).tolist(), len(order)]
    for first, last in pairwise(starts):
        for begin in range(first, last, _BLOCK):
            yield order[begin : min(begin + _BLOCK, last)]


def _distinct(ids: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct ids ≥ 0, and where each stands among them (-1 elsewhere; ``at[-1]`` is -1 too)."""
    seen = np.zeros(size + 1, dtype=np.bool_)
    seen[ids] = True
    seen[-1] = False
    at = np.where(seen, np.cumsum(seen) - 1, -1)
    return np.flatnonzero(seen), at


def _keys(pairs: _Pairs, order: Ints) -> Ints:
    return ((_SCORE_FROM - pairs.score) << _SCORE_SHIFT) | (pairs.walk << _WALK_SHIFT) | order


def _smallest(keys: Ints, k: int) -> Ints:
    return keys if len(keys) <= k else np.partition(keys, k - 1)[:k]


def _match(seeker: Seeker, opening: Opening, key: int) -> Match:
    return Match(
        seeker.id,
        opening.id,
        _SCORE_FROM - (key >> _SCORE_SHIFT),
        walk_minutes(seeker, opening),
        len(feasible(seeker, opening)),
    )
