"""Officers on the phone: signing up, what there is to walk and to check, findings."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.cases.api import Case
from jiamenkou.foundation.cases.states import EventKind, Outcome
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.access import (
    access_joined,
    access_own_finding,
    active_officers,
    checkable,
    officers_of,
    own_walks,
    whole,
)
from jiamenkou.services.walkthrough.actions import walking
from jiamenkou.services.walkthrough.actions.finding import check_finding
from jiamenkou.services.walkthrough.actions.recruiting import leave, sign_up
from jiamenkou.services.walkthrough.forms import CheckForm, SignUpForm, refuse
from jiamenkou.services.walkthrough.models import Errand, Finding, Officer, Round, ServicePoint, Walk
from jiamenkou.services.walkthrough.states import FindingState


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def join_in(request: Visit) -> HttpResponse:
    """报名当体验员; an officer stops being one as easily."""
    if request.method == "POST" and request.POST.get("do") == "leave":
        for officer in active_officers(request.actor):
            leave(officer, by=request.actor, reason="体验员不做了")
        return HttpResponseRedirect("/walks/mine/")
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect("/me/link/?next=/walks/officer/")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            sign_up(person, told["words"], told["agreed"], by=request.actor, now=timezone.now(), reason="报名体验员")
            return HttpResponseRedirect("/walks/mine/")
        except Refused as refused:
            refuse(form, refused)
    return render(request, "walkthrough/phone/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@for_residents
def mine(request: Visit) -> HttpResponse:
    """What to walk now, what to check, what was walked."""
    return _mine(request)


def _mine(request: Visit, refused: Refused | None = None) -> HttpResponse:
    active = active_officers(request.actor)
    walks = own_walks(request.actor)
    context = {
        "officers": officers_of(request.actor),
        "active": bool(active),
        "running": [walk for walk in walks if walk.ended_at is None],
        "walks": [_walked(walk) for walk in walks if walk.ended_at is not None],
        "plans": [plan for officer in active for plan in _plans(officer)],
        "checks": [_check(finding) for finding in _checks(request)],
        "refused": refused,
    }
    return render(request, "walkthrough/phone/mine.html", context, status=409 if refused else 200)


def _walked(walk: Walk) -> dict[str, str]:
    local = timezone.localtime(walk.started_at)
    return {
        "title": f"{walk.version.errand.name} · {walk.point.name}",
        "state": walk.get_outcome_display(),
        "href": f"/walks/{walk.pk}/",
        "day": f"{local.month}月{local.day}日",
    }


def _check(finding: Finding) -> dict[str, str]:
    return {
        "title": finding.words or str(finding.get_kind_display()),
        "where": f"{finding.walk.version.errand.name} · {finding.walk.point.name}",
        "href": f"/walks/findings/{finding.pk}/",
    }


def _checks(request: Visit) -> list[Finding]:
    with whole():
        rows = checkable(request.actor).to_check().with_list_data().order_by("at", "pk")
        return list(rows[:30])


@dataclass(frozen=True, slots=True)
class Plan:
    """An errand of a round that runs today, with the windows that are open, for one officer."""

    officer: Officer
    round: Round
    errand: Errand
    points: tuple[ServicePoint, ...]


def _plans(officer: Officer) -> list[Plan]:
    """In the order of the rounds."""
    today, found = timezone.localdate(), []
    with whole():
        rounds = Round.objects.filter(officers__officer=officer, first_on__lte=today, last_on__gte=today).order_by(
            "number"
        )
        for planned in rounds:
            for errand in planned.errands.order_by("pk"):
                points = errand.points.filter(closed_on__isnull=True).order_by("pk")
                found.append(Plan(officer, planned, errand, tuple(points)))
    return found


@require_POST
@for_residents
def start(request: Visit) -> HttpResponse:
    """Begin a walk of an errand at a window."""
    ids = tuple(request.POST.get(name, "") for name in ("round", "errand", "point"))
    for plan in [plan for officer in active_officers(request.actor) for plan in _plans(officer)]:
        for point in plan.points:
            if ids != (str(plan.round.pk), str(plan.errand.pk), str(point.pk)):
                continue
            try:
                walk = walking.start_walk(
                    plan.round, plan.errand, point, plan.officer, by=request.actor, now=timezone.now(), reason="开始走流程"
                )  # fmt: skip
            except Refused as refused:
                return _mine(request, refused)
            return HttpResponseRedirect(f"/walks/{walk.pk}/")
    return _mine(request, Refused("这个事项或窗口现在不能走，请另选一个。"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def check(request: Visit, pk: int) -> HttpResponse:
    """A finding; while it waits for its check, 好了 or 还没好 with a photo."""
    finding = access_own_finding(request.actor, pk)
    form, status = CheckForm(), 200
    if request.method == "POST":
        form = CheckForm(request.POST, request.FILES)
        if form.is_valid():
            sent = form.cleaned_data["photo"]
            try:
                check_finding(
                    finding, request.POST.get("do") == "fixed", form.cleaned_data["words"], by=request.actor,
                    now=timezone.now(), reason="体验员复核", photo=sent.read() if sent else None,
                )  # fmt: skip
                return HttpResponseRedirect(f"/walks/findings/{pk}/")
            except Refused as refused:
                refuse(form, refused)
                status = 422 if refused.field else 409
        else:
            status = 422
    context = {
        "finding": finding,
        "state": FindingState(finding.state),
        "form": form,
        "ask": finding.state == FindingState.CHECKING,
        "over": finding.state in {FindingState.SOLVED, FindingState.CANNOT},
    } | _handling(finding)
    return render(request, "walkthrough/phone/check.html", context, status=status)


def _handling(finding: Finding) -> dict[str, object]:
    """What the handler of the case says, once they say that it is over."""
    if finding.case_id is None:
        return {"cannot": False, "said": ""}
    with whole():
        case = Case.objects.get(pk=finding.case_id)
        handled = case.events.filter(kind=EventKind.HANDLED).order_by("-seq").first() if case.outcome else None
    return {"cannot": case.outcome == Outcome.CANNOT, "said": handled.text if handled else ""}


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def joined(request: Visit, code: str) -> HttpResponse:
    """The resident who is accompanied: their yes, what was found, and taking the yes back."""
    walk, person, refused = access_joined(code), acting_for(request), None
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/walks/join/{code}/")
    if request.method == "POST":
        try:
            if request.POST.get("do") == "leave":
                walking.stop_accompanying(walk, by=request.actor, reason="撤回陪同")
            else:
                walking.accompany(walk, person, by=request.actor, now=timezone.now(), reason="同意陪同")
            return HttpResponseRedirect(f"/walks/join/{code}/")
        except Refused as problem:
            refused = problem
    own = walk.resident_id is not None and walk.resident_id in {link.resident_id for link in request.actor.residents}
    findings = []
    if own:
        with whole():
            findings = [
                {
                    "kind": one.get_kind_display(),
                    "where": f"{one.walk.version.errand.name} · {one.walk.point.name}",
                    "state": FindingState(one.state),
                }
                for one in Finding.objects.filter(walk=walk).with_list_data().order_by("pk")
            ]
    context = {"walk": walk, "own": own, "findings": findings, "refused": refused}
    return render(request, "walkthrough/phone/joined.html", context, status=409 if refused else 200)
