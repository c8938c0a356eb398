"""Two acts of the desk that belong to access: showing a full number, and resetting a lost second factor."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access import reveal, staff
from jiamenkou.foundation.access.accounts import NotAllowed
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.proof import recently_proved
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import Account
from jiamenkou.fronts.signin.forms import ReasonForm
from jiamenkou.fronts.signin.web import page


@for_staff(Permission.RESIDENTS_REVEAL)
@require_POST
def show_number(request: HttpRequest, resident: int, field: str) -> HttpResponse:
    """The full number as a fragment that hides itself after a minute; ``reason`` is written down first."""
    context = {"resident": resident, "field": field, "label": reveal.FIELDS.get(field, "")}
    try:
        # one of the usual reasons, or the sentence written under them
        given = [reason for reason in request.POST.getlist("reason") if reason.strip()]
        shown = reveal.reveal(resident, field, by=_actor(request), reason=given[-1] if given else "")
    except reveal.NothingToShow as error:
        raise Http404 from error
    except reveal.NoReason:
        return page(request, "number.html", context | {"problem": _("请写明为什么要看。")}, status=400)
    except TooMany as refused:
        return page(request, "number.html", context | {"problem": _("今天看得太多了，请明天再看。")}, refused=refused)
    seconds = int(reveal.SHOWN_FOR.total_seconds())
    return page(request, "number.html", context | {"value": shown.value, "seconds": seconds})


@for_staff(Permission.ROLES_GRANT)
@recently_proved
@require_http_methods(["GET", "HEAD", "POST"])
def reset_factor(request: HttpRequest, account: int) -> HttpResponse:
    """Recovery in person, by someone above every role of the other."""
    other = get_object_or_404(Account, pk=account)
    by = _actor(request)
    if not staff.may_reset(other, by):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            password = staff.reset_factor(other, by=by, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            raise Http404 from error
        return page(request, "reset_done.html", {"other": other, "password": password})
    return page(request, "reset.html", {"other": other, "form": form}, status=400 if form.errors else 200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
