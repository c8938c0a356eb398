"""The cells of the week: hundreds of bookings a page, drawn without a template's loop for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def _unbroken(hours: str) -> str:
    """``9:00–12:00、14:00–18:00`` breaks between the spans only: a word joiner stands behind each dash."""
    return escape(hours).replace("–", "–\u2060")


@register.simple_tag
def week_cells(days: Iterable[Mapping[str, Any]]) -> SafeString:
    """The days of one resource. A day: open, hours, why, cells; a cell: from when to when, who, its state as a class."""
    # every word is escaped here, once, by the quick function of the standard library
    drawn = []
    for day in days:
        shut = "" if day["open"] else ' class="shut"'
        if day["cells"]:
            held = "".join(
                f'<p class="{escape(state)}"><b>{escape(clock)}</b> {escape(who)}</p>'
                for clock, who, state in day["cells"]
            )
        else:
            held = f"<small>{_unbroken(day['hours'])}{' ' if day['why'] else ''}{escape(day['why'])}</small>"
        drawn.append(f"<td{shut}>{held}</td>")
    return mark_safe("".join(drawn))  # noqa: S308 - escaped above
