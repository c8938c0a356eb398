"""谁管我家这一片: who answers for one's door, nearest first, each with a number to call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs import net
from jiamenkou.services.needs.states import DutyRole

ABOUT = {
    DutyRole.GRID_WORKER: "大事小事先找",
    DutyRole.BUILDING_HEAD: "楼里的事",
    DutyRole.STEWARD: "水电、保洁、门禁",
    DutyRole.STAFF: "办证、补贴、登记",
    DutyRole.PARTY: "党员和共建",
    DutyRole.VOLUNTEER: "帮忙、陪伴",
}


@require_safe
@for_everyone
def mine(request: Visit) -> HttpResponse:
    """Of the person this visit is for; without one, those of the whole community."""
    person, here = acting_for(request), community_of(request)
    place = net.place_of(person) if person is not None else Place.objects.filter(pk=here.id).first()
    rows = net.answering(place, timezone.localdate()) if place is not None else []
    context: dict[str, Any] = {
        "person": person,
        "where": " · ".join(one.name for one in net.above(place)[::-1]) if place is not None else "",
        "rows": [{"one": one, "about": ABOUT[DutyRole(one.duty.role)]} for one in rows],
        "known": person is not None and (person.household_id is not None or person.grid_id is not None),
        "several": len(request.actor.residents) > 1,
    }
    return render(request, "needs/phone/net.html", context)
