"""Projects: the list, one with the people it is for, its moves."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_project, needs_for, projects_for
from jiamenkou.services.needs.actions.projects import add_needs, move_project
from jiamenkou.services.needs.desk.needs import row_of, show_refusal
from jiamenkou.services.needs.forms.desk import MoveForm
from jiamenkou.services.needs.models import Project
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import PROJECT_MOVES, NeedState, ProjectState

SORTS = {"title": "title", "opens": "opens_on", "people": "people"}
TONES = {
    ProjectState.PLANNED: "blue",
    ProjectState.OPEN: "green",
    ProjectState.DONE: "grey",
    ProjectState.DROPPED: "grey",
}
ACTS = {ProjectState.OPEN: "开好了，告诉大家", ProjectState.DONE: "办完了", ProjectState.DROPPED: "没办成"}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "项目", "href": "/desk/needs/projects/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


@for_staff(NeedsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    rows = projects_for(request.actor)
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": ProjectState.values})
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(category__label__icontains=word))
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    rows = rows.annotate(
        people=Sum("needs__heads", default=0),
        met=Sum("needs__heads", filter=Q(needs__state=NeedState.MET), default=0),
    )
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "-opens"), request), word, chosen)
    views = [
        {"label": "全部", "href": "?", "on": not chosen, "count": sum(counts.values())},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in ProjectState
            if counts.get(s)
        ),
    ]
    context = {
        "listing": shown,
        "rows": [_row(project) for project in shown.page],
        "views": views,
        "query": request.GET.urlencode(),
        "trail": trail(),
    }
    return render(request, "needs/desk/projects.html", context)


def _row(project: Any) -> dict[str, Any]:
    state = ProjectState(project.state)
    return {"project": project, "state": state, "tone": TONES[state], "href": f"/desk/needs/projects/{project.pk}/"}


@for_staff(NeedsPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_project(request.actor, pk), MoveForm())


def _page(request: Visit, project: Project, form: MoveForm, status: int = 200) -> HttpResponse:
    state = ProjectState(project.state)
    people = request.actor.may(NeedsPermission.PEOPLE)
    may = request.actor.may(NeedsPermission.EDIT)
    linked = needs_for(request.actor).filter(project=project)
    figures = linked.aggregate(
        all=Sum("heads", default=0),
        met=Sum("heads", filter=Q(state=NeedState.MET), default=0),
        answered=Sum("heads", filter=Q(state=NeedState.ANSWERED), default=0),
    )
    since = needs_for(request.actor).counted().filter(category=project.category, community=project.community_id).open()
    shown = linked.with_list_data().order_by("state", "id")
    context = {
        "project": project,
        "state": state,
        "tone": TONES[state],
        "figures": figures,
        "rows": [row_of(need) for need in paged(shown, request)] if people else [],
        "page": paged(shown, request) if people else None,
        "since": since.count() if state == ProjectState.PLANNED and may else 0,
        "acts": [{"label": ACTS[end], "to": end.value} for end in ACTS if end in PROJECT_MOVES[state]] if may else [],
        "people": people,
        "form": form,
        "trail": trail(project.title),
    }
    return render(request, "needs/desk/project.html", context, status=status)


@require_POST
@for_staff(NeedsPermission.EDIT)
def move(request: Visit, pk: int) -> HttpResponse:
    """Opened, over, dropped; or those who said the same since then come in."""
    project = access_project(request.actor, pk, NeedsPermission.EDIT)
    form, to = MoveForm(request.POST), request.POST.get("to", "")
    if form.is_valid():
        try:
            if to == "add":
                waiting = needs_for(request.actor, NeedsPermission.EDIT).counted()
                add_needs(project, waiting.filter(community=project.community_id), by=request.actor, reason="补进项目")
            elif to in ProjectState.values:
                text = form.cleaned_data["text"]
                move_project(project, ProjectState(to), by=request.actor, reason="项目进展", text=text)
            else:
                raise Refused("没有这个操作。")
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/projects/{pk}/")
    return _page(request, project, form, status=422)
