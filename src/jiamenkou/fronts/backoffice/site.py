"""The site of the back office: the staff's sign-in with its second factor, and system administrators only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from unfold.sites import UnfoldAdminSite

# its library evaluates expressions in attributes and styles its own pages; nowhere else is either allowed
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
View = Callable[..., HttpResponseBase]


class BackOffice(UnfoldAdminSite):  # type: ignore[misc]
    site_title = site_header = "家门口 · 系统管理"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        actor = request.actor  # type: ignore[attr-defined]
        return bool(not actor.is_anonymous and actor.strong and actor.account.is_superuser)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Without a second factor one is sent to sign in; whoever is not an administrator finds nothing here."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.is_anonymous or not actor.strong:
                return to_sign_in(request)
            if not actor.account.is_superuser:
                raise Http404
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            answer.headers["Content-Security-Policy"] = POLICY
            return answer

        guarded.audience = "superusers"  # type: ignore[attr-defined]
        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return to_sign_in(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Passwords are changed where sessions are ended with them, not here."""
        raise Http404


def to_sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/signin/staff/?next={quote(request.get_full_path())}")
