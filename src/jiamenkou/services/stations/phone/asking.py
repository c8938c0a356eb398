"""What a resident asks of a station: borrow, mend, book, join, couplets; and signing in by the code on the wall."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.bookings import sessions, waiting
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import codes, words
from jiamenkou.services.stations.access import public_activity, public_kind, public_service, public_station
from jiamenkou.services.stations.actions import culture, lending, mending
from jiamenkou.services.stations.actions.hours import signed
from jiamenkou.services.stations.forms.phone import CoupletForm, RepairForm, SlotForm, stored
from jiamenkou.services.stations.models import Activity
from jiamenkou.services.stations.need import need_of
from jiamenkou.services.stations.phone.pages import activity_page, kind_page, service_page

LINK = "/me/link/?next="


def to_link(request: Visit) -> HttpResponse:
    """Signed in, but for nobody yet: first say who one is, then come back."""
    return HttpResponseRedirect(f"{LINK}{request.path}")


def put_error(form: object, refused: Refused) -> None:
    fields = form.fields  # type: ignore[attr-defined]
    form.add_error(refused.field if refused.field in fields else None, refused.message)  # type: ignore[attr-defined]


@require_POST
@for_residents
def borrow(request: Visit, pk: int) -> HttpResponse:
    """One is kept, or a place in line."""
    found, person = public_kind(pk), acting_for(request)
    if person is None:
        return to_link(request)
    now = timezone.now()
    need = need_of(person, timezone.localdate(now))
    try:
        mine = lending.reserve(found, party_of(person), need, by=request.actor, now=now, reason="预约借用")
    except Refused as refused:
        return kind_page(request, pk, refused, 409)
    return HttpResponseRedirect(f"/stations/mine/waiting/{mine.pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def repair(request: Visit, pk: int) -> HttpResponse:
    station, person = public_station(pk), acting_for(request)
    if person is None:
        return to_link(request)
    form = RepairForm(request.POST, request.FILES) if request.method == "POST" else RepairForm()
    if request.method == "POST" and form.is_valid():
        try:
            photo = stored(form, "photo", by=request.actor, community=station.community_id)
            made = mending.register(
                station,
                party_of(person),
                form.cleaned_data["what"],
                fault=form.cleaned_data["fault"],
                photo=photo,
                by=request.actor,
                now=timezone.now(),
                reason="登记修东西",
            )
            return HttpResponseRedirect(f"/stations/mine/repair/{made.pk}/")
        except Refused as refused:
            put_error(form, refused)
    context = {"station": station, "form": form, "back": f"/stations/{pk}/"}
    return render(request, "stations/phone/repair.html", context, status=422 if form.errors else 200)


@require_POST
@for_residents
def book_service(request: Visit, pk: int) -> HttpResponse:
    found, person = public_service(pk), acting_for(request)
    if person is None:
        return to_link(request)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return service_page(request, found, form, status=422)
    data = form.cleaned_data
    try:
        booking = culture.book_service(
            found,
            person,
            party_of(person),
            form.moment,
            at_home=data["at_home"],
            address=data["address"],
            note=data["note"],
            by=request.actor,
            now=timezone.now(),
            reason="约理发",
        )
    except Refused as refused:
        return service_page(request, found, form, refused, 409)
    return HttpResponseRedirect(f"/stations/mine/booking/{booking.pk}/")


@require_POST
@for_residents
def join(request: Visit, pk: int) -> HttpResponse:
    """A place, or with ``do=wait`` a place in line."""
    found, person = public_activity(pk), acting_for(request)
    if person is None:
        return to_link(request)
    now, party = timezone.now(), party_of(person)
    session = found.session
    try:
        if request.POST.get("do") == "wait":
            mine = waiting.join(session.resource, party, by=request.actor, now=now, reason="排队报名", session=session)
            return HttpResponseRedirect(f"/stations/mine/waiting/{mine.pk}/")
        booking = sessions.sign_up(session, party, by=request.actor, now=now, reason="报名")
    except Refused as refused:
        return activity_page(request, found, refused, 409)
    return HttpResponseRedirect(f"/stations/mine/booking/{booking.pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def couplet(request: Visit, pk: int) -> HttpResponse:
    station, person = public_station(pk), acting_for(request)
    if person is None:
        return to_link(request)
    form = CoupletForm(request.POST) if request.method == "POST" else CoupletForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = culture.ask_couplet(
                station,
                party_of(person),
                wish=form.cleaned_data["wish"],
                count=form.cleaned_data["count"],
                by=request.actor,
                now=timezone.now(),
                reason="登记春联",
            )
            return HttpResponseRedirect(f"/stations/mine/couplet/{made.pk}/")
        except Refused as refused:
            put_error(form, refused)
    context = {"station": station, "form": form, "back": f"/stations/{pk}/"}
    return render(request, "stations/phone/couplet.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def sign_in(request: Visit, token: str) -> HttpResponse:
    """The code on the wall: a look says what it is, the tap signs in or out. The time is the server's."""
    person = acting_for(request)
    if person is None:
        return to_link(request)
    now = timezone.now()
    context: dict[str, object] = {"refused": None, "activity": None, "out": False, "done": "", "person": person}
    status = 200
    try:
        pk, out = codes.read_rotating(token, now)
        activity = public_activity(pk)
        context |= {"activity": activity, "out": out, "when": words.span(activity.session.start, activity.session.end)}
        if request.method == "POST":
            with transaction.atomic():  # signed up on the spot and signed in, or neither
                context["done"] = _signed(request, activity, person, out)
    except Refused as refused:
        context["refused"], status = refused, 409
    return render(request, "stations/phone/sign.html", context, status=status)


def _signed(request: Visit, activity: Activity, person: Resident, out: bool) -> str:
    now, by = timezone.now(), request.actor
    booking = Booking.objects.filter(
        session=activity.session_id, resident=person, state__in=["booked", "came"]
    ).first()
    if booking is None:
        if out:
            raise Refused("没有您的签到，请跟带活动的人说。", code="not_in")
        booking = sessions.sign_up(activity.session, party_of(person), by=by, now=now, reason="现场报名")
    if not out:
        sessions.sign_in(booking, by=by, now=now, reason="扫码签到")
        return "签到好了"
    minutes = sessions.sign_out(booking, by=by, now=now, reason="扫码签退")
    if activity.counts_hours and minutes:
        signed(booking, activity.session.title, minutes, activity.station, by=by, now=now, reason="签到签退")
        return f"签退好了，记上 {words.minutes(minutes)}"
    return "签退好了"
