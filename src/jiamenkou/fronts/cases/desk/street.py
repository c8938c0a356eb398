"""街道一览: what is late and where. Every figure opens the list it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.cases.desk.views import NOWHERE, communities_of, day_end, grids_of
from jiamenkou.fronts.words import how_long

# column → label, the list it opens
FIGURES = {
    "open": ("在办", "view=open"),
    "late": ("逾期", "view=late"),
    "today": ("今天到期", "view=today"),
    "supervised": ("督办", "view=supervised"),
    "asking": ("等批", "view=asking"),
    "waiting": ("挂账", "view=all&state=waiting"),
    "nodue": ("没有期限", "view=nodue"),
}


@dataclass(slots=True)
class Line:
    """The figures of one place. ``oldest``: the earliest due time among what is late."""

    name: str
    query: str
    figures: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIGURES, 0))
    oldest: datetime | None = None
    late_by: dict[str, int] = field(default_factory=dict)

    def add(self, category: str, counts: dict[str, int], oldest: datetime | None) -> None:
        for name, n in counts.items():
            self.figures[name] += n
        if counts["late"]:
            self.late_by[category] = self.late_by.get(category, 0) + counts["late"]
        self.oldest = min((one for one in (self.oldest, oldest) if one is not None), default=None)

    def words(self, now: datetime) -> str:
        """How long the oldest is late."""
        return how_long(self.oldest, now) if self.oldest is not None else ""

    @property
    def cells(self) -> list[dict[str, Any]]:
        return [
            {"n": self.figures[name], "href": f"/desk/cases/?{query}{self.query}", "late": name == "late"}
            for name, (_label, query) in FIGURES.items()
        ]


def lines_of(request: Visit, now: datetime) -> tuple[list[Line], bool]:
    """A line for each community, or for each grid where there is one community or one was chosen. One counting query.

    The second: whether the lines are grids.
    """
    communities = communities_of(request)
    chosen = chosen_filters(request, {"community": communities}).get("community", "")
    grids = bool(chosen) or len(communities) <= 1
    rows = cases_for(request.actor)
    if chosen:
        rows = rows.filter(community_id=int(chosen))
    by = "grid_id" if grids else "community_id"
    names = grids_of(request) if grids else communities
    parameter = by.removesuffix("_id")
    within = f"&community={chosen}" if chosen else ""
    found = {place: Line(name, f"&{parameter}={place}{within}") for place, name in names.items()}
    running = Q(paused_at__isnull=True)
    late = running & Q(due_at__lt=now)
    counted = (
        rows.open()
        .values_list(by, "category")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=late),
            today=Count("pk", filter=running & Q(due_at__gte=now, due_at__lt=day_end(now))),
            supervised=Count("pk", filter=Q(supervised=True)),
            asking=Count("pk", filter=~Q(asking="")),
            waiting=Count("pk", filter=Q(state=CaseState.WAITING)),
            nodue=Count("pk", filter=running & Q(due_at__isnull=True)),
            oldest=Min("due_at", filter=late),
        )
        .order_by()
    )
    for place, category, *counts, oldest in counted:
        found[str(place or NOWHERE)].add(category, dict(zip(FIGURES, counts, strict=True)), oldest)
    # every community stands there, also with nothing open; of the grids those that have something
    return [line for line in found.values() if line.figures["open"] or not grids], grids


def _sorted(request: Visit, lines: list[Line]) -> list[Line]:
    """By ``?sort=late`` or ``?sort=-late``; the most late first."""
    asked = request.GET.get("sort", "-late")
    name, down = asked.removeprefix("-"), asked.startswith("-")
    if name == "name":
        return sorted(lines, key=lambda line: line.name, reverse=down)
    if name not in FIGURES:
        name, down = "late", True
    by_name = sorted(lines, key=lambda line: line.name)
    return sorted(by_name, key=lambda line: line.figures[name], reverse=down)


def _found(request: Visit) -> tuple[list[Line], bool, str, datetime]:
    now = timezone.localtime()
    lines, grids = lines_of(request, now)
    word = searched_word(request)
    return _sorted(request, [line for line in lines if word in line.name]), grids, word, now


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    lines, grids, word, now = _found(request)
    known = catalogue()
    late: dict[str, int] = {}
    for line in lines:
        for category, n in line.late_by.items():
            late[category] = late.get(category, 0) + n
    kinds = sorted(late, key=lambda one: -late[one])
    matrix = [
        {
            "name": known.label(kind).split(" / ")[-1],
            "href": f"/desk/cases/?view=late&category={kind}",
            "total": late[kind],
            "cells": [
                {"n": line.late_by.get(kind, 0), "href": f"/desk/cases/?view=late&category={kind}{line.query}"}
                for line in lines
            ],
        }
        for kind in kinds
    ]
    chosen = chosen_filters(request, {"community": communities_of(request)})
    names = communities_of(request)
    return render(
        request,
        "desk/cases/street.html",
        {
            "lines": [{"line": line, "oldest": line.words(now)} for line in lines],
            "heads": [(key, _(label)) for key, (label, _query) in FIGURES.items()],
            "matrix": matrix,
            "grids": grids,
            "word": word,
            "community": names.get(chosen.get("community", ""), ""),
            "drill": not grids,
            "kept": [(name, request.GET[name]) for name in ("community", "sort") if request.GET.get(name)],
            "total": {key: sum(line.figures[key] for line in lines) for key in FIGURES},
            "query": request.GET.urlencode(),
            "trail": [{"label": _("看板"), "href": ""}, {"label": _("逾期在哪里"), "href": ""}],
        },
    )


@require_POST
@for_staff(CasesPermission.VIEW)
def export(request: Visit) -> HttpResponse:
    """The table as it stands."""
    lines, grids, _word, now = _found(request)
    heads = [Column("网格" if grids else "社区", 20), *(Column(label) for label, _query in FIGURES.values())]
    cells: list[list[str | int]] = [[line.name, *line.figures.values(), line.words(now)] for line in lines]
    return export_rows(
        "逾期在哪里", [*heads, Column("最久超")], cells, by=request.actor, reason="导出逾期在哪里"
    )  # fmt: skip
