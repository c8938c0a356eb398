"""Parts of drawings that leave the page (posters): they refer to nothing, so that they can be saved as a picture."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

from jiamenkou.fronts import drawing
from jiamenkou.fronts.icons import NAMES
from jiamenkou.fronts.markup import markup

register = template.Library()
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@cache
def _symbols() -> dict[str, SafeString]:
    """What is inside each symbol of the sprite; the file is ours."""
    path = finders.find("icons.svg")
    if not isinstance(path, str):
        raise RuntimeError("the icon sprite is missing")
    sprite = Path(path).read_text(encoding="utf-8")
    return {name: mark_safe(inside) for name, inside in _SYMBOL.findall(sprite)}  # noqa: S308 -- our own file


@register.simple_tag
def drawn_icon(name: str, x: float, y: float, size: float, colour: str) -> SafeString:
    """An icon at a place of a drawing, its strokes in ``colour``."""
    if name not in NAMES:
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to fronts/icons.py and run tools/icons.py")
    return markup(
        '<g transform="translate({} {}) scale({})" fill="none" stroke="{}" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round">{}</g>',
        x,
        y,
        size / 24,
        colour,
        _symbols()[name],
    )


@register.simple_tag
def drawn_qr(content: str, x: float, y: float, size: float, colour: str) -> SafeString:
    """A QR code as one path. Level H: a mark may cover its middle."""
    rows = [list(row) for row in segno.make(content, error="h", micro=False).matrix]
    path = []
    for down, row in enumerate(rows):
        start = None
        for across, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                path.append(f"M{start} {down}h{across - start}v1H{start}z")
                start = None
    return markup(
        '<path transform="translate({} {}) scale({})" fill="{}" shape-rendering="crispEdges" d="{}"/>',
        x,
        y,
        round(size / len(rows), 4),
        colour,
        "".join(path),
    )


@register.simple_tag
def drawn_sky() -> dict[str, Any]:
    """The street of ``fronts.drawing``: walls, roofs, windows and trees."""
    sky = drawing.sky()
    return {"walls": sky.walls, "roofs": sky.roofs, "windows": sky.windows, "trees": sky.trees}
