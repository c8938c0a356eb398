"""办件看板: every place a lane, every state a column, the most pressing cards first; the rest a link to their list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.models import Case, CaseQuerySet
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.fronts.cases.desk.listing import choices, row_of
from jiamenkou.fronts.cases.desk.views import NOWHERE, communities_of, cut, grids_of
from jiamenkou.fronts.shape import address

SHOWN = 3
# column → the states in it; what was given back waits to be sent out again, as what has just come in
COLUMNS: dict[str, tuple[CaseState, ...]] = {
    "待派": (CaseState.SUBMITTED, CaseState.RETURNED),
    "待签收": (CaseState.ASSIGNED,),
    "在办": (CaseState.WORKING,),
    "挂账": (CaseState.WAITING,),
    "待回访": (CaseState.HANDLED,),
}
_OF = {str(state): name for name, states in COLUMNS.items() for state in states}


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    now = timezone.localtime()
    found = cut(request, now, only="all")
    names = communities_of(request)
    # a street compares its communities; within one community its grids
    by = "grid_id" if len(names) <= 1 or "community" in found.chosen else "community_id"
    lanes_of = grids_of(request) if by == "grid_id" else names
    rows = found.rows.filter(state__in=list(_OF))
    counted = rows.values_list(by, "state").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now, paused_at__isnull=True) & ~Q(state=CaseState.HANDLED))
    )
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for place, state, n, late in counted.order_by():
        key = (str(place or NOWHERE), _OF[state])
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + n, before[1] + late)
    cards = _cards(rows, by)
    known, parameter = catalogue(), by.removesuffix("_id")
    within = f"&community={found.chosen['community']}" if "community" in found.chosen else ""
    lanes: list[dict[str, Any]] = []
    for place, name in lanes_of.items():
        total = sum(sums.get((place, column), (0, 0))[0] for column in COLUMNS)
        if not total:
            continue
        late = sum(sums.get((place, column), (0, 0))[1] for column in COLUMNS)
        here = f"&{parameter}={place}{within}"
        lanes.append(
            {
                "name": name,
                "href": f"/desk/cases/?view=open{here}",
                "late_href": f"/desk/cases/?view=late{here}",
                "total": total,
                "late": late,
                "columns": [
                    _cell(place, column, sums, cards, here, known, now) for column in COLUMNS
                ],
            }
        )  # fmt: skip
    lanes.sort(key=lambda lane: int(lane["late"]), reverse=True)
    return render(
        request,
        "desk/cases/board.html",
        {
            "lanes": lanes,
            "heads": [_(name) for name in COLUMNS],
            "word": found.word,
            "chips": found.chips,
            "choices": [one for one in choices(request, found) if one["name"] != "state"],
            "kept": [],
            "query": address(request, view=None, state=None),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "trail": [
                {"label": _("办件"), "href": ""},
                {"label": _("诉求办件"), "href": "/desk/cases/"},
                {"label": _("看板"), "href": ""},
            ],
        },
    )


def _cards(rows: CaseQuerySet, by: str) -> dict[tuple[str, str], list[Case]]:
    """The first few of each cell: the earliest due time first. One query, whatever the number of cases."""
    order = [F("due_at").asc(nulls_last=True), F("pk").asc()]
    rank = Window(RowNumber(), partition_by=[F(by), F("state")], order_by=order)
    first = rows.with_list_data().annotate(rank=rank).filter(rank__lte=SHOWN).order_by("due_at", "pk")
    found: dict[tuple[str, str], list[Case]] = {}
    for case in first:
        found.setdefault((str(getattr(case, by) or NOWHERE), _OF[case.state]), []).append(case)
    return found


def _cell(
    place: str, column: str, sums: dict[tuple[str, str], tuple[int, int]], cards: dict[tuple[str, str], list[Case]],
    here: str, known: Any, now: Any,
) -> dict[str, Any]:  # fmt: skip
    shown = cards.get((place, column), [])[:SHOWN]
    total = sums.get((place, column), (0, 0))[0]
    states = COLUMNS[column]
    view = "view=dispatch" if len(states) > 1 else f"view=all&state={states[0]}"
    return {
        "rows": [row_of(case, known.label(case.category).split(" / ")[-1], now) for case in shown],
        "more": total - len(shown),
        "href": f"/desk/cases/?{view}{here}",
    }
