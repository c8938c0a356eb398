"""Pickup points, cycles and orders on the desk."""

from __future__ import annotations

from functools import partial
from typing import cast

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.ledger.models import ErrandState, IntentState, Method, PaymentIntent, Refund, Way
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid
from jiamenkou.foundation.ledger.refunding import confirm_refunded, declare_refunded
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.access import one
from jiamenkou.services.groupbuy.actions.cycles import fail_cycle, wanting
from jiamenkou.services.groupbuy.actions.orders import cancel_order, intents_of
from jiamenkou.services.groupbuy.desk.proxy import ProxyForm, place_for
from jiamenkou.services.groupbuy.desk.thing import EDIT, MONEY, VIEW, Deed, Thing, answer, form_of, page
from jiamenkou.services.groupbuy.forms.cycles import WhyForm
from jiamenkou.services.groupbuy.models import Order, OrderLog, PickupPoint
from jiamenkou.services.groupbuy.queries import public_account
from jiamenkou.services.groupbuy.states import CycleState, OrderState


class PointForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=30)
    where = forms.CharField(label=_("怎么找"), max_length=60, required=False)
    hours = forms.CharField(label=_("几点能取"), max_length=40, required=False)
    active = forms.BooleanField(
        label=_("在用"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"class": "switch"})
    )


@page
@for_staff(EDIT)
def point(request: Visit, pk: int | None = None) -> HttpResponse:
    found = one(access.points_for(request.actor, EDIT), pk) if pk is not None else None

    def save(form: forms.Form) -> None:
        row = found or PickupPoint(community=request.actor.home)
        for name, value in form.cleaned_data.items():
            setattr(row, name, value)
        if row.community is None:
            raise Refused("自提点要设在一个社区里。")
        row.save()

    names = ("name", "where", "hours", "active")
    initial = {name: getattr(found, name) for name in names} if found else {"active": True}
    thing = Thing(found.name if found else "设自提点", "/desk/groupbuy/points/", "自提点")
    form = form_of(PointForm, request, "save", **initial)
    return answer(request, thing, [Deed("save", "保存", save, form)], "/desk/groupbuy/points/")


@page
@for_staff(VIEW)
def cycle(request: Visit, pk: int) -> HttpResponse:
    found = access.access_cycle(request.actor, pk)
    offers = list(found.offers.select_related("product", "lot").order_by("id"))
    account = public_account(found)

    def proxy(form: forms.Form) -> None:
        place_for(found, form.cleaned_data, by=request.actor)

    def fail(form: forms.Form) -> None:
        fail_cycle(found, form.cleaned_data["why"], by=request.actor, now=timezone.now(), reason="社区取消团购")

    orders = access.orders_for(request.actor).filter(cycle=found).exclude(state=OrderState.MERGED)
    to_phone = orders.filter(state=OrderState.READY, told_at__isnull=True).order_by("room", "id")
    thing = Thing(
        found.title,
        "/desk/groupbuy/cycles/",
        "团购",
        CycleState(found.state).label,
        CycleState(found.state).tone,
        [("主理人", found.leader.name), ("供货商", found.supplier.organisation.name), ("开团", words.when(found.opens_at)),
         ("截单", words.when(found.closes_at)), ("到货", words.when(found.arrives_at)), ("取到", words.when(found.pickup_until)),
         ("已参加", f"{found.joined} 家"), ("几家成团", found.minimum or "不限"), ("付款方式", found.get_way_display()),
         ("佣金", f"{found.commission_bp / 100:g}%"), ("没成的原因", found.failed_why)],
        [
            ("产品", ["产品", "批次", "价", "一共", "还剩", "实到"],
             [("", [o.product.name, o.lot.number if o.lot else "", words.yuan(o.price_fen), o.stock, o.left,
                    "" if o.arrived is None else o.arrived]) for o in offers]),
            ("这一期的账（加起来是 0）", ["项目", "金额"], [("", [line.label, words.yuan_full(line.fen)]) for line in account.lines]),
            ("要打电话告诉的人", ["姓名", "房号", "取货码"],
             [(f"/desk/groupbuy/orders/{o.pk}/", [o.name, o.room, words.code(o.code)]) for o in to_phone[:100]]),
            ("订单", ["姓名", "房号", "金额", "状态"],
             [(f"/desk/groupbuy/orders/{o.pk}/", [o.name, o.room, words.yuan(o.total_fen), o.get_state_display()])
              for o in orders.order_by("room", "name", "id")[:100]]),
        ],
        links=[("居民看到的", f"/groups/{found.pk}/", "smartphone")] if found.state != CycleState.DRAFT else [],
        notes=[("orange", "；".join(wanting(found, timezone.localdate())))]
        if found.state in {CycleState.DRAFT, CycleState.ANNOUNCED} and wanting(found, timezone.localdate()) else [],
    )  # fmt: skip
    deeds: list[Deed] = []
    if request.actor.may(EDIT, found.community_id):
        if found.takes_orders(timezone.now()) and offers:
            form = cast(ProxyForm, form_of(ProxyForm, request, "proxy"))
            form.offering(offers, list(found.points.order_by("name", "id")))
            deeds.append(Deed("proxy", "替老人下单", proxy, form, "hand-helping", "soft"))
        if found.state in {CycleState.ANNOUNCED, CycleState.OPEN, CycleState.CLOSED, CycleState.PREPARING}:
            deeds.append(Deed("fail", "取消这一期，全部退款", fail, form_of(WhyForm, request, "fail"), "ban", "line"))
    return answer(request, thing, deeds, f"/desk/groupbuy/cycles/{pk}/")


@page
@for_staff(VIEW)
def order(request: Visit, pk: int) -> HttpResponse:
    found = one(access.orders_for(request.actor).with_lines().select_related("resident", "cycle__supplier"), pk)
    intents = intents_of(found)
    refunds = list(Refund.objects.filter(intent__in=intents).select_related("intent").order_by("id"))
    by = request.actor
    thing = Thing(
        f"{found.name} · {found.cycle.title}",
        "/desk/groupbuy/orders/",
        "团购订单",
        words.order_state(found, found.cycle),
        OrderState(found.state).tone,
        [("房号", found.room), ("东西", words.items(found)), ("金额", words.yuan_full(found.total_fen)),
         ("已退", words.yuan_full(found.refunded_fen) if found.refunded_fen else ""), ("自提点", found.point.name),
         ("取货码", words.code(found.code) if found.state == OrderState.READY else ""),
         ("代下单", "是" if found.proxy else ""), ("备注", found.note)],
        [
            ("收款", ["单号", "方式", "金额", "状态", "问题"],
             [("", [i.number, i.get_way_display(), words.yuan_full(i.amount), i.get_state_display(), i.problem]) for i in intents]),
            ("退款", ["事由", "金额", "状态", "问题"],
             [("", [r.reason, words.yuan_full(r.amount), r.get_state_display(), r.problem]) for r in refunds]),
            ("经过", ["时间", "状态", "事由"],
             [("", [words.when(e.at), e.get_end_display(), e.why]) for e in OrderLog.objects.filter(order=found).order_by("id")]),
        ],
        links=[("这一期", f"/desk/groupbuy/cycles/{found.cycle_id}/", "shopping-basket")],
    )  # fmt: skip
    deeds = _money_deeds(found, intents, refunds, by)
    if by.may(EDIT, found.community_id, found.grid_id) and found.state in {OrderState.PENDING, OrderState.PAID}:
        deeds.append(Deed("cancel", "取消这一单", partial(_cancel, found, by), icon="x", kind="line"))
    return answer(request, thing, deeds, f"/desk/groupbuy/orders/{pk}/")


def _money_deeds(order: Order, intents: list[PaymentIntent], refunds: list[Refund], by: Actor) -> list[Deed]:
    """What was paid elsewhere is written down by one and confirmed by another, going in and going back."""
    if not by.may(MONEY, order.community_id, order.grid_id):
        return []
    deeds = []
    for intent in intents:
        if intent.way != Way.RECORDED:
            continue
        if intent.state == IntentState.WAITING and order.state == OrderState.PENDING:
            deeds.append(Deed("cash", "收了现金", partial(_cash, intent, by), icon="banknote"))
        elif intent.state == IntentState.DECLARED:
            deeds.append(Deed("confirm", "确认收到", partial(_confirm, intent, by)))
    for refund in refunds:
        amount = words.yuan_full(refund.amount)
        if refund.intent.way == Way.RECORDED and refund.state == ErrandState.REQUESTED:
            deeds.append(Deed(f"back-{refund.pk}", f"退了 {amount}", partial(_back, refund, by), icon="undo-2"))
        elif refund.state == ErrandState.DECLARED:
            deeds.append(Deed(f"backed-{refund.pk}", f"确认已退 {amount}", partial(_backed, refund, by)))
    return deeds


def _cash(intent: PaymentIntent, by: Actor, _form: forms.Form) -> None:
    declare_paid(intent, Method.CASH, by=by, reason="收现金")


def _confirm(intent: PaymentIntent, by: Actor, _form: forms.Form) -> None:
    confirm_paid(intent, by=by, now=timezone.now(), reason="确认收款")


def _back(refund: Refund, by: Actor, _form: forms.Form) -> None:
    declare_refunded(refund, by=by, reason="退现金")


def _backed(refund: Refund, by: Actor, _form: forms.Form) -> None:
    confirm_refunded(refund, by=by, now=timezone.now(), reason="确认退款")


def _cancel(order: Order, by: Actor, _form: forms.Form) -> None:
    cancel_order(order, by=by, now=timezone.now(), reason="社区取消", why="社区代取消")
