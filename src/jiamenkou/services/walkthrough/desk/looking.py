"""A round with its figures, its lists on paper, a walk step by step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.walkthrough.access import findings_for, one, rounds_for, walks_for
from jiamenkou.services.walkthrough.desk.shape import ROOT, minutes_between
from jiamenkou.services.walkthrough.figures import beyond_list, by_errand, count
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingState


@require_safe
@for_staff(WalksPermission.VIEW)
def one_round(request: Visit, pk: int) -> HttpResponse:
    """Every figure opens its list."""
    found = one(rounds_for(request.actor), pk)
    walks = walks_for(request.actor).filter(round=found).with_list_data()
    walked = list(walks.prefetch_related("steps", "findings").order_by("started_at", "pk"))
    context = {
        "round": found,
        "count": count(findings_for(request.actor).filter(walk__round=found)),
        "walks": len(walked),
        "officers": found.officers.count(),
        "figures": by_errand(walked),
        "may_edit": request.actor.may(WalksPermission.EDIT),
        "findings": f"{ROOT}findings/?round={pk}",
        "visits": f"{ROOT}visits/?round={pk}",
        "edit": f"{ROOT}rounds/{pk}/edit/",
        "paper": f"{ROOT}rounds/{pk}/print/",
        "public": f"/walks/rounds/{pk}/",
        "trail": [{"label": _("走流程"), "href": ROOT}, {"label": str(found), "href": ""}],
    }
    return render(request, "walkthrough/desk/round.html", context)


@require_safe
@for_staff(WalksPermission.VIEW)
def paper(request: Visit, pk: int) -> HttpResponse:
    """问题清单 and 满意清单 on A4, nobody's name on it: what was not written for the public has its kind only."""
    found = one(rounds_for(request.actor).select_related("community"), pk)
    rows = list(findings_for(request.actor).filter(walk__round=found).with_list_data().order_by("at", "pk"))
    solved = [row for row in rows if row.state == FindingState.SOLVED]
    context = {
        "round": found,
        "found_count": len(rows),
        "solved": solved,
        "others": [row for row in rows if row.state != FindingState.SOLVED],
        "today": timezone.localdate(),
    }
    return render(request, "walkthrough/desk/print.html", context)


@require_safe
@for_staff(WalksPermission.VIEW)
def one_walk(request: Visit, pk: int) -> HttpResponse:
    """What an officer met, step by step. Who came along is not named."""
    walk = one(walks_for(request.actor).with_list_data(), pk)
    findings = list(walk.findings.select_related("step").order_by("at", "pk"))
    steps = [
        {
            "step": step,
            "beyond": beyond_list(step, walk.version),
            "found": [item for item in findings if item.step_id == step.pk],
        }
        for step in walk.steps.select_related("photo").order_by("number")
    ]
    context = {
        "walk": walk,
        "steps": steps,
        "findings": [(item, FindingState(item.state), f"{ROOT}findings/{item.pk}/") for item in findings],
        "minutes": minutes_between(walk.started_at, walk.ended_at),
        "round": f"{ROOT}rounds/{walk.round_id}/",
        "trail": [{"label": _("走流程"), "href": ROOT}, {"label": _("趟次"), "href": f"{ROOT}visits/"}],
    }
    return render(request, "walkthrough/desk/walk.html", context)
