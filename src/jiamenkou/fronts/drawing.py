"""Geometry of what the server draws: houses, the day against the school run, sparklines, parts of a whole.

Numbers in, numbers out; the templates write the SVG. Positions along a bar are percentages, so that a drawing
stretches without distorting its round ends and needs no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

SKY_WIDTH, SKY_HEIGHT = 390, 84


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its style class, in units of the sky's view box."""

    x: float
    y: float
    width: float
    height: float
    css: str


@dataclass(frozen=True, slots=True)
class Tree:
    """An osmanthus tree: the middle of its crown and its flowers."""

    x: float
    y: float
    flowers: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sky:
    """The houses of the neighbours, roofs as SVG points."""

    walls: tuple[Box, ...]
    roofs: tuple[tuple[str, str], ...]
    windows: tuple[Box, ...]
    trees: tuple[Tree, ...]


# left edge, width, height, windows across, has a roof; from left to right along the street
_HOUSES = (
    (-12, 62, 49, 3, False),
    (56, 54, 51, 2, True),
    (114, 86, 45, 3, False),
    (206, 54, 67, 2, False),
    (266, 62, 55, 3, True),
    (338, 86, 59, 3, False),
)
_TREES = (78, 277)
_FLOWERS = ((-9, -5), (0, -11), (8, -6), (-5, 5), (5, 3), (11, 5), (-12, 3))


@cache
def sky() -> Sky:
    """The street of our drawings, with every third window or so lit."""
    walls, roofs, windows = [], [], []
    for number, (left, width, height, across, roof) in enumerate(_HOUSES):
        css, top = ("a", "b2")[number % 2], SKY_HEIGHT - height
        walls.append(Box(left, top, width, height, css))
        if roof:
            roofs.append((f"{left - 3},{top} {left + width / 2:g},{top - 18} {left + width + 3},{top}", css))
        gap = width / (across * 2.4)
        for row in range((height - 6) // 20):
            for column in range(across):
                lit = (number * 5 + row * 3 + column * 7 + number * row) % 11 in (0, 3, 7, 10)
                x = left + (column + 0.5) * width / across - gap / 2
                windows.append(Box(round(x, 1), top + 12 + row * 20, round(gap, 1), 11, "on" if lit else "w"))
    trees = tuple(Tree(x, 50, tuple((x + dx, 50 + dy) for dx, dy in _FLOWERS)) for x in _TREES)
    return Sky(tuple(walls), tuple(roofs), tuple(windows), trees)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a bar in percent of its length, with its style class."""

    x: float
    width: float
    css: str


def minute_of_day(clock: str) -> int:
    """``07:40`` → 460; a wrong time is a ``ValueError``."""
    hours, minutes = (int(part) for part in clock.split(":"))
    if not (0 <= hours < 24 and 0 <= minutes < 60):
        raise ValueError(f"not a time of day: {clock}")
    return hours * 60 + minutes


def day_bar(work: tuple[str, str], school: Sequence[str]) -> list[Span]:
    """Work against the school runs, on one scale that leaves 20 minutes on either side.

    work: start and end as ``HH:MM``; an end before the start is the next morning. school: times to bring or fetch a
    child, each drawn as 24 minutes around it so that it can be seen.
    """
    start, end = minute_of_day(work[0]), minute_of_day(work[1])
    if end <= start:
        end += 24 * 60
    runs = [minute_of_day(clock) for clock in school]
    first, last = min([start, *runs]) - 20, max([end, *runs]) + 20
    scale = 100 / (last - first)

    def span(at: int, length: int, css: str) -> Span:
        return Span(round((at - first) * scale, 2), round(length * scale, 2), css)

    return [span(start, end - start, "work"), *(span(run - 12, 24, "school") for run in runs)]


def parts(total: int, given: Sequence[tuple[int, str]]) -> list[Span]:
    """The parts of a whole as neighbouring stretches; a sum that does not agree is a ``ValueError``."""
    if sum(count for count, _ in given) != total:
        raise ValueError(f"{total} is not the sum of {[count for count, _ in given]}")
    spans, at = [], 0.0
    for count, css in given:
        if count:
            width = 100 * count / total
            spans.append(Span(round(at, 2), round(width, 2), css))
            at += width
    return spans


@dataclass(frozen=True, slots=True)
class Trace:
    """A sparkline in an 80 × 24 box: its points, the area under it, its last point."""

    line: str
    area: str
    x: float
    y: float


def sparkline(values: Sequence[float], width: int = 80, height: int = 24) -> Trace:
    """The course of a figure; at least two values. A level course lies in the middle."""
    if len(values) < 2:
        raise ValueError("a sparkline needs two values")
    low, high = min(values), max(values)
    room = height - 6
    points = [
        (
            round(2 + at * (width - 5) / (len(values) - 1), 1),
            round(3 + (room / 2 if high == low else (high - value) / (high - low) * room), 1),
        )
        for at, value in enumerate(values)
    ]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return Trace(line, f"2,{height} {line} {points[-1][0]:g},{height}", *points[-1])
