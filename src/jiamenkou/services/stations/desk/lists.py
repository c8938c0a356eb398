"""The lists of the desk: stations, things, hours, rooms, corners; figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import communities_of, rows_for
from jiamenkou.services.stations.figures import figures_of, mended_by_month
from jiamenkou.services.stations.models import Corner, Help, Loan, Repair, Room, Station, Thing
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.states import CornerState, HoursState, StationKind, ThingState

LATE = "late"


def trail(page: str = "", href: str = "", below: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "驿站", "href": "/desk/stations/" if page else ""}]
    if page:
        steps.append({"label": page, "href": href})
    return [*steps, {"label": below, "href": ""}] if below else steps


def view_of(request: Visit, chosen: Mapping[str, str], label: str, state: str) -> dict[str, Any]:
    """One of the views above a list; the rest of the address stays, the page does not."""
    asked = request.GET.copy()
    for name in ("state", "page"):
        asked.pop(name, None)
    if state:
        asked["state"] = state
    return {"label": label, "href": f"?{asked.urlencode()}", "on": chosen.get("state", "") == state}


def stations_of(
    request: Visit, permission: str = StationsPermission.VIEW
) -> tuple[QuerySet[Station], str, dict[str, str]]:
    """The rows of the address, the word and the filters."""
    rows = rows_for(request.actor, Station.objects.all(), permission).select_related("community")
    word, chosen = (
        searched_word(request),
        chosen_filters(request, {"kind": StationKind.values, "state": ["open", "closed"]}),
    )
    if word:
        rows = rows.filter(
            Q(name__icontains=word) | Q(where__icontains=word) | Q(hosts__called__icontains=word)
        ).distinct()
    if "kind" in chosen:
        rows = rows.filter(kind=chosen["kind"])
    return rows.filter(closed_on__isnull=chosen.get("state") != "closed"), word, chosen


@for_staff(StationsPermission.VIEW)
def stations(request: Visit) -> HttpResponse:
    rows, word, chosen = stations_of(request)
    sorts = {"name": "name", "community": "community__code", "created": "created_at"}
    shown = Listing(paged(sorted_rows(rows, request, sorts, "community"), request), word, chosen)
    page = list(shown.page)
    figures = figures_of(page)
    today = timezone.localdate()
    out = _count(Loan.objects.filter(station__in=page).out())
    late = _count(Loan.objects.filter(station__in=page).late(today))
    live = _count(Repair.objects.filter(station__in=page).live())
    hosts: dict[int, list[str]] = {}
    for station in page:
        hosts[station.pk] = [host.called for host in station.hosts.current().order_by("-is_main", "id")]
    context = {
        "listing": shown,
        "rows": [
            {"station": s, "kind": s.get_kind_display(), "hosts": "、".join(hosts[s.pk]), "figures": figures[s.pk],
             "out": out.get(s.pk, 0), "late": late.get(s.pk, 0), "repairs": live.get(s.pk, 0), "href": f"/desk/stations/{s.pk}/"}
            for s in page
        ],
        "views": [{"label": "开着的", "href": "?", "on": chosen.get("state") != "closed"}, {"label": "停用的", "href": "?state=closed", "on": chosen.get("state") == "closed"}],
        "may_edit": request.actor.may(StationsPermission.EDIT),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "trail": trail(),
    }  # fmt: skip
    return render(request, "stations/desk/stations.html", context)


def _count(rows: QuerySet[Any]) -> dict[int, int]:
    return {row["station"]: row["n"] for row in rows.values("station").annotate(n=Count("id")).order_by("station")}


def things_of(
    request: Visit, permission: str = StationsPermission.VIEW
) -> tuple[QuerySet[Thing], str, dict[str, str]]:
    """The rows of the address, the word and the filters; 逾期 is lent past its day."""
    rows = Thing.objects.filter(station__community_id__in=communities_of(request.actor, permission))
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": [*ThingState.values, LATE]})
    station = request.GET.get("station", "")
    if station.isdigit() and len(station) < 18:
        rows, chosen["station"] = rows.filter(station=int(station)), station
    if word:
        rows = rows.filter(
            Q(number__icontains=word) | Q(kind__name__icontains=word) | Q(station__name__icontains=word)
        )
    if chosen.get("state") == LATE:
        rows = rows.filter(state=ThingState.LENT, due_on__lt=timezone.localdate())
    elif "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    return rows.select_related("kind", "station"), word, chosen


@for_staff(StationsPermission.VIEW)
def things(request: Visit) -> HttpResponse:
    rows, word, chosen = things_of(request)
    sorts = {"number": "number", "station": "station__name", "due": "due_on", "added": "added_at"}
    shown = Listing(paged(sorted_rows(rows, request, sorts, "number"), request), word, chosen)
    page, today = list(shown.page), timezone.localdate()
    loans = {loan.thing_id: loan for loan in Loan.objects.filter(thing__in=page).out().order_by("id")}
    context = {
        "listing": shown,
        "rows": [
            {"thing": t, "state": ThingState(t.state), "late": words.late(t.due_on, today) if t.is_late(today) and t.due_on else "",
             "who": f"{loans[t.pk].called} {loans[t.pk].building}" if t.pk in loans else "", "href": f"/desk/stations/{t.station_id}/#thing-{t.pk}"}
            for t in page
        ],
        "views": [view_of(request, chosen, "全部", ""), *(view_of(request, chosen, str(s.label), s.value) for s in ThingState), view_of(request, chosen, "逾期", LATE)],
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "may_edit": request.actor.may(StationsPermission.EDIT),
        "trail": trail("东西"),
    }  # fmt: skip
    return render(request, "stations/desk/things.html", context)


def rooms_of(request: Visit, permission: str = StationsPermission.VIEW) -> tuple[QuerySet[Room], str]:
    """The rows of the address and the word."""
    rows = rows_for(request.actor, Room.objects.filter(closed_on__isnull=True), permission)
    word = searched_word(request)
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(where__icontains=word))
    return rows.select_related("resource", "community"), word


@for_staff(StationsPermission.VIEW)
def rooms(request: Visit) -> HttpResponse:
    rows, word = rooms_of(request)
    shown = Listing(paged(sorted_rows(rows, request, {"name": "name", "people": "people"}, "name"), request), word, {})
    context = {
        "listing": shown,
        "rows": [{"room": one, "href": f"/stations/rooms/{one.pk}/"} for one in shown.page],
        "may_edit": request.actor.may(StationsPermission.EDIT),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "trail": trail("空间"),
    }
    return render(request, "stations/desk/rooms.html", context)


def corners_of(
    request: Visit, permission: str = StationsPermission.VIEW
) -> tuple[QuerySet[Corner], str, dict[str, str]]:
    """The rows of the address, the word and the filters."""
    rows = rows_for(request.actor, Corner.objects.all(), permission).select_related("community", "chosen")
    word, chosen = searched_word(request), chosen_filters(request, {"state": CornerState.values})
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(where__icontains=word))
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    return rows, word, chosen


@for_staff(StationsPermission.VIEW)
def corners(request: Visit) -> HttpResponse:
    rows, word, chosen = corners_of(request)
    shown = Listing(
        paged(sorted_rows(rows, request, {"name": "name", "registered": "registered_at"}, "-registered"), request),
        word,
        chosen,
    )
    context = {
        "listing": shown,
        "rows": [{"corner": one, "href": f"/desk/stations/corners/{one.pk}/", "votes": one.chosen.votes if one.chosen else None} for one in shown.page],
        "views": [view_of(request, chosen, "全部", ""), *(view_of(request, chosen, str(s.label), s.value) for s in CornerState)],
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "trail": trail("闲置角落"),
    }  # fmt: skip
    return render(request, "stations/desk/corners.html", context)


def hours_of(request: Visit) -> tuple[QuerySet[Help], str, dict[str, str]]:
    rows = rows_for(request.actor, Help.objects.select_related("station"))
    word, chosen = searched_word(request), chosen_filters(request, {"state": HoursState.values})
    station = request.GET.get("station", "")
    if station.isdigit() and len(station) < 18:
        rows, chosen["station"] = rows.filter(station=int(station)), station
    if word:
        rows = rows.filter(
            Q(giver_called__icontains=word) | Q(what__icontains=word) | Q(helped_called__icontains=word)
        )
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    return rows, word, chosen


@for_staff(StationsPermission.VIEW)
def hours(request: Visit) -> HttpResponse:
    return hours_page(request)


def hours_page(request: Visit, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    rows, word, chosen = hours_of(request)
    shown = Listing(
        paged(sorted_rows(rows, request, {"on": "on", "minutes": "minutes", "giver": "giver_called"}, "-on"), request),
        word,
        chosen,
    )
    context = {
        "listing": shown,
        "rows": [{"help": one, "long": words.minutes(one.minutes), "act": f"/desk/stations/hours/{one.pk}/act/"} for one in shown.page],
        "views": [view_of(request, chosen, "全部", ""), *(view_of(request, chosen, str(s.label), s.value) for s in HoursState)],
        "may_edit": request.actor.may(StationsPermission.EDIT),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "refused": refused,
        "trail": trail("时长"),
    }  # fmt: skip
    return render(request, "stations/desk/hours.html", context, status=status)


@for_staff(Permission.FIGURES_VIEW)
def figures(request: Visit) -> HttpResponse:
    """Every figure opens the list behind it, for whoever may open lists of stations."""
    opens = request.actor.may(StationsPermission.VIEW)
    scope = set(request.actor.scope(Permission.FIGURES_VIEW).communities)
    if request.actor.home is not None:
        scope.add(request.actor.home.pk)
    found = list(
        Station.objects.open()
        .filter(community__in=scope)
        .select_related("community")
        .order_by("community__code", "name")
    )
    by_station = figures_of(found)
    context = {
        "rows": [{"station": s, "f": by_station[s.pk], "hours": words.minutes(by_station[s.pk].minutes) if by_station[s.pk].minutes else "—"} for s in found],
        "total": {name: sum(getattr(one, name) for one in by_station.values()) for name in ("mended", "given", "loans", "minutes", "couplets")},
        "months": mended_by_month(found, timezone.localdate()),
        "opens": opens,
        "trail": trail("数字") if opens else [{"label": "看板", "href": ""}, {"label": "驿站数字", "href": ""}],
    }  # fmt: skip
    return render(request, "stations/desk/figures.html", context)


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_things(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.things import COLUMNS, rows_of

    rows, _word, _chosen = things_of(request, Permission.RESIDENTS_EXPORT)
    return export(request, "驿站东西", COLUMNS, rows_of(rows.order_by("station__name", "number", "id")))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_stations(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.places import STATION_COLUMNS, station_rows

    rows, _word, _chosen = stations_of(request, Permission.RESIDENTS_EXPORT)
    return export(request, "驿站", STATION_COLUMNS, station_rows(rows.order_by("community__code", "name", "id")))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_rooms(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.places import ROOM_COLUMNS, room_rows

    rows, _word = rooms_of(request, Permission.RESIDENTS_EXPORT)
    return export(request, "空间", ROOM_COLUMNS, room_rows(rows.order_by("name", "id")))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_corners(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.corners import COLUMNS, rows_of

    rows, _word, _chosen = corners_of(request, Permission.RESIDENTS_EXPORT)
    return export(request, "闲置角落", COLUMNS, rows_of(rows.order_by("-registered_at", "-id")))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_hours(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.things import HOURS_COLUMNS, hours_rows

    rows, _word, _chosen = hours_of(request)
    return export(request, "志愿时长", HOURS_COLUMNS, hours_rows(rows.order_by("-on", "-id")))


def export(request: Visit, what: str, columns: Any, rows: Any) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows

    conditions = "&".join(f"{name}={'…' if name == 'q' else value}" for name, value in sorted(request.GET.items()))
    try:
        return export_rows(what, columns, rows, by=request.actor, reason=f"导出{what}", conditions=conditions)
    except Refused as refused:
        context = {"refused": refused, "back": "/desk/stations/", "trail": trail(what)}
        return render(request, "stations/desk/refused.html", context, status=409)
