"""Whether a sign-in still holds, before anything is done in its name.

Staff: thirty minutes idle, twelve hours in all. Residents: thirty days. Anybody: until powers changed or the
sign-in was ended elsewhere. The account is read once here and serves the whole visit.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

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
        marks = request.session.get(MARKS)
        account = request.user
        if marks is None or not account.is_authenticated or not sessions.still_good(marks, account, now):
            request.session.flush()
            request.user = AnonymousUser()
            return
        request.strong = bool(marks["strong"])  # type: ignore[attr-defined]
        if sessions.wants_touch(marks, now):
            sessions.touch(request, now)
