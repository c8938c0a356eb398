"""Who may open a page. Views say so with a decorator; the access table checks every one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def for_everyone(view: View) -> View:
    """Anybody, signed in or not."""
    view.audience = "everyone"  # type: ignore[attr-defined]
    return view


def for_residents(view: View) -> View:
    """Somebody who has signed in; others are sent to the phone code and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_anonymous:  # type: ignore[attr-defined]
            return _to_sign_in(request, "/signin/")
        return view(request, *args, **kwargs)

    guarded.audience = "residents"  # type: ignore[attr-defined]
    return guarded


def for_staff(permission: str) -> Callable[[View], View]:
    """Staff who hold ``permission`` somewhere; others with an account get 404: what is not theirs does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.is_anonymous or not actor.strong:
                # a phone code is one factor: an account's roles need both
                return _to_sign_in(request, "/signin/staff/")
            if not actor.may(permission):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.audience = str(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest, where: str) -> HttpResponseBase:
    target = f"{where}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = target
        return answer
    return HttpResponseRedirect(target)


def writes_on_get(why: str) -> Callable[[View], View]:
    """One of the few pages whose opening changes something; ``why`` is shown in the access table."""

    def decorate(view: View) -> View:
        view.writes_on_get = why  # type: ignore[attr-defined]
        return view

    return decorate
