"""看号码 and 看来源: who reported and how to reach them, for a reason, in the log of the case, for a minute."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.reveal import SHOWN_FOR
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import access_case
from jiamenkou.foundation.cases.actions.numbers import LONGEST, number_of
from jiamenkou.foundation.cases.actions.protected import reveal
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused

REASONS = ("回访", "约上门时间", "问清楚在哪儿")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Permission.RESIDENTS_REVEAL)
def page(request: Visit, pk: int, follower: int) -> HttpResponse:
    """Opening it shows nothing and writes nothing; one of the usual reasons, or a sentence, shows the number."""
    case = access_case(request.actor, pk)
    if not request.actor.may(Permission.RESIDENTS_REVEAL, case.community_id, case.grid_id):
        raise Http404
    person = next((one for one in followers_of(case) if one.pk == follower and not one.protected), None)
    if person is None or person.phone is None or person.resident_id is not None:
        raise Http404
    context = {
        "case": case,
        "person": person,
        "reasons": [_(reason) for reason in REASONS],
        "longest": LONGEST,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "number": "",
        "problem": "",
        "trail": _trail(case, _("看号码")),
    }
    status = 200
    if request.method == "POST":
        given = _reasons(request)
        try:
            context["number"] = number_of(case, person, by=request.actor, reason=given[-1] if given else "").value
        except Refused as refused:
            context["problem"], status = refused.message, 422
        except TooMany:
            context["problem"], status = _("今天看得太多了，请明天再看。"), 429
    return render(request, "desk/cases/number.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.SOURCE)
def source(request: Visit, pk: int) -> HttpResponse:
    """Who stands behind a protected lead: for whoever does not handle it. Opening the page shows and writes nothing."""
    case = access_case(request.actor, pk, CasesPermission.SOURCE)
    if not any(one.protected for one in followers_of(case)):
        raise Http404
    people: list[Resident] | None = None
    problem, status = "", 200
    if request.method == "POST":
        try:
            people = reveal(case, by=request.actor, reason="".join(_reasons(request)[-1:])[:LONGEST])
        except Refused as refused:
            problem, status = refused.message, 422 if refused.field else 409
    context = {
        "case": case,
        "people": people,
        "problem": problem,
        "longest": LONGEST,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "trail": _trail(case, _("看来源")),
    }
    return render(request, "desk/cases/source.html", context, status=status)


def _reasons(request: Visit) -> list[str]:
    """Those that say something."""
    said = (reason.replace("\0", "").strip() for reason in request.POST.getlist("reason"))
    return [reason for reason in said if reason]


def _trail(case: Case, word: str) -> list[dict[str, str]]:
    return [
        {"label": _("办件"), "href": "/desk/cases/"},
        {"label": case.number, "href": case.href},
        {"label": word, "href": ""},
    ]
