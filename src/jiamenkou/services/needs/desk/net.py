"""The net on the desk: a line a grid, a page a place, adding, handing over, on paper."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.foundation.people.models import Account, Organisation
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs import net
from jiamenkou.services.needs.access import access_duty, access_place, communities_of, duties_for
from jiamenkou.services.needs.actions.net import hand_over, living_in, set_phone, take_on
from jiamenkou.services.needs.desk.needs import show_refusal
from jiamenkou.services.needs.forms.net import DutyForm, HandOverForm, PhoneForm
from jiamenkou.services.needs.models import Duty
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import DutyRole

SORTS = ("name", "-name", "homes", "-homes")


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "人与家", "href": ""}, {"label": "网格", "href": "/desk/needs/net/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def chosen_parts(request: Visit) -> tuple[list[net.Part], list[net.Part], str, dict[str, str]]:
    """The grids of the address, all grids the actor sees, the word, the filters."""
    today, word = timezone.localdate(), searched_word(request)
    everything = net.grids_of(communities_of(request.actor), today)
    chosen = chosen_filters(request, {"only": ["gaps"], "sort": SORTS})
    shown = [part for part in everything if not word or word in part.place.name or _names(part, word)]
    if "only" in chosen:
        shown = [part for part in shown if part.gaps]
    asked = chosen.get("sort", "name")
    if asked.endswith("homes"):
        shown = sorted(shown, key=lambda part: part.homes)
    return (shown[::-1] if asked.startswith("-") else shown), everything, word, chosen


def _names(part: net.Part, word: str) -> bool:
    return any(word in one.name for one in part.duties)


@for_staff(NeedsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    shown, everything, word, chosen = chosen_parts(request)
    gaps = sum(bool(part.gaps) for part in everything)
    several = len({part.place.ancestor_path(part.place.depth - 1) for part in everything}) > 1
    communities = {one.path: one.name for one in Place.objects.filter(pk__in=communities_of(request.actor))}
    context = {
        "rows": [
            {"part": part, "href": f"/desk/needs/net/{part.place.pk}/", "community": communities.get(part.place.ancestor_path(part.place.depth - 1), "")}
            for part in shown
        ],
        "views": [
            {"label": "全部", "href": "?", "on": "only" not in chosen, "count": len(everything)},
            {"label": "有缺口", "href": "?only=gaps", "on": "only" in chosen, "count": gaps},
        ],
        "several": several,
        "word": word,
        "own": request.actor.home.pk if request.actor.home is not None else None,
        "query": request.GET.urlencode(),
        "trail": trail(),
    }  # fmt: skip
    return render(request, "needs/desk/net.html", context)


@for_staff(NeedsPermission.VIEW)
def place(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_place(request.actor, pk, NeedsPermission.VIEW))


def _page(
    request: Visit, found: Place, form: DutyForm | None = None, phone: PhoneForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    may = _may_set(request, found)
    chain = net.above(found)
    people = [net.with_phone(duty, chain) for duty in net.by_place(_here(found).on(today)).get(found.pk, [])]
    # whoever lies above answers too where nobody is nearer
    over = [one for one in net.answering(found, today) if one.duty.place_id != found.pk]
    community = chain[-1]
    context = {
        "place": found,
        "kind": PlaceKind(found.kind).label,
        "chain": [{"label": one.name, "href": f"/desk/needs/net/{one.pk}/"} for one in chain[:0:-1]],
        "people": people,
        "over": over,
        "before": _here(found).filter(until__lt=today).select_related("handed_to").order_by("-until", "-id")[:20],
        "parts": [
            {"part": part, "href": f"/desk/needs/net/{part.place.pk}/"} for part in net.below(found, today)
        ],
        "may": may,
        "form": form or (DutyForm(community.pk) if may else None),
        "phone_form": phone or PhoneForm(initial={"phone": found.phone, "hours": found.phone_hours}),
        "may_phone": may and found.kind != PlaceKind.COMMUNITY,
        "trail": trail(found.name),
    }  # fmt: skip
    return render(request, "needs/desk/net_place.html", context, status=status)


def _here(found: Place) -> Any:
    return Duty.objects.filter(place=found).select_related("organisation", "account", "place")


def _may_set(request: Visit, found: Place) -> bool:
    try:
        access_place(request.actor, found.pk, NeedsPermission.SETUP)
    except Http404:
        return False
    return request.actor.may(NeedsPermission.SETUP)


@require_POST
@for_staff(NeedsPermission.SETUP)
def add(request: Visit, pk: int) -> HttpResponse:
    found = access_place(request.actor, pk)
    form = DutyForm(net.above(found)[-1].pk, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            take_on(
                found, DutyRole(data["role"]), data["name"], by=request.actor, since=data["since"],
                reason="登记网格责任人", account=Account.objects.filter(pk=data["account"]).first(),
                organisation=Organisation.objects.filter(pk=data["organisation"]).first(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/net/{pk}/")
    return _page(request, found, form=form, status=422)


@require_POST
@for_staff(NeedsPermission.SETUP)
def phone(request: Visit, pk: int) -> HttpResponse:
    found = access_place(request.actor, pk)
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            set_phone(
                found, form.cleaned_data["phone"], form.cleaned_data["hours"], by=request.actor, reason="改值班电话"
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/net/{pk}/")
    return _page(request, found, phone=form, status=422)


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.SETUP)
def leave(request: Visit, pk: int) -> HttpResponse:
    """Hand-over: what is in hand, who takes it, from when; one press moves it and tells the residents."""
    duty = access_duty(request.actor, pk)
    others = Duty.objects.filter(place=duty.place_id, until__isnull=True).exclude(pk=pk).order_by("role", "id")
    form = HandOverForm(others, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        successor = others.filter(pk=data["successor"]).first() if data["successor"] else None
        try:
            hand_over(duty, successor, by=request.actor, on=data["on"], why=data["why"], reason="网格责任人交接")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/net/{duty.place_id}/")
    context = {
        "duty": duty,
        "role": DutyRole(duty.role).label,
        "form": form,
        "promises": net.promises_of(duty, request.actor),
        "told": living_in(duty.place).present().filter(links__isnull=False).distinct().count(),
        "ended": duty.until is not None,
        "trail": trail(f"{duty.place.name}交接"),
    }
    return render(request, "needs/desk/hand_over.html", context, status=422 if form.errors else 200)


@for_staff(NeedsPermission.VIEW)
def paper(request: Visit, pk: int) -> HttpResponse:
    """To be hung up in the stairwell: who answers here, and how they are called. Published, so nothing is logged."""
    found, today = access_place(request.actor, pk, NeedsPermission.VIEW), timezone.localdate()
    rows = net.answering(found, today)
    chain = net.above(found)
    inside = [
        [one.role, one.duty.name, part.place.name, f"{one.phone} {one.hours}".strip()]
        for part in net.below(found, today)
        for one in (net.with_phone(duty, [part.place, *chain]) for duty in part.duties)
    ]
    context = {
        "place": found,
        "chain": [one.name for one in chain[::-1]],
        "rows": [[one.role, one.duty.name, one.duty.place.name, f"{one.phone} {one.hours}".strip()] for one in rows],
        "inside": inside,
        "columns": [{"head": head, "width": ""} for head in ("身份", "称呼", "管哪一片", "电话")],
        "day": today,
    }
    return render(request, "needs/paper/net.html", context)


def search_duties(request: Visit) -> Any:
    """Rows of the export: everybody who answers for something today, of the grids of the address."""
    shown, _everything, word, chosen = chosen_parts(request)
    rows = duties_for(request.actor).filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    if word or "only" in chosen:
        paths = Q(pk__in=[])
        for part in shown:
            paths |= Q(place__path__startswith=part.place.path)
        rows = rows.filter(paths)
    return rows.order_by("place__path", "role", "id")
