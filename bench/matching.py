"""Figures of ``engines/matching``: a city's worth of pairs, one query, a weekly round, a real round.

``python -m bench.matching`` prints JSON; ``run()`` returns it. CPU seconds are
the steady figure. The town is invented from a fixed seed.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jiamenkou.engines.matching import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    Allotment,
    Edges,
    Education,
    Index,
    Kind,
    Opening,
    PayUnit,
    Seeker,
    Spot,
    Window,
    assign,
    assign_families,
)

SCHOOL_RUN = (Window(MONDAY_TO_FRIDAY, 480, 930, "送孩子", "接孩子"),)
WEEKS = ((), (), (), SCHOOL_RUN, SCHOOL_RUN, (Window(EVERY_DAY, 360, 720),), (Window(MONDAY_TO_FRIDAY, 540, 1080),))
SHIFTS = ((480, 930), (540, 1080), (450, 690), (600, 810), (1320, 360), (360, 840), (None, None), (None, None))
JOBS = (
    ("4-10-01-05", "养老护理员", "养老护理员证"),
    ("4-03-02-05", "食堂帮厨", "健康证"),
    ("4-09-08-01", "楼道保洁员", ""),
    ("4-07-05-01", "小区保安", "保安员证"),
    ("4-01-02-03", "超市收银员", ""),
    ("4-02-07-03", "送餐员", "健康证"),
    ("6-31-01-03", "维修电工", "电工证"),
    ("4-10-01-06", "钟点家政", ""),
    ("2-08-01-01", "幼儿园保育员", "健康证"),
    ("6-05-01-01", "缝纫工", ""),
)
PLACES = ("桂花园", "梧桐里", "青枫", "河西", "老街", "文景", "丽华", "北塘")
DEMANDS = ("搬重物", "久站", "登高")


def town(people: int, openings: int, seed: int = 1, communities: int = 0) -> tuple[list[Seeker], list[Opening]]:
    """Invented people and posts around community centres: one for a thousand seekers, one a square kilometre."""
    rng = random.Random(seed)
    communities = communities or max(people // 1000, 1)
    side = 1000 * math.sqrt(communities)
    centres = [(rng.uniform(0, side), rng.uniform(0, side)) for _ in range(communities)]

    def near() -> Spot:
        x, y = rng.choice(centres)
        return Spot(round(rng.gauss(x, 400)), round(rng.gauss(y, 400)))

    return [_seeker(rng, i, near()) for i in range(people)], [_opening(rng, i, near()) for i in range(openings)]


def _seeker(rng: random.Random, number: int, home: Spot) -> Seeker:
    wanted = rng.sample(JOBS, rng.randint(0, 2))
    return Seeker(
        id=f"s{number:06}",
        spot=home if rng.random() < 0.97 else None,
        windows=rng.choice(WEEKS),
        max_walk_min=rng.choice((10, 15, 20, 30, 30, 45, None) if rng.random() < 0.3 else (15, 20, 30)),
        wish_walk_min=rng.choice((None, 10, 15)),
        min_hourly_fen=rng.choice((None, None, 1500, 1800, 2200)),
        wish_monthly_fen=rng.choice((None, 300_000, 400_000, 500_000)),
        certificates=frozenset(c for _, _, c in rng.sample(JOBS, 3) if c),
        limits=frozenset(rng.sample(DEMANDS, rng.choice((0, 0, 0, 1)))),
        education=rng.choice((None, *Education)),
        hard_to_employ=rng.random() < 0.14,
        wanted_codes=frozenset(code for code, _, _ in wanted[:1]),
        wanted_words=frozenset(title[-3:] for _, title, _ in wanted[1:]),
        accepts=frozenset() if rng.random() < 0.7 else frozenset(rng.sample(list(Kind), 3)),
    )


def _opening(rng: random.Random, number: int, place: Spot) -> Opening:
    code, title, certificate = rng.choice(JOBS)
    start, end = rng.choice(SHIFTS)
    kind = rng.choices(list(Kind), (50, 20, 15, 10, 5))[0]
    hourly = kind in (Kind.PART_TIME, Kind.CASUAL)
    pay = rng.randrange(1500, 3000, 100) if hourly else rng.randrange(240_000, 650_000, 10_000)
    return Opening(
        id=f"o{number:06}",
        title=rng.choice(PLACES) + title,
        kind=kind,
        code=code,
        spot=place if rng.random() < 0.95 else None,
        days=rng.choice((MONDAY_TO_FRIDAY, MONDAY_TO_FRIDAY, EVERY_DAY, 0b0111111, None)),
        start=start,
        end=end,
        pay_min_fen=pay,
        pay_max_fen=pay * 5 // 4,
        pay_unit=PayUnit.HOUR if hourly else PayUnit.MONTH,
        certificates=frozenset({certificate} if certificate and rng.random() < 0.8 else ()),
        demands=frozenset(rng.sample(DEMANDS, rng.choice((0, 0, 1)))),
        education=rng.choice((None, None, Education.JUNIOR, Education.SENIOR, Education.COLLEGE)),
        reserved=kind is Kind.PUBLIC_POST,
        places_left=rng.randint(1, 6),
    )


def timed(work: Callable[[], object]) -> tuple[float, float, object]:
    """CPU seconds, wall seconds and the result of a call."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def percentiles(work: Callable[[int], object], count: int) -> dict[str, float]:
    """CPU milliseconds of ``count`` calls after a warm one."""
    work(0)
    cpu = sorted(1000 * timed(lambda i=i: work(i))[0] for i in range(count))
    return {f"p{p}_cpu_ms": round(cpu[min(count * p // 100, count - 1)], 2) for p in (50, 95, 99)}


def city(people: int, openings: int) -> dict[str, object]:
    seekers, posts = town(people, openings)
    strangers, fresh = town(1000, 300, seed=2, communities=max(people // 1000, 1))
    build, _, index = timed(lambda: Index(seekers, posts))
    assert isinstance(index, Index)
    cpu, wall, _ = timed(lambda: index.top(20))
    return {
        "people": people,
        "openings": openings,
        "build_cpu_s": round(build, 2),
        "top20_all_cpu_s": round(cpu, 2),
        "top20_all_wall_s": round(wall, 2),
        "feasible_a_person": round(len(index.pairs().post) / people, 1) if people <= 25_000 else None,
        "one_resident": percentiles(lambda i: index.openings_for(strangers[i], 20), len(strangers)),
        "one_opening": percentiles(lambda i: index.people_for(fresh[i], 50), len(fresh)),
        "target": "top-20 for 100,000 x 10,000 < 20 CPU-s, one resident p99 < 20 ms, one opening < 10 ms",
    }


def first_come(edges: Edges, people: int, seats: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Everybody in turn takes the best post that is left: what an office does without a round."""
    post_of = np.full(people, -1, dtype=np.int64)
    left = seats.copy()
    starts = np.searchsorted(edges.person, np.arange(people + 1))
    for person in range(people):
        mine = slice(starts[person], starts[person + 1])
        open_posts = edges.post[mine][left[edges.post[mine]] > 0]
        if len(open_posts):
            fits = edges.fit[mine][left[edges.post[mine]] > 0]
            post_of[person] = open_posts[int(fits.argmax())]
            left[post_of[person]] -= 1
    return post_of


def weekly_round(people: int, openings: int, communities: int) -> dict[str, object]:
    seekers, posts = town(people, openings, seed=5, communities=communities)
    priority = np.array([s.hard_to_employ for s in seekers])
    seats = np.array([o.places_left or 0 for o in posts], dtype=np.int64)
    pairs_cpu, pairs_wall, edges = timed(lambda: Index(seekers, posts).pairs())
    assert isinstance(edges, Edges)
    order = np.lexsort((edges.post, edges.person))
    edges = Edges(edges.person[order], edges.post[order], edges.fit[order])
    cpu, wall, found = timed(lambda: assign(edges, priority=priority, seats=seats))
    assert isinstance(found, Allotment)
    served = first_come(edges, people, seats)
    everyone = np.zeros(people, dtype=np.bool_)
    placeable = assign(
        Edges(*(column[priority[edges.person]] for column in (edges.person, edges.post, edges.fit))),
        priority=everyone,
        seats=seats,
    ).placed
    return {
        "people": people,
        "openings": openings,
        "seats": int(seats.sum()),
        "pairs": len(edges.post),
        "pairs_cpu_s": round(pairs_cpu, 2),
        "assign_cpu_s": round(cpu, 2),
        "whole_wall_s": round(pairs_wall + wall, 2),
        "proved": found.weight == found.bound,
        "placed": found.placed,
        "placed_priority": found.placed_priority,
        "placeable_priority": placeable,
        "first_come_placed": int((served >= 0).sum()),
        "first_come_priority": int((served[priority] >= 0).sum()),
        "target": "proved optimum < 5 s, at least 95 % of placeable priority people",
    }


def placement_round(folder: Path) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A year of real placement cases: value (cases × places, NaN: none), sizes, capacities = max(stated, actual).

    The matrices call one place by another name than the capacity file does, and
    write names in capitals.
    """
    prefix = folder.name
    with open(folder / f"{prefix}_cap.csv", newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.reader(lines))[1:]
    capacity = {
        row[0].strip().upper(): max(int(row[1] or 0), sum(int(cell or 0) for cell in row[2:5])) for row in rows if row
    }
    capacity["NY-NEW YORK CITY"] = capacity["NY-HIAS NEW YORK"]
    with open(folder / f"{prefix}_Employment_Weight.csv", newline="", encoding="utf-8-sig") as lines:
        header, *weights = list(csv.reader(lines))
    with open(folder / f"{prefix}_Compatibility.csv", newline="", encoding="utf-8-sig") as lines:
        columns, *compatible = list(csv.reader(lines))
    with open(folder / f"{prefix}_size.csv", newline="", encoding="utf-8-sig") as lines:
        size = {row[0]: sum(int(cell or 0) for cell in row[1:4]) for row in list(csv.reader(lines))[1:] if row}
    allowed = {
        (row[0], name.strip().upper()): cell == "1"
        for row in compatible
        for name, cell in zip(columns, row, strict=True)
    }
    names = [name.strip().upper() for name in header[1:]]
    value = np.array(
        [
            [
                _number(cell) if allowed.get((row[0], name)) else math.nan
                for name, cell in zip(names, row[1:], strict=True)
            ]
            for row in weights
        ]
    )
    return value, np.array([size[row[0]] for row in weights]), np.array([capacity[name] for name in names])


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def real_round(data: Path) -> dict[str, object]:
    folder = data / "refugee_hias" / "FY16"
    if not folder.exists():
        return {"skipped": "data beside the project is absent: refugee_hias/FY16"}
    cpu, wall, found = timed(lambda: assign_families(*placement_round(folder), gap=3e-5))
    return {
        "value": round(found.value, 2),  # type: ignore[attr-defined]
        "bound": round(found.bound, 2),  # type: ignore[attr-defined]
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "target": "286.08 proved in < 5 s; first come reaches 237.9",
    }


def growth(sizes: tuple[int, ...], work: Callable[[int], float]) -> dict[str, object]:
    """Seconds at n, 4n, 16n and the exponent over the whole range."""
    seconds = [work(n) for n in sizes]
    exponent = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
    return {"n": list(sizes), "cpu_s": [round(s, 3) for s in seconds], "exponent": round(exponent, 2)}


def _top_seconds(people: int) -> float:
    index = Index(*town(people, people // 10))
    return timed(lambda: index.top(20))[0]


def _round_seconds(people: int) -> float:
    value = weekly_round(people, people // 5, communities=max(people // 170, 1))["assign_cpu_s"]
    assert isinstance(value, float)
    return max(value, 0.001)


def run(data: Path | None = None) -> dict[str, object]:
    beside = data or Path(__file__).resolve().parents[2] / "shared" / "data"
    return {
        "city": city(100_000, 10_000),
        "weekly_round": weekly_round(10_000, 2_000, communities=60),
        "weekly_round_dense": weekly_round(10_000, 2_000, communities=10),
        "real_round": real_round(beside),
        "growth_top20": growth((6_250, 25_000, 100_000), _top_seconds),
        "growth_round": growth((625, 2_500, 10_000), _round_seconds),
    }


if __name__ == "__main__":
    json.dump(run(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
