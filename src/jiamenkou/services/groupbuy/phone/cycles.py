"""The list of group-buys and the page of one, for anybody; ordering, for residents: one POST."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import about, acting_for, community_of
from jiamenkou.foundation.ledger.models import Way
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.access import (
    access_leader_page,
    access_ordered_cycle,
    access_public_cycle,
    access_shown_cycle,
)
from jiamenkou.services.groupbuy.actions.orders import Buyer, place_order
from jiamenkou.services.groupbuy.actions.stock import SoldOut
from jiamenkou.services.groupbuy.leading import phone_of
from jiamenkou.services.groupbuy.models import Cycle
from jiamenkou.services.groupbuy.phone.door import order_door, told, wants_page
from jiamenkou.services.groupbuy.phone.reading import point_of, seen_total, wanted
from jiamenkou.services.groupbuy.phone.showing import Shown, last_order, offers_shown, points_shown, rows_shown
from jiamenkou.services.groupbuy.queries import public_account
from jiamenkou.services.groupbuy.states import UNDER_WAY, CycleState, OrderState

VIEWS = {
    "open": (gettext_lazy("进行中"), [CycleState.OPEN]),
    "soon": (gettext_lazy("即将开始"), [CycleState.ANNOUNCED]),
    "ended": (gettext_lazy("已截单"), [*UNDER_WAY, CycleState.DONE, CycleState.FAILED]),
}
SHOWN = 40


@for_everyone
@require_safe
def listing(request: Visit) -> HttpResponse:
    chosen = request.GET.get("view", "open")
    view = chosen if chosen in VIEWS else "open"
    return render(request, "groupbuy/phone/list.html", _listed(request, view, None))


@for_everyone
@require_safe
def leader(request: Visit, code: str) -> HttpResponse:
    """主理人's own link: her cycles, whatever their state."""
    found = access_leader_page(code)
    context = _listed(request, "", found.pk)
    known = acting_for(request) is not None
    # a neighbour's number is for neighbours: strangers sign in first
    words_of = {
        "leader": found,
        "phone": phone_of(found) if known else "",
        "sign_in": "" if known or found.phone_sealed is None else f"/signin/?next=/groups/leaders/{code}/",
    }
    return render(request, "groupbuy/phone/leader.html", context | words_of)


def _listed(request: Visit, view: str, leader: int | None) -> dict[str, Any]:
    now = timezone.now()
    rows = Cycle.objects.shown_in(community_of(request).id) if leader is None else Cycle.objects.filter(leader=leader)
    rows = rows.filter(state__in=VIEWS[view][1]) if view else rows.exclude(state=CycleState.DRAFT)
    order = "closes_at" if view in {"open", "soon"} else "-closes_at"
    cycles = list(rows.with_parties().order_by(order, "id")[:SHOWN])
    offers = offers_shown(cycle.pk for cycle in cycles)
    return {
        "cards": [card(cycle, offers[cycle.pk], now) for cycle in cycles],
        "views": [
            {"label": label, "href": f"/groups/?view={key}", "on": key == view} for key, (label, _s) in VIEWS.items()
        ],
        "view": view,
    }


def card(cycle: Cycle, offers: Sequence[Shown], now: datetime) -> dict[str, Any]:
    """One cycle in a list: what, how much, until when, when it comes."""
    first = offers[0] if offers else None
    lacking = max(cycle.minimum - cycle.joined, 0)
    open_now = cycle.takes_orders(now)
    return {
        "cycle": cycle,
        "href": f"/groups/{cycle.pk}/",
        "offer": first,
        "more": len(offers) - 1,
        "price": words.yuan(first.price_fen) if first else "",
        "market": words.yuan(first.market_fen) if first and first.market_fen else "",
        "closes": words.when(cycle.closes_at, now),
        "opens": words.when(cycle.opens_at, now),
        "arrives": words.when(cycle.arrives_at, now),
        "open": open_now,
        "lacking": lacking,
        "left": sum(offer.left for offer in offers),
        "state": CycleState(cycle.state).label,
        "tone": CycleState(cycle.state).tone,
    }


@for_everyone
@require_safe
def detail(request: Visit, pk: int) -> HttpResponse:
    return page(request, access_shown_cycle(pk))


def page(
    request: Visit,
    cycle: Cycle,
    refused: Refused | None = None,
    status: int = 200,
    typed: dict[int, int] | None = None,
) -> HttpResponse:
    now = timezone.now()
    about(request, cycle.community)
    offers = offers_shown([cycle.pk])[cycle.pk]
    points = points_shown(cycle.pk)
    people = [link.resident_id for link in request.actor.residents]
    person = bool(people)
    ordered = last_order(cycle.pk, people) if person else None
    open_now = cycle.takes_orders(now)
    first = next((offer for offer in offers if offer.left), offers[0] if offers else None)
    boxes = typed if typed is not None else ({first.pk: 1} if first else {})
    total = sum(offer.price_fen * boxes.get(offer.pk, 0) for offer in offers)
    return render(
        request,
        "groupbuy/phone/cycle.html",
        {
            "cycle": cycle,
            "card": card(cycle, offers, now),
            "rows": rows_shown(offers, boxes),
            "first": first,
            "points": points,
            "chosen_point": points[0].pk if points else 0,
            "person": person,
            "mine": OrderState(ordered[1]) if ordered else None,
            "open": open_now,
            "sold_out": not any(offer.left for offer in offers),
            "total": words.yuan(total),
            "total_fen": total,
            "facts": _facts(cycle, offers),
            "refused": refused,
            "key": secrets.token_urlsafe(12),
            "percent": min(100, cycle.joined * 100 // cycle.minimum) if cycle.minimum else 0,
            "until": words.when(cycle.pickup_until, now),
            "wechat": cycle.way == Way.WECHAT,
            "account_page": f"/groups/{cycle.pk}/account/",
            "order_page": f"/groups/orders/{ordered[0]}/" if ordered else "",
            "sign_in": f"/signin/?next=/groups/{cycle.pk}/",
            "share_page": f"/groups/{cycle.pk}/share/",
            "leader_page": f"/groups/leaders/{cycle.leader.code}/",
            "leader_sub": " · ".join(part for part in (cycle.leader.where, _("社区培训过的主理人")) if part),
        },
        status=status,
    )


def _facts(cycle: Cycle, offers: Sequence[Shown]) -> list[tuple[str, str]]:
    product = offers[0] if offers else None
    known = [
        (_("产地"), product.origin if product else ""),
        (_("供货"), str(cycle.supplier.organisation.name)),
        (_("怎么存放"), product.keeping if product else ""),
        (_("到货不够"), f"{cycle.get_shortage_rule_display()}，差的退钱"),
        (_("不成团"), _("付过的钱全退") if cycle.minimum else ""),
        (_("每人限"), _("%(n)s 份") % {"n": offers[0].limit} if offers and offers[0].limit else ""),
    ]
    return [(str(label), str(value)) for label, value in known if value]


@require_POST
@for_residents
def order(request: Visit, pk: int) -> HttpResponse:
    """One POST places the order. Prices are the offers'; a sum that the buyer saw and that is no longer true is said."""
    boxes: dict[int, int] | None = None
    try:
        boxes = wanted(request.POST)
        cycle, person = access_ordered_cycle(pk), acting_for(request)
        if person is None:
            return HttpResponseRedirect(f"/me/link/?next=/groups/{pk}/")
        placed = place_order(
            cycle,
            Buyer(person.name, room_of(person), person),
            boxes,
            point_of(cycle, request.POST),
            by=request.actor,
            now=timezone.now(),
            reason="下单",
            note=request.POST.get("note", ""),
            seen=seen_total(request.POST),
        )
    except SoldOut as refused:
        return (
            page(request, access_shown_cycle(pk), refused, 409, boxes)
            if wants_page(request)
            else told(request, pk, refused)
        )
    except Refused as refused:
        return page(request, access_shown_cycle(pk), refused, 422, boxes)
    return HttpResponseRedirect(f"/groups/orders/{placed.pk}/")


order.door = order_door  # type: ignore[attr-defined]


def room_of(person: Resident) -> str:
    """The door as the leader reads it out."""
    return str(person.household.door) if person.household is not None else person.address[:40]


@for_everyone
@require_safe
def account(request: Visit, pk: int) -> HttpResponse:
    """The cycle's public account. It is not shown where it does not add up."""
    cycle = access_public_cycle(pk)
    found = public_account(cycle)
    if found.total:
        raise RuntimeError(f"the account of {cycle.subject} does not sum to zero")
    lines = [{"label": line.label, "amount": words.yuan_full(line.fen), "out": line.fen < 0} for line in found.lines]
    return render(
        request,
        "groupbuy/phone/account.html",
        {"cycle": cycle, "lines": lines, "account": found, "back": f"/groups/{pk}/"},
    )
