"""Feeds on the desk: the list with the last result, the form, and a try that shows what the mapping makes of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.outgoing import Unreachable
from jiamenkou.services.jobs.access import access_feed, feeds_for
from jiamenkou.services.jobs.actions import feeds as acts
from jiamenkou.services.jobs.feeds.pulling import try_feed
from jiamenkou.services.jobs.feeds.reading import BadFeed, Record
from jiamenkou.services.jobs.forms.feed import FeedForm
from jiamenkou.services.jobs.forms.rows import HEADINGS
from jiamenkou.services.jobs.models import Feed
from jiamenkou.services.jobs.permissions import JobsPermission

SHOWN = 10
COUNTS = {
    "created": "新增",
    "changed": "更新",
    "unchanged": "没变",
    "duplicate": "重复",
    "draft": "待看",
    "expired": "过期",
    "bad": "看不懂",
}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [
        {"label": "供需", "href": ""},
        {"label": "岗位", "href": "/desk/jobs/vacancies/"},
        {"label": "数据源", "href": "/desk/jobs/feeds/" if page else ""},
    ]
    return [*steps, {"label": page, "href": ""}] if page else steps


@for_staff(JobsPermission.EDIT)
def listing(request: Visit) -> HttpResponse:
    now = timezone.now()
    feeds = feeds_for(request.actor)
    dead = set(feeds.dead(now).order_by("id").values_list("id", flat=True))
    rows = [
        {
            "feed": feed,
            "href": f"/desk/jobs/feeds/{feed.pk}/",
            "dead": feed.pk in dead,
            "counts": " · ".join(
                f"{label} {feed.last_counts[key]}" for key, label in COUNTS.items() if feed.last_counts.get(key)
            ),
        }
        for feed in feeds.order_by("name", "id")
    ]
    return render(request, "jobs/desk/feeds.html", {"rows": rows, "trail": trail()})


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.EDIT)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    """The form; ``do=try`` fetches and shows, and stores nothing."""
    feed = access_feed(request.actor, pk) if pk is not None else None
    form = (FeedForm.of(feed) if feed else FeedForm()) if request.method == "GET" else FeedForm(request.POST)
    context: dict[str, Any] = {"tried": None, "problem": ""}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "try":
            acts.save_feed(feed, form.values(), by=request.actor, reason="设置数据源")
            return HttpResponseRedirect("/desk/jobs/feeds/")
        try:
            context["tried"] = _shown(try_feed(Feed(**form.values())))
        except (Unreachable, BadFeed) as error:
            context["problem"] = error.message
    context |= {"form": form, "feed": feed, "trail": trail(feed.name if feed else "新数据源")}
    return render(request, "jobs/desk/feed_form.html", context, status=422 if form.errors else 200)


def _shown(records: list[Record]) -> dict[str, Any]:
    """The first records as the mapping reads them, and how many are good."""
    used = [name for name in HEADINGS if any(record.reading.given.get(name) for record in records)]
    return {
        "count": len(records),
        "good": sum(not record.reading.faults for record in records),
        "heads": [HEADINGS[name] for name in used],
        "rows": [
            {
                "reference": record.reference[:20],
                "cells": [record.reading.given.get(name, "")[:60] for name in used],
                "faults": [f"{fault.column}：{fault.problem}" for fault in record.reading.faults],
            }
            for record in records[:SHOWN]
        ],
    }


@require_POST
@for_staff(JobsPermission.EDIT)
def act(request: Visit, pk: int) -> HttpResponse:
    """Stop or start."""
    feed = access_feed(request.actor, pk)
    if request.POST.get("do") == "stop":
        acts.stop_feed(feed, now=timezone.now(), by=request.actor, reason="停用数据源")
    else:
        acts.start_feed(feed, by=request.actor, reason="启用数据源")
    return HttpResponseRedirect("/desk/jobs/feeds/")
