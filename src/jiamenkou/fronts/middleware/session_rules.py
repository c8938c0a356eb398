"""Whether a sign-in still holds, before anything is done in its name.

Staff: thirty minutes idle, twelve hours in all. Residents: thirty days. Anybody: until powers changed or the
sign-in was ended elsewhere. The account is read once here and serves the whole visit.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from jiamenkou.foundation.access import sessions
from jiamenkou.foundation.access.session_store import MARKS


class SessionRulesMiddleware:
    """``request.strong`` says whether the second factor was shown; a session that no longer holds is emptied."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.strong = False  # type: ignore[attr-defined]
        if request.session.session_key and SESSION_KEY in request.session:
            self._judge(request)
        return self.get_response(request)

    def _judge(self, request: HttpRequest) -> None:
        now = timezone.now()
        _take_account(request)
        marks = request.session.get(MARKS)
        account = request.user
        if marks is None or not account.is_authenticated or not sessions.still_good(marks, account, now):
            request.session.flush()
            request.user = AnonymousUser()
            return
        request.strong = bool(marks["strong"])  # type: ignore[attr-defined]
        if sessions.wants_touch(marks, now):
            sessions.touch(request, now)


def _take_account(request: HttpRequest) -> None:
    """The account that was read with the session, where Django would take it too; else Django reads and judges it."""
    account = getattr(request.session, "account", None)
    if account is None or not account.is_active or str(account.pk) != str(request.session[SESSION_KEY]):
        return
    if constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        request._cached_user = account  # type: ignore[attr-defined]
