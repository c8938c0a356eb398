"""Small pieces of HTML from values, a page has hundreds: ``format_html`` without its care for lazy arguments."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString


def markup(template: str, *values: object) -> SafeString:
    """The template with each value escaped, unless it is HTML already."""
    return SafeString(template.format(*map(_escaped, values)))


def markup_each(template: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    """The template once for each row, one after the other."""
    return SafeString("".join(template.format(*map(_escaped, row)) for row in rows))


def _escaped(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
