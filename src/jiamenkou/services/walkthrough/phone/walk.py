"""A walk on the phone: one big button a step, findings in two taps. Nothing of it lives only in the page."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.access import access_own_walk, whole
from jiamenkou.services.walkthrough.actions import walking
from jiamenkou.services.walkthrough.actions.finding import record_finding
from jiamenkou.services.walkthrough.figures import beyond_list
from jiamenkou.services.walkthrough.forms import EndForm, FindingForm, StepForm, refuse
from jiamenkou.services.walkthrough.models import Walk
from jiamenkou.services.walkthrough.states import FindingState


@require_safe
@for_residents
def walk(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_own_walk(request.actor, pk))


def _page(
    request: Visit, found: Walk, step: forms.Form | None = None, end: forms.Form | None = None, status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    with whole():
        steps = list(found.steps.order_by("number"))
        findings = list(found.findings.order_by("pk"))
    current = next((one for one in steps if one.started_at and not one.ended_at), None)
    since = current.started_at if current else None
    seconds = int((timezone.now() - since).total_seconds()) if since else 0
    following = next((one for one in steps if not one.started_at), None)
    return render(
        request,
        "walkthrough/phone/walk.html",
        {
            "walk": found,
            "running": found.ended_at is None,
            "steps": [{"step": one, "beyond": beyond_list(one, found.version)} for one in steps],
            "current": current,
            "following": following,
            "seconds": seconds,
            "minutes": seconds // 60,
            "find": f"find/?step={current.number}" if current else "find/",
            "findings": [
                {"finding": one, "state": FindingState(one.state), "href": f"/walks/findings/{one.pk}/"}
                for one in findings
            ],
            "step_form": step or StepForm(papers=found.version.papers),
            "end_form": end or EndForm(),
            "refused": refused,
            "qr_words": _("打开“一起走”的同意页"),
            "join": f"{settings.PUBLIC_URL}/walks/join/{found.join_code}/",
            "done": sum(one.ended_at is not None for one in steps),
        },
        status=status,
    )


@require_POST
@for_residents
def step(request: Visit, pk: int, number: int) -> HttpResponse:
    """到了 or 办完; the times are the server's, whatever the phone's clock says."""
    found = access_own_walk(request.actor, pk)
    form = StepForm(request.POST, request.FILES, papers=found.version.papers)
    now, by = timezone.now(), request.actor
    try:
        if request.POST.get("do") == "arrive":
            walking.arrive(found, number, by=by, now=now, reason="走流程到了一步")
        elif form.is_valid():
            told = form.cleaned_data
            walking.finish(
                found, number, by=by, now=now, reason="走流程办完一步", waiting_minutes=told["waiting_minutes"],
                asked=form.all_asked, words=told["words"], photo=told["photo"].read() if told["photo"] else None,
            )  # fmt: skip
        else:
            return _page(request, found, step=form, status=422)
    except Refused as refused:
        if refused.field in form.fields:
            refuse(form, refused)
            return _page(request, found, step=form, status=422)
        return _page(request, found, refused=refused, status=409)
    return HttpResponseRedirect(f"/walks/{pk}/")


@require_POST
@for_residents
def end(request: Visit, pk: int) -> HttpResponse:
    found, form = access_own_walk(request.actor, pk), EndForm(request.POST)
    if not form.is_valid():
        return _page(request, found, end=form, status=422)
    told = form.cleaned_data
    try:
        walking.end_walk(
            found, told["outcome"], told["words"], by=request.actor, now=timezone.now(), reason="走完一趟"
        )
    except Refused as refused:
        return _page(request, found, refused=refused, status=409)
    return HttpResponseRedirect(f"/walks/{pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def find(request: Visit, pk: int) -> HttpResponse:
    """Tap 1 says which kind, tap 2 sends; a photo or a sentence with it."""
    found = access_own_walk(request.actor, pk)
    form = FindingForm()
    if request.method == "POST":
        form = FindingForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                record_finding(
                    found, **_told(request, form), by=request.actor, now=timezone.now(), reason="走流程发现问题"
                )
                return HttpResponseRedirect(f"/walks/{pk}/")
            except Refused as refused:
                refuse(form, refused)
    status = 422 if form.errors else 200
    # one key a page: a double tap, or a form that is sent again after the signal came back, records once
    key = secrets.token_urlsafe(12)
    context = {"form": form, "walk": found, "step": _number(request), "back": f"/walks/{pk}/", "key": key}
    return render(request, "walkthrough/phone/find.html", context, status=status)


def _number(request: Visit) -> int | None:
    word = (request.POST or request.GET).get("step", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 4 else None


def _told(request: Visit, form: FindingForm) -> dict[str, Any]:
    told = form.cleaned_data
    return {
        "kind": told["kind"],
        "words": told["words"],
        "severity": told["severity"],
        "step": _number(request),
        "photo": told["photo"].read() if told["photo"] else None,
    }
