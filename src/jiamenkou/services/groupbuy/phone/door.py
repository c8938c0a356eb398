"""At the door of a rush: who comes too late is told so by one small read, and the others come in a few at a time.

Nothing is written here and no transaction is open. A connection to the database is given back while one waits, so that
there is always one for those who need only be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access.idempotency import hash_of
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy.actions.stock import SoldOut, glance
from jiamenkou.services.groupbuy.counter import counter
from jiamenkou.services.groupbuy.phone.reading import wanted


@contextmanager
def order_door(request: Visit, pk: int) -> Iterator[HttpResponse | None]:
    """For the visit middleware: an answer instead of the visit, or None while the visit goes on inside."""
    account = request.actor.account
    if request.method != "POST" or account is None:
        yield None
        return
    try:
        boxes = wanted(request.POST)
        line = counter.boxes(account.pk, boxes, glance(pk, boxes, timezone.now(), hash_of(request)))
        line.__enter__()
    except SoldOut as refused:
        # with other products in the form the page says which of them may still be had
        yield None if wants_page(request) else told(request, pk, refused)
        return
    except Refused:
        yield None  # the view says it at the field
        return
    try:
        if not connection.in_atomic_block:
            connection.close()
        with counter.place():
            yield None
    finally:
        line.__exit__(None, None, None)


def told(request: Visit, pk: int, refused: SoldOut) -> HttpResponse:
    """The short answer to most of a rush."""
    return render(request, "groupbuy/phone/sold_out.html", {"refused": refused, "back": f"/groups/{pk}/"}, status=409)


def wants_page(request: Visit) -> bool:
    """Whether others of this cycle may still be had; with a single product the short answer says it all."""
    return sum(name.startswith("offer-") for name in request.POST) > 1
