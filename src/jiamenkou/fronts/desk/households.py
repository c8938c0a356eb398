"""Households: the doors in scope, and who lived behind one over the years."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.access import access_household, households_for
from jiamenkou.foundation.people.finding import looks_like_number
from jiamenkou.fronts.desk.file import members_of
from jiamenkou.fronts.desk.residents import grids_of

SORTS = {"door": "door", "members": "size", "grid": "grid__path"}
HERE = "/desk/households/"


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": _("人与家"), "href": ""}, {"label": _("家庭"), "href": HERE if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


@for_staff(Permission.RESIDENTS_VIEW)
@require_GET
def listing(request: Visit) -> HttpResponse:
    grids = grids_of(request.actor)
    names = {str(grid.pk): grid.name for grid in grids}
    word = "" if looks_like_number(request.GET.get("q", "")) else searched_word(request)
    chosen = chosen_filters(request, {"grid": names, "only": ["alone", "empty"]})
    current = Q(memberships__until__isnull=True, memberships__resident__deceased_on__isnull=True)
    rows = households_for(request.actor).annotate(size=Count("memberships", filter=current, distinct=True))
    if word:
        rows = rows.filter(Q(door__icontains=word) | Q(room=word) | Q(head__name__icontains=word))
    if "grid" in chosen:
        rows = rows.filter(grid_id=int(chosen["grid"]))
    if "only" in chosen:
        rows = rows.filter(size=1 if chosen["only"] == "alone" else 0)
    page = paged(sorted_rows(rows.select_related("grid", "head"), request, SORTS, "door"), request)
    only = chosen.get("only", "")
    context: dict[str, Any] = {
        "listing": Listing(page, word, chosen),
        "grids": grids,
        "grid": names.get(chosen.get("grid", ""), ""),
        "views": [
            {"label": _("全部"), "href": HERE, "on": not chosen},
            {"label": _("一人户"), "href": "?only=alone", "on": only == "alone"},
            {"label": _("没有人在册"), "href": "?only=empty", "on": only == "empty"},
        ],
        "trail": trail(),
    }
    return render(request, "desk/households/list.html", context)


@for_staff(Permission.RESIDENTS_VIEW)
@require_GET
def detail(request: Visit, pk: int) -> HttpResponse:
    household = access_household(request.actor, pk)
    context = {
        "household": household,
        "facts": [
            (_("门牌"), household.door or "—"),
            (_("网格"), household.grid.name if household.grid else "—"),
            (_("房号"), household.room or "—"),
            (_("户主"), household.head.name if household.head else _("还没登记")),
        ],
        **members_of(household.pk),
        "trail": trail(str(household)),
    }
    return render(request, "desk/households/household.html", context)
