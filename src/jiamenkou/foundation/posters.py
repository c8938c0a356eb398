"""A poster of 750 × 1200: where its title, its figure and its lines stand. What it says is the room's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from jiamenkou.foundation.painting import can_paint

# the poster's column in units of its 750 wide drawing
WIDTH = 598
LINE_WIDTH = 530
LINE_SIZE = 36
TITLE_SIZES = (56, 48, 42)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its icon; ``strong`` is printed bold before the rest. ``y`` is the line the letters stand on."""

    icon: str
    strong: str
    rest: str
    y: int
    size: int = LINE_SIZE

    @property
    def icon_y(self) -> int:
        return self.y - 36


@dataclass(frozen=True, slots=True)
class Poster:
    """Sizes and positions are worked out here, the template only draws. ``pay`` is the figure printed large."""

    title: tuple[str, ...]
    title_size: int
    pay: str
    pay_size: int
    unit: str
    unit_x: int
    lines: tuple[Line, ...]
    phone: str
    place: str
    address: str
    checked: bool

    @property
    def pay_y(self) -> int:
        return self.title_y(len(self.title) - 1) + 22 + self.pay_size

    def title_y(self, line: int) -> int:
        return 450 + line * (self.title_size + 10)

    @property
    def titles(self) -> list[tuple[int, str]]:
        return [(self.title_y(place), text) for place, text in enumerate(self.title)]


def saving(address: str, name: str) -> dict[str, object]:
    """What a poster's page needs to save it: the picture of the server where it can paint, else the drawing.

    ``address`` is that of the poster without its ending, ``name`` what the file is to be called.
    """
    ending = "png" if can_paint() else "svg"
    return {"picture": f"{address}.{ending}", "file": f"{name}.{ending}", "painted": can_paint()}


def width(text: str, size: int) -> float:
    """How wide a text is drawn, roughly: a Chinese character is a square, a Latin one a little over half."""
    return size * sum(1.0 if unicodedata.east_asian_width(ch) in "WF" else 0.57 for ch in text)


def cut(text: str, size: int, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def wrapped(title: str) -> tuple[int, tuple[str, ...]]:
    """The title in one line as large as it goes, else in two lines of the smallest size."""
    for size in TITLE_SIZES:
        if width(title, size) <= WIDTH:
            return size, (title,)
    size = TITLE_SIZES[-1]
    head = title
    while width(head, size) > WIDTH:
        head = head[:-1]
    return size, (head, cut(title[len(head) :], size, WIDTH))


def laid_out(
    title: str,
    figure: tuple[str, str],
    said: Sequence[tuple[str, str, str]],
    *,
    phone: str,
    place: str,
    address: str,
    checked: bool,
) -> Poster:
    """``figure``: what is printed large, and its unit; ``said``: at most four of (icon, bold words, the rest).

    ``address`` is where the code leads, ``checked`` whether the community has looked at what is offered.
    """
    size, titles = wrapped(title)
    large, unit = figure
    large_size = 84
    while width(large, large_size) + width(unit, 30) + 14 > WIDTH:
        large_size -= 4
    # two lines of title push the rest down and closer together
    first, step = (628, 72) if len(titles) == 1 else (672, 62)
    lines = []
    for place_of_line, (icon, strong, rest) in enumerate(said[:4]):
        strong = cut(strong, LINE_SIZE, LINE_WIDTH)
        rest = cut(rest, LINE_SIZE, LINE_WIDTH - width(strong, LINE_SIZE))
        lines.append(Line(icon, strong, rest, first + place_of_line * step))
    return Poster(
        title=titles,
        title_size=size,
        pay=large,
        pay_size=large_size,
        unit=unit,
        unit_x=round(76 + width(large, large_size) + 14),
        lines=tuple(lines),
        phone=phone,
        place=place,
        address=address,
        checked=checked,
    )
