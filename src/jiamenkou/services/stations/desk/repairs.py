"""What is mended at the stations: the list, and it as a sheet."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.services.stations.access import rows_for
from jiamenkou.services.stations.desk.lists import export, trail, view_of
from jiamenkou.services.stations.models import Repair
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.states import RepairState

HERE, MENDED = "here", "mended"


def repairs_of(
    request: Visit, permission: str = StationsPermission.VIEW
) -> tuple[QuerySet[Repair], str, dict[str, str]]:
    """The rows of the address without its state, the word and the filters.

    ``here`` is what still lies at a station, ``mended`` what was mended whenever it was fetched: the figures of stations
    open these.
    """
    rows = rows_for(request.actor, Repair.objects.select_related("station"), permission)
    word, chosen = searched_word(request), chosen_filters(request, {"state": [*RepairState.values, HERE, MENDED]})
    station = request.GET.get("station", "")
    if station.isdigit() and len(station) < 18:
        rows, chosen["station"] = rows.filter(station=int(station)), station
    if word:
        rows = rows.filter(
            Q(what__icontains=word) | Q(called__icontains=word) | Q(station__name__icontains=word) | Q(code=word)
        )
    return rows, word, chosen


def narrowed(rows: QuerySet[Repair], state: str) -> QuerySet[Repair]:
    if state == HERE:
        return rows.filter(state__in=[one.value for one in RepairState if one.is_live])
    if state == MENDED:
        return rows.filter(mended_at__isnull=False)
    return rows.filter(state=state) if state else rows


@for_staff(StationsPermission.VIEW)
def repairs(request: Visit) -> HttpResponse:
    every, word, chosen = repairs_of(request)
    counts = dict(every.order_by("state").values_list("state").annotate(Count("id")))
    rows = narrowed(every, chosen.get("state", ""))
    sorts = {"moved": "moved_at", "brought": "registered_at"}
    shown = Listing(paged(sorted_rows(rows, request, sorts, "-moved"), request), word, chosen)
    here = sum(counts.get(state.value, 0) for state in RepairState if state.is_live)
    context = {
        "listing": shown,
        "rows": [{"repair": one, "state": RepairState(one.state)} for one in shown.page],
        "views": [
            view_of(request, chosen, "全部", "") | {"count": sum(counts.values())},
            view_of(request, chosen, "还在站里", HERE) | {"count": here},
            view_of(request, chosen, "修好的", MENDED) | {"count": narrowed(every, MENDED).count()},
            *(
                view_of(request, chosen, str(state.label), state.value) | {"count": counts[state.value]}
                for state in RepairState
                if counts.get(state.value)
            ),
        ],
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "trail": trail("修东西"),
    }
    return render(request, "stations/desk/repairs.html", context)


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_repairs(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.repairs import COLUMNS, rows_of

    rows, _word, chosen = repairs_of(request, Permission.RESIDENTS_EXPORT)
    shown = narrowed(rows, chosen.get("state", "")).order_by("-moved_at", "-id")
    return export(request, "修东西", COLUMNS, rows_of(shown))
