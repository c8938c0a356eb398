"""长辈版, dark, and which community: a cookie each, so that they hold before anybody signs in."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access import where
from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.actions.preferences import set_care
from jiamenkou.foundation.places.queries import communities_by_street
from jiamenkou.fronts.phone.going import back_to

YEAR = 365 * 24 * 3600


def _remember(answer: HttpResponse, request: HttpRequest, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


@for_everyone
@require_POST
def care(request: Visit) -> HttpResponse:
    on = request.POST.get("care") == "on"
    set_care(on, by=request.actor, reason="切换长辈版")
    answer = HttpResponseRedirect(back_to(request, "/"))
    _remember(answer, request, "care", "1" if on else "0")
    return answer


@for_everyone
@require_POST
def dark(request: Visit) -> HttpResponse:
    """``on``, ``off``, or anything else for what the device says."""
    answer = HttpResponseRedirect(back_to(request, "/me/"))
    wanted = request.POST.get("dark", "")
    if wanted in {"on", "off"}:
        _remember(answer, request, "dark", "1" if wanted == "on" else "0")
    else:
        answer.delete_cookie("dark", samesite="Lax")
    return answer


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def community(request: Visit) -> HttpResponse:
    """Which community's pages one sees. What is one's own stays one's own."""
    found = communities_by_street()
    if request.method == "POST":
        code = request.POST.get("code", "")
        answer = HttpResponseRedirect(back_to(request, "/"))
        if any(place.code == code for _street, place in found):
            _remember(answer, request, where.COOKIE, code)
        return answer
    streets = [(street, [place for _, place in rows]) for street, rows in groupby(found, key=lambda pair: pair[0])]
    return render(request, "phone/community.html", {"streets": streets, "here": where.community_of(request)})
