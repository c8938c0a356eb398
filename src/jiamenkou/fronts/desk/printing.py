"""Lists, sign-in sheets and notices on A4. Whatever carries names is logged like an export and says so on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access.visit import Visit

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on paper. ``widths``: a style class for each column (narrow, wide or nothing)."""

    title: str
    heads: Sequence[str]
    widths: Sequence[str] = ()
    note: str = ""
    signs: Sequence[str] = ()
    numbered: bool = True
    most: int = MOST

    def columns(self) -> list[dict[str, str]]:
        widths = [*self.widths, *[""] * len(self.heads)]
        return [{"head": head, "width": width} for head, width in zip(self.heads, widths, strict=False)]


def print_rows(
    request: Visit, what: str, sheet: Sheet, rows: Iterable[Sequence[Any]], *, reason: str, conditions: str = ""
) -> HttpResponse:
    """``rows`` (text of each cell) as a page to print. The log of it is written before."""
    from jiamenkou.foundation.audit.exports import log_export

    lines = [[cell if cell is not None else "" for cell in row] for row in rows]
    log, mark = log_export(f"{what}（打印）", by=request.actor, reason=reason, conditions=conditions[:200])
    log.rows = len(lines)
    log.save()
    place = request.actor.home
    context = {
        "sheet": sheet,
        "columns": sheet.columns(),
        "rows": lines,
        "mark": mark.line,
        "place": place.name if place else "",
        "day": timezone.localdate(),
    }
    answer = render(request, "desk/print/list.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
