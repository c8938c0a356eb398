"""A matter of mine: its page, and what I may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings import ending, placing, waiting
from jiamenkou.foundation.bookings.calendars import calendar_of
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.messages.inbox import settle
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import own
from jiamenkou.services.stations.actions import culture, hours, lending
from jiamenkou.services.stations.forms.phone import SlotForm
from jiamenkou.services.stations.phone.entries import entry_of
from jiamenkou.services.stations.phone.pages import slot_of
from jiamenkou.services.stations.states import CoupletState

STEPS = {"repair": ["登记", "维修", "来取", "取走"], "couplet": ["登记", "写好", "取走"]}
AT = {"registered": 1, "mending": 2, "ready": 3, "collected": 5, "beyond": 3, "returned": 5, "asked": 1, "written": 2}


@for_residents
@require_safe
def matter(request: Visit, kind: str, pk: int) -> HttpResponse:
    return _page(request, kind, own(request.actor, kind, pk))


def _page(request: Visit, kind: str, found: Any, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    entry = entry_of(kind, found)
    now, today = timezone.now(), timezone.localdate()
    slots: list[dict[str, Any]] = []
    if kind == "booking" and found.state == "booked" and found.session_id is None and request.GET.get("move"):
        calendar = calendar_of(found.resource, today, 7)
        slots = [
            {"label": words.day(on, today), "slots": [slot_of(slot, "") for slot in calendar.slots(on, now)]}
            for on in sorted(calendar.days)
        ]
    if kind == "couplet" and found.state == "collected":
        at = 4
    else:
        at = AT.get(getattr(found, "state", ""), 0)
    context = {
        "kind": kind,
        "found": found,
        "entry": entry,
        "refused": refused,
        "can": _can(kind, found),
        "steps": STEPS.get(kind, []),
        "now": at,
        "code": getattr(found, "code", "") if kind == "repair" and found.state in {"ready", "beyond"} else "",
        "rows": facts_of(kind, found),
        "slots": [day for day in slots if day["slots"]],
        "before": waiting.before(found) if kind == "waiting" and found.state == "waiting" else None,
        "photo": found.photo.href if kind == "work" and found.photo else "",
    }
    return render(request, "stations/phone/matter.html", context, status=status)


def _can(kind: str, found: Any) -> list[tuple[str, str, str]]:
    """(what, its words, icon): the first is the one strong action."""
    state = getattr(found, "state", "")
    match kind, state:
        case "booking", "offered":
            return [("accept", "要，我去", "check"), ("cancel", "不要了", "x")]
        case "booking", "booked" if found.session_id is None:
            return [("move", "改时间", "calendar-clock"), ("cancel", "不去了，取消", "x")]
        case "booking", "booked":
            return [("cancel", "不去了，取消", "x")]
        case "waiting", "waiting" | "offered":
            return [("leave", "不要了", "x")]
        case "couplet", "asked":
            return [("cancel", "不要了", "x")]
        case "help", "waiting":
            return [("yes", "对，帮我了", "check"), ("no", "不对", "x")]
    if kind == "loan" and found.returned_at is None:
        return [("extend", "还要用，续借", "rotate-ccw")]
    if kind == "work":
        return [("withdraw", "收回，不展了", "undo-2")] if found.on_show else [("consent", "同意展出", "check")]
    return []


def facts_of(kind: str, found: Any) -> list[tuple[str, str]]:
    local = timezone.localtime
    match kind:
        case "loan":
            rows = [
                ("借的", found.thing.number),
                ("借出", f"{local(found.lent_at):%-m月%-d日}"),
                ("归还日", f"{found.due_on:%-m月%-d日}"),
            ]
        case "repair":
            rows = [
                ("哪里坏了", found.fault),
                ("怎么修的", found.done),
                ("收费", words.yuan(found.price_fen) if found.mended_at else ""),
                ("登记", f"{local(found.registered_at):%-m月%-d日}"),
            ]
        case "booking":
            rows = [
                ("时间", words.span(found.start, found.end)),
                ("地方", found.address if found.at_home else found.resource.name),
                (
                    "取消",
                    f"提前 {found.rules.get('cancel_minutes', 0) // 60} 小时以上能取消"
                    if found.state == "booked"
                    else found.why,
                ),
            ]
        case "couplet":
            rows = [("要几副", f"{found.count} 副"), ("想写", found.wish), ("写了", found.text)]
        case "help":
            rows = [
                ("谁帮的", found.giver_called),
                ("做了什么", found.what),
                ("多久", words.minutes(found.minutes)),
                ("哪天", f"{found.on:%-m月%-d日}"),
            ]
        case "work":
            rows = [("作品", found.title), ("署名", found.author_called), ("在哪里展", found.station.name)]
        case _:
            rows = [("等的", found.session.title if found.session else found.resource.name)]
    return [(name, value) for name, value in rows if value]  # fmt: skip


@require_POST
@for_residents
def act(request: Visit, kind: str, pk: int) -> HttpResponse:
    found = own(request.actor, kind, pk)
    do = request.POST.get("do", "")
    page = f"/stations/mine/{kind}/{pk}/"
    try:
        doing = _DOES.get((kind, do))
        if doing is None:
            raise Refused("没有这个操作。", code="unknown")
        doing(request, found)
    except Refused as refused:
        found.refresh_from_db()
        return _page(request, kind, found, refused, 409)
    return HttpResponseRedirect(page)


def _words(request: Visit, reason: str) -> dict[str, Any]:
    return {"by": request.actor, "now": timezone.now(), "reason": reason}


def _move(request: Visit, found: Booking) -> None:
    form = SlotForm(request.POST)
    if not form.is_valid():
        raise Refused("请选一个时间。", field="start", code="required")
    placing.move(found, form.moment, **_words(request, "改时间"))


def _yes(request: Visit, found: Any) -> None:
    hours.confirm(found, **_words(request, "受帮助的人确认"))
    settle(
        found.helped_id, f"/stations/mine/help/{found.pk}/", "对", by=request.actor, now=timezone.now(), reason="答复"
    )


_DOES: dict[tuple[str, str], Callable[[Visit, Any], object]] = {
    ("booking", "accept"): lambda r, f: waiting.confirm(f, **_words(r, "要这个空位")),
    ("booking", "cancel"): lambda r, f: ending.cancel(f, why="本人取消", **_words(r, "取消预约")),
    ("booking", "move"): _move,
    ("waiting", "leave"): lambda r, f: waiting.leave(f, **_words(r, "不排了")),
    ("couplet", "cancel"): lambda r, f: culture.move_couplet(f, CoupletState.CANCELLED, **_words(r, "不要了")),
    ("help", "yes"): _yes,
    ("help", "no"): lambda r, f: hours.refuse(f, "对方说不对", **_words(r, "受帮助的人说不对")),
    ("loan", "extend"): lambda r, f: lending.extend(f, **_words(r, "续借")),
    ("work", "consent"): lambda r, f: culture.consent(f, **_words(r, "作者同意展出")),
    ("work", "withdraw"): lambda r, f: culture.withdraw(f, **_words(r, "作者收回")),
}
