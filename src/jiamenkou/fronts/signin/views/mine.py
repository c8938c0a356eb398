"""One's own sign-ins: leaving, seeing where one is signed in, ending what one does not know."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiamenkou.foundation.access import links, sessions
from jiamenkou.foundation.access.guards import for_everyone, for_residents, writes_on_get
from jiamenkou.foundation.people.models import Account
from jiamenkou.fronts.signin.web import client_address, page, was_forwarded


@for_everyone
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out of this browser; cached personal pages go with it, what waits to be sent stays."""
    logout(request)
    answer = HttpResponseRedirect(reverse("signin:phone"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in. POST ends one (``key``) or all the others."""
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    this = request.session.session_key
    if request.method == "POST":
        key = request.POST.get("key", "")
        if key and not sessions.end_one(account, key):
            raise Http404
        if not key:
            sessions.end_others(account, this)
        messages.success(request, _("已经退出了。"))
        return HttpResponseRedirect(reverse("devices"))
    return page(request, "devices.html", {"devices": sessions.devices(account, this)})


@for_everyone
@writes_on_get("a one-time sign-in link is a GET by its nature")
@require_GET
def once(request: HttpRequest, token: str) -> HttpResponse:
    """A demo link: signs in once, on this machine only; a link that is used, old or forged says so."""
    account = links.use_link(token, client_address(request), was_forwarded(request))
    if account is None:
        return page(request, "stale_link.html", {}, status=404)
    sessions.begin(request, account, way="link", strong=True)
    return HttpResponseRedirect("/desk/" if sessions.holds_roles(account) else "/")
