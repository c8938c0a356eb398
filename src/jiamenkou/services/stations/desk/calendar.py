"""The week of every calendar in one look: four queries for any number of resources, hundreds of bookings as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Func, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.calendars import holds_of, opening
from jiamenkou.foundation.bookings.models import Resource, ResourceKind
from jiamenkou.foundation.bookings.slots import Day, words_of
from jiamenkou.services.stations.access import communities_of
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.permissions import StationsPermission

DAYS = 7
SHOWN = 60
Cell = tuple[str, str, str]  # from when to when, who, how it stands


@require_safe
@for_staff(StationsPermission.VIEW)
def week(request: Visit) -> HttpResponse:
    first = monday(request.GET.get("from", ""))
    resources = list(
        Resource.objects.open()
        .filter(community_id__in=communities_of(request.actor), kind__in=[ResourceKind.PERSON, ResourceKind.ROOM])
        .filter(about__startswith="stations.")
        .order_by("kind", "name", "id")[:SHOWN]
    )
    now = timezone.localtime()
    context = {
        "rows": week_rows(resources, first),
        "days": [{"label": f"周{'一二三四五六日'[n]}", "on": first + timedelta(days=n), "today": first + timedelta(days=n) == now.date()} for n in range(DAYS)],
        "before": f"?from={(first - timedelta(days=7)).isoformat()}",
        "after": f"?from={(first + timedelta(days=7)).isoformat()}",
        "first": first,
        "last": first + timedelta(days=6),
        "trail": trail("日历"),
    }  # fmt: skip
    return render(request, "stations/desk/week.html", context)


def monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    day = min(max(day, date(2000, 1, 3)), date(2100, 1, 1))
    return day - timedelta(days=day.weekday())


class Clock(Func):
    """A moment as ``2026-11-30 8:00`` in the house's own time, worked out where it lies: hundreds a page."""

    function = "to_char"
    output_field = CharField()

    def __init__(self, moment: F) -> None:
        super().__init__(Func(Value(settings.TIME_ZONE), moment, function="timezone"), Value("YYYY-MM-DD FMHH24:MI"))


def week_rows(resources: list[Resource], first: date) -> list[dict[str, Any]]:
    """A row a resource, a cell a day: hours and what is booked. Three queries."""
    names = {resource.pk: resource for resource in resources}
    booked = booked_on(names, first)
    return [
        {
            "name": names[pk].name,
            "kind": names[pk].kind,
            "days": [_day(day, whys.get(on, ""), booked.get((pk, on.isoformat()), [])) for on, day in days.items()],
        }
        for pk, (days, whys) in opening(names, first, DAYS).items()
    ]


def _day(day: Day, why: str, cells: list[Cell]) -> dict[str, Any]:
    spans = day.open
    # what is open stands in a cell that nothing else does
    return {"hours": "" if cells else words_of(spans), "why": why, "open": bool(spans), "cells": cells}


def booked_on(resources: Iterable[int], first: date) -> dict[tuple[int, str], list[Cell]]:
    """By resource and day: from when to when, who, and how it stands; a session once, whatever seats it holds."""
    found: dict[tuple[int, str], list[Cell]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    rows = holds_of(resources, first, DAYS).values_list(
        "resource_id", "session_id", Clock(F("during__startswith")), Clock(F("during__endswith")),
        "why", "session__title", "booking__called", "booking__state",
    )  # fmt: skip
    for resource, session, starts, ends, why, title, called, state in rows:
        if session is not None:
            if (resource, session) in seen:
                continue
            seen.add((resource, session))
        (day, start), end = starts.split(" "), ends.split(" ")[1]
        who = (called, state) if state is not None else (title or why or "占用", "session")
        found[resource, day].append((f"{start}–{end}", *who))
    return found
