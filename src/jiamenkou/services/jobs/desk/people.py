"""People for a vacancy: who can take it, why, and recommending them within the head-count."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.engines.matching import Mark
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import matching, words
from jiamenkou.services.jobs.access import access_intention, access_vacancy, intentions_for
from jiamenkou.services.jobs.actions.applications import recommend
from jiamenkou.services.jobs.desk.vacancies import trail
from jiamenkou.services.jobs.forms.application import RecommendForm
from jiamenkou.services.jobs.models import Application, Intention
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import ApplicationState

SHOWN = 30


@for_staff(JobsPermission.PEOPLE)
def people(request: Visit, pk: int) -> HttpResponse:
    vacancy = access_vacancy(request.actor, pk)
    today = timezone.localdate()
    rows = (
        intentions_for(request.actor).open().select_related("resident__household__unit", "resident__community", "grid")
    )
    lane = dict(Application.objects.filter(vacancy=vacancy).values_list("resident_id", "state").order_by("id"))
    live = sum(ApplicationState(state).is_live for state in lane.values())
    found = matching.best_people(vacancy, rows.order_by("id"), today)
    opening = matching.opening_of(vacancy)
    known = matching.seekers([intention for intention, _ in found[:SHOWN]], today)
    shown = [_row(intention, known[intention.pk], opening, lane) for intention, _ in found[:SHOWN]]
    return render(
        request,
        "jobs/desk/people.html",
        {
            "vacancy": vacancy,
            "pay": words.pay(vacancy),
            "rows": shown,
            "total": len(found),
            "room": max(vacancy.cap - live, 0),
            "live": live,
            "form": RecommendForm(),
            "trail": trail(vacancy.title),
        },
    )


def _row(intention: Intention, seeker: Any, opening: Any, lane: dict[int, str]) -> dict[str, Any]:
    said, refusals = matching.explain(seeker, opening)
    against = [refusal.text for refusal in refusals] + [r.text for r in said if r.mark == Mark.AGAINST]
    state = lane.get(intention.resident_id)
    return {
        "intention": intention,
        "resident": intention.resident,
        "reasons": [matching.to_staff(reason.text) for reason in said if reason.mark == Mark.FOR],
        "minds": [matching.to_staff(text) for text in against],
        "state": ApplicationState(state).label if state else "",
    }


@require_POST
@for_staff(JobsPermission.PEOPLE)
def recommend_people(request: Visit, pk: int) -> HttpResponse:
    """Recommend the chosen ones, best first, until the lane is full; says how many went and why not the others."""
    vacancy = access_vacancy(request.actor, pk)
    form = RecommendForm(request.POST)
    word = form.cleaned_data["word"] if form.is_valid() else ""
    chosen = [int(value) for value in request.POST.getlist("chosen") if value.isdigit()][:SHOWN]
    try:
        for intention_id in chosen:
            intention = access_intention(request.actor, intention_id)
            recommend(vacancy, intention.resident, by=request.actor, now=timezone.now(), reason="推荐岗位", word=word)
    except Refused as refused:
        back = f"/desk/jobs/vacancies/{pk}/people/"
        return render(request, "jobs/desk/refused.html", {"refused": refused, "back": back}, status=409)
    return HttpResponseRedirect(f"/desk/jobs/applications/?vacancy={vacancy.pk}")
