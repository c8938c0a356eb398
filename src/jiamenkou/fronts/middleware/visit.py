"""One visit, one transaction: the actor is known, row-level security is set, and a GET only reads.

The transaction is opened only around the view. A view that fails undoes everything it did.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.idempotency import once

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class WroteOnRead(RuntimeError):
    """A safe request tried to change something."""


def _read_only(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    word = sql.lstrip("( \n\t").split(None, 1)[0].upper() if sql else ""
    if word in {"SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "DECLARE", "FETCH", "CLOSE", "EXPLAIN"}:
        return execute(sql, params, many, context)
    raise WroteOnRead(f"a safe request ran {word}")


class VisitMiddleware:
    """``request.actor`` for every view; the scope of its roles for every query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = getattr(request, "user", None)
        request.actor = SimpleLazyObject(lambda: _actor(request, user))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(response, "streaming", False) and getattr(response, "needs_database", False):
            raise RuntimeError("a streaming answer leaves the transaction: write a file first")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if getattr(view, "no_database", False):
            return None
        # a page of a rush says at its door who need not come in; whoever may is inside until all is written
        with getattr(view, "door", _open_door)(request, *args, **kwargs) as turned_away:
            return turned_away or self._visit(request, view, args, kwargs)

    def _visit(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase:
        with transaction.atomic():
            actor = request.actor  # type: ignore[attr-defined]
            reads = request.method in SAFE and not getattr(view, "writes_on_get", None)
            if not (reads and actor.is_anonymous):
                # its own links and roles are read first, under a scope that shows nothing yet
                scope = scopes.NOTHING if actor.is_anonymous else actor.scope()
                where = request.resolver_match.view_name if request.resolver_match else request.path
                scopes.begin(scope, actor.audit_name, getattr(view, "reason", None) or f"{request.method} {where}")
            if reads:
                with connection.execute_wrapper(_read_only):
                    return _rendered(view(request, *args, **kwargs))
            response = once(request, lambda: _rendered(view(request, *args, **kwargs)))
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def _open_door(request: HttpRequest, *args: Any, **kwargs: Any) -> AbstractContextManager[HttpResponseBase | None]:
    return nullcontext()


def _actor(request: HttpRequest, user: Any) -> Actor:
    return Actor(user if user and user.is_authenticated else None, strong=getattr(request, "strong", False))


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Lazy template responses are rendered inside the transaction."""
    render = getattr(response, "render", None)
    if render is not None and not getattr(response, "is_rendered", True):
        return render()  # type: ignore[no-any-return]
    return response
