"""A drawing of ours on a canvas twice as large, made small again: that is what smooths the edges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from jiamenkou.foundation.painting.fonts import font
from jiamenkou.foundation.painting.paths import Point, outlines

SCALE = 2
# a poster has some three hundred parts
MOST_PARTS, MOST_SIDE, MOST_LETTERS = 2_000, 1_600, 200_000
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TRANSFORM = re.compile(r"(translate|scale)\(([^)]*)\)")
# pictographs no font for text has; marks that only choose a look
_UNDRAWN = re.compile("[\U0001f000-\U0001faff\ufe0f\u200d]")


class NotOurs(ValueError):
    """Something that our templates do not draw."""


@dataclass(frozen=True, slots=True)
class State:
    """What a part takes from the groups around it: where its zero is, how large its unit, its colours."""

    x: float = 0.0
    y: float = 0.0
    scale: float = float(SCALE)
    fill: str = "#000000"
    stroke: str = ""
    stroke_width: float = 1.0

    def at(self, x: float, y: float) -> Point:
        return self.x + x * self.scale, self.y + y * self.scale

    def inside(self, part: Element) -> State:
        state = self
        for kind, said in _TRANSFORM.findall(part.get("transform", "")):
            numbers = [float(number) for number in re.split(r"[ ,]+", said.strip())]
            if kind == "translate":
                x, y = state.at(numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
                state = replace(state, x=x, y=y)
            else:
                state = replace(state, scale=state.scale * numbers[0])
        return replace(
            state,
            fill=_colour(part.get("fill"), state.fill, state.stroke),
            stroke=_colour(part.get("stroke"), state.stroke, state.stroke),
            stroke_width=float(part.get("stroke-width", state.stroke_width)),
        )


def paint(drawing: str) -> bytes:
    """The PNG of a drawing, in its own size. Raises :class:`NotOurs`; LookupError where there is no font."""
    if len(drawing) > MOST_LETTERS:
        raise NotOurs("too long")
    try:
        root = fromstring(drawing.strip())
    except ParseError as error:
        raise NotOurs("no drawing") from error
    width, height = (round(float(root.get(side, "0"))) for side in ("width", "height"))
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise NotOurs("no size")
    canvas = Image.new("RGB", (width * SCALE, height * SCALE), "#ffffff")
    _Painter(ImageDraw.Draw(canvas)).group(root, State())
    small = canvas.reduce(SCALE)
    out = BytesIO()
    # flat colours: a palette keeps the file a third of the size, and nobody sees the difference
    small.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Painter:
    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw, self.parts = draw, 0
        self.kinds: dict[str, Callable[[Element, State], None]] = {
            "g": self.group,
            "rect": self.rect,
            "circle": self.ellipse,
            "ellipse": self.ellipse,
            "line": self.line,
            "polygon": self.polygon,
            "polyline": self.polygon,
            "path": self.path,
            "text": self.text,
            "title": lambda part, state: None,
        }

    def group(self, part: Element, state: State) -> None:
        for child in part:
            self.parts += 1
            kind = _kind(child)
            if self.parts > MOST_PARTS or kind not in self.kinds:
                raise NotOurs(kind)
            self.kinds[kind](child, state.inside(child))

    def rect(self, part: Element, state: State) -> None:
        x, y, width, height = (_number(part, name) for name in ("x", "y", "width", "height"))
        left, top = state.at(x, y)
        right, bottom = state.at(x + width, y + height)
        radius = _number(part, "rx") * state.scale
        box = (left, top, right - 1, bottom - 1)
        self.draw.rounded_rectangle(
            box, radius, fill=state.fill or None, outline=state.stroke or None, width=self._pen(state)
        )

    def ellipse(self, part: Element, state: State) -> None:
        x, y = state.at(_number(part, "cx"), _number(part, "cy"))
        across, down = ((_number(part, name) or _number(part, "r")) * state.scale for name in ("rx", "ry"))
        if state.fill:
            self.draw.ellipse((x - across, y - down, x + across, y + down), fill=state.fill)
        if state.stroke:
            half = self._pen(state) / 2  # the line runs along the edge, not inside it
            box = (x - across - half, y - down - half, x + across + half, y + down + half)
            self.draw.ellipse(box, outline=state.stroke, width=self._pen(state))

    def line(self, part: Element, state: State) -> None:
        ends = [(_number(part, f"x{n}"), _number(part, f"y{n}")) for n in (1, 2)]
        self._stroke([state.at(*end) for end in ends], False, state)

    def polygon(self, part: Element, state: State) -> None:
        numbers = [float(number) for number in re.split(r"[ ,]+", part.get("points", "").strip()) if number]
        points = [state.at(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        closed = _kind(part) == "polygon"
        if closed and state.fill and len(points) > 2:
            self.draw.polygon(points, fill=state.fill)
        self._stroke(points, closed, state)

    def path(self, part: Element, state: State) -> None:
        dashes = [float(number) for number in part.get("stroke-dasharray", "").split()]
        for outline, closed in outlines(part.get("d", "")):
            points = [state.at(*point) for point in outline]
            if state.fill and len(points) > 2:
                self._fill(points, state.fill)
            for piece in _dashed(points, [dash * state.scale for dash in dashes]) if dashes else [points]:
                self._stroke(piece, closed and not dashes, state, round_ends=not dashes)

    def text(self, part: Element, state: State) -> None:
        size = round(_number(part, "font-size") * state.scale)
        bold = part.get("font-weight") == "700"
        runs = [(part.text or "", bold)]
        runs += [(one.text or "", bold or one.get("font-weight") == "700") for one in part]
        drawn = [(_drawn(words), heavy) for words, heavy in runs if words.strip()]
        x, y = state.at(_number(part, "x"), _number(part, "y"))
        if part.get("text-anchor") == "end":
            x -= sum(font(size, heavy)[0].getlength(words) for words, heavy in drawn)
        for words, heavy in drawn:
            face, thicken = font(size, heavy)
            outline = max(1, size // 40) if thicken else 0
            self.draw.text(
                (x, y), words, fill=state.fill, font=face, anchor="ls", stroke_width=outline, stroke_fill=state.fill
            )
            x += face.getlength(words)

    def _fill(self, points: list[Point], colour: str) -> None:
        """Squares of a code meet exactly: a rectangle's far edge is the next one's."""
        xs, ys = {x for x, _ in points}, {y for _, y in points}
        if len(points) == 4 and len(xs) == 2 and len(ys) == 2:
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
            self.draw.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill=colour)
        else:
            self.draw.polygon(points, fill=colour)

    def _stroke(self, points: list[Point], closed: bool, state: State, *, round_ends: bool = True) -> None:
        if not state.stroke or len(points) < 2:
            return
        pen = self._pen(state)
        line = [*points, points[0]] if closed else points
        self.draw.line(line, fill=state.stroke, width=pen, joint="curve")
        if round_ends:
            r = pen / 2
            for x, y in (line[0], line[-1]):
                self.draw.ellipse((x - r, y - r, x + r, y + r), fill=state.stroke)

    @staticmethod
    def _pen(state: State) -> int:
        return max(1, round(state.stroke_width * state.scale)) if state.stroke else 0


def _dashed(points: list[Point], dashes: list[float]) -> Iterator[list[Point]]:
    """A straight line in dashes; ours are nowhere else."""
    (x, y), (end, _) = points[0], points[-1]
    on, off = dashes[0], dashes[-1]
    while x < end:
        yield [(x, y), (min(x + on, end), y)]
        x += on + off


def _drawn(words: str) -> str:
    return _UNDRAWN.sub("", "".join(ch for ch in words if unicodedata.category(ch) != "Cc"))


def _kind(part: Element) -> str:
    return part.tag.rpartition("}")[2]


def _number(part: Element, name: str) -> float:
    return float(part.get(name, "0"))


def _colour(said: str | None, now: str, around: str) -> str:
    if said is None:
        return now
    if said == "none":
        return ""
    if said == "currentColor":  # a dot of an icon that is otherwise lines
        return around
    if not _COLOUR.fullmatch(said):
        raise NotOurs("a colour")
    return said
