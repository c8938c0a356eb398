"""What staff above a community see of applications and wishes: how many, where, never who."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word
from jiamenkou.services.jobs.access import applications_for, intentions_for
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import LIVE, ApplicationState, IntentionState

GROUP = {"label": "供需", "href": ""}


def applications_counted(request: Visit) -> HttpResponse:
    """One row a vacancy: how many stand at each step, how many wait for an answer that is overdue."""
    word = searched_word(request)
    chosen = chosen_filters(request, {"only": ["silent"]})
    rows = applications_for(request.actor, JobsPermission.VIEW)
    if word:
        rows = rows.filter(Q(vacancy__title__icontains=word) | Q(vacancy__employer__name__icontains=word))
    if "only" in chosen:
        rows = rows.unanswered(timezone.now())
    grouped = rows.order_by().values("vacancy_id", "vacancy__title", "vacancy__employer__name").annotate(
        live=Count("id", filter=Q(state__in=sorted(LIVE))),
        interview=Count("id", filter=Q(state=ApplicationState.INTERVIEW)),
        hired=Count("id", filter=Q(state=ApplicationState.HIRED)),
        placed=Count("id", filter=Q(state=ApplicationState.PLACED)),
        silent=Count("id", filter=Q(state=ApplicationState.SENT, answer_due_at__lt=timezone.now())),
        last=Max("moved_at"),
    )  # fmt: skip
    columns = {"live": "在谈", "silent": "过了时限没回", "interview": "面试", "hired": "等上岗", "placed": "已上岗"}
    sorts = {name: name for name in columns} | {"title": "vacancy__title"}
    page = paged(_sorted(grouped, request, sorts, "-live", "vacancy_id"), request)
    shown = [
        {
            "href": f"/desk/jobs/vacancies/{row['vacancy_id']}/",
            "name": row["vacancy__title"],
            "under": row["vacancy__employer__name"],
            "cells": [row[name] for name in columns],
        }
        for row in page
    ]
    views = [
        {"label": "全部", "href": "?", "on": not chosen},
        {"label": "单位没回话", "href": "?only=silent", "on": chosen.get("only") == "silent"},
    ]
    context = {"heading": "投递", "first": ("岗位", "title"), "unit": "个", "ask": "岗位、单位", "views": views}
    return _page(request, context, columns, shown, Listing(page, word, chosen))


def intentions_counted(request: Visit) -> HttpResponse:
    """One row a community: how many look for work, and how many wishes are due to be asked again."""
    today, word = timezone.localdate(), searched_word(request)
    rows = intentions_for(request.actor, JobsPermission.VIEW)
    if word:
        rows = rows.filter(community__name__icontains=word)
    grouped = rows.order_by().values("community_id", "community__name").annotate(
        open=Count("id", filter=Q(state=IntentionState.OPEN)),
        stale=Count("id", filter=Q(state=IntentionState.OPEN, renew_on__lte=today)),
        paused=Count("id", filter=Q(state=IntentionState.PAUSED)),
        placed=Count("id", filter=Q(state=IntentionState.PLACED)),
    )  # fmt: skip
    columns = {"open": "在找", "stale": "该再问了", "paused": "暂时不找", "placed": "已上岗"}
    sorts = {name: name for name in columns} | {"name": "community__name"}
    page = paged(_sorted(grouped, request, sorts, "-open", "community_id"), request)
    shown = [
        {"href": "", "name": row["community__name"], "under": "", "cells": [row[name] for name in columns]}
        for row in page
    ]
    context = {"heading": "求职意向", "first": ("社区", "name"), "unit": "个", "ask": "社区", "views": []}
    return _page(request, context, columns, shown, Listing(page, word, {}))


def _sorted(rows: QuerySet[Any, Any], request: Visit, sorts: dict[str, str], default: str, tie: str) -> Any:
    asked = request.GET.get("sort", default)
    if asked.removeprefix("-") not in sorts:
        asked = default
    return rows.order_by(("-" if asked.startswith("-") else "") + sorts[asked.removeprefix("-")], tie)


def _page(
    request: Visit,
    context: dict[str, Any],
    columns: dict[str, str],
    shown: list[dict[str, Any]],
    listing: Listing[Any],
) -> HttpResponse:
    more = {
        "columns": [(label, name) for name, label in columns.items()],
        "rows": shown,
        "listing": listing,
        "trail": [GROUP, {"label": context["heading"], "href": ""}],
    }
    return render(request, "jobs/desk/counts.html", context | more)
