"""Dangerous acts ask for the second factor again."""

from __future__ import annotations

from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from jiamenkou.foundation.access.guards import View
from jiamenkou.foundation.access.sessions import has_proved

PROVE = "/signin/prove/"


def recently_proved(view: View) -> View:
    """The second factor was shown within ten minutes, or is asked for. Stands under ``for_staff``.

    Nothing of a refused POST is kept; after proving, the person is back on the page that the form stands on.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_proved(request):
            return view(request, *args, **kwargs)
        where = f"{PROVE}?next={quote(_page_of(request), safe='')}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": where})
        return HttpResponseRedirect(where)

    return guarded


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a form the page it stands on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")
