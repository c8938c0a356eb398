"""Calendars for tests: a resource that is open every day from 8 to 22."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.bookings.models import OpeningHours, Resource
from jiamenkou.foundation.places.models import Place


def make_resource(community: Place, hours: tuple[tuple[int, int], ...] = ((480, 1320),), **fields: Any) -> Resource:
    defaults: dict[str, Any] = {"kind": "person", "name": "王师傅理发", "per_person": 0}
    resource = Resource.objects.create(community=community, **defaults | fields)
    OpeningHours.objects.bulk_create(
        OpeningHours(resource=resource, weekday=weekday, start_minute=a, end_minute=b)
        for weekday in range(7)
        for a, b in hours
    )
    return resource


def at(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    """That time of day, so many days from today."""
    day: date = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
