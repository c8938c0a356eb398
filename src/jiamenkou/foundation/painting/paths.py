"""Outlines of a path as points: lines, curves and arcs are cut into short pieces."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

Point = tuple[float, float]
_LETTERS = "MmLlHhVvCcSsQqAaZz"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_FLAG = re.compile("[01]")
# pieces of a curve; an icon of 24 units is drawn at most 90 pixels large
_PIECES = 14
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7}


def outlines(d: str) -> list[tuple[list[Point], bool]]:
    """Each part of the path as its points, and whether it is closed."""
    parts: list[tuple[list[Point], bool]] = []
    points: list[Point] = []
    at: Point = (0.0, 0.0)
    pull: Point | None = None  # the second handle of the last curve
    for command, given in _commands(d):
        letter, relative = command.upper(), command.islower()
        if letter == "Z":
            if points:
                at = points[0]
                parts.append((points, True))
            points, pull = [], None
            continue
        if letter == "M":
            if len(points) > 1:
                parts.append((points, False))
            at = _moved(at, given, relative)
            points, pull = [at], None
            continue
        if not points:
            points = [at]  # after a z the next part begins where the last one did
        steps, at, pull = _drawn(letter, relative, given, at, pull)
        points += steps
    if len(points) > 1:
        parts.append((points, False))
    return parts


def _drawn(
    letter: str, relative: bool, given: list[float], at: Point, pull: Point | None
) -> tuple[list[Point], Point, Point | None]:
    """The points that a command adds, where it ends, and its last handle."""
    x, y = at
    base = at if relative else (0.0, 0.0)
    if letter == "H":
        end = (given[0] + base[0], y)
        return [end], end, None
    if letter == "V":
        end = (x, given[0] + base[1])
        return [end], end, None
    if letter == "A":
        end = _moved(at, given[5:], relative)
        return list(_arc(at, end, given[:5])), end, None
    pairs = [(given[i] + base[0], given[i + 1] + base[1]) for i in range(0, len(given), 2)]
    end = pairs[-1]
    if letter == "L":
        return [end], end, None
    if letter == "Q":
        handles = [_between(at, pairs[0], 2 / 3), _between(end, pairs[0], 2 / 3)]
    elif letter == "S":
        handles = [(2 * x - pull[0], 2 * y - pull[1]) if pull else at, pairs[0]]
    else:
        handles = pairs[:2]
    return list(_curve(at, handles[0], handles[1], end)), end, handles[1]


def _commands(d: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with as many numbers as it takes; more numbers repeat it."""
    command, at = "", 0
    numbers: list[float] = []
    while at < len(d):
        if d[at] in _LETTERS:
            command, numbers, at = d[at], [], at + 1
            if command in "Zz":
                yield command, []
            continue
        # the two flags of an arc are one digit each and may stand without a space
        flag = command in "Aa" and len(numbers) in (3, 4)
        match = (_FLAG if flag else _NUMBER).match(d, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        numbers.append(float(match[0]))
        if command and len(numbers) == _TAKES.get(command.upper(), 0):
            yield command, numbers
            numbers = []
            # more pairs after a move are lines
            command = {"M": "L", "m": "l"}.get(command, command)


def _moved(at: Point, by: list[float], relative: bool) -> Point:
    return (at[0] + by[0], at[1] + by[1]) if relative else (by[0], by[1])


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _curve(a: Point, b: Point, c: Point, d: Point) -> Iterator[Point]:
    for piece in range(1, _PIECES + 1):
        t = piece / _PIECES
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        yield tuple(sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))  # type: ignore[misc]


def _arc(start: Point, end: Point, given: list[float]) -> Iterator[Point]:
    """An arc of an ellipse, by its centre (SVG 1.1, appendix F.6.5)."""
    rx, ry, turn, large, sweep = abs(given[0]), abs(given[1]), math.radians(given[2]), given[3] != 0, given[4] != 0
    if start == end:
        return
    if not rx or not ry:
        yield end
        return
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    grow = (x / rx) ** 2 + (y / ry) ** 2
    if grow > 1:
        rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
    over = max((rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2, 0.0) / ((rx * y) ** 2 + (ry * x) ** 2)
    sign = math.sqrt(over) * (-1 if large == sweep else 1)
    cx, cy = sign * rx * y / ry, -sign * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    swept = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    if sweep and swept < 0:
        swept += 2 * math.pi
    elif not sweep and swept > 0:
        swept -= 2 * math.pi
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    for piece in range(1, _PIECES + 1):
        angle = first + swept * piece / _PIECES
        px, py = rx * math.cos(angle) + cx, ry * math.sin(angle) + cy
        yield cos * px - sin * py + middle[0], sin * px + cos * py + middle[1]
