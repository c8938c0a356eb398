"""Posters to be passed on: of one group, and of a leader with whatever she has open. Pages and the drawings alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.painting.answering import painted
from jiamenkou.foundation.posters import saving
from jiamenkou.services.groupbuy.access import access_leader_page, access_public_cycle
from jiamenkou.services.groupbuy.models import Cycle
from jiamenkou.services.groupbuy.posters import chat_text, cycle_poster, leader_poster, leader_text


@for_everyone
@require_safe
def share(request: Visit, pk: int) -> HttpResponse:
    return render(request, "groupbuy/phone/share.html", _of_cycle(pk))


@for_everyone
@require_safe
def drawing(request: Visit, pk: int) -> HttpResponse:
    return render(request, "groupbuy/poster/poster.svg", _of_cycle(pk), content_type="image/svg+xml")


@for_everyone
@require_safe
def picture(request: Visit, pk: int) -> HttpResponse:
    return painted(request, "groupbuy/poster/poster.svg", _of_cycle(pk), name=f"group-{pk}")


@for_everyone
@require_safe
def leader_share(request: Visit, code: str) -> HttpResponse:
    return render(request, "groupbuy/phone/share.html", _of_leader(code))


@for_everyone
@require_safe
def leader_drawing(request: Visit, code: str) -> HttpResponse:
    return render(request, "groupbuy/poster/poster.svg", _of_leader(code), content_type="image/svg+xml")


@for_everyone
@require_safe
def leader_picture(request: Visit, code: str) -> HttpResponse:
    return painted(request, "groupbuy/poster/poster.svg", _of_leader(code), name=f"leader-{code}")


def _of_cycle(pk: int) -> dict[str, Any]:
    cycle, now = access_public_cycle(pk), timezone.now()
    offers = list(cycle.offers.select_related("product", "lot").order_by("id"))
    return {
        "poster": cycle_poster(cycle, offers, list(cycle.points.order_by("name", "id"))),
        "text": chat_text(cycle, offers),
        **saving(f"/groups/{pk}/poster", cycle.title),
        "over": now >= cycle.closes_at,
        "back": f"/groups/{pk}/",
    }


def _of_leader(code: str) -> dict[str, Any]:
    leader, now = access_leader_page(code), timezone.now()
    cycles = list(Cycle.objects.filter(leader=leader).taking_orders(now).order_by("closes_at", "id")[:3])
    return {
        "poster": leader_poster(leader, cycles, leader.community),
        "text": leader_text(leader, cycles),
        **saving(f"/groups/leaders/{code}/poster", leader.name),
        "whose": leader,
        "back": f"/groups/leaders/{code}/",
    }
