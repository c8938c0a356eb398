"""Somebody stands at the counter, perhaps without a phone: who, then what. Looked for before anything is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import at_station
from jiamenkou.services.stations.actions import culture, lending, mending
from jiamenkou.services.stations.finding import Search, find, party_from
from jiamenkou.services.stations.forms.phone import ActivityForm, SlotForm, WhoForm
from jiamenkou.services.stations.host.door import for_hosts
from jiamenkou.services.stations.models import Gift, Host, Service, Station, Thing, Work
from jiamenkou.services.stations.phone.asking import put_error
from jiamenkou.services.stations.phone.pages import first_day, slot_of
from jiamenkou.services.stations.states import ActivityKind, GiftState

# what may be done for somebody at the counter; the rest of the form depends on it
WHAT = ("lend", "repair", "gift", "couplet", "book", "work", "give_work")
TITLES = {
    "lend": "借给谁", "repair": "谁的东西要修", "gift": "送给谁", "couplet": "谁要春联", "book": "替谁约", "work": "谁的作品",
    "give_work": "送给谁",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_hosts
def counter(request: Visit, station: Station, host: Host, what: str, pk: int = 0) -> HttpResponse:
    """Name and building → those who are called so → the deed. Three taps at most, one where the person is known."""
    if what not in WHAT:
        return HttpResponseRedirect(f"/stations/host/{station.pk}/")
    form = WhoForm(request.POST) if request.method == "POST" else WhoForm()
    context: dict[str, Any] = {"found": None, "refused": None}
    status = 200
    if request.method == "POST":
        data = {name: str(value) for name, value in request.POST.items()}
        try:
            party, resident = party_from(station, data, by=request.actor)
            said = _do(request, station, what, pk, party, resident, data)
            messages.success(request, said)  # never in an address: it names somebody
            return HttpResponseRedirect(f"/stations/host/{station.pk}/")
        except Search as search:
            try:
                context["found"] = find(station, search.party.called, search.party.building, by=request.actor)
            except Refused as refused:
                context["refused"], status = refused, 422
        except Refused as refused:
            context["refused"], status = refused, 422
            if refused.field in form.fields:
                form.is_valid()
                put_error(form, refused)
    context |= {
        "form": form,
        "what": what,
        "title": TITLES[what],
        "station": station,
        "base": f"/stations/host/{station.pk}/",
        "kept": {
            name: request.POST.get(name, "")
            for name in ("thing_what", "fault", "need", "wish", "count", "start", "title")
        },
    }
    context |= _more(station, what, pk)
    return render(request, "stations/host/counter.html", context, status=status)


def _more(station: Station, what: str, pk: int) -> dict[str, Any]:
    more: dict[str, Any] = {"about": "", "days": []}
    if what == "lend":
        more["about"] = at_station(station, Thing.objects.all(), pk).number
    elif what == "gift":
        more["about"] = at_station(station, Gift.objects.all(), pk).what
    elif what == "give_work":
        more["about"] = f"《{at_station(station, Work.objects.all(), pk).title}》"
    elif what == "book":
        from jiamenkou.foundation.bookings.calendars import calendar_of

        service = at_station(station, Service.objects.select_related("resource"), pk)
        now = timezone.now()
        calendar = calendar_of(service.resource, timezone.localdate(), 7)
        more["about"] = f"{service.title} {service.who}"
        if first_day(calendar, now):
            more["days"] = [
                {
                    "label": words.day(on, timezone.localdate()),
                    "slots": [slot_of(s, "") for s in calendar.slots(on, now) if s.is_free],
                }
                for on in sorted(calendar.days)
            ]
            more["days"] = [day for day in more["days"] if day["slots"]]
    return more


def _do(
    request: Visit, station: Station, what: str, pk: int, party: Party, resident: Resident | None, data: dict[str, str]
) -> str:
    how: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    match what:
        case "lend":
            thing = at_station(station, Thing.objects.select_related("kind", "station"), pk)
            lending.lend(thing, party, reason="借出", **how)
            return f"{thing.number} 借给 {party.called} 了"
        case "repair":
            repair = mending.register(
                station,
                party,
                data.get("thing_what", ""),
                fault=data.get("fault", ""),
                brought=True,
                reason="收东西来修",
                **how,
            )
            return f"{repair.what} 收下了，取件码 {repair.code}"
        case "gift":
            gift = at_station(station, Gift.objects.all(), pk)
            mending.move_gift(
                gift, GiftState.GIVEN, party=party, need=data.get("need", ""), reason="送给需要的人", **how
            )
            return f"{gift.what} 送给 {party.called} 了"
        case "couplet":
            count = data.get("count", "1")
            if not count.isdigit() or len(count) > 2:
                raise Refused("要几副请写数字。", code="number")
            culture.ask_couplet(station, party, wish=data.get("wish", ""), count=int(count), reason="登记春联", **how)
            return f"{party.called} 的春联登记了"
        case "work":
            work = culture.propose_work(
                station,
                party.resident,
                data.get("signed") or party.called,
                data.get("title", ""),
                reason="登记作品",
                **how,
            )
            if party.resident is None:
                raise Refused("作者要在登记册里，才能自己同意和收回。", code="author")
            return f"《{work.title}》等作者同意"
        case "give_work":
            work = at_station(station, Work.objects.select_related("station"), pk)
            culture.give_work(work, party, reason="赠送作品", **how)
            return f"《{work.title}》送给 {party.called} 了"
        case _:
            service = at_station(station, Service.objects.select_related("resource", "station"), pk)
            form = SlotForm(data)
            if not form.is_valid():
                raise Refused("请选一个时间。", field="start", code="required")
            at_home = data.get("at_home") == "on"
            booking = culture.book_service(
                service,
                resident,
                party,
                form.moment,
                at_home=at_home,
                address=data.get("address", ""),
                staff=True,
                reason="代约",
                **how,
            )
            return f"{party.called} 约好了 {words.when(booking.start)}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_hosts
def activity_new(request: Visit, station: Station, host: Host) -> HttpResponse:
    """An hour of painting, a class: opened by the host."""
    form = ActivityForm(request.POST) if request.method == "POST" else ActivityForm(initial={"who": host.called})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = culture.open_activity(
                station, ActivityKind(data["kind"]), data["title"], data["start"], data["minutes"], data["places"],
                who=data["who"], for_whom=data["for_whom"], counts_hours=data["counts_hours"],
                by=request.actor, now=timezone.now(), reason="办活动",
            )  # fmt: skip
            return HttpResponseRedirect(f"/stations/host/{station.pk}/sessions/{made.pk}/")
        except Refused as refused:
            put_error(form, refused)
    context = {"form": form, "station": station, "back": f"/stations/host/{station.pk}/"}
    return render(request, "stations/host/activity_new.html", context, status=422 if form.errors else 200)


@for_hosts
@require_safe
def thing(request: Visit, station: Station, host: Host, pk: int) -> HttpResponse:
    """The sticker was scanned by the host: lend or take back."""
    from jiamenkou.services.stations.models import Loan

    found = at_station(station, Thing.objects.select_related("kind", "kept_for", "photo"), pk)
    loan = Loan.objects.filter(thing=found).out().first()
    context = {
        "thing": found, "loan": loan, "due": words.day(loan.due_on, timezone.localdate()) if loan else "",
        "photo": found.photo.href if found.photo else "", "base": f"/stations/host/{station.pk}/",
    }  # fmt: skip
    return render(request, "stations/host/thing.html", context)
