"""After-sales, settlements and the day's bill on the desk."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.ledger.reconciling import handle_line
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.access import one
from jiamenkou.services.groupbuy.actions.complaints import decide_complaint
from jiamenkou.services.groupbuy.actions.settlements import confirm_settled, declare_settled
from jiamenkou.services.groupbuy.desk.thing import MONEY, VIEW, Deed, Thing, answer, form_of, page
from jiamenkou.services.groupbuy.forms.fields import words_field
from jiamenkou.services.groupbuy.states import Party, SettlementState


class AnswerForm(forms.Form):
    answer = words_field(_("说给居民"), 200)


@page
@for_staff(VIEW)
def complaint(request: Visit, pk: int) -> HttpResponse:
    rows = access.complaints_for(request.actor).select_related(
        "line__order__cycle", "line__offer__product", "resident"
    )
    found = one(rows, pk)

    def decide(accept: bool) -> Callable[[forms.Form], None]:
        def act(form: forms.Form) -> None:
            decide_complaint(
                found, accept=accept, answer=form.cleaned_data["answer"], by=request.actor, now=timezone.now(),
                reason="处理售后",
            )  # fmt: skip

        return act

    line = found.line
    thing = Thing(
        line.offer.product.name,
        "/desk/groupbuy/complaints/",
        "售后",
        found.get_state_display(),
        "orange" if found.state == "open" else "grey",
        [("谁", line.order.name), ("房号", line.order.room), ("团购", line.order.cycle.title), ("几份", found.quantity),
         ("要退", words.yuan_full(found.quantity * line.price_fen)), ("哪里不对", found.words), ("答复", found.answer)],
        photos=[photo.href for photo in found.photos.order_by("id")],
        links=[("订单", f"/desk/groupbuy/orders/{line.order_id}/", "shopping-basket")],
    )  # fmt: skip
    deeds: list[Deed] = []
    if found.state == "open" and request.actor.may(MONEY, found.community_id, found.grid_id):
        deeds = [
            Deed("accept", "同意，退款", decide(True), form_of(AnswerForm, request, "accept")),
            Deed("refuse", "不同意", decide(False), form_of(AnswerForm, request, "refuse"), "x", "line"),
        ]
    return answer(request, thing, deeds, f"/desk/groupbuy/complaints/{pk}/")


@page
@for_staff(MONEY)
def settlement(request: Visit, pk: int) -> HttpResponse:
    rows = access.settlements_for(request.actor, MONEY)
    found = one(
        rows.select_related("cycle__leader", "cycle__supplier__organisation", "declared_by", "confirmed_by"), pk
    )
    leads = found.party == Party.LEADER
    thing = Thing(
        f"{found.cycle.title}：{found.get_party_display()}",
        "/desk/groupbuy/settlements/",
        "结算",
        found.get_state_display(),
        "green" if found.state == "done" else "orange",
        [("结给", found.cycle.leader.name if leads else found.cycle.supplier.organisation.name),
         ("金额", words.yuan_full(found.amount_fen)),
         ("记付款的人", found.declared_by.display_name if found.declared_by else ""),
         ("确认的人", found.confirmed_by.display_name if found.confirmed_by else "")],
        links=[("这一期", f"/desk/groupbuy/cycles/{found.cycle_id}/", "shopping-basket")],
    )  # fmt: skip
    deeds: list[Deed] = []
    if found.state == SettlementState.OPEN:
        deeds = [
            Deed(
                "declare",
                "钱付了",
                lambda _f: declare_settled(found, by=request.actor, reason="结算"),
                icon="hand-coins",
            )
        ]
    elif found.state == SettlementState.DECLARED:
        deeds = [
            Deed("confirm", "确认对方收到了", lambda _f: confirm_settled(found, by=request.actor, now=timezone.now(), reason="结算"))
        ]  # fmt: skip
    return answer(request, thing, deeds, f"/desk/groupbuy/settlements/{pk}/")


class FindingForm(forms.Form):
    finding = words_field(_("查到了什么"), 200, required=True)


@page
@for_staff(MONEY)
def bill_line(request: Visit, pk: int) -> HttpResponse:
    found = one(access.bill_lines_for(request.actor), pk)

    def handle(form: forms.Form) -> None:
        handle_line(found, form.cleaned_data["finding"], by=request.actor, now=timezone.now(), reason="处理对账差异")

    fen = [words.yuan_full(value) if value is not None else "没有" for value in (found.theirs, found.ours)]
    thing = Thing(
        found.number,
        "/desk/groupbuy/reconciliation/",
        "对账",
        found.get_verdict_display(),
        "green" if found.verdict == "match" else "red",
        [("账单日", found.day), ("收还是退", found.get_kind_display()), ("微信说", fen[0]), ("我们记", fen[1]),
         ("商户号", found.merchant), ("查到", found.finding)],
    )  # fmt: skip
    open_one = found.verdict != "match" and found.handled_at is None
    deeds = [Deed("handle", "记下", handle, form_of(FindingForm, request, "handle"))] if open_one else []
    return answer(request, thing, deeds, f"/desk/groupbuy/reconciliation/{pk}/")
