"""Two visits at one door: both are shown, somebody chooses field by field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit as Request
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.visits.access import access_conflict, conflicts_for
from jiamenkou.services.visits.actions.settling import settle
from jiamenkou.services.visits.comparing import both, clock_words
from jiamenkou.services.visits.desk.visits import trail
from jiamenkou.services.visits.models import Visit, VisitConflict
from jiamenkou.services.visits.permissions import VisitsPermission

LIST = "/desk/visits/conflicts/"
SORTS = {"opened": "opened_at", "name": "resident__name_key"}


@for_staff(VisitsPermission.DECIDE)
@require_GET
def listing(request: Request) -> HttpResponse:
    rows = conflicts_for(request.actor).select_related("resident", "first__by", "second__by", "second__household")
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": ["settled"]})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(second__household__door__icontains=word))
    rows = rows.filter(settled_at__isnull="state" not in chosen)
    page = paged(sorted_rows(rows, request, SORTS, "opened"), request)
    context = {
        "listing": Listing(page, word, chosen),
        "rows": [{"conflict": one, "first": _who(one.first), "second": _who(one.second)} for one in page],
        "views": [
            {"label": "等着定的", "href": "?", "on": not chosen},
            {"label": "定好的", "href": "?state=settled", "on": bool(chosen)},
        ],
        "trail": trail(_("两份走访")),
    }
    return render(request, "visits/desk/conflicts.html", context)


def _who(visit: Visit) -> str:
    return (visit.by.display_name or visit.by.username) if visit.by else "—"


@for_staff(VisitsPermission.DECIDE)
@require_http_methods(["GET", "POST"])
def settle_one(request: Request, pk: int) -> HttpResponse:
    conflict = access_conflict(request.actor, pk)
    problem, status = "", 200
    if request.method == "POST":
        chosen = {row.key: request.POST[row.key] for row in both(conflict) if row.key in request.POST}
        try:
            settle(conflict, chosen, by=request.actor, now=timezone.now(), reason="两份走访定一份")
        except Refused as refused:
            problem, status = refused.message, 409 if isinstance(refused, Conflict) else 422
        else:
            messages.success(request, _("定好了，两份原样留着。"))
            return HttpResponseRedirect(LIST)
    return render(request, "visits/desk/conflict.html", _context(conflict, problem), status=status)


def _context(conflict: VisitConflict, problem: str) -> dict[str, Any]:
    return {
        "conflict": conflict,
        "rows": both(conflict),
        "sides": [
            {"key": key, "label": label, "visit": visit, "who": _who(visit), "clock": clock_words(visit)}
            for key, label, visit in (
                ("first", "先收到的", conflict.first),
                ("second", "后收到的", conflict.second),
            )
        ],
        "problem": problem,
        "trail": [*trail(_("两份走访"))[:2], {"label": conflict.resident.name, "href": ""}],
    }
