"""The week of every calendar in one look: four queries for any number of resources."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.bookings.calendars import calendars
from jiamenkou.foundation.bookings.models import Booking, Resource, ResourceKind
from jiamenkou.foundation.bookings.slots import words_of
from jiamenkou.services.stations.access import communities_of
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.permissions import StationsPermission

DAYS = 7
SHOWN = 60


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


def week_rows(resources: list[Resource], first: date) -> list[dict[str, Any]]:
    """A row a resource, a cell a day: hours and what is booked. Local times are worked out once a booking."""
    read = calendars(resources, first, DAYS)
    holds = {hold.pk: hold for calendar in read.values() for hold in calendar.holds}
    names = {
        hold: (called, state)
        for hold, called, state in Booking.objects.filter(hold__in=holds)
        .order_by("id")
        .values_list("hold_id", "called", "state")
    }
    titles = {
        hold.session_id: hold.session.title
        for hold in _with_sessions([hold.pk for hold in holds.values() if hold.session_id])
    }
    zone = timezone.get_current_timezone()
    rows = []
    for resource in resources:
        calendar = read[resource.pk]
        cells: dict[date, list[dict[str, str]]] = defaultdict(list)
        seen: set[int] = set()
        for hold in calendar.holds:
            if hold.session_id is not None:
                if hold.session_id in seen:
                    continue
                seen.add(hold.session_id)
            start: datetime = hold.during.lower.astimezone(zone)
            end: datetime = hold.during.upper.astimezone(zone)
            who, state = names.get(hold.pk, (titles.get(hold.session_id, hold.why or "占用"), "session"))
            cells[start.date()].append(
                {"clock": f"{start.hour}:{start.minute:02d}–{end.hour}:{end.minute:02d}", "who": who, "state": state}
            )
        days = [
            {
                "hours": words_of(day.open),
                "why": calendar.whys.get(on, ""),
                "open": bool(day.open),
                "cells": cells.get(on, []),
            }
            for on, day in sorted(calendar.days.items())
        ]
        rows.append({"name": resource.name, "kind": resource.kind, "days": days})
    return rows


def _with_sessions(pks: list[int]) -> Any:
    from jiamenkou.foundation.bookings.models import Hold

    return Hold.objects.filter(pk__in=pks).select_related("session").order_by("id") if pks else []
