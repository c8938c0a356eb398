"""The weekly round: one proposal for everybody who looks, which a worker looks over and sends.

First come, first served leaves people without a post whom another order would have placed; the engine's order is:
people of the priority groups, then as many as possible, then fit. Nothing is sent before a person has confirmed it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiamenkou.engines.matching import Mark
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import matching, words
from jiamenkou.services.jobs.access import access_intention, access_vacancy, intentions_for, vacancies_for
from jiamenkou.services.jobs.actions.applications import recommend
from jiamenkou.services.jobs.models import Application, Intention, Vacancy
from jiamenkou.services.jobs.permissions import JobsPermission

# a community's worth; a larger desk goes grid by grid
MOST_PEOPLE, MOST_POSTS = 500, 200
REASON = "本周匹配后推荐"


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.PEOPLE)
def weekly(request: Visit) -> HttpResponse:
    if request.method == "POST":
        return _send(request)
    pairs, looking, posts = proposal(request.actor)
    context = {
        "rows": pairs,
        "looking": looking,
        "posts": posts,
        "left": looking - len(pairs),
        "trail": [
            {"label": "供需", "href": ""},
            {"label": "求职意向", "href": "/desk/jobs/intentions/"},
            {"label": "本周匹配", "href": ""},
        ],
    }
    return render(request, "jobs/desk/weekly.html", context)


def proposal(by: Actor) -> tuple[list[dict[str, Any]], int, int]:
    """Pairs with their reasons; how many people without anything in play were looked at, for how many posts."""
    from jiamenkou.engines.matching.allotment import allot  # the solver's libraries load only for this page

    today = timezone.localdate()
    busy = Application.objects.live().order_by().values("resident_id")
    wishes = {
        row.pk: row
        for row in intentions_for(by)
        .open()
        .exclude(resident__in=busy)
        .select_related("resident__household__unit", "resident__community", "grid")
        .order_by("-confirmed_on", "id")[:MOST_PEOPLE]
    }
    vacancies = {row.pk: row for row in vacancies_for(by).open(today).with_employer().newest()[:MOST_POSTS]}
    in_play = Counter(
        Application.objects.live().filter(vacancy__in=vacancies).order_by().values_list("vacancy_id", flat=True)
    )
    openings = {
        str(pk): replace(matching.opening_of(vacancy), places_left=vacancy.places_left - in_play[pk])
        for pk, vacancy in vacancies.items()
        if vacancy.places_left > in_play[pk]
    }
    seekers = {str(pk): seeker for pk, seeker in matching.seekers(wishes.values(), today).items()}
    found = allot(list(seekers.values()), list(openings.values())) if seekers and openings else {}
    tried = set(
        Application.objects.filter(vacancy__in=vacancies, resident__in=[wish.resident_id for wish in wishes.values()])
        .order_by("id")
        .values_list("resident_id", "vacancy_id")
    )
    rows = [
        _row(wishes[int(seeker)], vacancies[int(opening)], matching.explain(seekers[seeker], openings[opening])[0])
        for seeker, opening in found.items()
        if (wishes[int(seeker)].resident_id, int(opening)) not in tried
    ]
    rows.sort(key=lambda row: (row["vacancy"].title, row["vacancy"].pk, row["resident"].name_key))
    return rows, len(wishes), len(openings)


def _row(intention: Intention, vacancy: Vacancy, said: list[Any]) -> dict[str, Any]:
    return {
        "value": f"{intention.pk}:{vacancy.pk}",
        "intention": intention,
        "resident": intention.resident,
        "vacancy": vacancy,
        "pay": words.pay(vacancy),
        "reasons": [matching.to_staff(reason.text) for reason in said if reason.mark == Mark.FOR][:3],
    }


def _send(request: Visit) -> HttpResponse:
    """Recommend the pairs that stayed ticked, each within the lane's cap as any other recommendation."""
    chosen = [value.split(":") for value in request.POST.getlist("pair")[:MOST_PEOPLE]]
    pairs = [(int(a), int(b)) for a, b in (pair for pair in chosen if len(pair) == 2) if _is_id(a) and _is_id(b)]
    sent, refused = 0, []
    for intention_id, vacancy_id in pairs:
        intention = access_intention(request.actor, intention_id)
        vacancy = access_vacancy(request.actor, vacancy_id)
        try:
            recommend(vacancy, intention.resident, by=request.actor, now=timezone.now(), reason=REASON)
        except Refused as problem:
            refused.append(f"{intention.resident.name}：{problem.message}")
        else:
            sent += 1
    if not pairs:
        messages.warning(request, "没有选中人，什么都没有发。")
        return HttpResponseRedirect("/desk/jobs/weekly/")
    messages.success(request, f"推荐了 {sent} 位，等本人点头。")
    for line in refused[:5]:
        messages.warning(request, line)
    return HttpResponseRedirect("/desk/jobs/applications/?state=recommended")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
