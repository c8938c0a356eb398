"""The leader's phone: her groups, opening and copying one, its orders, money seen, arrival."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.ledger.models import IntentState, Method, PaymentIntent
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid
from jiamenkou.foundation.ledger.queries import books
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.access import access_led_cycle, approved_leader, leader_of, one
from jiamenkou.services.groupbuy.actions import cycles as acts
from jiamenkou.services.groupbuy.actions.parties import apply_as_leader
from jiamenkou.services.groupbuy.actions.settlements import say_settled
from jiamenkou.services.groupbuy.forms.cycles import CycleForm, DatesForm, WhyForm
from jiamenkou.services.groupbuy.forms.fields import show_refusal
from jiamenkou.services.groupbuy.forms.parties import LeaderForm
from jiamenkou.services.groupbuy.models import Cycle, Leader, Order
from jiamenkou.services.groupbuy.models.order import ABOUT
from jiamenkou.services.groupbuy.states import BOUGHT, CycleState, OrderState, Party, ReviewState

SHOWN = 40


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def apply(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect("/me/link/?next=/groups/lead/apply/")
    if Leader.objects.filter(account=request.actor.account).exists():
        return HttpResponseRedirect("/groups/lead/")
    form = LeaderForm(request.POST) if request.method == "POST" else LeaderForm()
    if request.method == "POST" and form.is_valid():
        try:
            given = dict(form.cleaned_data)
            apply_as_leader(person, given, phone=given.pop("phone"), by=request.actor, reason="申请做主理人")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect("/groups/lead/")
    return render(request, "groupbuy/lead/apply.html", {"form": form}, status=422 if form.errors else 200)


@for_residents
@require_safe
def home(request: Visit) -> HttpResponse:
    leader = leader_of(request.actor)
    cycles = list(leader.cycles.with_parties().order_by("-opens_at", "-id")[:SHOWN])
    sums = books([cycle.subject for cycle in cycles])
    rows = [
        {
            "cycle": cycle,
            "href": f"/groups/lead/{cycle.pk}/",
            "state": CycleState(cycle.state).label,
            "tone": CycleState(cycle.state).tone,
            "sub": _("截单 %(closes)s，到货 %(arrives)s") % {
                "closes": words.when(cycle.closes_at), "arrives": words.when(cycle.arrives_at),
            },
        }
        for cycle in cycles
    ]  # fmt: skip
    owed = sum(-purposes.get("commission", 0) for purposes in sums.values())
    return render(
        request,
        "groupbuy/lead/home.html",
        {
            "leader": leader,
            "approved": leader.state == ReviewState.APPROVED,
            "state": ReviewState(leader.state).label,
            "rows": rows,
            "owed": words.yuan(owed),
            "rate": f"{leader.rate_bp / 100:g}%",
            "address": f"{settings.PUBLIC_URL}/q/{leader.code}",
            "own_page": f"/groups/leaders/{leader.code}/",
            "poster_page": f"/groups/leaders/{leader.code}/share/",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def new(request: Visit) -> HttpResponse:
    """Open a group. What stands in the way is said before anything is published."""
    leader = approved_leader(request.actor)
    form = CycleForm(leader, request.POST) if request.method == "POST" else CycleForm(leader)
    if request.method == "POST" and form.is_valid():
        try:
            product = form.cleaned_data["product"]
            cycle = acts.draft_cycle(leader, product.supplier, form.draft(), by=request.actor, reason="开团")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/groups/lead/{cycle.pk}/")
    return render(request, "groupbuy/lead/new.html", {"form": form}, status=422 if form.errors else 200)


@for_residents
@require_safe
def cycle(request: Visit, pk: int) -> HttpResponse:
    return page(request, access_led_cycle(request.actor, pk))


def page(request: Visit, cycle: Cycle, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    orders = list(cycle.orders.with_lines().exclude(state=OrderState.MERGED).order_by("room", "name", "id"))
    intents = PaymentIntent.objects.about(ABOUT, [one.pk for one in orders])
    to_confirm = {one.about_id: one for one in intents if one.state in {IntentState.WAITING, IntentState.DECLARED}}
    mine = request.actor.account.pk if request.actor.account else 0
    state = CycleState(cycle.state)
    return render(
        request,
        "groupbuy/lead/cycle.html",
        {
            "cycle": cycle,
            "state": state,
            "lacking": acts.wanting(cycle, timezone.localdate()) if state in {CycleState.DRAFT, CycleState.ANNOUNCED} else [],
            "orders": [_order(one, to_confirm.get(one.pk), mine) for one in orders],
            "offers": [
                {"offer": one, "price": words.yuan(one.price_fen)}
                for one in cycle.offers.select_related("product", "lot").order_by("id")
            ],
            "points": list(cycle.points.order_by("name", "id")),
            "closes": words.when(cycle.closes_at),
            "arrives": words.when(cycle.arrives_at),
            "bought": sum(one.state in BOUGHT for one in orders),
            "waiting": sum(one.state == OrderState.READY for one in orders),
            "may_finish": state == CycleState.ARRIVED and timezone.now() >= cycle.pickup_until,
            "next": _NEXT.get(state, ""),
            "form": WhyForm(),
            "dates": DatesForm(cycle),
            "arrival_page": f"/groups/lead/{cycle.pk}/arrival/",
            "share_page": f"/groups/{cycle.pk}/share/",
            "refused": refused,
            "settlements": [
                {"row": one, "amount": words.yuan_full(one.amount_fen)}
                for one in cycle.settlements.filter(party=Party.LEADER).order_by("id")
            ],
        },
        status=status,
    )  # fmt: skip


_NEXT = {
    CycleState.CLOSED: ("preparing", "供货商开始备货了"),
    CycleState.PREPARING: ("delivering", "货在路上了"),
}


def _order(order: Order, intent: PaymentIntent | None, me: int) -> dict[str, Any]:
    declared = intent is not None and intent.state == IntentState.DECLARED
    recorded = intent is not None and intent.way == "recorded" and order.state == OrderState.PENDING
    return {
        "order": order,
        "items": words.items(order),
        "amount": words.yuan(order.total_fen),
        "state": OrderState(order.state).label,
        "tone": OrderState(order.state).tone,
        "declared": declared and recorded,
        "may_confirm": recorded and declared and intent is not None and intent.declared_by_id != me,
        "may_declare": recorded and not declared,
        "unreached": order.state == OrderState.READY and order.told_at is None,
    }


@require_POST
@for_residents
def act(request: Visit, pk: int) -> HttpResponse:
    """publish, copy, step, fail, finish."""
    found = access_led_cycle(request.actor, pk)
    by, now = request.actor, timezone.now()
    try:
        match request.POST.get("do"):
            case "publish":
                acts.publish_cycle(found, by=by, now=now, reason="开团")
            case "close":
                acts.close_early(found, by=by, now=now, reason="提前截单")
            case "dates":
                _change_dates(found, request)
            case "copy":
                found = acts.copy_cycle(found, by=by, now=now, reason="照上期再开一团")
            case "preparing":
                acts.step_cycle(found, CycleState.PREPARING, by=by, now=now, reason="备货")
            case "delivering":
                acts.step_cycle(found, CycleState.DELIVERING, by=by, now=now, reason="配送")
            case "fail":
                acts.fail_cycle(found, request.POST.get("why", ""), by=by, now=now, reason="取消这一期")
            case "finish":
                acts.finish_cycle(found, by=by, now=now, reason="取货结束")
            case _:
                raise Refused(_("没有这个操作。"))
    except Refused as refused:
        found.refresh_from_db()
        return page(request, found, refused, status=409)
    return HttpResponseRedirect(f"/groups/lead/{found.pk}/")


def _change_dates(cycle: Cycle, request: Visit) -> None:
    form = DatesForm(cycle, request.POST)
    if not form.is_valid():
        raise Refused(_("请把时间填完整。"), field="pickup_until", code="dates")
    acts.change_dates(
        cycle, form.cleaned_data.get("arrives_at", cycle.arrives_at), form.cleaned_data["pickup_until"], by=request.actor, now=timezone.now(),
        reason="改时间",
    )  # fmt: skip


@require_POST
@for_residents
def money(request: Visit, pk: int, order: int) -> HttpResponse:
    """She took the cash (somebody else confirms), or she confirms what a neighbour says was paid."""
    found = access_led_cycle(request.actor, pk)
    placed = one(Order.objects.filter(cycle=found), order)
    intent = PaymentIntent.objects.about(ABOUT, [placed.pk]).last()
    try:
        if intent is None:
            raise Refused(_("这一单没有要收的钱。"))
        if request.POST.get("do") == "confirm":
            confirm_paid(intent, by=request.actor, now=timezone.now(), reason="看到钱了")
        else:
            declare_paid(intent, Method.CASH, by=request.actor, reason="收了现金")
    except Refused as refused:
        return page(request, found, refused, status=409)
    return HttpResponseRedirect(f"/groups/lead/{pk}/#order-{order}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def arrival(request: Visit, pk: int) -> HttpResponse:
    """到货: count what came; what is missing is shared out and paid back."""
    found = access_led_cycle(request.actor, pk)
    offers = list(found.offers.select_related("product").order_by("id"))
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        counted: dict[int, int] = {}
        for offer in offers:
            name = f"offer-{offer.pk}"
            typed[name] = request.POST.get(name, "").strip()[:6]
            if typed[name].isascii() and typed[name].isdigit():
                counted[offer.pk] = int(typed[name])
            else:
                errors[name] = _("请填到了几份，没到填 0。")
        try:
            if not errors:
                acts.arrive(found, counted, by=request.actor, now=timezone.now(), reason="到货")
                return HttpResponseRedirect(f"/groups/lead/{pk}/")
        except Refused as refused:
            errors[refused.field or ""] = refused.message
    rows = [
        {
            "offer": offer,
            "name": f"offer-{offer.pk}",
            "wanted": offer.sold,
            "value": typed.get(f"offer-{offer.pk}", str(offer.sold)),
            "error": errors.get(f"offer-{offer.pk}", ""),
        }
        for offer in offers
    ]
    context = {"cycle": found, "rows": rows, "error": errors.get("", ""), "back": f"/groups/lead/{pk}/"}
    return render(request, "groupbuy/lead/arrival.html", context, status=422 if errors else 200)


@require_POST
@for_residents
def settled(request: Visit, pk: int, settlement: int) -> HttpResponse:
    """She has got her commission, or has given back what was too much."""
    found = access_led_cycle(request.actor, pk)
    row = one(found.settlements.filter(party=Party.LEADER), settlement)
    try:
        say_settled(row, by=request.actor, now=timezone.now(), reason="佣金")
    except Refused as refused:
        return page(request, found, refused, status=409)
    return HttpResponseRedirect(f"/groups/lead/{pk}/")
