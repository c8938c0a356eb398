"""One station on the desk: made, changed, its hosts, calendars and things."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.models import DayException
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import access_for_staff
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.desk.adding import ADDS, end_host, thing_state
from jiamenkou.services.stations.desk.given import how
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.forms.desk import (
    ClosingForm,
    FacilityForm,
    HostForm,
    ServiceForm,
    StationForm,
    ThingForm,
    say_hours,
)
from jiamenkou.services.stations.host.paper import sheet_context
from jiamenkou.services.stations.models import Loan, Repair, Station, Thing
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.phone.asking import put_error
from jiamenkou.services.stations.states import ThingState

VIEW, EDIT = StationsPermission.VIEW, StationsPermission.EDIT
FORMS: dict[str, type[forms.Form]] = {
    "host": HostForm,
    "thing": ThingForm,
    "service": ServiceForm,
    "facility": FacilityForm,
    "closing": ClosingForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(EDIT)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    station = access_for_staff(request.actor, Station.objects.select_related("calendar"), pk, EDIT) if pk else None
    if request.method == "POST":
        form = StationForm(request.POST)
        if form.is_valid():
            try:
                return HttpResponseRedirect(f"/desk/stations/{_save(request, form, station).pk}/")
            except Refused as refused:
                put_error(form, refused)
    elif station is not None:
        values = {name: getattr(station, name) for name in StationForm.base_fields if name != "hours"}
        form = StationForm(
            initial=values | {"hours": say_hours(station.calendar.hours.order_by("weekday", "start_minute"))}
        )
    else:
        form = StationForm()
    context = {"form": form, "station": station, "trail": trail(station.name if station else "登记驿站")}
    return render(request, "stations/desk/station_form.html", context, status=422 if form.errors else 200)


def _save(request: Visit, form: StationForm, station: Station | None) -> Station:
    hours = form.cleaned_data["hours"]
    if station is None:
        if request.actor.home is None:
            raise Refused("请用社区的账号登记驿站。", code="home")
        return acts.open_station(request.actor.home, form.fields_given(), hours, **how(request, "登记驿站"))
    acts.change_station(station, form.fields_given(), **how(request, "修改驿站"))
    acts.set_hours(station.calendar, hours, **how(request, "修改开放时间"))
    return station


@require_safe
@for_staff(VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    station = access_for_staff(request.actor, Station.objects.select_related("calendar", "community"), pk, VIEW)
    return page(request, station)


def page(
    request: Visit, station: Station, form: forms.Form | None = None, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    given: dict[str, forms.Form] = {name: kind() for name, kind in FORMS.items()}
    wrong = ""
    if form is not None:
        wrong = next(name for name, kind in FORMS.items() if isinstance(form, kind))
        given[wrong] = form
    loans = {loan.thing_id: loan for loan in Loan.objects.filter(station=station).out().order_by("id")}
    things = Thing.objects.filter(station=station).select_related("kind").order_by("kind__name", "number", "id")
    figures = figures_of([station])[station.pk]
    closings = DayException.objects.filter(resource=station.calendar, day__gte=today).order_by("day")
    return render(
        request,
        "stations/desk/station.html",
        {
            "station": station,
            "kind": station.get_kind_display(),
            "hours": say_hours(station.calendar.hours.order_by("weekday", "start_minute")),
            "hosts": list(station.hosts.current().select_related("account").order_by("-is_main", "id")),
            "things": [
                {"thing": t, "state": ThingState(t.state), "late": words.late(t.due_on, today) if t.due_on and t.is_late(today) else "", "who": f"{loans[t.pk].called} {loans[t.pk].building}" if t.pk in loans else ""}
                for t in things
            ],
            "services": list(station.services.filter(stopped_at__isnull=True).order_by("id")),
            "facilities": list(station.facilities.order_by("id")),
            "closings": list(closings[:10]),
            "repairs": Repair.objects.filter(station=station).live().count(),
            "out": len(loans),
            "figures": figures,
            "given_hours": words.minutes(figures.minutes),
            "mended_gifts": figures.mended_here - Repair.objects.filter(station=station).mended().count(),
            "forms": given,
            "wrong": wrong,
            "refused": refused,
            "may_edit": request.actor.may(EDIT),
            "hrefs": {"counter": f"/stations/host/{station.pk}/", "edit": f"/desk/stations/{station.pk}/edit/", "act": f"/desk/stations/{station.pk}/act/", "sheet": f"/desk/stations/{station.pk}/sheet/", "repairs": f"/desk/stations/repairs/?state=here&station={station.pk}", "mended": f"/desk/stations/repairs/?state=mended&station={station.pk}", "lent": f"/desk/stations/things/?state=lent&station={station.pk}", "hours": f"/desk/stations/hours/?state=confirmed&station={station.pk}", "things": f"/desk/stations/things/?station={station.pk}", "phone": f"/stations/{station.pk}/"},
            "trail": trail(station.name),
        },
        status=status,
    )  # fmt: skip


@require_safe
@for_staff(VIEW)
def sheet(request: Visit, pk: int) -> HttpResponse:
    station = access_for_staff(request.actor, Station.objects.select_related("calendar"), pk, VIEW)
    return render(request, "stations/paper/sheet.html", sheet_context(station, timezone.localdate()))


@require_POST
@for_staff(EDIT)
def act(request: Visit, pk: int) -> HttpResponse:
    """One form of the page each: a host, a thing, a service, a facility, a closing day; a host leaves; a thing changes."""
    station = access_for_staff(request.actor, Station.objects.select_related("calendar", "community"), pk, EDIT)
    do = request.POST.get("do", "")
    form: forms.Form | None = None
    try:
        if do in FORMS:
            form = FORMS[do](request.POST, request.FILES)
            if not form.is_valid():
                return page(request, station, form, status=422)
            ADDS[do](request, station, form)
        elif do == "end_host":
            end_host(request, station)
        elif do == "state":
            thing_state(request)
        elif do == "close":
            station.closed_on = timezone.localdate()
            if (
                Loan.objects.filter(station=station).out().exists()
                or Repair.objects.filter(station=station).live().exists()
            ):
                raise Refused("还有借出去的或没取走的东西，先收回、还清再停用。", code="open")
            acts.change_station(station, {"closed_on": station.closed_on}, **how(request, "停用驿站"))
        else:
            raise Refused("没有这个操作。", code="unknown")
    except Refused as refused:
        station.refresh_from_db()
        if form is not None:
            put_error(form, refused)
            return page(request, station, form, status=422)
        return page(request, station, refused=refused, status=409)
    return HttpResponseRedirect(f"/desk/stations/{pk}/")
