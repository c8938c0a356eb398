"""Who is to be visited: the list, choosing people for it, its sheet, and the list on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Permission, Role
from jiamenkou.foundation.access.visit import Visit as Request
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.access import access_plan, people_for, plans_for
from jiamenkou.services.visits.actions.planning import candidates, drop_plan, plan_visits
from jiamenkou.services.visits.desk.visits import exported, refusal
from jiamenkou.services.visits.figures import unreached
from jiamenkou.services.visits.models.plan import PlanQuerySet
from jiamenkou.services.visits.permissions import VisitsPermission
from jiamenkou.services.visits.states import PlanState, Why

LIST = "/desk/visits/plans/"
SORTS = {"due": "due_on", "name": "resident__name_key", "tries": "tries"}
PEOPLE_SORTS = {"name": "name_key", "born": "birth_date"}
ONLY = ("late", "unreached", "mine")


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "帮扶", "href": ""}, {"label": "走访安排", "href": LIST if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def grids_for(request: Request, permission: str = VisitsPermission.VIEW) -> list[Place]:
    scope = request.actor.scope(permission)
    found = Place.objects.filter(pk__in=scope.grids)
    for community in Place.objects.filter(pk__in=scope.communities, kind=PlaceKind.COMMUNITY):
        found = found | Place.objects.within(community).filter(kind=PlaceKind.GRID)
    return list(found.filter(closed_on__isnull=True).order_by("code"))


def filtered(request: Request, permission: str = VisitsPermission.VIEW) -> tuple[PlanQuerySet, str, dict[str, str]]:
    rows = plans_for(request.actor, permission)
    word = searched_word(request)
    grids = {str(grid.pk) for grid in grids_for(request, permission)}
    chosen = chosen_filters(request, {"state": PlanState.values, "only": ONLY, "why": Why.values, "grid": grids})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(household__door__icontains=word))
    if "grid" in chosen:
        rows = rows.filter(grid_id=int(chosen["grid"]))
    if "why" in chosen:
        rows = rows.filter(why=chosen["why"])
    only = chosen.get("only")
    if only == "late":
        rows = rows.late(timezone.localdate())
    elif only == "unreached":
        rows = rows.filter(pk__in=unreached(rows).values("pk"))
    elif only == "mine":
        rows = rows.open().filter(assigned=request.actor.account)
    else:
        rows = rows.filter(state=chosen.get("state", PlanState.OPEN))
    return rows, word, chosen


@for_staff(VisitsPermission.VIEW)
@require_GET
def listing(request: Request) -> HttpResponse:
    rows, word, chosen = filtered(request)
    today = timezone.localdate()
    page = paged(sorted_rows(rows.with_people(), request, SORTS, "due"), request)
    context = {
        "listing": Listing(page, word, chosen),
        "rows": [_row(plan, today) for plan in page],
        "views": _views(chosen),
        "grids": [
            {"label": grid.name, "href": f"?grid={grid.pk}", "on": chosen.get("grid") == str(grid.pk)}
            for grid in grids_for(request)
        ],
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "may_plan": request.actor.may(VisitsPermission.DECIDE),
        "may_record": request.actor.may(VisitsPermission.RECORD),
        "trail": trail(),
    }
    return render(request, "visits/desk/plans.html", context)


def _views(chosen: dict[str, str]) -> list[dict[str, Any]]:
    only, state = chosen.get("only"), chosen.get("state")
    return [
        {"label": "要走访", "href": "?", "on": not only and state in {None, PlanState.OPEN}},
        {"label": "过期的", "href": "?only=late", "on": only == "late"},
        {"label": "几次没见到的", "href": "?only=unreached", "on": only == "unreached"},
        {"label": "我的", "href": "?only=mine", "on": only == "mine"},
        {"label": "走访过的", "href": "?state=done", "on": state == PlanState.DONE},
        {"label": "不用去的", "href": "?state=dropped", "on": state == PlanState.DROPPED},
    ]


def _row(plan: Any, today: Any) -> dict[str, Any]:
    is_open = plan.state == PlanState.OPEN
    return {
        "plan": plan,
        "age": plan.resident.age(today),
        "door": (plan.household.door if plan.household else "") or plan.resident.address,
        "why": plan.word or str(Why(plan.why).label),
        "late_days": (today - plan.due_on).days if is_open and plan.due_on < today else 0,
        "is_today": is_open and plan.due_on == today,
        "is_open": is_open,
        "state": str(PlanState(plan.state).label),
        "who": (plan.assigned.display_name or plan.assigned.username) if plan.assigned else "",
        "href": f"/desk/visits/new/{plan.resident_id}/" if is_open else f"/desk/residents/{plan.resident_id}/",
    }


class PlanForm(forms.Form):
    """What holds for everybody who was ticked."""

    word = forms.CharField(label=gettext_lazy("为什么去"), max_length=120, required=False)
    due_on = forms.DateField(label=gettext_lazy("最晚哪天"), widget=forms.DateInput(attrs={"type": "date"}))
    assigned = forms.TypedChoiceField(
        label=gettext_lazy("谁去"), coerce=int, empty_value=None, required=False, choices=()
    )

    def __init__(self, staff: list[Account], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(one.pk, one.display_name or one.username) for one in staff]
        self.fields["assigned"].choices = [("", _("负责那个网格的人")), *people]  # type: ignore[attr-defined]


def _staff(request: Request) -> list[Account]:
    """Who visits in the actor's communities: grid workers and workers."""
    scope = request.actor.scope(VisitsPermission.DECIDE)
    places = [grid.pk for grid in grids_for(request, VisitsPermission.DECIDE)]
    roles = StaffRole.objects.current().filter(
        Q(place_id__in=scope.communities, role__in=[Role.WORKER, Role.COMMUNITY_LEAD])
        | Q(place_id__in=places, role=Role.GRID_WORKER)
    )
    return list(Account.objects.filter(roles__in=roles, is_active=True).distinct().order_by("display_name", "id"))


@for_staff(VisitsPermission.DECIDE)
@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """People by rule or by name, ticked, planned at once. ``everyone`` takes the whole list of the address."""
    today = timezone.localdate()
    rule = Why(request.GET["why"]) if request.GET.get("why") in Why.values else Why.OLD
    word = searched_word(request)
    people = candidates(people_for(request.actor, VisitsPermission.DECIDE), rule, today)
    grids = grids_for(request, VisitsPermission.DECIDE)
    chosen = chosen_filters(request, {"grid": {str(grid.pk) for grid in grids}})
    if word:
        people = people.filter(Q(name__icontains=word) | Q(household__door__icontains=word))
    if "grid" in chosen:
        people = people.filter(grid_id=int(chosen["grid"]))
    form = PlanForm(_staff(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = _plan(request, people, rule, form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("排好了 %(count)s 户。") % {"count": count})
            return HttpResponseRedirect(LIST)
    page = paged(sorted_rows(people.select_related("household", "grid"), request, PEOPLE_SORTS, "name"), request)
    context = {
        "listing": Listing(page, word, chosen),
        "rows": [{"person": one, "age": one.age(today)} for one in page],
        "rules": [
            {"label": str(one.label), "href": f"?why={one}", "on": one is rule}
            for one in (Why.OLD, Why.ALONE, Why.SILENT, Why.CHOSEN)
        ],
        "rule": rule,
        "grids": [
            {"label": g.name, "href": f"?why={rule}&grid={g.pk}", "on": chosen.get("grid") == str(g.pk)} for g in grids
        ],
        "form": form,
        "trail": trail(_("排走访")),
    }
    return render(request, "visits/desk/choose.html", context, status=422 if form.errors else 200)


def _plan(request: Request, people: QuerySet[Resident], rule: Why, form: PlanForm) -> int:
    if "everyone" not in request.POST:
        ticked = [int(one) for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 16]
        people = people.filter(pk__in=ticked)
    given = form.cleaned_data
    assigned = Account.objects.filter(pk=given["assigned"]).first() if given["assigned"] else None
    return plan_visits(
        list(people.order_by("id")[:501]),
        why=rule,
        word=given["word"],
        due_on=given["due_on"],
        assigned=assigned,
        by=request.actor,
        today=timezone.localdate(),
        reason="排走访",
    )


@for_staff(VisitsPermission.DECIDE)
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    plan = access_plan(request.actor, pk)
    try:
        drop_plan(plan, by=request.actor, now=timezone.now(), reason="不用走访")
    except Refused as refused:
        return refusal(request, refused, LIST)
    messages.success(request, _("从名单里拿掉了。"))
    return HttpResponseRedirect(LIST)


@for_staff(VisitsPermission.RECORD)
@require_GET
def paper(request: Request) -> HttpResponse:
    """The list of the address on A4, by grid, with room to write."""
    rows, _word, _chosen = filtered(request, VisitsPermission.RECORD)
    today = timezone.localdate()
    plans = rows.with_people().order_by("grid__code", "household__door", "due_on", "id")[:200]
    return render(request, "visits/desk/paper.html", {"rows": [_row(plan, today) for plan in plans], "today": today})


@for_staff(Permission.RESIDENTS_EXPORT)
@require_POST
def export(request: Request) -> HttpResponse:
    from jiamenkou.services.visits.sheets import PLAN_COLUMNS, plan_rows

    rows, _word, chosen = filtered(request, Permission.RESIDENTS_EXPORT)
    return exported(request, "走访安排", PLAN_COLUMNS, plan_rows(rows.order_by("due_on", "id")), chosen)
