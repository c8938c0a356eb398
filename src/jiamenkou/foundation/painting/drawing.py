"""A drawing of ours as a picture: the renderer draws it with the fonts that were found here, and nothing from outside."""

from __future__ import annotations

import re

import resvg_py

from jiamenkou.foundation.painting.fonts import faces

MOST_SIDE, MOST_LETTERS = 1_600, 200_000
_SIDE = re.compile(r'<svg\b[^>]*?\s(width|height)="(\d+)"[^>]*?\s(width|height)="(\d+)"')
# pictographs no font for text has; marks that only choose a look
_UNDRAWN = re.compile("[\U0001f000-\U0001faff\ufe0f\u200d]")


class NotOurs(ValueError):
    """Something that our templates do not draw."""


def paint(drawing: str) -> bytes:
    """The PNG of a drawing, in its own size. Raises :class:`NotOurs`; LookupError where there is no font."""
    if len(drawing) > MOST_LETTERS or "<!" in drawing or "href=" in drawing:
        raise NotOurs("too long, or it refers to something outside")
    sides = _SIDE.search(drawing)
    if sides is None or {sides[1], sides[3]} != {"width", "height"} or max(int(sides[2]), int(sides[4])) > MOST_SIDE:
        raise NotOurs("no size")
    found = faces()
    if found is None:
        raise LookupError("no Chinese font")
    try:
        return resvg_py.svg_to_bytes(
            svg_string=_UNDRAWN.sub("", drawing),
            background="#ffffff",
            skip_system_fonts=True,
            font_files=list(found.files),
            font_family=found.family,
            sans_serif_family=found.family,
        )
    except ValueError as error:
        raise NotOurs("no drawing") from error
