"""三率 by community, recomputed from the log on each visit; every figure opens its list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.figures import rates
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.rates import Figures, Share, total
from jiamenkou.foundation.listing import searched_word
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.cases.desk.views import BEHIND, SPANS, communities_of

# figure → label, the list it opens: of a rate, those that it misses
FIGURES: dict[str, tuple[str, str]] = {
    "received": ("收到", "received"),
    "open": ("在办", "open"),
    "late": ("逾期", "late"),
    "responded": ("响应率", "answered_late"),
    "in_time": ("按时办结率", "handled_late"),
    "solved": ("解决率", "unsolved"),
    "satisfied": ("满意率", "unhappy"),
    "rated": ("参评率", "unrated"),
    "returned": ("退单", "returned"),
    "reopened": ("重办", "reopened"),
    "cannot": ("办不了", "cannot"),
    "excluded": ("剔除", "excluded"),
}
# a share whose list is what it counts; of the others the list is what is missing to the whole
_COUNTED = {"returned", "reopened"}


def cells_of(found: Figures, where: str, days: int) -> list[dict[str, Any]]:
    """What a line shows: words, the address of the list, and how many stand in it."""
    cells = []
    for name, (_label, view) in FIGURES.items():
        value = getattr(found, name)
        share = isinstance(value, Share)
        listed = (value.part if name in _COUNTED else value.whole - value.part) if share else value
        what = BEHIND.get(view, "")
        span = f"&days={days}" if view in BEHIND else ""
        cells.append(
            {
                "name": name,
                "words": value.words if share else value,
                "n": listed,
                "href": f"/desk/cases/?view={view}{span}{where}",
                "what": _(what) if what else "",
            }
        )
    return cells


def _found(request: Visit, now: datetime) -> tuple[list[tuple[str, str, Figures]], int]:
    days = SPANS.get(request.GET.get("days", ""), 30)
    names, word = communities_of(request), searched_word(request)
    figures = rates([int(pk) for pk in names], now - timedelta(days=days), now, now)
    lines = [(name, f"&community={pk}", figures[int(pk)]) for pk, name in names.items() if word in name]
    sort = request.GET.get("sort", "")
    by = sort.removeprefix("-")
    if by in FIGURES:
        lines.sort(key=lambda line: _height(getattr(line[2], by)), reverse=sort.startswith("-"))
    return lines, days


def _height(value: Any) -> float:
    """For sorting; a rate of nothing stands below all others."""
    if not isinstance(value, Share):
        return float(value)
    return value.part / value.whole if value.whole else -1.0


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    lines, days = _found(request, timezone.localtime())
    rows = [{"name": name, "figures": one, "cells": cells_of(one, where, days)} for name, where, one in lines]
    every = total({number: one for number, (_name, _where, one) in enumerate(lines)})
    return render(
        request,
        "desk/cases/figures.html",
        {
            "rows": rows,
            "total": {"name": _("合计"), "figures": every, "cells": cells_of(every, "", days)},
            "heads": [(key, _(label)) for key, (label, _view) in FIGURES.items()],
            "days": days,
            "word": searched_word(request),
            "kept": [("days", str(days))],
            "spans": [{"label": f"{n} 天", "href": f"?days={n}", "on": n == days} for n in SPANS.values()],
            "query": request.GET.urlencode(),
            "trail": [{"label": _("看板"), "href": ""}, {"label": _("办件三率"), "href": ""}],
        },
    )


@require_POST
@for_staff(CasesPermission.VIEW)
def export(request: Visit) -> HttpResponse:
    """The table as it stands; of a rate both numbers beside the words, so that it can be added up."""
    lines, days = _found(request, timezone.localtime())
    heads = [Column("社区", 20)]
    for name, (label, _view) in FIGURES.items():
        shared = isinstance(getattr(Figures(), name), Share)
        heads += [Column(label), Column(f"{label}：分子"), Column(f"{label}：分母")] if shared else [Column(label)]
    cells = []
    for name, _where, one in lines:
        row: list[Any] = [name]
        for key in FIGURES:
            value = getattr(one, key)
            row += [value.words, value.part, value.whole] if isinstance(value, Share) else [value]
        cells.append(row)
    return export_rows(f"办件三率 近 {days} 天", heads, cells, by=request.actor, reason="导出办件三率")
