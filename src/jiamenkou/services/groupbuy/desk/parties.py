"""Suppliers, leaders and lots on the desk."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils import timezone

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.masking import mask_phone
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.access import one
from jiamenkou.services.groupbuy.actions import parties
from jiamenkou.services.groupbuy.actions.paycodes import check_pay_code
from jiamenkou.services.groupbuy.desk.thing import EDIT, VIEW, Deed, Thing, answer, form_of, page
from jiamenkou.services.groupbuy.forms.cycles import WhyForm
from jiamenkou.services.groupbuy.forms.parties import LeaderReviewForm, SupplierReviewForm
from jiamenkou.services.groupbuy.leading import phone_of
from jiamenkou.services.groupbuy.states import ReviewState


@page
@for_staff(VIEW)
def supplier(request: Visit, pk: int) -> HttpResponse:
    found = one(access.suppliers_for(request.actor).select_related("organisation", "pay_code"), pk)
    today = timezone.localdate()

    def review(form: forms.Form) -> None:
        data = form.cleaned_data
        parties.review_supplier(
            found, ReviewState(data["state"]), data["words"], merchant=data["merchant"], by=request.actor,
            now=timezone.now(), reason="审核供货商",
        )  # fmt: skip

    def checked(good: bool) -> None:
        check_pay_code(found, good, by=request.actor, reason="核对收款码")

    may = request.actor.may(EDIT, found.community_id)
    papers = [
        (p.file.href if p.file else "", [p.get_kind_display(), p.number, p.valid_until or "长期",
                                         "已过期" if p.valid_until and p.valid_until < today else "有效"])
        for p in found.papers.select_related("file").order_by("kind", "id")
    ]  # fmt: skip
    goods = [
        (
            "",
            [
                p.name,
                p.spec,
                words.yuan(p.price_fen),
                "按批次" if p.by_lot else "按份",
                "在供" if p.active else "停了",
            ],
        )
        for p in found.products.order_by("name", "id")
    ]
    thing = Thing(
        found.organisation.name,
        "/desk/groupbuy/suppliers/",
        "供货商",
        ReviewState(found.state).label,
        {"applied": "orange", "approved": "green"}.get(found.state, "grey"),
        [("供什么", found.about), ("联系人", found.organisation.contact), ("电话", found.organisation.phone),
         ("微信特约商户号", found.merchant), ("申请", words.when(found.applied_at)), ("审核意见", found.review)],
        [("证照", ["证照", "编号", "有效期至", "现在"], papers), ("产品", ["产品", "规格", "定价", "怎么卖", "现在"], goods)],
        photos=[found.pay_code.href] if found.pay_code else [],
        pictured="收款码",
        notes=[("orange", "；".join(found.papers_wanting(today)))] if found.papers_wanting(today) else [],
    )  # fmt: skip
    form = form_of(SupplierReviewForm, request, "review", state=found.state, merchant=found.merchant)
    deeds = [Deed("review", "记下审核结果", review, form)] if may else []
    if may and found.pay_code is not None and found.pay_code_checked_by_id is None:
        thing.notes = [*thing.notes, ("blue", "收款码等您核对：用手机扫一扫，看显示的名字是不是这家单位。")]
        deeds += [
            Deed("code-good", "收款码核对过，是这家单位", lambda _f: checked(True), icon="qr-code"),
            Deed("code-wrong", "对不上，不要这张", lambda _f: checked(False), icon="x", kind="line"),
        ]
    return answer(request, thing, deeds, f"/desk/groupbuy/suppliers/{pk}/")


@page
@for_staff(VIEW)
def leader(request: Visit, pk: int) -> HttpResponse:
    found = one(access.leaders_for(request.actor).select_related("account"), pk)

    def review(form: forms.Form) -> None:
        data = form.cleaned_data
        parties.review_leader(
            found, ReviewState(data["state"]), data["words"], rate_bp=data["rate_bp"], trained_on=data["trained_on"],
            by=request.actor, now=timezone.now(), reason="审核主理人",
        )  # fmt: skip

    cycles = [
        (f"/desk/groupbuy/cycles/{c.pk}/", [c.title, c.get_state_display(), c.joined, words.when(c.closes_at)])
        for c in found.cycles.order_by("-closes_at", "-id")[:30]
    ]
    thing = Thing(
        found.name,
        "/desk/groupbuy/leaders/",
        "主理人",
        ReviewState(found.state).label,
        {"applied": "orange", "approved": "green"}.get(found.state, "grey"),
        [("在哪栋", found.where), ("给邻居的电话", mask_phone(phone_of(found))), ("为什么想做", found.about), ("佣金", f"{found.rate_bp / 100:g}%"),
         ("培训", found.trained_on), ("审核意见", found.review)],
        [("团购", ["团购", "状态", "已参加", "截单"], cycles)],
        links=[("居民档案", f"/desk/residents/{found.resident_id}/", "user-round")],
    )  # fmt: skip
    form = form_of(
        LeaderReviewForm, request, "review", state=found.state, rate_bp=found.rate_bp, trained_on=found.trained_on
    )
    deeds = [Deed("review", "记下审核结果", review, form)] if request.actor.may(EDIT, found.community_id) else []
    return answer(request, thing, deeds, f"/desk/groupbuy/leaders/{pk}/")


@page
@for_staff(VIEW)
def lot(request: Visit, pk: int) -> HttpResponse:
    found = one(access.lots_for(request.actor).select_related("product__supplier", "report"), pk)

    def withdraw(form: forms.Form) -> None:
        parties.withdraw_lot(found, form.cleaned_data["why"], by=request.actor, now=timezone.now(), reason="召回批次")

    lines = found.lines.filter(order__in=access.orders_for(request.actor)).select_related("order").order_by("-id")[:50]
    buyers = [
        (f"/desk/groupbuy/orders/{line.order_id}/", [line.order.name, line.order.room, line.quantity, line.order.get_state_display()])
        for line in lines
    ]  # fmt: skip
    good = found.state == "good"
    thing = Thing(
        f"{found.product.name} {found.number}",
        "/desk/groupbuy/lots/",
        "批次",
        found.get_state_display(),
        "green" if good else "red",
        [("田块", found.field), ("面积（亩）", found.mu), ("播种", found.sown_on), ("收获", found.harvested_on),
         ("检测机构", found.tested_by), ("检测报告", found.report_no), ("检测结论", found.finding), ("认证", found.certificate),
         ("认证编号", found.certificate_no), ("认证到", found.certificate_until), ("召回原因", found.withdrawn_why)],
        [("买过的邻居", ["姓名", "房号", "几份", "状态"], buyers)],
        links=[("居民扫码看到的", f"/groups/lots/{found.code}/", "qr-code")],
    )  # fmt: skip
    may = good and request.actor.may(EDIT, found.product.supplier.community_id)
    deeds = (
        [Deed("withdraw", "召回，告诉买过的人", withdraw, form_of(WhyForm, request, "withdraw"), "siren")]
        if may
        else []
    )
    return answer(request, thing, deeds, f"/desk/groupbuy/lots/{pk}/")
