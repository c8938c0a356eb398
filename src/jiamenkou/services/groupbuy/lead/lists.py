"""The leader's lists as Excel, and a 接龙 that becomes orders to confirm."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy.access import access_led_cycle
from jiamenkou.services.groupbuy.actions.orders import Buyer, place_order
from jiamenkou.services.groupbuy.forms.cycles import PasteForm
from jiamenkou.services.groupbuy.jielong import Wish, read
from jiamenkou.services.groupbuy.models import Cycle, Offer
from jiamenkou.services.groupbuy.phone.reading import point_of


@require_POST
@for_residents
def export(request: Visit, pk: int) -> HttpResponse:
    """Buying, sorting and delivery list in one workbook."""
    from jiamenkou.services.groupbuy.sheets.lists import cycle_workbook

    return cycle_workbook(access_led_cycle(request.actor, pk), by=request.actor)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def paste(request: Visit, pk: int) -> HttpResponse:
    """Read first, looked at by the leader, then placed line by line; one that cannot be placed does not stop the others."""
    cycle = access_led_cycle(request.actor, pk)
    offers = list(cycle.offers.select_related("product").order_by("id"))
    form = PasteForm(request.POST) if request.method == "POST" else PasteForm()
    rows: list[dict[str, Any]] = []
    said = ""
    if request.method == "POST" and form.is_valid():
        wishes = read(form.cleaned_data["text"], [one.product.name for one in offers])
        if request.POST.get("do") == "place":
            return _placed(request, cycle, offers, wishes)
        rows = [_row(wish, offers) for wish in wishes]
        said = "" if rows else _("没有看出接龙：每个人一行，行首要有编号。")
    context = {
        "cycle": cycle,
        "form": form,
        "rows": rows,
        "said": said,
        "points": list(cycle.points.order_by("name", "id")),
        "offers": offers,
        "back": f"/groups/lead/{pk}/",
    }
    return render(request, "groupbuy/lead/paste.html", context, status=422 if form.errors or said else 200)


def _row(wish: Wish, offers: list[Offer]) -> dict[str, Any]:
    named = [
        {"name": offers[index].product.name if index is not None else "？", "boxes": boxes}
        for index, boxes in wish.wants
    ]
    return {"wish": wish, "wants": named, "sure": not wish.doubts}


def _placed(request: Visit, cycle: Cycle, offers: list[Offer], wishes: list[Wish]) -> HttpResponse:
    """Only the ticked lines. What is in doubt can be ticked once it says who wants how many of what."""
    chosen = set(request.POST.getlist("line"))
    done, problems = 0, []
    for wish in wishes:
        if str(wish.line) not in chosen:
            continue
        wants: dict[int, int] = {}
        for index, boxes in wish.wants:
            if index is not None:
                wants[offers[index].pk] = wants.get(offers[index].pk, 0) + boxes
        try:
            if not wish.name:
                raise Refused(_("没看出姓名"))
            place_order(
                cycle, Buyer(wish.name, wish.room), wants, point_of(cycle, request.POST), by=request.actor,
                now=timezone.now(), reason="接龙下单", proxy=True,
            )  # fmt: skip
            done += 1
        except Refused as refused:
            problems.append({"text": wish.text, "why": refused.message})
    if not problems:
        return HttpResponseRedirect(f"/groups/lead/{cycle.pk}/?pasted={done}")
    context = {"cycle": cycle, "done": done, "problems": problems, "back": f"/groups/lead/{cycle.pk}/"}
    return render(request, "groupbuy/lead/pasted.html", context)
