"""The list of visits, its sheet, and one visit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit as Request
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.access import access_visit, visits_for
from jiamenkou.services.visits.comparing import clock_words, lines
from jiamenkou.services.visits.figures import month_start, this_month
from jiamenkou.services.visits.models import Visit, VisitConflict
from jiamenkou.services.visits.models.visit import VisitQuerySet
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.states import Outcome

LIST = "/desk/visits/"
SORTS = {"received": "received_at", "name": "resident__name_key", "outcome": "outcome"}
ONLY = ("month", "clock")


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "帮扶", "href": ""}, {"label": "走访", "href": LIST if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def filtered(request: Request, permission: str = VisitsPermission.VIEW) -> tuple[VisitQuerySet, str, dict[str, str]]:
    rows = visits_for(request.actor, permission)
    word = searched_word(request)
    chosen = chosen_filters(request, {"outcome": Outcome.values, "only": ONLY})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(household__door__icontains=word))
    if "outcome" in chosen:
        rows = rows.filter(outcome=chosen["outcome"])
    if chosen.get("only") == "month":
        rows = rows.filter(outcome=Outcome.MET, received_at__gte=month_start(timezone.localdate()))
    if chosen.get("only") == "clock":
        rows = rows.wrong_clock()
    return rows, word, chosen


@for_staff(VisitsPermission.VIEW)
@require_GET
def listing(request: Request) -> HttpResponse:
    rows, word, chosen = filtered(request)
    page = paged(sorted_rows(rows.with_people().prefetch_related("needs"), request, SORTS, "-received"), request)
    month = this_month(request.actor, timezone.localdate())
    context = {
        "listing": Listing(page, word, chosen),
        "rows": [row_of(visit) for visit in page],
        "views": _views(chosen),
        "month": month,
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "trail": trail(),
    }
    return render(request, "visits/desk/list.html", context)


def _views(chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": "全部", "href": "?", "on": not chosen},
        *({"label": str(one.label), "href": f"?outcome={one}", "on": chosen.get("outcome") == one} for one in Outcome),
        {"label": "本月见到的", "href": "?only=month", "on": chosen.get("only") == "month"},
        {"label": "手机时间不准", "href": "?only=clock", "on": chosen.get("only") == "clock"},
    ]


def row_of(visit: Visit) -> dict[str, Any]:
    outcome = Outcome(visit.outcome)
    return {
        "visit": visit,
        "outcome": str(outcome.label),
        "tone": outcome.tone,
        "door": visit.door,
        "who": (visit.by.display_name or visit.by.username) if visit.by else "—",
        "needs": "、".join(sorted({need.get_kind_display() for need in visit.needs.all()})),
        "href": f"{LIST}{visit.pk}/",
    }


@for_staff(VisitsPermission.VIEW)
@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    visit = access_visit(request.actor, pk)
    may_read = request.actor.may(VisitsPermission.NOTES, visit.community_id, visit.grid_id)
    conflict = VisitConflict.objects.filter(Q(first=visit) | Q(second=visit)).order_by("-id").first()
    context = {
        "visit": visit,
        **row_of(visit),
        "clock": clock_words(visit),
        "may_read": may_read,
        "answers": lines(visit, "answers") if may_read else [],
        "needs": lines(visit, "needs"),
        "facts": lines(visit, "facts"),
        "note": lines(visit, "note") if may_read else [],
        "people": [one.resident.name for one in visit.people.select_related("resident").order_by("id")],
        "files": list(visit.files.select_related("file").order_by("id")) if may_read else [],
        "conflict": conflict,
        "may_decide": request.actor.may(VisitsPermission.DECIDE, visit.community_id, visit.grid_id),
        "trail": trail(visit.resident.name),
    }
    return render(request, "visits/desk/visit.html", context)


@for_staff(Permission.RESIDENTS_EXPORT)
@require_POST
def export(request: Request) -> HttpResponse:
    """What the list shows; answers and notes stay in the house."""
    from jiamenkou.services.visits.sheets import VISIT_COLUMNS, visit_rows

    rows, _word, chosen = filtered(request, Permission.RESIDENTS_EXPORT)
    return exported(request, "走访", VISIT_COLUMNS, visit_rows(rows.newest_first()), chosen)


def exported(request: Request, what: str, columns: Any, rows: Any, chosen: dict[str, str]) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows

    conditions = "&".join(f"{name}={value}" for name, value in sorted(chosen.items()))
    try:
        return export_rows(what, columns, rows, by=request.actor, reason=f"导出{what}", conditions=conditions)
    except Refused as refused:
        return refusal(request, refused, LIST)


def refusal(request: Request, refused: Refused, back: str, status: int = 409) -> HttpResponse:
    context = {"refused": refused, "back": back, "trail": trail("没有办成")}
    return render(request, "visits/desk/refused.html", context, status=status)
