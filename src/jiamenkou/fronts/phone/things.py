"""我的事: everything of mine in progress on one line, by when it happens, over all rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.events.contributions import TimelineEntry
from jiamenkou.fronts import shells
from jiamenkou.fronts.context import wants_care
from jiamenkou.fronts.phone.going import DAYS

VIEWS = ("going", "waiting", "done")


@for_residents
@require_safe
def things(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("view", "")
    view = chosen if chosen in VIEWS else "going"
    entries = shells.timeline(request)
    going = [entry for entry in entries if not entry.done]
    waiting = [entry for entry in going if entry.waits_for_me]
    done = [entry for entry in entries if entry.done]
    today = timezone.localdate()
    shown = {"going": going, "waiting": waiting, "done": done}[view]
    if view == "done":
        groups = _finished(done)
    elif wants_care(request):
        groups = _plain(shown)
    else:
        groups = _by_day(shown, today)
    return render(
        request,
        "phone/things.html",
        {
            "view": view,
            "groups": groups,
            "person": acting_for(request),
            # where nothing is under way, every door is something to do
            "starts": [] if groups else [{**door, "kind": "soft"} for door in shells.doors(request)],
            "views": [
                {"label": _("在办"), "href": "/me/things/", "on": view == "going", "count": len(going) or None},
                {"label": _("等我"), "href": "?view=waiting", "on": view == "waiting", "count": len(waiting) or None},
                {"label": _("办完的"), "href": "?view=done", "on": view == "done"},
            ],
        },
    )


def _by_day(entries: list[TimelineEntry], today: date) -> list[dict[str, Any]]:
    """What waits first; then what has a day ahead, nearest first; then what others have in hand."""
    waiting, dated, others = _sorted_out(entries)
    groups = [_group(_("等您办的"), _count_of(waiting), waiting, acts=1)] if waiting else []
    later: dict[str, list[TimelineEntry]] = {}
    notes: dict[str, str] = {}
    for entry in dated:
        label, note = _day(timezone.localdate(entry.at), today)
        later.setdefault(label, []).append(entry)
        notes.setdefault(label, note)
    groups += [_group(label, notes[label], rows) for label, rows in later.items()]
    if others:
        groups.append(_group(_("在办"), _("有人在替您办，您等着就行"), others))
    return groups


def _plain(entries: list[TimelineEntry]) -> list[dict[str, Any]]:
    """长辈版: 等您办的 · 约好的 · 别人在办的; every card has its button."""
    waiting, dated, others = _sorted_out(entries)
    found = [
        (_("等您办的 %(count)s 件") % {"count": len(waiting)}, waiting),
        (_("约好的"), dated),
        (_("别人在替您办"), others),
    ]
    return [_group(label, "", rows, acts=len(rows), strong=rows is waiting) for label, rows in found if rows]


def _finished(entries: list[TimelineEntry]) -> list[dict[str, Any]]:
    """By month, newest first."""
    months: dict[str, list[TimelineEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.at, reverse=True):
        day = timezone.localdate(entry.at)
        months.setdefault(f"{day.year}年{day.month}月", []).append(entry)
    return [_group(label, "", rows) for label, rows in months.items()]


def _sorted_out(
    entries: Iterable[TimelineEntry],
) -> tuple[list[TimelineEntry], list[TimelineEntry], list[TimelineEntry]]:
    """What waits for the person, what is agreed for a day ahead, and what others have in hand."""
    now = timezone.now()
    waiting, dated, others = [], [], []
    for entry in entries:
        if entry.waits_for_me:
            waiting.append(entry)
        elif entry.at > now:
            dated.append(entry)
        else:
            others.append(entry)
    return waiting, sorted(dated, key=lambda entry: entry.at), others


def _day(day: date, today: date) -> tuple[str, str]:
    """A heading and what stands beside it: 明天 · 11月25日 周三."""
    full = f"{day.month}月{day.day}日 周{DAYS[day.weekday()]}"
    if day == today:
        return _("今天"), full
    if day == today + timedelta(days=1):
        return _("明天"), full
    if day - today < timedelta(days=7 - today.weekday()):
        return _("这周"), ""
    return _("以后"), ""


def _count_of(waiting: list[TimelineEntry]) -> str:
    return ngettext("%(count)s 件，办完就好", "%(count)s 件，一件一件来", len(waiting)) % {"count": len(waiting)}


def _group(
    label: str, note: str, entries: list[TimelineEntry], *, acts: int = 0, strong: bool = True
) -> dict[str, Any]:
    """``acts``: how many cards have a button; with ``strong`` the first has the one strong action of the page."""
    events = [
        _event(entry, "" if at >= acts else "go" if strong and at == 0 else "tint") for at, entry in enumerate(entries)
    ]
    return {"label": label, "note": note, "events": events}


def _event(entry: TimelineEntry, button: str) -> dict[str, Any]:
    """``button``: its kind, empty for a card that is its own link."""
    action = {"label": _("去看看"), "href": entry.href, "kind": button} if button else None
    return {
        "title": entry.title,
        "href": entry.href,
        "icon": entry.icon,
        "tone": entry.tone,
        "state": entry.state,
        "place": entry.place,
        "next": entry.next,
        "action": action,
    }
