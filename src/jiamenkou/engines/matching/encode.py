"""Seekers and openings as columns of numbers, so that millions of pairs are judged at once.

Everything that is had or not had (certificates, schooling, kinds, what the body
allows) becomes one bit: a post's ``need`` must lie within a person's ``has``.
Weeks, shifts, wishes and titles are stored once each and referred to by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from jiamenkou.engines.matching import hours, walking
from jiamenkou.engines.matching.feasibility import OBTAINABLE_CERTIFICATES
from jiamenkou.engines.matching.likeness import code_groups, title_grams, word_grams
from jiamenkou.engines.matching.model import Education, Kind, Opening, Seeker, Spot
from jiamenkou.engines.matching.pay import best_hourly_fen, sure_monthly_fen
from jiamenkou.engines.matching.reasons import walk_scale

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

FAR = 2**62  # a squared distance or an hourly pay that no limit excludes
_PAD_START, _PAD_END = 2**14, -1  # a span that covers nothing
_WORD = 64


class Bits:
    """Names of things had or not had, each with its place in an array of 64-bit words."""

    def __init__(self, certificates: Iterable[str], demands: Iterable[str]) -> None:
        # "nobody" is needed by a full post and by a certificate that no known person or post names
        names = ["nobody", "reserved", *(f"kind {k}" for k in Kind), *(f"education {e}" for e in Education)]
        names += [f"certificate {c}" for c in sorted(OBTAINABLE_CERTIFICATES | set(certificates))]
        names += [f"demand {d}" for d in sorted(set(demands))]
        self.at = {name: 1 << place for place, name in enumerate(names)}
        self.words = -(-len(names) // _WORD)
        self.certificates = sum(bit for name, bit in self.at.items() if name.startswith("certificate "))
        self.curable = self.at["reserved"] | sum(self.at[f"certificate {c}"] for c in OBTAINABLE_CERTIFICATES)
        self._demands = sum(bit for name, bit in self.at.items() if name.startswith("demand "))

    def has(self, seeker: Seeker) -> int:
        bits = self._demands
        for demand in seeker.limits:
            bits &= ~self.at.get(f"demand {demand}", 0)
        for certificate in seeker.certificates:
            bits |= self.at.get(f"certificate {certificate}", 0)
        for kind in seeker.accepts or Kind:
            bits |= self.at[f"kind {kind}"]
        for level in Education:
            if seeker.education is None or level <= seeker.education:
                bits |= self.at[f"education {level}"]
        return bits | (self.at["reserved"] if seeker.hard_to_employ else 0)

    def need(self, opening: Opening) -> int:
        bits = self.at[f"kind {opening.kind}"]
        for certificate in opening.certificates:
            bits |= self.at.get(f"certificate {certificate}", self.at["nobody"])
        for demand in opening.demands:
            bits |= self.at.get(f"demand {demand}", 0)
        if opening.education is not None:
            bits |= self.at[f"education {opening.education}"]
        if opening.reserved:
            bits |= self.at["reserved"]
        if opening.places_left is not None and opening.places_left <= 0:
            bits |= self.at["nobody"]
        return bits

    def pack(self, masks: Sequence[int]) -> Words:
        """(n, words) of unsigned 64-bit words, lowest first."""
        low = (1 << _WORD) - 1
        rows = [[mask >> (_WORD * word) & low for word in range(self.words)] for mask in masks]
        return np.array(rows, dtype=np.uint64).reshape(len(masks), self.words)


@dataclass(frozen=True, slots=True)
class Grams:
    """The columns that titles and wished-for words share."""

    column: dict[str, int]

    def rows(self, sets: Sequence[frozenset[str]]) -> csr_array:
        """(n, columns), 1 where the set holds the gram; unknown grams have no column."""
        found = [[self.column[gram] for gram in grams if gram in self.column] for grams in sets]
        ends = np.cumsum([0, *map(len, found)])
        columns = np.array([column for row in found for column in row], dtype=np.int32)
        return csr_array((np.ones(len(columns), dtype=np.int32), columns, ends), shape=(len(sets), len(self.column)))


Wish = tuple[str, str]  # (code, "") or ("", word)
Job = tuple[str, str]  # (code, title)


def code_prefixes(codes: Iterable[str], row: dict[tuple[str, ...], int], blank: int, *, learn: bool) -> Ints:
    """(n, 4) numbers, equal where the leading groups of two codes are; ``blank`` where a group is not given."""
    rows = []
    for code in codes:
        groups = code_groups(code)
        prefixes = [groups[: n + 1] for n in range(4)]
        if learn:
            for prefix in prefixes:
                row.setdefault(prefix, len(row))
        rows.append([row.get(prefix, blank) if all(prefix) else blank for prefix in prefixes])
    return np.array(rows, dtype=np.int64).reshape(len(rows), 4)


@dataclass(frozen=True, slots=True)
class People:
    """Columns of seekers. ``week`` and ``wishes`` (padded with -1) are rows of the arrays below them."""

    order: Ints
    x: Ints
    y: Ints
    placed: Flags
    reach: Ints
    scale: Ints
    floor: Ints
    wish_pay: Ints
    has: Words
    timed: Flags
    week: Ints
    span_start: npt.NDArray[np.int16]
    span_end: npt.NDArray[np.int16]
    wishes: Ints
    wish_codes: Ints
    wish_grams: csr_array
    wish_sizes: Ints


@dataclass(frozen=True, slots=True)
class Posts:
    """Columns of openings. ``shift`` and ``job`` are rows of the arrays below them."""

    order: Ints
    x: Ints
    y: Ints
    placed: Flags
    home: Flags
    hourly: Ints
    monthly: Ints
    need: Words
    known: Flags
    shift: Ints
    shift_days: npt.NDArray[np.uint8]
    shift_every: Flags
    probe_low: npt.NDArray[np.int16]
    probe_high: npt.NDArray[np.int16]
    job: Ints
    job_codes: Ints
    job_grams: csr_array


class Encoder:
    """What both sides share: bits, grams and code prefixes, learnt from the indexed seekers and openings."""

    def __init__(self, seekers: Sequence[Seeker], openings: Sequence[Opening]) -> None:
        self.bits = Bits(
            {c for s in seekers for c in s.certificates} | {c for o in openings for c in o.certificates},
            {d for s in seekers for d in s.limits} | {d for o in openings for d in o.demands},
        )
        grams = {g for o in openings for g in title_grams(o.title)}
        grams |= {g for s in seekers for word in s.wanted_words for g in word_grams(word)}
        self.grams = Grams({gram: column for column, gram in enumerate(sorted(grams))})
        self.prefixes: dict[tuple[str, ...], int] = {}
        codes = {o.code for o in openings} | {code for s in seekers for code in s.wanted_codes}
        code_prefixes(sorted(codes), self.prefixes, -1, learn=True)

    def people(self, seekers: Sequence[Seeker]) -> People:
        x, y, placed = _spots([s.spot for s in seekers])
        weeks: dict[hours.Week, int] = {}
        week = [weeks.setdefault(hours.week(s.windows), len(weeks)) for s in seekers]
        start, end = _spans(list(weeks))
        wishes: dict[Wish, int] = {}
        wished = [
            [wishes.setdefault(wish, len(wishes)) for wish in (*((c, "") for c in s.wanted_codes), *_words(s))]
            for s in seekers
        ]
        word_sets = [word_grams(word) for _, word in wishes]
        return People(
            order=_order([s.id for s in seekers]),
            x=x,
            y=y,
            placed=placed,
            reach=_ints(FAR if s.max_walk_min is None else walking.reach_squared(s.max_walk_min) for s in seekers),
            scale=_ints(map(walk_scale, seekers)),
            floor=_ints(-1 if s.min_hourly_fen is None else s.min_hourly_fen for s in seekers),
            wish_pay=_ints(s.wish_monthly_fen or 0 for s in seekers),
            has=self.bits.pack([self.bits.has(s) for s in seekers]),
            timed=np.array([bool(s.windows) for s in seekers], dtype=np.bool_),
            week=_ints(week),
            span_start=start,
            span_end=end,
            wishes=_padded(wished),
            wish_codes=code_prefixes((code for code, _ in wishes), self.prefixes, -1, learn=False),
            wish_grams=self.grams.rows(word_sets),
            wish_sizes=_ints(map(len, word_sets)),
        )

    def posts(self, openings: Sequence[Opening]) -> Posts:
        x, y, placed = _spots([o.spot for o in openings])
        shifts: dict[hours.Shift, int] = {}
        shift = [shifts.setdefault(hours.shift(o), len(shifts)) for o in openings]
        jobs: dict[Job, int] = {}
        job = [jobs.setdefault((o.code, o.title), len(jobs)) for o in openings]
        probes = np.array([(s.probes[0], s.probes[-1]) for s in shifts], dtype=np.int16).reshape(-1, 2, 2)
        hourly, monthly = map(best_hourly_fen, openings), map(sure_monthly_fen, openings)
        return Posts(
            order=_order([o.id for o in openings]),
            x=x,
            y=y,
            placed=placed,
            home=np.array([o.kind is Kind.HOME for o in openings], dtype=np.bool_),
            hourly=_ints(FAR if fen is None else fen for fen in hourly),
            monthly=_ints(-1 if fen is None else fen for fen in monthly),
            need=self.bits.pack([self.bits.need(o) for o in openings]),
            known=np.array([hours.shift(o).known for o in openings], dtype=np.bool_),
            shift=_ints(shift),
            shift_days=np.array([s.days for s in shifts], dtype=np.uint8),
            shift_every=np.array([s.every for s in shifts], dtype=np.bool_),
            probe_low=probes[:, :, 0],
            probe_high=probes[:, :, 1],
            job=_ints(job),
            job_codes=code_prefixes((code for code, _ in jobs), self.prefixes, -2, learn=False),
            job_grams=self.grams.rows([title_grams(title) for _, title in jobs]),
        )


def _words(seeker: Seeker) -> Iterable[Wish]:
    return (("", word) for word in seeker.wanted_words)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _order(ids: Sequence[str]) -> Ints:
    """The place of each id among all of them sorted; ids are unique."""
    order = np.empty(len(ids), dtype=np.int64)
    order[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return order


def _spots(spots: Sequence[Spot | None]) -> tuple[Ints, Ints, Flags]:
    return (
        _ints(0 if s is None else s.x for s in spots),
        _ints(0 if s is None else s.y for s in spots),
        np.array([s is not None for s in spots], dtype=np.bool_),
    )


def _padded(rows: Sequence[Sequence[int]]) -> Ints:
    table = np.full((len(rows), max(map(len, rows), default=0)), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _spans(weeks: Sequence[hours.Week]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """(weeks, 7, most spans a day) starts and ends, padded with spans that cover nothing."""
    most = max((len(spans) for week in weeks for spans in week), default=1)
    start = np.full((len(weeks), 7, most), _PAD_START, dtype=np.int16)
    end = np.full((len(weeks), 7, most), _PAD_END, dtype=np.int16)
    for row, week in enumerate(weeks):
        for day, spans in enumerate(week):
            for place, span in enumerate(spans):
                start[row, day, place], end[row, day, place] = span.start, span.end
    return start, end
