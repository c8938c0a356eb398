"""The supplier's pages: its application, papers, products, lots, what is ordered, what it is paid. Only its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import community_of
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_document, store_photo
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.access import access_own_product, access_supplied_cycle, one, supplier_of
from jiamenkou.services.groupbuy.actions import parties
from jiamenkou.services.groupbuy.actions.paycodes import upload_pay_code
from jiamenkou.services.groupbuy.actions.settlements import say_settled
from jiamenkou.services.groupbuy.forms.fields import show_refusal
from jiamenkou.services.groupbuy.forms.parties import LotForm, PaperForm, PayCodeForm, ProductForm, SupplierForm
from jiamenkou.services.groupbuy.models import Cycle, Lot, Product, Settlement, Supplier
from jiamenkou.services.groupbuy.queries import sums
from jiamenkou.services.groupbuy.states import PUBLIC, CycleState, Party, ReviewState

KEEPER = "groupbuy.paper"


def stored(request: Visit, name: str, community: int) -> StoredFile | None:
    """The uploaded paper of a form, or None. Raises Refused at the field."""
    sent = request.FILES.get(name)
    if sent is None:
        return None
    return store_document(
        sent.read(), sent.name or "", by=request.actor, keeper=KEEPER, community=community, field=name
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def apply(request: Visit) -> HttpResponse:
    here = community_of(request)
    waiting = Supplier.objects.filter(applied_by=request.actor.account).select_related("organisation").first()
    if waiting is not None:
        context = {"supplier": waiting, "state": ReviewState(waiting.state).label}
        return render(request, "groupbuy/supply/applied.html", context)
    form = SupplierForm(request.POST) if request.method == "POST" else SupplierForm()
    if request.method == "POST" and form.is_valid():
        try:
            paper = form.fields_of_paper() | {"file": stored(request, "scan", here.id or 0)}
            community = Place.objects.get(pk=here.id)
            parties.apply_as_supplier(
                form.cleaned_data["name"], community, form.cleaned_data, paper, by=request.actor, reason="申请供货"
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect("/groups/supply/apply/")
    context = {"form": form, "here": here.name}
    return render(request, "groupbuy/supply/apply.html", context, status=422 if form.errors else 200)


@for_residents
@require_safe
def home(request: Visit) -> HttpResponse:
    supplier = supplier_of(request.actor)
    today = timezone.localdate()
    cycles = list(
        Cycle.objects.filter(supplier=supplier, state__in=PUBLIC).with_parties().order_by("-closes_at", "-id")[:40]
    )
    return render(
        request,
        "groupbuy/supply/home.html",
        {
            "supplier": supplier,
            "state": ReviewState(supplier.state).label,
            "wanting": supplier.papers_wanting(today),
            "papers": list(supplier.papers.order_by("kind", "id")),
            "products": [
                {"product": one, "price": words.yuan(one.price_fen), "href": f"/groups/supply/products/{one.pk}/"}
                for one in supplier.products.order_by("-active", "name", "id")
            ],
            "cycles": [
                {"cycle": one, "href": f"/groups/supply/cycles/{one.pk}/", "state": CycleState(one.state).label,
                 "tone": CycleState(one.state).tone, "closes": words.when(one.closes_at), "arrives": words.when(one.arrives_at)}
                for one in cycles
            ],
            "settlements": [
                {"row": one, "amount": words.yuan_full(one.amount_fen)}
                for one in Settlement.objects.filter(cycle__supplier=supplier, party=Party.SUPPLIER)
                .select_related("cycle")
                .order_by("-made_at", "-id")[:20]
            ],
            "form": PaperForm(),
            "pay_code_form": PayCodeForm(),
        },
    )  # fmt: skip


@require_POST
@for_residents
def paper(request: Visit) -> HttpResponse:
    supplier = supplier_of(request.actor)
    form = PaperForm(request.POST)
    if form.is_valid():
        try:
            fields = form.fields_of_paper() | {"file": stored(request, "scan", supplier.community_id)}
            parties.add_paper(supplier, fields, by=request.actor, reason="补证照")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect("/groups/supply/")
    return render(request, "groupbuy/supply/paper.html", {"form": form, "back": "/groups/supply/"}, status=422)


@require_POST
@for_residents
def pay_code(request: Visit) -> HttpResponse:
    """收款码: shown to buyers once somebody of the community has looked at it."""
    supplier = supplier_of(request.actor)
    form = PayCodeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload_pay_code(supplier, form.cleaned_data["pay_code"].read(), by=request.actor, reason="传收款码")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect("/groups/supply/")
    return render(request, "groupbuy/supply/paycode.html", {"form": form, "back": "/groups/supply/"}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def product(request: Visit, pk: int | None = None) -> HttpResponse:
    supplier = supplier_of(request.actor)
    found: Product | None = access_own_product(request.actor, pk) if pk is not None else None
    if request.method == "POST":
        form = ProductForm(request.POST)
    else:
        form = ProductForm.of(found) if found else ProductForm()
    if request.method == "POST" and form.is_valid():
        try:
            values: dict[str, Any] = form.values()
            photo = request.FILES.get("photo")
            if photo is not None:
                values["photo"] = store_photo(
                    photo.read(), by=request.actor, keeper=KEEPER, community=supplier.community_id, public=True
                )
            saved = parties.save_product(supplier, found, values, by=request.actor, reason="登记产品")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/groups/supply/products/{saved.pk}/" if saved.by_lot else "/groups/supply/")
    lots = list(found.lots.order_by("-id")) if found else []
    context = {"form": form, "product": found, "lots": lots, "back": "/groups/supply/"}
    return render(request, "groupbuy/supply/product.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def lot(request: Visit, pk: int, lot: int | None = None) -> HttpResponse:
    """批次 of one product: field, sowing, treatment, harvest, test report, certificate."""
    found = access_own_product(request.actor, pk)
    old: Lot | None = one(found.lots.all(), lot) if lot is not None else None
    if request.method == "POST":
        form = LotForm(request.POST)
    else:
        form = LotForm.of(old) if old else LotForm()
    if request.method == "POST" and form.is_valid():
        try:
            values: dict[str, Any] = form.values()
            report = request.FILES.get("scan")
            if report is not None and report.content_type and report.content_type.startswith("image/"):
                values["report"] = store_photo(
                    report.read(), by=request.actor, keeper=KEEPER, community=found.supplier.community_id, field="scan",
                    public=True,
                )  # fmt: skip
            elif report is not None:
                values["report"] = stored(request, "scan", found.supplier.community_id)
            parties.save_lot(found, old, values, by=request.actor, reason="登记批次")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/groups/supply/products/{pk}/")
    context = {"form": form, "product": found, "lot": old, "back": f"/groups/supply/products/{pk}/"}
    return render(request, "groupbuy/supply/lot.html", context, status=422 if form.errors else 200)


@for_residents
@require_safe
def cycle(request: Visit, pk: int) -> HttpResponse:
    """What is ordered, by point: totals, no names."""
    found = access_supplied_cycle(request.actor, pk)
    return render(
        request,
        "groupbuy/supply/cycle.html",
        {
            "cycle": found,
            "rows": sums(found),
            "state": CycleState(found.state).label,
            "tone": CycleState(found.state).tone,
            "closes": words.when(found.closes_at),
            "arrives": words.when(found.arrives_at),
            "back": "/groups/supply/",
        },
    )


@require_POST
@for_residents
def export(request: Visit, pk: int) -> HttpResponse:
    from jiamenkou.services.groupbuy.sheets.lists import cycle_workbook

    return cycle_workbook(access_supplied_cycle(request.actor, pk), by=request.actor, names=False)


@require_POST
@for_residents
def settled(request: Visit, pk: int) -> HttpResponse:
    """The supplier has the money, or has given back what was too much."""
    supplier = supplier_of(request.actor)
    rows = Settlement.objects.filter(cycle__supplier=supplier, party=Party.SUPPLIER).select_related("cycle")
    row = one(rows, pk)
    try:
        say_settled(row, by=request.actor, now=timezone.now(), reason="货款")
    except Refused as refused:
        return render(
            request, "groupbuy/phone/sold_out.html", {"refused": refused, "back": "/groups/supply/"}, status=409
        )
    return HttpResponseRedirect("/groups/supply/")
