"""A death, written down: everything that waits for the person ends with it."""

from __future__ import annotations

from datetime import date

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentDied
from jiamenkou.foundation.people.events import ResidentChanged
from jiamenkou.foundation.people.models import Household, Membership, Resident
from jiamenkou.foundation.refusals import Conflict, Refused


def record_death(resident: Resident, on: date, *, by: Actor, today: date, reason: str) -> Resident:
    """Ends the membership in the household and tells every room. Raises :class:`Refused`, :class:`Conflict`."""
    if on > today:
        raise Refused("还没到这一天。", field="deceased_on", code="future")
    if resident.birth_date and on < resident.birth_date:
        raise Refused("去世日期早于出生日期。", field="deceased_on", code="before_birth")
    locked = Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    if locked.deceased_on is not None:
        raise Conflict("已经登记过去世。", code="recorded")
    locked.deceased_on = on
    locked.save()
    end_membership(locked, on)
    publish(ResidentDied(locked.pk, on))
    publish(ResidentChanged(locked.pk))
    return locked


def end_membership(resident: Resident, on: date) -> None:
    """Out of the current household from the day on; the past of the household stays as it was."""
    for membership in Membership.objects.filter(resident=resident, until__isnull=True).order_by("pk"):
        membership.until = max(on, membership.since)
        membership.save()
    for household in Household.objects.filter(head=resident).order_by("pk"):
        household.head = None
        household.head_index = None
        household.save()
