"""卷宗: a case on A4, the first step on top, with room for those who sign it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import access_case
from jiamenkou.foundation.cases.models import CaseEvent
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.fronts.cases.desk.case import entries_of, person


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit, pk: int) -> HttpResponse:
    """What the page of the case says, numbers masked as there."""
    case = access_case(request.actor, pk)
    events = list(CaseEvent.objects.filter(case=case).select_related("by").order_by("seq"))
    people = [
        person(one)
        | {
            "solved_words": one.get_solved_display() if one.answered_at else "",
            "satisfied_words": one.get_satisfaction_display() if one.answered_at else "",
        }
        for one in followers_of(case)
    ]
    account = request.actor.account
    context = {
        "case": case,
        "category": catalogue().label(case.category),
        "state": CaseState(case.state),
        "people": people,
        "entries": entries_of(events),
        "by_name": account.display_name if account is not None else "",
        "today": timezone.localdate(),
    }
    return render(request, "desk/cases/paper.html", context)
