"""A day on paper for when the phone is dead, and one screen to type it in later. Typed in twice it counts once."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.bookings.people import stranger
from jiamenkou.foundation.bookings.slots import moment
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.actions import lending, mending
from jiamenkou.services.stations.actions.stations import resources_of
from jiamenkou.services.stations.finding import chosen, find
from jiamenkou.services.stations.host.door import for_hosts
from jiamenkou.services.stations.models import Host, Loan, Repair, SheetLine, Station, Thing
from jiamenkou.services.stations.states import RepairState, ThingState

LINES = 12
KINDS = {"lend": "借", "return": "还", "repair": "收来修", "fetch": "取走"}


def sheet_context(station: Station, day: date) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    span = (moment(day, 0, zone), moment(day, 1440, zone))
    bookings = Booking.objects.filter(resource__in=resources_of(station), state="booked", during__overlap=span)
    out = Loan.objects.filter(station=station).out().select_related("thing").order_by("due_on", "id")
    ready = Repair.objects.filter(station=station, state__in=[RepairState.READY, RepairState.BEYOND]).order_by("id")
    things = Thing.objects.filter(station=station, state__in=[ThingState.FREE, ThingState.RESERVED]).order_by(
        "number", "id"
    )
    return {
        "station": station,
        "day": day,
        "weekday": "一二三四五六日"[day.weekday()],
        "bookings": [{"clock": words.clock(b.start), "who": f"{b.called} {b.building}", "what": b.resource.name, "where": b.address if b.at_home else ""} for b in bookings.select_related("resource").order_by("during", "id")],
        "loans": [{"number": one.thing.number, "who": f"{one.called} {one.building}", "due": one.due_on} for one in out[:40]],
        "ready": [{"what": one.what, "who": f"{one.called} {one.building}", "code": one.code} for one in ready[:40]],
        "things": [{"number": one.number, "url": f"{settings.PUBLIC_URL}/q/{one.code}"} for one in things[:24]],
        "lines": range(1, LINES + 1),
        "type_url": f"{settings.PUBLIC_URL}/stations/host/{station.pk}/type-in/?day={day.isoformat()}",
        "station_url": f"{settings.PUBLIC_URL}/q/{station.code}",
    }  # fmt: skip


@for_hosts
@require_safe
def sheet(request: Visit, station: Station, host: Host) -> HttpResponse:
    return render(request, "stations/paper/sheet.html", sheet_context(station, _day(request.GET.get("day", ""))))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


@require_http_methods(["GET", "HEAD", "POST"])
@for_hosts
def type_in(request: Visit, station: Station, host: Host) -> HttpResponse:
    """Every line answers for itself: done, done before, or what is wrong with it. Nothing else on the sheet is held up."""
    day = _day(request.POST.get("day", "") or request.GET.get("day", ""))
    done = {line.line: line.result for line in SheetLine.objects.filter(station=station, day=day).order_by("line")}
    answers: dict[int, dict[str, Any]] = {}
    bad = False
    if request.method == "POST":
        for number in range(1, LINES + 1):
            row = {
                # a choice is signed, and longer than anything that is typed
                name: request.POST.get(f"{name}-{number}", "").strip()[: 200 if name == "choice" else 40]
                for name in ("do", "what", "name", "building", "clock", "choice")
            }
            if not row["do"] or not any(row[name] for name in ("what", "name")):
                continue
            try:
                answers[number] = {
                    "row": row,
                    "said": write_line(
                        station, day, number, row, by=request.actor, now=timezone.now(), reason="补录纸单"
                    ),
                    "ok": True,
                }
                done[number] = answers[number]["said"]
            except Ask as ask:
                bad = True
                answers[number] = {"row": row, "said": "是哪一位？", "ok": False, "found": ask.found}
            except Refused as refused:
                bad = True
                answers[number] = {"row": row, "said": refused.message, "ok": False}
    empty = {"do": "", "what": "", "name": "", "building": "", "clock": "", "choice": ""}
    rows = [
        {
            "number": n,
            "done": done.get(n, ""),
            "row": answers.get(n, {}).get("row", empty),
            "said": answers.get(n, {}).get("said", "") if n not in done else "",
            "found": answers.get(n, {}).get("found", []),
        }
        for n in range(1, LINES + 1)
    ]
    context = {
        "station": station,
        "day": day,
        "rows": rows,
        "kinds": KINDS.items(),
        "base": f"/stations/host/{station.pk}/",
        "things": list(
            Thing.objects.in_use().filter(station=station).order_by("number", "id").values_list("number", flat=True)
        ),
    }
    return render(request, "stations/host/type_in.html", context, status=422 if bad else 200)


class Ask(Exception):
    """Several people or one may be meant: the line is asked about before it is written."""

    def __init__(self, found: list[Any]) -> None:
        super().__init__("ask")
        self.found = found


def write_line(
    station: Station, day: date, number: int, row: dict[str, str], *, by: Actor, now: datetime, reason: str
) -> str:
    """One line as it was written on that day. The same line again changes nothing; other words in its place are refused."""
    digest = hashlib.sha256(
        "|".join(row[name] for name in ("do", "what", "name", "building", "clock")).encode()
    ).hexdigest()
    known = SheetLine.objects.filter(station=station, day=day, line=number).first()
    if known is not None:
        if known.digest != digest:
            raise Conflict(f"第 {number} 行已经录过：{known.result}。写错了请在“今天”里改。", code="typed")
        return known.result
    if day > timezone.localdate(now):
        raise Refused("单子上的日期还没到。", code="future")
    at = min(_moment(day, row["clock"]), now)
    try:
        with transaction.atomic():
            line = SheetLine.objects.create(
                station=station, day=day, line=number, digest=digest, result="…", by=by.account
            )
            line.result = _deed(station, row, at, by, reason)[:80]
            line.save()
    except IntegrityError as error:
        raise Conflict(f"第 {number} 行刚才已经录过了。", code="typed") from error
    return line.result


def _moment(day: date, text: str) -> datetime:
    """The hour that was written; noon where none was."""
    try:
        hour, _, minute = text.replace("：", ":").partition(":")
        written = time(int(hour), int(minute or 0)) if text else time(12)
    except ValueError as error:
        raise Refused("几点请写成 9:30。", code="clock") from error
    return timezone.make_aware(datetime.combine(day, written))


def _deed(station: Station, row: dict[str, str], at: datetime, by: Actor, reason: str) -> str:
    how: dict[str, Any] = {"by": by, "now": at, "reason": reason}
    match row["do"]:
        case "return":
            lending.take_back(_thing(station, row["what"]), **how)
            return f"还 {row['what']}"
        case "fetch":
            repair = mending.fetch(station, row["what"], **how)
            return f"取走 {repair.what}"
        case "lend":
            thing = _thing(station, row["what"])
            loan = lending.lend(
                thing,
                _party(station, row, by),
                due_on=max(words.back_by(timezone.localdate(at), thing.kind.loan_days), timezone.localdate(at)),
                **how,
            )
            return f"借出 {thing.number}，{loan.due_on:%-m月%-d日}还"
        case "repair":
            repair = mending.register(station, _party(station, row, by), row["what"], brought=True, **how)
            return f"收来修 {repair.what}，取件码 {repair.code}"
        case _:
            raise Refused("借、还、收来修、取走，请选一个。", code="do")


def _thing(station: Station, number: str) -> Thing:
    found = Thing.objects.filter(station=station, number__iexact=number).select_related("kind", "station").first()
    if found is None:
        raise Refused(f"没有编号“{number}”的东西，看看标签。", code="unknown")
    return found


def _party(station: Station, row: dict[str, str], by: Actor) -> Any:
    if row["choice"] and row["choice"] != "new":
        return chosen(station, row["choice"])[0]
    party = stranger(row["name"], row["building"], station.community_id)
    if row["choice"] != "new" and len(row["name"]) >= 2:
        found = find(station, row["name"], row["building"], by=by)
        if found:
            raise Ask(found)
    return party
