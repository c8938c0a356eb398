"""当面确认: the three answers of somebody without a phone, given before a worker who did not handle it, and signed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import access_case
from jiamenkou.foundation.cases.actions import callbacks
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.states import Outcome, Satisfaction, Solved
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.desk.signing import SigningForm, blank, code_of, problem_of, signed


def _follower(case: Case, pk: int) -> Follower:
    """One who reported this case. Whose source is protected signs nowhere. Raises Http404."""
    found = next((one for one in followers_of(case) if one.pk == pk and not one.protected), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.CALLBACK)
def page(request: Visit, pk: int, follower: int) -> HttpResponse:
    """Nothing is kept of a form that was refused, the signature included."""
    case = access_case(request.actor, pk, CasesPermission.CALLBACK)
    person = _follower(case, follower)
    form = SigningForm(request.POST, request.FILES) if request.method == "POST" else blank(request)
    refused: Refused | None = None
    if problem := problem_of(form):
        refused = Refused(problem, field="signature", code="form")
    elif request.method == "POST":
        try:
            with transaction.atomic():
                _confirm(request, case, person, form)
        except Refused as error:
            refused = error
        else:
            return HttpResponseRedirect(case.href)
    if refused is not None:
        form = blank(request)
    context: dict[str, Any] = {
        "case": case,
        "follower": person,
        "outcome": Outcome(case.outcome).label if case.outcome else "",
        "form": form,
        "code": code_of(form),
        "solved": Solved.choices,
        "satisfaction": Satisfaction.choices,
        "said": {name: request.POST.get(name, "") for name in ("solved", "satisfaction", "text")},
        "refused": refused,
        "trail": [
            {"label": _("办件"), "href": ""},
            {"label": case.number, "href": case.href},
            {"label": _("当面确认"), "href": ""},
        ],
    }
    status = 200 if refused is None else 422 if refused.field else 409
    return render(request, "desk/cases/confirm.html", context, status=status)


def _confirm(request: Visit, case: Case, person: Follower, form: SigningForm) -> None:
    solved, satisfied = request.POST.get("solved", ""), request.POST.get("satisfaction", "")
    if solved not in Solved.values or satisfied not in Satisfaction.values:
        raise Refused("两个都要问：解决了没有，满不满意。", field="solved", code="required")
    proof = signed(request, form, case.community_id)
    if proof is None:
        raise Refused("请本人签名，或者录一段。", field="signature", code="required")
    text = " ".join(request.POST.get("text", "").split())[:300]
    callbacks.confirm(
        person, Solved(solved), Satisfaction(satisfied), proof, by=request.actor, reason="当面确认", text=text
    )  # fmt: skip
