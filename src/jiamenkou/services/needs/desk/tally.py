"""At the stand: a button for each kind of need, one tap a person, nobody's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_fair_to_run
from jiamenkou.services.needs.actions.tallies import tally_more
from jiamenkou.services.needs.desk.fairs import source_of, trail
from jiamenkou.services.needs.models import Category, Fair, Need
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.phone.entries import ICONS
from jiamenkou.services.needs.states import Channel, FairState, Group


@for_staff(NeedsPermission.EDIT)
def stand(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_fair_to_run(request.actor, pk))


def _page(request: Visit, fair: Fair, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    counted = dict(Need.objects.filter(source=source_of(fair)).values_list("category", "heads"))
    active = list(Category.objects.filter(is_active=True))
    groups: list[dict[str, Any]] = []
    for group in Group:
        rows = [{"category": one, "heads": counted.get(one.pk, 0)} for one in active if one.group == group]
        if rows:
            groups.append({"label": group.label, "icon": ICONS[group], "rows": rows})
    context = {
        "fair": fair,
        "groups": groups,
        "heads": sum(counted.values()),
        "last": request.GET.get("last", ""),
        "going": fair.state != FairState.CANCELLED,
        "refused": refused,
        "trail": _trail(fair),
    }
    return render(request, "needs/desk/tally.html", context, status=status)


def _trail(fair: Fair) -> list[dict[str, str]]:
    own = {"label": fair.title, "href": f"/desk/needs/fairs/{fair.pk}/"}
    return [*trail(fair.title)[:-1], own, {"label": "记需求", "href": ""}]


@require_POST
@for_staff(NeedsPermission.EDIT)
def count(request: Visit, pk: int) -> HttpResponse:
    """One more, one fewer, or so many from a paper list."""
    fair = access_fair_to_run(request.actor, pk)
    asked, more = request.POST.get("category", ""), request.POST.get("more", "1")
    try:
        if fair.state == FairState.CANCELLED:
            raise Refused("这场市集取消了。")
        category = Category.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
        if category is None:
            raise Refused("先选一类。")
        digits = more.removeprefix("-")
        if not (digits.isdecimal() and len(digits) < 5):
            raise Refused("人数写数字。")
        tally_more(
            category, fair.community, int(more), by=request.actor, channel=Channel.FAIR, source=source_of(fair),
            reason="市集上记需求",
        )  # fmt: skip
    except Refused as refused:
        return _page(request, fair, refused, 422)
    return HttpResponseRedirect(f"/desk/needs/fairs/{pk}/stand/?last={category.pk}#c{category.pk}")
