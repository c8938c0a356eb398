"""My applications and my wish: what one may do with them."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.messages.inbox import settle
from jiamenkou.foundation.people.models import Relation
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import access_own_application, own_intention
from jiamenkou.services.jobs.actions import intentions as wishes
from jiamenkou.services.jobs.actions.applications import confirm_start, move_application
from jiamenkou.services.jobs.forms.application import StartForm
from jiamenkou.services.jobs.forms.intention import IntentionForm
from jiamenkou.services.jobs.models import Application, Intention
from jiamenkou.services.jobs.phone.answers import NO, YES, say
from jiamenkou.services.jobs.phone.entries import entry_of
from jiamenkou.services.jobs.phone.vacancy import filed_by
from jiamenkou.services.jobs.states import (
    ApplicationReason,
    ApplicationState,
    Party,
    open_moves,
)

STEPS = ["投了", "面试", "录用", "上岗"]
# the step that is under way, from 1; past the last one all are done
STEP_OF = {"asked": 1, "recommended": 1, "sent": 1, "interview": 2, "hired": 3, "placed": 5}
WITHDRAW = [
    ApplicationReason.FOUND_OTHER,
    ApplicationReason.HOURS,
    ApplicationReason.DISTANCE,
    ApplicationReason.PAY,
    ApplicationReason.FAMILY,
    ApplicationReason.OTHER,
]


@for_residents
@require_safe
def application(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_own_application(request.actor, pk))


def _page(request: Visit, application: Application, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    return render(
        request,
        "jobs/phone/application.html",
        {
            "application": application,
            "vacancy": application.vacancy,
            "vacancy_page": f"/jobs/{application.vacancy_id}/",
            "call_page": f"tel:{application.vacancy.phone}",
            "people_count": len(request.actor.residents),
            "pay": words.pay(application.vacancy),
            "hours": words.hours(application.vacancy),
            "state": ApplicationState(application.state),
            "entry": entry_of(application),
            "steps": STEPS,
            "now": STEP_OF.get(application.state),
            "can": _can(application, own=_is_own(request, application)),
            "reasons": WITHDRAW,
            "start": StartForm(initial={"started_on": timezone.localdate()}),
            "refused": refused,
            "sent": request.GET.get("sent") == "1",
        },
        status=status,
    )


def _is_own(request: Visit, application: Application) -> bool:
    return any(
        link.resident_id == application.resident_id and link.relation == Relation.SELF
        for link in request.actor.residents
    )


def _can(application: Application, *, own: bool) -> set[str]:
    """What the resident may do next, by the names of the forms on the page. Whoever asked does not say yes."""
    if application.state == ApplicationState.ASKED:
        return {"yes", "no"} if own else {"withdraw"}
    ends = {arrow.end for arrow in open_moves(application.state, Party.RESIDENT)}
    names = {
        ApplicationState.SENT: "yes",
        ApplicationState.DECLINED: "no",
        ApplicationState.WITHDRAWN: "withdraw",
        ApplicationState.PLACED: "started",
    }
    return {names[end] for end in ends if end in names}


@require_POST
@for_residents
def answer(request: Visit, pk: int) -> HttpResponse:
    """Yes or no to a recommendation; taking an application back; saying that one has started."""
    by = request.actor
    found = access_own_application(by, pk)
    do = request.POST.get("do", "")
    to = {
        "yes": ApplicationState.SENT,
        "no": ApplicationState.DECLINED,
        "withdraw": ApplicationState.WITHDRAWN,
    }.get(do)
    was_asked = found.state == ApplicationState.RECOMMENDED
    try:
        if found.state == ApplicationState.ASKED and do in {"yes", "no"}:
            say(found, do == "yes", by=by, own=_is_own(request, found))
        elif do == "started":
            _start(request, found)
        elif to is None:
            raise Refused("没有这个操作。")
        else:
            why = request.POST.get("why", "") or (ApplicationReason.OTHER if to == ApplicationState.DECLINED else "")
            move_application(found, to, party=Party.RESIDENT, by=by, reason="本人答复", why=why)
    except Refused as refused:
        return _page(request, found, refused, status=409)
    if was_asked:
        said = YES if to == ApplicationState.SENT else NO
        href = f"/jobs/applications/{pk}/"
        settle(found.resident_id, href, said, by=by, now=timezone.now(), reason="本人答复")
    return HttpResponseRedirect(f"/jobs/applications/{pk}/")


def _start(request: Visit, application: Application) -> None:
    form = StartForm(request.POST)
    if not form.is_valid():
        raise Refused("请选哪天上的岗。", field="started_on", code="required")
    confirm_start(
        application, form.cleaned_data["started_on"], party=Party.RESIDENT, by=request.actor, reason="本人说上岗了"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def wish(request: Visit) -> HttpResponse:
    """My wish: what, how far, when, how much. Saving it counts as still looking."""
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect("/me/link/?next=/jobs/wish/")
    current = own_intention(request.actor, person.pk)
    form = IntentionForm.of(current) if current else IntentionForm()
    if request.method == "POST":
        form = IntentionForm(request.POST)
        if form.is_valid():
            today, by = timezone.localdate(), request.actor
            if current is None:
                wishes.file_intention(
                    person,
                    form.values(),
                    by=by,
                    filed_by=filed_by(request, person),
                    today=today,
                    reason="登记求职意向",
                )
            else:
                wishes.change_intention(current, form.values(), by=by, today=today, reason="修改求职意向")
            return HttpResponseRedirect("/jobs/")
    return render(
        request,
        "jobs/phone/wish.html",
        {"form": form, "intention": current, "person": person, "stale": _is_stale(current)},
        status=422 if form.errors else 200,
    )


def _is_stale(intention: Intention | None) -> bool:
    return intention is not None and intention.renew_on <= timezone.localdate()


@require_POST
@for_residents
def wish_answer(request: Visit) -> HttpResponse:
    """还在找 / 不找了, in one tap."""
    person = acting_for(request)
    current = own_intention(request.actor, person.pk) if person else None
    if current is not None:
        if request.POST.get("do") == "stop":
            wishes.close_intention(current, by=request.actor, why="本人说不找了", reason="本人答复")
        else:
            wishes.renew_intention(current, by=request.actor, today=timezone.localdate(), reason="本人答复")
    return HttpResponseRedirect("/me/things/")
