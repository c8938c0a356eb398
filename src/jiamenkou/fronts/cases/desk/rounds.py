"""The callback round: the next person, dial, three answers, the next."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.actions import callbacks
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.states import Outcome, Satisfaction, Solved
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.desk.case import dial

AMONG = 40


def _next(request: Visit) -> tuple[Case, Follower] | None:
    """Whoever waits longest in a case the caller did not handle."""
    account = request.actor.account
    waiting = cases_for(request.actor, CasesPermission.CALLBACK).to_call_back().select_related("community", "place")
    for case in waiting.order_by("handled_at", "pk")[:AMONG]:
        if account is not None and account.pk in derive(case).touched:
            continue
        people = [one for one in callbacks.pending(case) if not one.protected]
        if people:
            return case, min(people, key=lambda one: (one.asked, one.pk))
    return None


def _page(request: Visit, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    found = _next(request)
    case, follower = found if found else (None, None)
    return render(
        request,
        "desk/cases/round.html",
        {
            "case": case,
            "follower": follower,
            "dial": dial(follower, case, request.actor) if follower and case else "",
            "outcome": Outcome(case.outcome).label if case and case.outcome else "",
            "waiting": cases_for(request.actor, CasesPermission.CALLBACK).to_call_back().count(),
            "solved": Solved.choices,
            "satisfaction": Satisfaction.choices,
            "refused": refused,
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("回访"), "href": ""}],
        },
        status=status,
    )


@require_safe
@for_staff(CasesPermission.CALLBACK)
def page(request: Visit) -> HttpResponse:
    return _page(request)


@require_POST
@for_staff(CasesPermission.CALLBACK)
def called(request: Visit, pk: int) -> HttpResponse:
    follower = Follower.objects.select_related("case").filter(pk=pk).first()
    if follower is None or not cases_for(request.actor, CasesPermission.CALLBACK).filter(pk=follower.case_id).exists():
        raise Http404
    text = " ".join(request.POST.get("text", "").split())[:500]
    try:
        if request.POST.get("reached") == "no":
            callbacks.not_reached(follower, by=request.actor, reason="回访", text=text)
        else:
            solved, satisfied = request.POST.get("solved", ""), request.POST.get("satisfaction", "")
            if solved not in Solved.values or satisfied not in Satisfaction.values:
                raise Refused("三个问题都要有答案。", field="solved", code="required")
            callbacks.answer(
                follower, Solved(solved), Satisfaction(satisfied), by=request.actor, reason="回访", text=text
            )
    except Refused as refused:
        return _page(request, refused, 422 if refused.field else 409)
    return HttpResponseRedirect("/desk/cases/round/")
