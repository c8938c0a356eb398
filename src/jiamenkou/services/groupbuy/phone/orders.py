"""My order: where it is, paying, cancelling, the pickup code, after-sales."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.ledger.models import ErrandState, IntentState, Method, Refund, Way
from jiamenkou.foundation.ledger.paying import declare_paid
from jiamenkou.foundation.ledger.providers import in_use
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.access import access_lot, access_own_line, access_own_order, own_orders
from jiamenkou.services.groupbuy.actions.complaints import MOST_PHOTOS, complain, may_complain
from jiamenkou.services.groupbuy.actions.orders import cancel_order, intents_of
from jiamenkou.services.groupbuy.actions.paycodes import pay_code_of
from jiamenkou.services.groupbuy.codes import Slip, signed
from jiamenkou.services.groupbuy.forms.cycles import ComplaintForm
from jiamenkou.services.groupbuy.forms.fields import show_refusal
from jiamenkou.services.groupbuy.leading import phone_of
from jiamenkou.services.groupbuy.models import Complaint, Order
from jiamenkou.services.groupbuy.states import CycleState, LotState, OrderState

STEPS = (gettext_lazy("付款"), gettext_lazy("截单"), gettext_lazy("备货"), gettext_lazy("到货"), gettext_lazy("取货"))
_AT = {
    CycleState.OPEN: 2,
    CycleState.CLOSED: 3,
    CycleState.PREPARING: 3,
    CycleState.DELIVERING: 4,
    CycleState.ARRIVED: 5,
    CycleState.DONE: 6,
}


@for_residents
@require_safe
def mine(request: Visit) -> HttpResponse:
    orders = own_orders(request.actor).with_lines().exclude(state=OrderState.MERGED).order_by("-placed_at", "-id")[:50]
    rows = [
        {"order": one, "href": f"/groups/orders/{one.pk}/", "items": words.items(one), "state": words.order_state(one, one.cycle),
         "tone": OrderState(one.state).tone, "sub": f"{words.yuan(one.total_fen)} · {words.when(one.cycle.arrives_at)}到货"}
        for one in orders
    ]  # fmt: skip
    return render(request, "groupbuy/phone/mine.html", {"rows": rows})


@for_residents
@require_safe
def detail(request: Visit, pk: int) -> HttpResponse:
    order = access_own_order(request.actor, pk)
    if order.merged_into_id is not None:
        return HttpResponseRedirect(f"/groups/orders/{order.merged_into_id}/")
    return _page(request, order)


def _page(request: Visit, order: Order, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    cycle = order.cycle
    intents = intents_of(order)
    intent = intents[-1] if intents else None
    refunds = list(Refund.objects.filter(intent__in=intents).order_by("id"))
    complaints = list(Complaint.objects.filter(line__order=order).order_by("id"))
    return render(
        request,
        "groupbuy/phone/order.html",
        {
            "order": order,
            "cycle": cycle,
            "lines": [_line(order, line) for line in order.lines.all()],
            "state": words.order_state(order, cycle),
            "tone": OrderState(order.state).tone,
            "next": _next(order, intent.state if intent else ""),
            "steps": STEPS,
            "step": 1 if order.state == OrderState.PENDING else 6 if order.state == OrderState.PICKED else _AT.get(CycleState(cycle.state), 2),
            "walking": order.state in {OrderState.PENDING, OrderState.PAID, OrderState.READY, OrderState.PICKED},
            "total": words.yuan(order.total_fen),
            "facts": _facts(order),
            "intent": intent,
            "wechat": intent is not None and intent.way == Way.WECHAT,
            "may_pay": order.state == OrderState.PENDING and intent is not None and intent.is_live,
            "declared": intent is not None and intent.state == IntentState.DECLARED,
            "may_cancel": order.state == OrderState.PENDING or (order.state == OrderState.PAID and cycle.takes_orders(now)),
            "may_complain": may_complain(order, now),
            "refunds": [_refund(one) for one in refunds],
            "complaints": complaints,
            "refused": refused,
            "cycle_page": f"/groups/{cycle.pk}/",
            "leader_phone": phone_of(cycle.leader),
            "pay_code": pay_code_of(cycle.supplier),
            "account_page": f"/groups/{cycle.pk}/account/",
            "code_page": f"/groups/orders/{order.pk}/code/",
            "pay_page": f"/groups/orders/{order.pk}/pay/",
        },
        status=status,
    )  # fmt: skip


def _line(order: Order, line: Any) -> dict[str, Any]:
    short = line.quantity - line.given if line.given is not None else 0
    return {
        "line": line,
        "price": words.yuan(line.price_fen * line.quantity),
        "short": short,
        "lot_page": f"/groups/lots/{line.lot.code}/" if line.lot else "",
        "complain": f"/groups/orders/lines/{line.pk}/complain/",
    }


def _refund(refund: Refund) -> dict[str, str]:
    state = ErrandState(refund.state)
    said = {
        ErrandState.DONE: _("已退到您付款的地方"),
        ErrandState.FAILED: _("没退成，社区在处理"),
        ErrandState.UNKNOWN: _("正在核对"),
    }.get(state, _("正在退"))
    return {"amount": words.yuan_full(refund.amount), "why": refund.reason, "state": said}


def _facts(order: Order) -> list[tuple[str, str]]:
    known = [
        (_("在哪取"), f"{order.point.name}{'，' + order.point.where if order.point.where else ''}"),
        (_("截单"), words.when(order.cycle.closes_at)),
        (_("到货"), words.when(order.cycle.arrives_at)),
        (_("取到"), words.when(order.cycle.pickup_until)),
        (_("主理人"), order.cycle.leader.name),
        (_("下单"), words.when(order.placed_at)),
    ]
    return [(str(label), value) for label, value in known]


def _next(order: Order, intent: str) -> str:
    """Who acts, and by when."""
    cycle = order.cycle
    match OrderState(order.state):
        case OrderState.PENDING if intent == IntentState.DECLARED:
            return _("主理人或社区看到钱就确认，您不用再做什么。")
        case OrderState.PENDING if intent == IntentState.UNKNOWN:
            return _("付款结果还不清楚，我们正在问，十分钟内有准信。请先别再付。")
        case OrderState.PENDING:
            return _("请在 %(until)s 前付款，过时货会让给别人。") % {"until": words.when(order.hold_until)}
        case OrderState.PAID:
            return _("%(when)s到货，到了发消息告诉您。") % {"when": words.when(cycle.arrives_at)}
        case OrderState.READY:
            return _("%(until)s前到 %(point)s 取，出示取货码。") % {
                "until": words.when(cycle.pickup_until), "point": order.point.name,
            }  # fmt: skip
        case OrderState.NO_SHOW:
            return _("请打给主理人%(name)s，看货还在不在。") % {"name": cycle.leader.name}
        case OrderState.REFUNDED:
            return cycle.failed_why or _("钱退回您付款的地方。")
        case _:
            return ""


@require_POST
@for_residents
def pay(request: Visit, pk: int) -> HttpResponse:
    """What was paid elsewhere: the buyer says so, somebody else confirms. WeChat's own payment starts in the page."""
    order = access_own_order(request.actor, pk)
    intent = intents_of(order)[-1]
    method = request.POST.get("method", "")
    try:
        if method not in Method.values:
            raise Refused(_("请选是现金还是扫码付的。"), field="method", code="method")
        declare_paid(intent, Method(method), by=request.actor, reason="我付过了")
    except Refused as refused:
        return _page(request, order, refused, status=409)
    return HttpResponseRedirect(f"/groups/orders/{pk}/")


@for_residents
@require_safe
def paying(request: Visit, pk: int) -> HttpResponse:
    """What the page needs to start WeChat's payment; 202 while it is being prepared."""
    order = access_own_order(request.actor, pk)
    intent = intents_of(order)[-1]
    provider = in_use()
    if intent.way != Way.WECHAT or provider is None:
        raise Http404
    if intent.state == IntentState.WAITING and intent.prepay:
        return JsonResponse({"state": intent.state, "pay": dict(provider.invocation(intent.prepay))})
    ended = not intent.is_live
    return JsonResponse({"state": intent.state, "problem": intent.problem}, status=200 if ended else 202)


@require_POST
@for_residents
def cancel(request: Visit, pk: int) -> HttpResponse:
    order = access_own_order(request.actor, pk)
    try:
        cancel_order(order, by=request.actor, now=timezone.now(), reason="取消订单")
    except Refused as refused:
        return _page(request, order, refused, status=409)
    return HttpResponseRedirect(f"/groups/orders/{pk}/")


@for_residents
@require_safe
def code(request: Visit, pk: int) -> HttpResponse:
    """The pickup code, with everything else this person has waiting at the same point."""
    order = access_own_order(request.actor, pk)
    if order.state != OrderState.READY:
        return HttpResponseRedirect(f"/groups/orders/{pk}/")
    together = list(
        own_orders(request.actor)
        .with_lines()
        .order_by("id")
        .filter(cycle=order.cycle, point=order.point, resident=order.resident, state=OrderState.READY)
    )
    slip = Slip(order.cycle_id, order.point_id, tuple(one.pk for one in together))
    paid = sum(one.total_fen - one.refunded_fen for one in together)
    return render(
        request,
        "groupbuy/phone/code.html",
        {
            "order": order,
            "items": "、".join(words.items(one) for one in together),
            "text": signed(slip),
            "digits": words.code(order.code),
            "paid": words.yuan_full(paid),
            "leader": order.cycle.leader,
            "leader_phone": phone_of(order.cycle.leader),
            "until": words.when(order.cycle.pickup_until),
            "back": f"/groups/orders/{pk}/",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def complaint(request: Visit, pk: int) -> HttpResponse:
    line = access_own_line(request.actor, pk)
    form = ComplaintForm(request.POST) if request.method == "POST" else ComplaintForm()
    if request.method == "POST" and form.is_valid():
        photos = [photo.read() for photo in request.FILES.getlist("photos")[:MOST_PHOTOS]]
        try:
            complain(
                line, form.cleaned_data["quantity"], form.cleaned_data["words"], photos,
                by=request.actor, now=timezone.now(), reason="申请售后",
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/groups/orders/{line.order_id}/")
    context = {
        "form": form,
        "line": line,
        "back": f"/groups/orders/{line.order_id}/",
        "late": not may_complain(line.order, timezone.now()),
    }
    return render(request, "groupbuy/phone/complain.html", context, status=422 if form.errors else 200)


@for_everyone
@require_safe
def lot(request: Visit, code: str) -> HttpResponse:
    """The chain of one lot, for anybody who scans it."""
    found = access_lot(code)
    supplier = found.product.supplier.organisation.name
    steps = [
        (found.sown_on, _("播种"), found.field + (f"，{found.mu} 亩" if found.mu else "")),
        (found.harvested_on, _("收获"), ""),
        (found.tested_on, _("检测"), "，".join(part for part in (found.tested_by, found.finding) if part)),
    ]
    chain = [{"on": day, "title": title, "text": text} for day, title, text in steps if day]
    return render(
        request,
        "groupbuy/phone/lot.html",
        {
            "lot": found,
            "supplier": supplier,
            "chain": chain,
            "withdrawn": found.state == LotState.WITHDRAWN,
            "expired": bool(found.certificate_until and found.certificate_until < timezone.localdate()),
            "report": found.report if found.report and found.report.is_public else None,
        },
    )
