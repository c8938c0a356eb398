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
import numpy.typing as npt

from jiamenkou.engines.matching import walking
from jiamenkou.engines.matching.allotment import Edges
from jiamenkou.engines.matching.encode import FAR, Encoder, Flags, Ints, People, Posts
from jiamenkou.engines.matching.feasibility import feasible
from jiamenkou.engines.matching.likeness import CODE_POINTS, OCCUPATION_POINTS
from jiamenkou.engines.matching.model import Match, Opening, Seeker
from jiamenkou.engines.matching.ranking import NO_WALK
from jiamenkou.engines.matching.reasons import CERTIFICATE_POINTS, CURE_POINTS, HOURS_POINTS, PAY_POINTS, WALK_POINTS

# neighbours with the same reach, judged together: small enough for the cache, large enough for numpy
_BLOCK = 256
_CELL = 800  # metres
Points = npt.NDArray[np.int16]
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
        self._person_at = np.argsort(self._people.order)
        self._post_at = np.argsort(self._posts.order)

    def openings_for(self, seeker: Seeker, k: int = 20, *, reach: bool = False) -> list[Match]:
        """The first ``k`` of ``rank(seeker, openings)``; the seeker need not be in the index."""
        people = self._encoder.people([seeker])
        row = np.zeros(1, dtype=np.int64)
        near = _near(people, row, self._posts)
        pairs = self._judge.pairs(people, row, self._posts, near, reach=reach)
        keys = np.sort(_smallest(_keys(pairs, self._posts.order[near[pairs.post]]), k))
        return [_match(seeker, self.openings[self._post_at[key & _LOW_ORDER]], key, reach) for key in keys.tolist()]

    def people_for(self, opening: Opening, k: int = 50, *, reach: bool = False) -> list[Match]:
        """The first ``k`` of ``rank_people(opening, seekers)``; the opening need not be in the index."""
        posts = self._encoder.posts([opening])
        rows = self._judge.around(self._people, posts, reach=reach)
        pairs = self._judge.pairs(self._people, rows, posts, np.zeros(1, dtype=np.int64), reach=reach)
        keys = np.sort(_smallest(_keys(pairs, self._people.order[rows[pairs.person]]), k))
        return [_match(self.seekers[self._person_at[key & _LOW_ORDER]], opening, key, reach) for key in keys.tolist()]

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
        by_order = np.append(self._post_at, -1)
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
    """Feasibility and score of blocks of pairs; each rule is that of the plain function named beside it.

    What depends on few distinct values (weeks and shifts, wishes and jobs) is worked out once for each two of them.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._certificates = encoder.bits.pack([encoder.bits.certificates])[0]
        self._curable = encoder.bits.pack([encoder.bits.curable])[0]

    def pairs(self, people: People, rows: Ints, posts: Posts, near: Ints, *, reach: bool = False) -> _Pairs:
        """All pairs of these people and posts that are feasible, or within reach."""
        allowed = self._feasible(people, rows, posts, near, reach=reach)
        # the rest is only worked out for people and posts that still have anybody
        kept_rows, kept_near = np.flatnonzero(allowed.any(axis=1)), np.flatnonzero(allowed.any(axis=0))
        allowed, rows, near = allowed[np.ix_(kept_rows, kept_near)], rows[kept_rows], near[kept_near]
        allowed &= _hours_fit(people, people.week[rows], posts, posts.shift[near])
        flat = np.flatnonzero(allowed)
        person = np.repeat(np.arange(len(rows)), np.count_nonzero(allowed, axis=1))
        post = flat - person * len(near)
        walk = _walk(people, rows[person], posts, near[post])
        scale = people.scale[rows][person]
        score = self._points(people, rows, posts, near, reach=reach).ravel()[flat].astype(np.int64)
        score += np.where(walk == NO_WALK, 0, WALK_POINTS * np.maximum(scale - walk, 0) // scale)
        return _Pairs(kept_rows[person], kept_near[post], score, walk)

    def around(self, people: People, posts: Posts, *, reach: bool) -> Ints:
        """People who have what a single post needs and from whom it is not out of reach east-west or north-south."""
        kept = people.floor <= posts.hourly[0]
        for word in range(people.has.shape[1]):
            need = posts.need[0, word] & ~self._curable[word] if reach else posts.need[0, word]
            kept &= (people.has[:, word] & need) == need
        rows = np.flatnonzero(kept)
        if not posts.placed[0] or posts.home[0]:
            return rows
        limit = people.reach[rows]
        near = ((people.x[rows] - posts.x[0]) ** 2 <= limit) & ((people.y[rows] - posts.y[0]) ** 2 <= limit)
        found: Ints = rows[near | ~people.placed[rows]]
        return found

    def _feasible(self, people: People, rows: Ints, posts: Posts, near: Ints, *, reach: bool) -> Flags:
        """``feasible`` but for the hours, for each pair: (people, posts)."""
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

    def _points(self, people: People, rows: Ints, posts: Posts, near: Ints, *, reach: bool) -> Points:
        """``reasons.score`` for each pair but for the walk: (people, posts), of meaning where the pair is allowed."""
        total = _likeness(people, rows, posts, near)
        wish, monthly = people.wish_pay[rows, None], posts.monthly[near]
        # whole fen below 2⁴⁰ divide exactly enough in doubles: no quotient is rounded up to a whole number
        pay = np.floor(PAY_POINTS * (monthly - wish) / np.maximum(wish, 1)) + PAY_POINTS // 2
        pay *= (wish > 0) & (monthly >= 0)
        total += np.clip(pay, 0, PAY_POINTS).astype(np.int16)
        total += np.int16(HOURS_POINTS) * (people.timed[rows, None] & posts.known[near])
        asked = ((posts.need[near] & self._certificates) != 0).any(axis=1)
        lacked = np.zeros(total.shape if reach else 1, dtype=np.bool_)
        for word in range(people.has.shape[1] if reach else 0):
            lacking = posts.need[near, word] & ~people.has[rows, word, None]
            lacked |= (lacking & self._certificates[word]) != 0
            total += np.int16(CURE_POINTS) * np.bitwise_count(lacking & self._curable[word]).astype(np.int16)
        total += np.int16(CERTIFICATE_POINTS) * (asked & ~lacked)
        return total


def _likeness(people: People, rows: Ints, posts: Posts, near: Ints) -> Points:
    """``likeness.likeness`` for each pair: (people, posts)."""
    wishes, wish_at = _distinct(people.wishes[rows].ravel(), len(people.wish_sizes))
    jobs, job_at = _distinct(posts.job[near], len(posts.job_codes))
    same = (people.wish_codes[wishes][:, None, :] == posts.job_codes[jobs][None, :, :]).sum(axis=2)
    shared = (people.wish_grams[wishes] @ posts.job_grams[jobs].T).toarray().astype(np.int64)
    size = np.maximum(people.wish_sizes[wishes], 1)[:, None]
    words = np.where(2 * shared >= size, OCCUPATION_POINTS * shared // size, 0)
    # one more row of zeros stands for the padding -1
    points = np.zeros((len(wishes) + 1, len(jobs)), dtype=np.int16)
    points[:-1] = np.maximum(np.array(CODE_POINTS)[same], words)
    best = np.zeros((len(rows), len(jobs)), dtype=np.int16)
    for column in range(people.wishes.shape[1]):
        np.maximum(best, points[wish_at[people.wishes[rows, column]]], out=best)
    spread: Points = np.take(best, job_at[posts.job[near]], axis=1)
    return spread


def _hours_fit(people: People, week: Ints, posts: Posts, shift: Ints) -> Flags:
    """``Shift.fits`` for each pair: (weeks, shifts)."""
    weeks, week_at = _distinct(week, len(people.span_start))
    shifts, shift_at = _distinct(shift, len(posts.shift_days))
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
    table = np.where(posts.shift_every[shifts], every, some)
    spread: Flags = np.take(table[week_at[week]], shift_at[shift], axis=1)
    return spread


def _walk(people: People, who: Ints, posts: Posts, what: Ints) -> Ints:
    """``walk_minutes``, with NO_WALK for unknown."""
    apart = (people.x[who] - posts.x[what]) ** 2 + (people.y[who] - posts.y[what]) ** 2
    walk = np.where(people.placed[who] & posts.placed[what], walking.minutes_of(apart), NO_WALK)
    walk[posts.home[what]] = 0
    return walk


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
    east, north, far = people.x // _CELL, people.y // _CELL, reach >= FAR
    order = np.lexsort((reach, north, east, far))
    turns = sum((np.diff(column[order]) != 0).astype(np.int64) for column in (far, east, north))
    starts = [0, *(np.flatnonzero(turns) + 1).tolist(), len(order)]
    for first, last in pairwise(starts):
        for begin in range(first, last, _BLOCK):
            yield order[begin : min(begin + _BLOCK, last)]


def _distinct(ids: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct ids ≥ 0, and where each stands among them (-1 elsewhere; ``at[-1]`` is -1 too).

    Where there are more ids than could be distinct, all are taken: looking costs more than it saves.
    """
    if len(ids) >= size:
        return np.arange(size), np.append(np.arange(size), -1)
    seen = np.zeros(size + 1, dtype=np.bool_)
    seen[ids] = True
    seen[-1] = False
    at = np.where(seen, np.cumsum(seen) - 1, -1)
    return np.flatnonzero(seen), at


def _keys(pairs: _Pairs, order: Ints) -> Ints:
    return ((_SCORE_FROM - pairs.score) << _SCORE_SHIFT) | (pairs.walk << _WALK_SHIFT) | order


def _smallest(keys: Ints, k: int) -> Ints:
    return keys if len(keys) <= k else np.partition(keys, k - 1)[:k]


def _match(seeker: Seeker, opening: Opening, key: int, reach: bool) -> Match:
    walk = key >> _WALK_SHIFT & NO_WALK
    return Match(
        seeker.id,
        opening.id,
        _SCORE_FROM - (key >> _SCORE_SHIFT),
        None if walk == NO_WALK else walk,
        len(feasible(seeker, opening)) if reach else 0,
    )
