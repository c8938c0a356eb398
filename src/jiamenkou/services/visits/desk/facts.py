"""Facts said at the door that wait for a yes or a no."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit as Request
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.access import access_fact, facts_for
from jiamenkou.services.visits.actions.settling import decide_fact
from jiamenkou.services.visits.desk.visits import refusal, trail
from jiamenkou.services.visits.models import ProposedFact
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.states import Fact, FactState

LIST = "/desk/visits/facts/"
SORTS = {"received": "visit__received_at", "name": "resident__name_key", "fact": "fact"}


@for_staff(VisitsPermission.DECIDE)
@require_GET
def listing(request: Request) -> HttpResponse:
    rows = facts_for(request.actor, VisitsPermission.DECIDE)
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": FactState.values, "fact": Fact.values})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word))
    if "fact" in chosen:
        rows = rows.filter(fact=chosen["fact"])
    rows = rows.filter(state=chosen.get("state", FactState.OPEN)).select_related("resident", "visit__by", "grid")
    page = paged(sorted_rows(rows, request, SORTS, "received"), request)
    context = {
        "listing": Listing(page, word, chosen),
        "rows": [_row(fact) for fact in page],
        "views": [
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state", FactState.OPEN) == s}
            for s in FactState
        ],
        "trail": trail(_("变动待确认")),
    }
    return render(request, "visits/desk/facts.html", context)


def _row(fact: ProposedFact) -> dict[str, Any]:
    now = {
        Fact.PHONE: fact.resident.phone_masked,
        Fact.EMPLOYMENT: fact.resident.get_employment_display(),
        Fact.HOUSEHOLD: "",
    }
    return {
        "fact": fact,
        "label": str(Fact(fact.fact).label),
        "now": now[Fact(fact.fact)],
        "is_open": fact.state == FactState.OPEN,
        "state": str(FactState(fact.state).label),
        "who": (fact.visit.by.display_name or fact.visit.by.username) if fact.visit.by else "—",
    }


@for_staff(VisitsPermission.DECIDE)
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    fact = access_fact(request.actor, pk)
    if request.POST.get("do") not in {"yes", "no"}:
        raise Http404
    try:
        decide_fact(
            fact,
            request.POST["do"] == "yes",
            by=request.actor,
            now=timezone.now(),
            today=timezone.localdate(),
            reason="走访时说的变动",
        )
    except Refused as refused:
        return refusal(request, refused, LIST)
    if fact.fact == Fact.HOUSEHOLD and request.POST["do"] == "yes":
        messages.success(request, _("记下了。请在家庭页里改成员。"))
        return HttpResponseRedirect(f"/desk/residents/{fact.resident_id}/")
    messages.success(request, _("改好了。") if request.POST["do"] == "yes" else _("没有改。"))
    return HttpResponseRedirect(LIST)
