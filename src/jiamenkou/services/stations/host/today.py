"""A host's day on the phone: who comes, what is out, what is in repair; each done in one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings import ending, sessions
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.bookings.slots import moment
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import at_station, booking_at
from jiamenkou.services.stations.actions import culture, lending, mending
from jiamenkou.services.stations.actions.stations import resources_of
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.finding import phone_of
from jiamenkou.services.stations.host.door import for_hosts
from jiamenkou.services.stations.models import Activity, Couplet, Gift, Host, Loan, Repair, Station, Thing, Work
from jiamenkou.services.stations.phone.pages import figure_items
from jiamenkou.services.stations.states import CoupletState, GiftState, RepairState, ThingState

SHOWN = 60


@for_hosts
@require_safe
def today(request: Visit, station: Station, host: Host) -> HttpResponse:
    return page(request, station)


def page(
    request: Visit, station: Station, refused: Refused | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    now, day = timezone.now(), timezone.localdate()
    zone = timezone.get_current_timezone()
    ahead = (moment(day, 0, zone), moment(day + timedelta(days=7), 1440, zone))
    bookings = Booking.objects.filter(resource__in=resources_of(station), session__isnull=True, during__overlap=ahead)
    loans = Loan.objects.filter(station=station).out().select_related("thing__kind").order_by("due_on", "id")[:SHOWN]
    repairs = Repair.objects.filter(station=station).live().order_by("state", "registered_at", "id")[:SHOWN]
    things = (
        Thing.objects.in_use()
        .filter(station=station)
        .select_related("kind", "kept_for")
        .order_by("kind_id", "number", "id")
    )
    activities = Activity.objects.filter(
        station=station, session__state="open", session__during__endswith__gt=now - timedelta(hours=4)
    )
    figures = figures_of([station])[station.pk]
    return render(
        request,
        "stations/host/today.html",
        {
            "station": station,
            "base": f"/stations/host/{station.pk}/",
            "refused": refused,
            "said": said,
            "bookings": [_booking(one, now) for one in bookings.exclude(state__in=["cancelled", "lapsed", "offered"]).select_related("resource").order_by("during", "id")[:SHOWN]],
            "loans": [_loan(one, day) for one in loans],
            "repairs": [_repair(one) for one in repairs],
            "things": [_thing(one, day) for one in things if one.state != ThingState.LENT],
            "gifts": [_gift(one) for one in Gift.objects.filter(station=station).exclude(state__in=[GiftState.GIVEN, GiftState.SCRAPPED]).order_by("state", "-id")[:SHOWN]],
            "couplets": [_couplet(one) for one in Couplet.objects.filter(station=station, state__in=[CoupletState.ASKED, CoupletState.WRITTEN]).order_by("asked_at", "id")[:SHOWN]],
            "works": list(Work.objects.filter(station=station, given_at__isnull=True).order_by("-id")[:SHOWN]),
            "activities": [{"title": a.session.title, "sub": f"{words.when(a.session.start)} · 报了 {a.session.taken}/{a.session.places}", "href": f"sessions/{a.pk}/"} for a in activities.select_related("session").order_by("session__during", "id")[:SHOWN]],
            "figure_items": figure_items(station, figures),
        },
        status=status,
    )  # fmt: skip


def _booking(one: Booking, now: datetime) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "clock": words.when(one.start),
        "who": one.called,
        "building": one.building,
        "what": one.resource.name,
        "home": one.address if one.at_home and one.state == "booked" else "",
        "at_home": one.at_home,
        "note": one.note,
        "state": one.get_state_display(),
        "open": one.state == "booked",
        "today": one.start.date() <= timezone.localdate(now),
        "begun": one.start <= now,
        "has_phone": one.resident_id is not None,
    }


def _loan(one: Loan, day: Any) -> dict[str, Any]:
    late = one.due_on < day
    return {
        "pk": one.pk,
        "thing": one.thing_id,
        "number": one.thing.number,
        "icon": one.thing.kind.icon,
        "who": one.called,
        "building": one.building,
        "due": words.late(one.due_on, day) if late else f"{words.day(one.due_on, day)}还",
        "late": late,
        "has_phone": one.resident_id is not None,
    }


def _repair(one: Repair) -> dict[str, Any]:
    state = RepairState(one.state)
    return {
        "pk": one.pk, "what": one.what, "icon": one.icon, "fault": one.fault, "done": one.done, "who": one.called,
        "building": one.building, "state": state, "code": one.code, "has_phone": one.resident_id is not None,
    }  # fmt: skip


def _thing(one: Thing, day: Any) -> dict[str, Any]:
    state = ThingState(one.state)
    kept = f"给 {one.kept_for.called} 留着" if one.kept_for else ""
    return {
        "pk": one.pk,
        "number": one.number,
        "icon": one.kind.icon,
        "state": state,
        "kept": kept,
        "kept_choice": one.kept_for_id or "",
    }


def _gift(one: Gift) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "what": one.what,
        "count": one.count,
        "state": one.get_state_display(),
        "mended": one.state != GiftState.COLLECTED,
        "who": one.called,
    }


def _couplet(one: Couplet) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "who": one.called,
        "building": one.building,
        "wish": one.wish,
        "count": one.count,
        "written": one.state == CoupletState.WRITTEN,
    }


Doing = Callable[[Visit, Station, int], str]


def _how(request: Visit, reason: str) -> dict[str, Any]:
    return {"by": request.actor, "now": timezone.now(), "reason": reason}


def _take_back(request: Visit, station: Station, pk: int) -> str:
    thing = at_station(station, Thing.objects.select_related("kind", "station"), pk)
    broken = request.POST.get("broken") == "1"
    loan = lending.take_back(thing, how=request.POST.get("how", ""), broken=broken, **_how(request, "归还"))
    return f"{thing.number} 还好了（{loan.called}）"


def _lend_kept(request: Visit, station: Station, pk: int) -> str:
    """The person it is kept for stands here."""
    from jiamenkou.foundation.bookings.people import Party

    thing = at_station(station, Thing.objects.select_related("kind", "station", "kept_for"), pk)
    kept = thing.kept_for
    if kept is None:
        raise Refused("这件没有给谁留着。", code="not_kept")
    party = Party(kept.called, kept.building, kept.community_id, kept.grid_id, kept.resident_id)
    lending.lend(thing, party, **_how(request, "借出"))
    return f"{thing.number} 借给 {kept.called} 了"


def _thing_state(request: Visit, station: Station, pk: int) -> str:
    thing = at_station(station, Thing.objects.select_related("kind", "station"), pk)
    to = request.POST.get("to", "")
    if to not in ThingState.values:
        raise Refused("没有这个状态。", code="state")
    lending.set_state(thing, ThingState(to), **_how(request, "改状态"))
    return f"{thing.number}：{ThingState(to).label}"


def _move_repair(request: Visit, station: Station, pk: int) -> str:
    repair = at_station(station, Repair.objects.select_related("station"), pk)
    to = request.POST.get("to", "")
    if to not in RepairState.values:
        raise Refused("没有这个状态。", code="state")
    yuan = request.POST.get("yuan", "").strip()
    if yuan and (not yuan.isdigit() or len(yuan) > 4):
        raise Refused("收费请写整元，不收就空着。", field="yuan", code="money")
    mending.move(
        repair,
        RepairState(to),
        done=request.POST.get("done", ""),
        price_fen=int(yuan or 0) * 100,
        **_how(request, "修东西"),
    )
    return f"{repair.what}：{RepairState(to).label}"


def _fetch(request: Visit, station: Station, pk: int) -> str:
    repair = mending.fetch(station, request.POST.get("code", ""), **_how(request, "取件"))
    return f"{repair.what} 取走了（{repair.called}）"


def _came(request: Visit, station: Station, pk: int) -> str:
    booking = ending.came(booking_at(station, pk), **_how(request, "来了"))
    return f"{booking.called} 来过了"


def _away(request: Visit, station: Station, pk: int) -> str:
    booking = ending.stayed_away(booking_at(station, pk), **_how(request, "没来"))
    return f"记下了：{booking.called} 没来"


def _cancel(request: Visit, station: Station, pk: int) -> str:
    booking = booking_at(station, pk)
    ending.cancel(booking, why="站里取消", staff=True, **_how(request, "站里取消"))
    return f"{booking.called} 的预约取消了"


def _couplet_done(request: Visit, station: Station, pk: int) -> str:
    couplet = at_station(station, Couplet.objects.select_related("station"), pk)
    to = CoupletState.COLLECTED if couplet.state == CoupletState.WRITTEN else CoupletState.WRITTEN
    culture.move_couplet(couplet, to, text=request.POST.get("text", ""), **_how(request, "写春联"))
    return f"{couplet.called} 的春联：{CoupletState(to).label}"


def _gift_mended(request: Visit, station: Station, pk: int) -> str:
    gift = at_station(station, Gift.objects.all(), pk)
    mending.move_gift(gift, GiftState.MENDED, **_how(request, "收来的修好了"))
    return f"{gift.what} 修好了，可以送人"


def _collect(request: Visit, station: Station, pk: int) -> str:
    count = request.POST.get("count", "1").strip()
    if not count.isdigit() or len(count) > 3:
        raise Refused("件数请写数字。", field="count", code="number")
    gift = mending.collect(
        station, request.POST.get("what", ""), int(count), request.POST.get("from", ""), **_how(request, "收来旧物")
    )
    return f"收来 {gift.count} 件{gift.what}"


def _phone(request: Visit, station: Station, pk: int) -> str:
    """By one tap where it is needed: whose loan, repair or booking this is."""
    kind = request.POST.get("kind", "")
    rows = {"loan": Loan, "repair": Repair}
    if kind in rows:
        found: Any = at_station(station, rows[kind].objects.all(), pk)  # type: ignore[attr-defined]
    elif kind == "booking":
        found = booking_at(station, pk)
    else:
        raise Refused("没有这个操作。", code="unknown")
    if found.resident_id is None:
        raise Refused("没有留电话，请找社区。", code="no_phone")
    why = {"loan": "问归还", "repair": "告诉修好了", "booking": "约好的事"}[kind]
    number = phone_of(station, found.resident_id, why, by=request.actor)
    return f"{found.called}的电话 {number}"


DOES: dict[str, Doing] = {
    "return": _take_back,
    "lend": _lend_kept,
    "thing": _thing_state,
    "repair": _move_repair,
    "fetch": _fetch,
    "came": _came,
    "away": _away,
    "cancel": _cancel,
    "couplet": _couplet_done,
    "mended": _gift_mended,
    "collect": _collect,
    "phone": _phone,
}


@require_POST
@for_hosts
def act(request: Visit, station: Station, host: Host) -> HttpResponse:
    """One tap. The number it said is in the answer alone, never in an address."""
    doing = DOES.get(request.POST.get("do", ""))
    number = request.POST.get("pk", "0")
    try:
        if doing is None or not number.isdigit() or len(number) > 17:
            raise Refused("没有这个操作。", code="unknown")
        said = doing(request, station, int(number))
    except Refused as refused:
        return page(request, station, refused, status=409)
    return page(request, station, said=said)


@for_hosts
@require_safe
def session(request: Visit, station: Station, host: Host, pk: int) -> HttpResponse:
    """The list, and the code for the wall that changes every half minute."""
    return _session_page(request, station, pk)


def _session_page(
    request: Visit, station: Station, pk: int, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    from jiamenkou.services.stations.host.wall import wall_context

    activity = at_station(station, Activity.objects.select_related("session"), pk)
    people = Booking.objects.filter(session=activity.session_id, state__in=["booked", "came", "no_show"]).order_by(
        "called", "id"
    )
    rows = [
        {
            "pk": b.pk,
            "who": b.called,
            "building": b.building,
            "came": b.state == "came",
            "out": words.clock(b.signed_out_at) if b.signed_out_at else "",
            "at": words.clock(b.signed_in_at) if b.signed_in_at else "",
        }
        for b in people
    ]
    context = {
        "station": station, "activity": activity, "session": activity.session, "rows": rows, "refused": refused,
        "when": words.span(activity.session.start, activity.session.end), "base": f"/stations/host/{station.pk}/",
    }  # fmt: skip
    return render(
        request, "stations/host/session.html", context | wall_context(request, station, activity), status=status
    )


@require_POST
@for_hosts
def session_act(request: Visit, station: Station, host: Host, pk: int) -> HttpResponse:
    """Sign somebody in or out who has no phone; call the session off."""
    from jiamenkou.services.stations.actions.hours import signed

    activity = at_station(station, Activity.objects.select_related("session", "station"), pk)
    number = request.POST.get("pk", "0")
    try:
        match request.POST.get("do"):
            case "off":
                sessions.call_off(activity.session, request.POST.get("why", ""), **_how(request, "取消活动"))
                return HttpResponseRedirect(f"/stations/host/{station.pk}/")
            case "in" | "out" as do:
                rows = Booking.objects.filter(session=activity.session_id)
                booking = rows.filter(pk=int(number) if number.isdigit() and len(number) < 18 else 0).first()
                if booking is None:
                    raise Refused("没有这个人的报名。", code="unknown")
                if do == "in":
                    sessions.sign_in(booking, **_how(request, "代签到"))
                else:
                    minutes = sessions.sign_out(booking, **_how(request, "代签退"))
                    if activity.counts_hours:
                        signed(booking, activity.session.title, minutes, station, **_how(request, "代签退"))
            case _:
                raise Refused("没有这个操作。", code="unknown")
    except Refused as refused:
        return _session_page(request, station, pk, refused, 409)
    return HttpResponseRedirect(f"/stations/host/{station.pk}/sessions/{pk}/")
