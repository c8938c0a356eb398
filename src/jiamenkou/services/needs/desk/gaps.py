"""The gap list: what many ask for and nobody offers, and the one act 开成项目."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import communities_of, needs_for
from jiamenkou.services.needs.actions.projects import start_project
from jiamenkou.services.needs.actions.setup import drop_supply, note_supply
from jiamenkou.services.needs.desk.needs import show_refusal
from jiamenkou.services.needs.forms.desk import ProjectForm, SupplyForm
from jiamenkou.services.needs.gaps import Gap, gaps, met_within
from jiamenkou.services.needs.models import Category, LocalSupply
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import Group, NeedState

# the widest gap comes first until somebody asks for another order
SORTS: dict[str, Callable[[Gap], Any]] = {
    "name": lambda line: line.category.order,
    "asked": lambda line: line.asked,
    "served": lambda line: line.served,
    "gap": lambda line: line.gap,
}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "缺口", "href": "/desk/needs/gaps/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def chosen_gaps(request: Visit) -> tuple[list[Gap], dict[str, str], list[Place]]:
    """Lines of the address, its filters and the grids one may choose among."""
    scope = request.actor.scope(NeedsPermission.VIEW)
    communities = Place.objects.filter(pk__in=scope.communities).order_by("path")
    shown = Q(pk__in=scope.grids)
    for path in communities.values_list("path", flat=True):
        shown |= Q(path__startswith=path)
    grids = list(Place.objects.filter(shown, kind=PlaceKind.GRID, closed_on__isnull=True).order_by("code"))
    chosen = chosen_filters(request, {"grid": {str(one.pk) for one in grids}, "group": Group.values})
    grid = int(chosen["grid"]) if "grid" in chosen else None
    lines = gaps(request.actor, timezone.now(), grid=grid)
    if "group" in chosen:
        lines = [line for line in lines if line.category.group == chosen["group"]]
    if word := searched_word(request):
        lines = [line for line in lines if word in line.category.label]
    if (asked := request.GET.get("sort", "")).removeprefix("-") in SORTS:
        lines = sorted(lines, key=SORTS[asked.removeprefix("-")], reverse=asked.startswith("-"))
    return lines, chosen, grids


@for_staff(NeedsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    return _page(request, SupplyForm() if request.actor.may(NeedsPermission.EDIT) else None)


def _page(request: Visit, form: SupplyForm | None, status: int = 200) -> HttpResponse:
    lines, chosen, grids = chosen_gaps(request)
    met, ripe = met_within(request.actor, timezone.now())
    people = request.actor.may(NeedsPermission.PEOPLE)
    today = timezone.localdate()
    first = next((line for line in lines if line.gap), None)
    supply = LocalSupply.objects.filter(community_id__in=communities_of(request.actor)).select_related("category")
    context: dict[str, Any] = {
        "rows": [_row(line, people=people) for line in lines],
        "asked": sum(line.asked for line in lines),
        "gap": sum(line.gap for line in lines),
        "planned": sum(line.planned for line in lines),
        "first": _sentence(first) if first else "",
        "percent": f"{round(100 * met / ripe)}%" if ripe else "—",
        "ripe": f"{met} / {ripe} 件" if ripe else "还没有满 30 天的需求",
        "groups": Group.choices,
        "grids": grids,
        "chosen": chosen,
        "word": searched_word(request),
        "chosen_grid": next((one.name for one in grids if str(one.pk) == chosen.get("grid")), ""),
        "chosen_group": Group(chosen["group"]).label if "group" in chosen else "",
        "supply": [
            (one, one.until is not None and one.until < today) for one in supply.order_by("category__order", "id")
        ],
        "supply_form": form,
        "may_edit": request.actor.may(NeedsPermission.EDIT),
        "may_setup": request.actor.may(NeedsPermission.SETUP),
        "people": people,
        "query": request.GET.urlencode(),
        "trail": trail(),
    }
    return render(request, "needs/desk/gaps.html", context, status=status)


def _sentence(line: Gap) -> str:
    """What to open next, with the figure behind it."""
    served = f"现在能接 {line.served} 人" if line.served else "现在一个也接不了"
    return f"下一步先{line.opens.label}“{line.category.label}”：{line.asked} 人在等，{served}，还差 {line.gap} 人。"


def _row(line: Gap, *, people: bool) -> dict[str, Any]:
    most = max(line.weeks) or 1
    return {
        "line": line,
        "label": line.category.label,
        "group": Group(line.category.group).label,
        "href": f"/desk/needs/?category={line.category.pk}&state={NeedState.OPEN}" if people else "",
        "project": f"/desk/needs/gaps/{line.category.pk}/project/",
        "weeks": "、".join(map(str, line.weeks)),
        "bars": [round(16 * number / most) for number in line.weeks],
    }


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def project(request: Visit, category: int) -> HttpResponse:
    """What opens, when, where, for how many; everybody who asked is told at once."""
    found = Category.objects.filter(pk=category).first()
    home = request.actor.home
    if found is None or home is None:
        raise Http404
    waiting = needs_for(request.actor, NeedsPermission.EDIT).counted().filter(category=found, community=home).open()
    line = next((one for one in gaps(request.actor, timezone.now()) if one.category.pk == category), None)
    initial = {"kind": line.opens, "capacity": line.gap or None} if line else {}
    form = ProjectForm(request.POST) if request.method == "POST" else ProjectForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = start_project(
                waiting,
                found,
                form.cleaned_data | {"community": home},
                by=request.actor,
                today=timezone.localdate(),
                reason="按需求开项目",
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/projects/{made.pk}/")
    context = {
        "form": form,
        "category": found,
        "line": line,
        "waiting": sum(waiting.values_list("heads", flat=True)),
        "told": waiting.filter(resident__isnull=False).count(),
        "trail": trail(found.label),
    }
    return render(request, "needs/desk/project_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff(NeedsPermission.EDIT)
def supply(request: Visit) -> HttpResponse:
    """Note what there is already."""
    form, home = SupplyForm(request.POST), request.actor.home
    if home is None:
        raise Http404
    if form.is_valid():
        data = form.cleaned_data
        try:
            note_supply(
                Category.objects.get(pk=data["category"]), home, data["words"], data["people"], data["until"],
                by=request.actor, today=timezone.localdate(), reason="记下已有的供给",
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect("/desk/needs/gaps/#supply")
    return _page(request, form, status=422)


@require_POST
@for_staff(NeedsPermission.EDIT)
def drop(request: Visit, pk: int) -> HttpResponse:
    allowed = communities_of(request.actor, NeedsPermission.EDIT)
    found = LocalSupply.objects.filter(pk=pk, community_id__in=allowed).first()
    if found is None:
        raise Http404
    drop_supply(found, by=request.actor, reason="供给没有了")
    return HttpResponseRedirect("/desk/needs/gaps/#supply")
