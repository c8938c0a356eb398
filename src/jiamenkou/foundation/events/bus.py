"""Events: frozen dataclasses published inside the transaction that caused them.

A handler runs in the same transaction (``@on``) and may write; what must happen outside, after commit, is a
task deferred by the handler, which Procrastinate stores in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

Event = TypeVar("Event")
_handlers: dict[type, list[Callable[..., None]]] = defaultdict(list)


def on(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a handler; rooms do so in ``apps.ready``."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Tell every handler, in order of registration. A handler's exception undoes the whole transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("events are published inside the transaction that causes them")
    for handler in _handlers[type(event)]:
        handler(event)
