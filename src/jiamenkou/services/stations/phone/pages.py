"""What anybody sees: the list, a station, what can be borrowed, booked and joined there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.bookings.calendars import Calendar, calendar_of, calendars, is_open
from jiamenkou.foundation.bookings.models import Booking, Waiting
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import (
    one,
    public_activity,
    public_kind,
    public_service,
    public_station,
    stations_kept_by,
)
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.forms.phone import SlotForm
from jiamenkou.services.stations.models import Activity, Repair, Service, Station, Thing, Work
from jiamenkou.services.stations.near import free_counts, hours_of, near, walk_minutes
from jiamenkou.services.stations.need import may_be_visited
from jiamenkou.services.stations.states import ActivityKind, FacilityKind, RepairState, ThingState

DAYS_SHOWN = 7


@for_everyone
@require_safe
def listing(request: Visit) -> HttpResponse:
    here = community_of(request)
    now = timezone.now()
    rows = near(here.id, now) if here.id else []
    kept = stations_kept_by(request.actor)
    return render(
        request,
        "stations/phone/list.html",
        {
            "rows": [
                {"title": one.station.name, "sub": one.said, "there": one.there, "icon": one.icon, "open": one.open,
                 "href": f"/stations/{one.station.pk}/"}
                for one in rows
            ],
            "kept": [{"name": one.name, "href": f"/stations/host/{one.pk}/"} for one in kept],
        },
    )  # fmt: skip


@for_everyone
@require_safe
def station(request: Visit, pk: int) -> HttpResponse:
    return station_page(request, public_station(pk))


def station_page(
    request: HttpRequest, found: Station, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    person = acting_for(request)
    calendar = calendar_of(found.calendar, today)
    hosts = list(found.hosts.current().order_by("-is_main", "id"))
    walk = walk_minutes(found, found.community)
    counts = free_counts(found)
    shelf = any(one.kind == FacilityKind.SHELF and one.working for one in found.facilities.all().order_by("id"))
    mine = None
    if person is not None:
        live = Repair.objects.filter(station=found, resident=person).live()
        mine = live.order_by("-mended_at", "-id").first()
    figures = figures_of([found])[found.pk]
    return render(
        request,
        "stations/phone/station.html",
        {
            "station": found,
            "refused": refused,
            "host": hosts[0] if hosts else None,
            "hosts": hosts,
            "open": is_open(calendar, now),
            "hours": hours_of(calendar, now),
            "walk": walk,
            "mine": _ticket(mine, today) if mine else None,
            "things": [*_kinds(found, counts, today), *([{"name": "看书角", "icon": "book-open", "said": "随便看", "tone": "", "href": ""}] if shelf else [])],
            "services": _services_shown(_services(found), now),
            "activities": [_activity(one) for one in _activities(found, now)],
            "works": list(
                Work.objects.filter(station=found, consented_at__isnull=False, withdrawn_at__isnull=True)
                .select_related("photo")
                .order_by("-id")[:6]
            ),
            "facilities": [
                {"label": FacilityKind(one.kind).label, "note": one.note if one.working else "坏了，在修", "icon": FacilityKind(one.kind).icon, "working": one.working}
                for one in found.facilities.exclude(kind=FacilityKind.SHELF).order_by("id")
            ],
            "rooms": [{"name": r.name, "sub": f"坐 {r.people} 人", "href": f"/stations/rooms/{r.pk}/"} for r in found.rooms.filter(closed_on__isnull=True).order_by("name")],
            "figures": figures,
            "figure_items": figure_items(found, figures),
            "repair_href": f"/stations/{found.pk}/repair/",
            "couplet_href": f"/stations/{found.pk}/couplet/",
            "share_text": f"{found.name}，{found.where}，{hours_of(calendar, now)}",
        },
        status=status,
    )  # fmt: skip


def figure_items(found: Station, figures: Any) -> list[dict[str, str]]:
    items = []
    if figures.mended:
        since = f"{found.mended_since} 年以来" if found.mended_since else "一共"
        items.append({"value": f"{figures.mended:,}", "label": f"{since}修好{found.mended_what}"})
    if figures.given:
        items.append({"value": str(figures.given), "label": "件送给需要的人"})
    if figures.loans:
        items.append({"value": str(figures.loans), "label": "次借用"})
    if figures.couplets:
        items.append({"value": str(figures.couplets), "label": "副春联"})
    if figures.minutes:
        items.append({"value": f"{figures.minutes // 60}", "label": "小时邻里帮忙"})
    return items[:4]


def _ticket(repair: Repair, today: date) -> dict[str, Any]:
    state = RepairState(repair.state)
    said = {
        RepairState.READY: f"您的{repair.what}修好了",
        RepairState.MENDING: f"您的{repair.what}在修",
        RepairState.BEYOND: f"您的{repair.what}修不了，请来取",
    }.get(state, f"您的{repair.what}登记好了，请送来")
    if state == RepairState.REGISTERED and repair.brought_at:
        said = f"您的{repair.what}收到了，等着修"
    under = f"{repair.done}，{words.yuan(repair.price_fen)}" if repair.done else repair.fault
    return {
        "said": said,
        "under": under,
        "icon": repair.icon,
        "state": state,
        "href": f"/stations/mine/repair/{repair.pk}/",
    }


def _kinds(found: Station, counts: dict[int, tuple[int, int]], today: date) -> list[dict[str, Any]]:
    """Free ones first said as a count, else the day the first comes back."""
    soonest: dict[int, date] = {}
    for thing in Thing.objects.filter(station=found, state=ThingState.LENT).order_by("-due_on", "-id"):
        if thing.due_on is not None:
            soonest[thing.kind_id] = thing.due_on
    rows = []
    for kind in found.kinds.order_by("id"):
        free, everything = counts.get(kind.pk, (0, 0))
        if not everything:
            continue
        back = soonest.get(kind.pk)
        if free:
            said, tone = f"可借 {free} {kind.measure}", ""
        elif back is None:
            said, tone = "在修或有人约了", "orange"
        elif back < today:
            said, tone = "过期没还，在催", "red"
        else:
            said, tone = f"借出，{words.day(back, today)}还", "orange"
        rows.append(
            {"name": kind.name, "icon": kind.icon, "said": said, "tone": tone, "href": f"/stations/kinds/{kind.pk}/"}
        )
    return rows


def _services(found: Station) -> list[Service]:
    rows = found.services.filter(stopped_at__isnull=True, resource__closed_at__isnull=True)
    return list(rows.select_related("resource").order_by("id"))


def first_day(calendar: Calendar, now: Any, days: int = DAYS_SHOWN) -> date | None:
    """The first day with a free slot."""
    today = timezone.localdate(now)
    for step in range(days):
        on = today + timedelta(days=step)
        if any(slot.is_free for slot in calendar.slots(on, now)):
            return on
    return None


def _services_shown(services: list[Service], now: Any) -> list[dict[str, Any]]:
    """Each with its next free times. Three queries for all of them."""
    known = calendars((one.resource for one in services), timezone.localdate(now), DAYS_SHOWN) if services else {}
    return [_service(one, known[one.resource_id], now) for one in services]


def _service(one: Service, calendar: Calendar, now: Any) -> dict[str, Any]:
    today = timezone.localdate(now)
    on = first_day(calendar, now)
    slots = [slot_of(slot, f"/stations/services/{one.pk}/") for slot in calendar.slots(on, now)] if on else []
    # a row of four: from the first free one on
    first = next((at for at, slot in enumerate(slots) if slot["free"]), 0)
    shown = slots[max(0, first - 1) :][:4]
    return {
        "title": one.title,
        "day": words.day(on, today) if on else "",
        "sub": f"{one.who} · {words.yuan(one.price_fen)}",
        "slots": shown,
        "href": f"/stations/services/{one.pk}/",
        "home": f"{one.home_age} 岁以上，{one.who}上门{one.title.removeprefix('约')}" if one.at_home else "",
    }


def slot_of(slot: Any, page: str) -> dict[str, Any]:
    stamp = timezone.localtime(slot.start).strftime("%Y-%m-%dT%H:%M")
    return {"clock": words.clock(slot.start), "free": slot.is_free, "href": f"{page}?start={stamp}", "stamp": stamp}


def _activities(found: Station, now: Any) -> list[Activity]:
    rows = Activity.objects.filter(station=found, session__state="open", session__during__endswith__gt=now)
    return list(rows.select_related("session").order_by("session__during", "id")[:6])


def _activity(one: Activity) -> dict[str, Any]:
    session = one.session
    left = f"还有 {session.left} 个位" if session.left else "满了，可以排队"
    parts = [words.when(session.start), one.for_whom, left]
    return {
        "title": session.title,
        "sub": "，".join(part for part in parts if part),
        "icon": ActivityKind(one.kind).icon,
        "href": f"/stations/sessions/{one.pk}/",
    }


@for_everyone
@require_safe
def kind(request: Visit, pk: int) -> HttpResponse:
    return kind_page(request, pk)


def kind_page(request: HttpRequest, pk: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    found = public_kind(pk)
    person, today = acting_for(request), timezone.localdate()
    free, everything = free_counts(found.station).get(found.pk, (0, 0))
    mine = None
    if person is not None:
        mine = Waiting.objects.filter(resource=found.line, resident=person).active().order_by("id").first()
    row = next((one for one in _kinds(found.station, {found.pk: (free, everything)}, today)), None)
    things = list(Thing.objects.in_use().filter(kind=found).select_related("photo").order_by("number", "id")[:20])
    return render(
        request,
        "stations/phone/kind.html",
        {
            "kind": found,
            "free": free,
            "row": row,
            "things": [{"number": t.number, "condition": t.condition, "state": t.get_state_display(), "photo": t.photo.href if t.photo else ""} for t in things],
            "mine": mine,
            "mine_href": f"/stations/mine/waiting/{mine.pk}/" if mine else "",
            "person": person,
            "refused": refused,
            "back": f"/stations/{found.station_id}/",
            "days": found.loan_days,
        },
        status=status,
    )  # fmt: skip


@for_everyone
@require_safe
def service(request: Visit, pk: int) -> HttpResponse:
    return service_page(request, public_service(pk), SlotForm(initial={"start": request.GET.get("start", "")}))


def service_page(
    request: HttpRequest, found: Service, form: SlotForm, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    person = acting_for(request)
    calendar = calendar_of(found.resource, today, DAYS_SHOWN)
    page = f"/stations/services/{found.pk}/"
    may_home = person is not None and found.at_home and may_be_visited(person, found.home_age, today)
    days = []
    for on, _day in sorted(calendar.days.items()):
        slots = [slot_of(slot, page) for slot in calendar.slots(on, now)]
        if slots:
            days.append({"label": words.day(on, today), "note": f"{on.month}月{on.day}日", "slots": slots})
    start = form["start"].value() if not form.is_bound else form.data.get("start", "")
    return render(
        request,
        "stations/phone/service.html",
        {
            "service": found,
            "sub": f"{found.who} · {words.yuan(found.price_fen)} · {found.resource.slot_minutes} 分钟",
            "days": days,
            "chosen": str(start or ""),
            "chosen_words": _said(str(start or "")),
            "form": form,
            "may_home": may_home,
            "address": person.address if person and may_home else "",
            "person": person,
            "refused": refused,
            "back": f"/stations/{found.station_id}/",
            "page": page,
        },
        status=status,
    )


def _said(stamp: str) -> str:
    form = SlotForm({"start": stamp})
    return words.when(form.moment) if form.is_valid() else ""


@for_everyone
@require_safe
def activity(request: Visit, pk: int) -> HttpResponse:
    return activity_page(request, public_activity(pk))


def activity_page(
    request: HttpRequest, found: Activity, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    person, session = acting_for(request), found.session
    mine = waits = None
    if person is not None:
        mine = (
            Booking.objects.filter(session=session, resident=person).exclude(state__in=["cancelled", "lapsed"]).first()
        )
        waits = Waiting.objects.filter(session=session, resident=person).active().order_by("id").first()
    return render(
        request,
        "stations/phone/activity.html",
        {
            "activity": found,
            "session": session,
            "icon_name": ActivityKind(found.kind).icon,
            "when": words.span(session.start, session.end),
            "left": session.left,
            "over": session.end <= timezone.now() or session.state != "open",
            "mine": mine,
            "waits": waits,
            "person": person,
            "refused": refused,
            "back": f"/stations/{found.station_id}/",
            "full": refused is not None and refused.code == "full",
        },
        status=status,
    )


@for_everyone
@require_safe
def thing(request: Visit, pk: int) -> HttpResponse:
    """The sticker: its host goes to the counter, everybody else to what it is and whether it is free."""
    found = one(Thing.objects.filter(station__closed_on__isnull=True), pk)
    if any(kept.pk == found.station_id for kept in stations_kept_by(request.actor)):
        return HttpResponseRedirect(f"/stations/host/{found.station_id}/things/{pk}/")
    return HttpResponseRedirect(f"/stations/kinds/{found.kind_id}/")
