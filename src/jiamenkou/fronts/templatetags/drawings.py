"""Drawings made by the server: houses, day bar, sums, sparklines, bars, heads, QR codes. Each has its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from django import template
from django.utils.safestring import SafeString

from jiamenkou.fronts import drawing

register = template.Library()

_PER_ROW = 14


@register.inclusion_tag("components/skyline.html")
def skyline(variant: str = "") -> dict[str, Any]:
    """The neighbours' houses with lit windows and osmanthus trees. variant: brand (on green), sea, none (pale)."""
    return {"sky": drawing.sky(), "variant": variant, "width": drawing.SKY_WIDTH, "height": drawing.SKY_HEIGHT}


@register.inclusion_tag("components/day_bar.html")
def day_bar(start: str, end: str, bring: str = "", fetch: str = "") -> dict[str, Any]:
    """Working hours against bringing and fetching the child, all as ``HH:MM``."""
    spans = drawing.day_bar((start, end), [clock for clock in (bring, fetch) if clock])
    return {"spans": spans, "start": start, "end": end, "bring": bring, "fetch": fetch}


@register.inclusion_tag("components/sum_bar.html")
def sum_bar(total: int, label: str, parts: Sequence[tuple[int, str, str]]) -> dict[str, Any]:
    """A whole that must equal its parts: the bar and 40 = 33 + 1 + 0 + 6. parts: (count, words, tone).

    A sum that does not agree is an error, never a picture.
    """
    spans = drawing.parts(total, [(count, tone) for count, _, tone in parts])
    return {"spans": spans, "total": total, "label": label, "parts": parts}


@register.inclusion_tag("components/meter.html")
def meter(filled: int, total: int, likely: int = 0, words: str = "") -> dict[str, Any]:
    """Places of a vacancy: filled, ``likely`` ones striped (in interview), the rest empty."""
    kinds = ["done"] * filled + ["likely"] * likely + [""] * max(total - filled - likely, 0)
    return {"kinds": kinds, "words": words or f"{filled} / {total}"}


@register.inclusion_tag("components/heads.html")
def heads(part: int, total: int, words: str, tone: str = "blue") -> dict[str, Any]:
    """So many out of so many people, as people. words: the same as a sentence."""
    places = [(at % _PER_ROW * 28 + 14, at // _PER_ROW * 31, at < part) for at in range(total)]
    rows = (total + _PER_ROW - 1) // _PER_ROW
    return {"places": places, "height": rows * 31, "words": words, "tone": tone}


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[float], words: str, tone: str = "green") -> dict[str, Any]:
    """The course of a figure over the last periods. words: what it says, for those who do not see it."""
    return {"trace": drawing.sparkline(values), "words": words, "tone": tone}


@register.inclusion_tag("components/bars.html")
def bars(rows: Sequence[tuple[str, float]], caption: str, unit: str = "", tone: str = "green") -> dict[str, Any]:
    """Values side by side, as a table whose middle column is the bar. rows: (label, value), values from 0 up."""
    most = max((value for _, value in rows), default=0) or 1
    shown = [(label, value, round(100 * value / most, 1)) for label, value in rows]
    return {"rows": shown, "caption": caption, "unit": unit, "tone": tone}


@register.inclusion_tag("components/qr.html")
def qr(content: str, words: str) -> dict[str, Any]:
    """A QR code on white in every mode. content: the address in it. words: what scanning it opens."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(omitsize=True, border=1)
    return {"svg": SafeString(drawn), "words": words}
