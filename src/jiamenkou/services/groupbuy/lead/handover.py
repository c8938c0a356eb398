"""At the pickup point: a code is scanned, typed or read out; also while the signal is away."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.access import access_led_cycle, one
from jiamenkou.services.groupbuy.actions.pickup import find, hand_over, sync
from jiamenkou.services.groupbuy.codes import public_point
from jiamenkou.services.groupbuy.models import Cycle, Order, PickupPoint
from jiamenkou.services.groupbuy.states import OrderState, PickedHow

MOST = 500


@for_residents
@require_safe
def point(request: Visit, pk: int, point: int) -> HttpResponse:
    cycle = access_led_cycle(request.actor, pk)
    return _page(request, cycle, one(cycle.points.all(), point))


def _page(
    request: Visit,
    cycle: Cycle,
    point: PickupPoint,
    found: list[Order] | None = None,
    how: PickedHow | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = list(
        cycle.orders.filter(point=point, state__in=[OrderState.READY, OrderState.PICKED]).with_lines().order_by("room", "name", "id")
    )  # fmt: skip
    return render(
        request,
        "groupbuy/lead/handover.html",
        {
            "cycle": cycle,
            "point": point,
            "waiting": [_row(one) for one in waiting if one.state == OrderState.READY],
            "picked": sum(one.state == OrderState.PICKED for one in waiting),
            "total": len(waiting),
            "found": [_row(one) for one in found or []],
            "how": how,
            "refused": refused,
            # what the phone takes along: the same list, and the key that verifies a code without us
            "along": json.dumps(
                {
                    "point": point.name,
                    "key": public_point(),
                    "orders": [_along(one) for one in waiting if one.state == OrderState.READY],
                }
            ),
            "back": f"/groups/lead/{cycle.pk}/",
            "here": f"/groups/lead/{cycle.pk}/points/{point.pk}/",
        },
        status=status,
    )


def _along(order: Order) -> dict[str, Any]:
    return {"order": order.pk, "code": order.code, "name": order.name, "room": order.room, "items": words.items(order)}


def _row(order: Order) -> dict[str, Any]:
    return {"order": order, "items": words.items(order), "code": words.code(order.code)}


@require_POST
@for_residents
def look(request: Visit, pk: int, point: int) -> HttpResponse:
    """What a code names is shown first; handing over is a second tap."""
    cycle = access_led_cycle(request.actor, pk)
    where = one(cycle.points.all(), point)
    try:
        found, how = find(cycle, where, request.POST.get("said", ""))
    except Refused as refused:
        return _page(request, cycle, where, refused=refused, status=422)
    return _page(request, cycle, where, found, how)


@require_POST
@for_residents
def hand(request: Visit, pk: int, point: int) -> HttpResponse:
    cycle = access_led_cycle(request.actor, pk)
    where = one(cycle.points.all(), point)
    chosen = [int(value) for value in request.POST.getlist("order") if value.isascii() and value.isdigit()][:20]
    how = request.POST.get("how", "")
    try:
        hand_over(
            cycle, where, chosen, how=PickedHow(how) if how in PickedHow.values else PickedHow.DIGITS,
            by=request.actor, at=timezone.now(), reason="交货",
        )  # fmt: skip
    except Refused as refused:
        return _page(request, cycle, where, refused=refused, status=409)
    return HttpResponseRedirect(f"/groups/lead/{pk}/points/{point}/?done={len(chosen)}")


@require_POST
@for_residents
def synced(request: Visit, pk: int, point: int) -> HttpResponse:
    """``handed``: a JSON list of ``[order, ISO time]`` from the phone's own store. Order → done, again or refused."""
    cycle = access_led_cycle(request.actor, pk)
    where = one(cycle.points.all(), point)
    handed = _handed(request.POST.get("handed", ""))
    if handed is None:
        return JsonResponse({"problem": "看不懂"}, status=422)
    return JsonResponse(sync(cycle, where, handed, by=request.actor, now=timezone.now(), reason="补传交货"))


def _handed(text: str) -> list[tuple[int, datetime]] | None:
    """None for anything but what our own page sends."""
    try:
        rows = json.loads(text) if len(text) <= 60_000 else None
        if not isinstance(rows, list) or len(rows) > MOST:
            return None
        found = []
        for order, at in rows:
            moment = datetime.fromisoformat(str(at).replace("Z", "+00:00"))
            if isinstance(order, bool) or not isinstance(order, int) or not 0 < order < 2**63 or moment.tzinfo is None:
                return None
            found.append((order, moment))
    except (ValueError, TypeError, RecursionError):
        return None
    return found
