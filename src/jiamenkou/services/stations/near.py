"""Stations on a plain list: how far on foot from the community's gate, whether open now, what is there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from jiamenkou.engines.matching import spot
from jiamenkou.engines.matching.walking import minutes
from jiamenkou.foundation.bookings.calendars import Calendar, calendars, is_open
from jiamenkou.foundation.bookings.slots import words_of
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.models import Station, Thing
from jiamenkou.services.stations.states import StationKind, ThingState

FAR = 10_000


@dataclass(frozen=True, slots=True)
class Near:
    """``walk`` is None where a point is missing; ``now`` says open or closed and until when."""

    station: Station
    walk: int | None
    open: bool
    hours: str
    there: str
    icon: str

    @property
    def said(self) -> str:
        parts = ["开着" if self.open else "现在关着", self.hours, f"走路 {self.walk} 分钟" if self.walk else ""]
        return " · ".join(part for part in parts if part)


ICONS = {"stairwell": "house-heart", "hall": "store", "culture": "palette", "service": "map-pin"}


def walk_minutes(station: Station, gate: Place) -> int | None:
    """From the community's gate, never from a home."""
    points = (station.latitude, station.longitude, gate.latitude, gate.longitude)
    if any(value is None for value in points):
        return None
    origin = (float(gate.latitude or 0), float(gate.longitude or 0))
    there = spot(float(station.latitude or 0), float(station.longitude or 0), origin)
    return minutes(spot(*origin, origin), there)


def hours_of(calendar: Calendar, now: datetime) -> str:
    day = calendar.days[timezone.localdate(now)]
    why = calendar.whys.get(day.on, "")
    return words_of(day.open) + (f"（{why}）" if why and not day.open else "")


def near(community: int, now: datetime) -> list[Near]:
    """Nearest first. Five queries."""
    stations = list(
        Station.objects.open().filter(community=community).select_related("community", "calendar").order_by("id")
    )
    read = calendars([station.calendar for station in stations], timezone.localdate(now), 1)
    free: dict[int, list[str]] = {}
    rows: Any = (
        Thing.objects.filter(station__in=stations, state=ThingState.FREE)
        .values("station", "kind__name", "kind__measure")
        .annotate(n=Count("id"))
        .order_by("station", "kind__name")
    )
    for row in rows:
        free.setdefault(row["station"], []).append(f"{row['kind__name']} {row['n']} {row['kind__measure']}")
    found = []
    for station in stations:
        calendar = read[station.calendar_id]
        there = "、".join(free.get(station.pk, [])[:3])
        if not there:
            there = station.about[:24] or str(StationKind(station.kind).label)
        found.append(
            Near(
                station,
                walk_minutes(station, station.community),
                is_open(calendar, now),
                hours_of(calendar, now),
                there,
                ICONS[station.kind],
            )
        )
    return sorted(found, key=lambda one: (one.walk if one.walk is not None else FAR, one.station.name, one.station.pk))


def free_counts(station: Station) -> dict[int, tuple[int, int]]:
    """Kind id → (free now, in use at all)."""
    rows: Any = (
        Thing.objects.in_use()
        .filter(station=station)
        .values("kind")
        .annotate(free=Count("id", filter=Q(state=ThingState.FREE)), all=Count("id"))
        .order_by("kind")
    )
    return {row["kind"]: (row["free"], row["all"]) for row in rows}
