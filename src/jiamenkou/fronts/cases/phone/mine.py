"""One's own report: where it is, what was said, and the three answers at its end."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import access_own, told_of
from jiamenkou.foundation.cases.actions import callbacks
from jiamenkou.foundation.cases.actions.opening import promise_words
from jiamenkou.foundation.cases.models import Follower
from jiamenkou.foundation.cases.states import CaseState, Satisfaction, Solved
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.phone.entries import entry_of

STEPS = ["收到", "派人", "在办", "您来评"]
_AT = {"submitted": 1, "returned": 1, "assigned": 2, "working": 3, "waiting": 3, "handled": 4, "closed": 5}


@require_safe
@for_residents
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_own(request.actor, pk))


def _page(request: Visit, follower: Follower, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    case = follower.case.merged_into or follower.case
    state = CaseState(case.state)
    return render(
        request,
        "phone/cases/mine.html",
        {
            "follower": follower,
            "case": follower.case,
            "merged": follower.case.merged_into_id is not None,
            "entry": entry_of(follower),
            "tone": state.tone,
            "steps": STEPS,
            "now": _AT.get(case.state),
            "promise": promise_words(case.due_at) if case.is_open else "",
            "said": told_of(case),
            "ask": state == CaseState.HANDLED and follower.answered_at is None,
            "may_withdraw": case.is_open,
            "solved": Solved.choices,
            "satisfaction": Satisfaction.choices,
            "refused": refused,
        },
        status=status,
    )


@require_POST
@for_residents
def rate(request: Visit, pk: int) -> HttpResponse:
    """解决了没有, 满不满意, in one's own words."""
    follower = access_own(request.actor, pk)
    solved, satisfied = request.POST.get("solved", ""), request.POST.get("satisfaction", "")
    try:
        if solved not in Solved.values or satisfied not in Satisfaction.values:
            raise Refused("两个都选一下：解决了没有，满不满意。", field="solved", code="required")
        callbacks.answer(
            follower, Solved(solved), Satisfaction(satisfied), by=request.actor, reason="居民评价", own=True,
            text=" ".join(request.POST.get("text", "").split())[:300], now=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, follower, refused, 422 if refused.field else 409)
    return HttpResponseRedirect(f"/help/{pk}/")


@require_POST
@for_residents
def withdraw(request: Visit, pk: int) -> HttpResponse:
    follower = access_own(request.actor, pk)
    try:
        callbacks.withdraw(follower, by=request.actor, reason="本人撤回")
    except Refused as refused:
        return _page(request, follower, refused, 409)
    return HttpResponseRedirect(f"/help/{pk}/")
