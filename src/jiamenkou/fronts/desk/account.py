"""Me on the desk: what I may do where, how I signed in, how it looks."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission, all_permissions
from jiamenkou.foundation.access.visit import Visit

HERE = "/desk/me/"
LOOKS = {"auto": None, "light": "0", "dark": "1"}


@for_staff(Permission.DESK)
@require_GET
def me(request: Visit) -> HttpResponse:
    now = request.COOKIES.get("dark")
    look = {"1": "dark", "0": "light"}.get(now or "", "auto")
    context = {
        "roles": [
            {
                "role": held.role.label,
                "place": held.place.name,
                "lender": (held.lender.display_name or held.lender.username) if held.lender else "",
                "may": [label for permission, label in all_permissions().items() if permission in held.grants],
            }
            for held in request.actor.roles
        ],
        "account": request.actor.account,
        "looks": [
            {"value": "auto", "label": _("跟随系统"), "on": look == "auto"},
            {"value": "light", "label": _("浅色"), "on": look == "light"},
            {"value": "dark", "label": _("深色"), "on": look == "dark"},
        ],
        "trail": [{"label": _("我"), "href": ""}],
    }
    return render(request, "desk/me.html", context)


@for_staff(Permission.DESK)
@require_POST
def look(request: Visit) -> HttpResponse:
    """Light, dark, or as the system has it; kept in this browser."""
    answer = HttpResponseRedirect(HERE)
    value = LOOKS.get(request.POST.get("look", ""))
    if value is None:
        answer.delete_cookie("dark", samesite="Lax")
    else:
        answer.set_cookie("dark", value, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    return answer
