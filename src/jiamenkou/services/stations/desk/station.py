"""One station on the desk: made, changed, its hosts, calendars and things; rooms; corners; hours decided by staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.ending import close_day
from jiamenkou.foundation.bookings.models import DayException, Resource
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.people.roster.values import parse_phones
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import access_for_staff, claim_for_staff, one, thing_for_staff
from jiamenkou.services.stations.actions import corners as corner_acts
from jiamenkou.services.stations.actions import hours as hour_acts
from jiamenkou.services.stations.actions import lending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.desk.lists import hours_page, trail
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.forms.desk import (
    ClosingForm,
    FacilityForm,
    HostForm,
    RoomForm,
    ServiceForm,
    StationForm,
    ThingForm,
    say_hours,
)
from jiamenkou.services.stations.forms.phone import stored
from jiamenkou.services.stations.host.paper import sheet_context
from jiamenkou.services.stations.models import Corner, Help, Loan, Repair, Station, Thing
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.phone.asking import put_error
from jiamenkou.services.stations.states import HoursState, ThingState

VIEW, EDIT = StationsPermission.VIEW, StationsPermission.EDIT
FORMS: dict[str, type[forms.Form]] = {
    "host": HostForm,
    "thing": ThingForm,
    "service": ServiceForm,
    "facility": FacilityForm,
    "closing": ClosingForm,
}


def how(request: Visit, reason: str) -> dict[str, Any]:
    return {"by": request.actor, "reason": reason}


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
            "figures": figures_of([station])[station.pk],
            "given_hours": words.minutes(figures_of([station])[station.pk].minutes),
            "forms": given,
            "wrong": wrong,
            "refused": refused,
            "may_edit": request.actor.may(EDIT),
            "hrefs": {"counter": f"/stations/host/{station.pk}/", "edit": f"/desk/stations/{station.pk}/edit/", "act": f"/desk/stations/{station.pk}/act/", "sheet": f"/desk/stations/{station.pk}/sheet/", "repairs": f"/desk/stations/repairs/?station={station.pk}", "hours": f"/desk/stations/hours/?station={station.pk}", "things": f"/desk/stations/things/?station={station.pk}", "phone": f"/stations/{station.pk}/"},
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
            _ADDS[do](request, station, form)
        elif do == "end_host":
            _end_host(request, station)
        elif do == "state":
            _thing_state(request)
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


def _account(text: str) -> Account:
    """By user name, or by the number the person signs in with."""
    found = Account.objects.filter(username=text.strip(), is_active=True).first()
    if found is None:
        try:
            phones = parse_phones(text) or ()
        except Exception:
            phones = ()
        if phones:
            index = blind_index("phone", phones[0])
            found = Account.objects.filter(Q(phone_index=index), is_active=True).first()
    if found is None:
        raise Refused("没有这个账号。请他先用手机登录一次。", field="username", code="unknown")
    return found


def _add_host(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.add_host(station, _account(data["username"]), data["called"], skill=data["skill"], **how(request, "请主理人"))


def _add_thing(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    kind = acts.kind_named(
        station,
        data["kind"],
        loan_days=data["loan_days"],
        by_need=data["by_need"],
        icon=icon_for(data["kind"]),
        measure=measure_for(data["kind"]),
        **how(request, "登记东西"),
    )
    thing = acts.add_thing(
        kind,
        data["number"],
        condition=data["condition"],
        from_whom=data["from_whom"],
        now=timezone.now(),
        **how(request, "登记东西"),
    )
    photo = stored(form, "photo", by=request.actor, community=station.community_id, public=True)
    if photo is not None:
        Thing.objects.filter(pk=thing.pk).update(photo=photo)


def _add_service(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.add_service(
        station,
        data["title"],
        data["who"],
        data["service_hours"],
        minutes=data["minutes"],
        price_fen=data["yuan"] * 100,
        at_home=data["at_home"],
        home_age=data["home_age"],
        **how(request, "登记服务"),
    )


def _add_facility(request: Visit, station: Station, form: forms.Form) -> None:
    data = form.cleaned_data
    acts.set_facility(
        station, data["facility"], note=data["note"], working=data["working"], **how(request, "登记设施")
    )


def _close_day(request: Visit, station: Station, form: forms.Form) -> None:
    data, now = form.cleaned_data, timezone.now()
    if data["day"] < timezone.localdate(now):
        raise Refused("这天已经过了。", field="day", code="past")
    for resource in _calendars(station):
        close_day(resource, data["day"], data["why"], now=now, **how(request, "休息一天"))


def _calendars(station: Station) -> list[Resource]:
    return [resource for resource in acts.resources_of(station) if resource.kind != "thing"]


_ADDS: dict[str, Callable[[Visit, Station, forms.Form], None]] = {
    "host": _add_host,
    "thing": _add_thing,
    "service": _add_service,
    "facility": _add_facility,
    "closing": _close_day,
}


def _number(request: Visit, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 18 else 0


def _end_host(request: Visit, station: Station) -> None:
    host = one(station.hosts.current(), _number(request, "host"))
    successor = None
    if request.POST.get("successor", "").strip():
        try:
            successor = _account(request.POST["successor"])
        except Refused as refused:
            raise Refused(refused.message, code="unknown") from refused
    called = request.POST.get("called", "").strip() or (successor.display_name if successor else "")
    acts.end_host(host, successor, called, now=timezone.now(), **how(request, "主理人离开"))


def _thing_state(request: Visit) -> None:
    thing = thing_for_staff(request.actor, _number(request, "thing"), EDIT)
    to = request.POST.get("to", "")
    if to not in ThingState.values:
        raise Refused("没有这个状态。", code="state")
    lending.set_state(thing, ThingState(to), now=timezone.now(), **how(request, "改东西的状态"))


ICONS = {
    "轮椅": "accessibility",
    "拐": "accessibility",
    "钻": "drill",
    "血压": "heart-pulse",
    "书": "book-open",
    "伞": "umbrella",
    "剪": "scissors",
}
MEASURES = {
    "轮椅": "辆",
    "拐": "根",
    "梯": "架",
    "伞": "把",
    "钻": "把",
    "机": "台",
    "计": "台",
    "车": "辆",
    "床": "张",
    "椅": "把",
}


def icon_for(name: str) -> str:
    return next((icon for word, icon in ICONS.items() if word in name), "package")


def measure_for(name: str) -> str:
    return next((measure for word, measure in MEASURES.items() if word in name), "个")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(EDIT)
def room_new(request: Visit) -> HttpResponse:
    form = RoomForm(request.POST, request.FILES) if request.method == "POST" else RoomForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if request.actor.home is None:
                raise Refused("请用社区的账号登记空间。", code="home")
            photo = stored(form, "photo", by=request.actor, community=request.actor.home.pk, public=True)
            fields = {name: data[name] for name in ("name", "where", "people", "layout")}
            acts.open_room(
                request.actor.home,
                fields | {"equipment": form.equipment_given(), "shared": data["capacity"] > 1, "photo": photo},
                data["hours"],
                capacity=data["capacity"],
                most_minutes=data["most_minutes"],
                week_minutes=data["week_minutes"],
                **how(request, "登记空间"),
            )
            return HttpResponseRedirect("/desk/stations/rooms/")
        except Refused as refused:
            put_error(form, refused)
    context = {"form": form, "trail": trail("空间", "/desk/stations/rooms/", "登记空间")}
    return render(request, "stations/desk/room_form.html", context, status=422 if form.errors else 200)


@require_safe
@for_staff(VIEW)
def corner(request: Visit, pk: int) -> HttpResponse:
    return _corner_page(request, access_for_staff(request.actor, _corners(), pk, VIEW))


def _corners() -> Any:
    return Corner.objects.select_related("community", "before", "after", "chosen")


def _corner_page(request: Visit, found: Corner, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    context = {
        "corner": found,
        "proposals": list(found.proposals.order_by("-votes", "at", "id")),
        "claims": list(found.claims.order_by("at", "id")),
        "ballots": corner_acts.counted(found),
        "before": found.before.href if found.before else "",
        "after": found.after.href if found.after else "",
        "act": f"/desk/stations/corners/{found.pk}/act/",
        "refused": refused,
        "may_edit": request.actor.may(EDIT),
        "trail": trail("闲置角落", "/desk/stations/corners/", found.name),
    }
    return render(request, "stations/desk/corner.html", context, status=status)


class OpenForm(forms.Form):
    photo = forms.FileField(required=False)


@require_POST
@for_staff(EDIT)
def corner_act(request: Visit, pk: int) -> HttpResponse:
    """close the vote, agree to a claim, open it with a photo, drop it."""
    found = access_for_staff(request.actor, _corners(), pk, EDIT)
    now = timezone.now()
    try:
        match request.POST.get("do"):
            case "close":
                corner_acts.close_vote(found, now=now, **how(request, "结束投票"))
            case "agree":
                claim = claim_for_staff(request.actor, _number(request, "claim"))
                if claim.corner_id != found.pk:
                    raise Refused("没有这个认领。", code="unknown")
                corner_acts.agree(claim, now=now, **how(request, "同意认领"))
            case "open":
                form = OpenForm(request.POST, request.FILES)
                form.is_valid()
                photo = stored(form, "photo", by=request.actor, community=found.community_id, public=True)
                corner_acts.open_corner(
                    found, timezone.localdate(now), after=photo, now=now, **how(request, "角落开张")
                )
            case "drop":
                corner_acts.drop(found, request.POST.get("why", ""), now=now, **how(request, "不办了"))
            case _:
                raise Refused("没有这个操作。", code="unknown")
    except Refused as refused:
        found.refresh_from_db()
        return _corner_page(request, found, refused, 409)
    return HttpResponseRedirect(f"/desk/stations/corners/{pk}/")


@require_POST
@for_staff(EDIT)
def hours_act(request: Visit, pk: int) -> HttpResponse:
    """Confirm for somebody without a phone; correct by a reversing entry."""
    found = access_for_staff(request.actor, Help.objects.select_related("giver", "community", "transaction"), pk, EDIT)
    now = timezone.now()
    try:
        if request.POST.get("do") == "confirm" and found.state == HoursState.WAITING:
            account = request.actor.account
            if account is not None and account.links.filter(resident=found.giver_id, ended_at__isnull=True).exists():
                raise Refused("自己的时长要由别人确认。", code="self")
            hour_acts.confirm(found, now=now, **how(request, "社区代受帮助的人确认"))
        elif request.POST.get("do") == "correct":
            minutes = request.POST.get("minutes", "").strip()
            if not minutes.isdigit() or len(minutes) > 4:
                raise Refused("请写几分钟，0 表示不算。", code="minutes")
            hour_acts.correct(found, int(minutes), request.POST.get("why", ""), now=now, **how(request, "更正时长"))
        else:
            raise Refused("这一条已经定了。", code="decided")
    except Refused as refused:
        return hours_page(request, refused, 409)
    return HttpResponseRedirect("/desk/stations/hours/")
