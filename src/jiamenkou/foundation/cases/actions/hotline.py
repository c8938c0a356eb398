"""Tickets from above become cases with their own number and deadline; the same ticket again is heat, not new work."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.actions.opening import UPPER, Stranger, Upper, open_case, repeat
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.recording import whole
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState, Channel, EventKind, Outcome
from jiamenkou.foundation.cases.tickets import Ticket, reply
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.foundation.vault import service as vault
from jiamenkou.foundation.vault.crypto import CannotOpen


class Taken(StrEnum):
    NEW = "new"
    AGAIN = "again"


def take_in(
    ticket: Ticket, place: Place, *, by: Actor, reason: str, platform: str = "12345", now: datetime | None = None
) -> tuple[Taken, Case]:
    """File one ticket at a place. Raises Conflict where its number is filed in a community the place is not in."""
    with whole():
        known = Case.objects.filter(platform=platform, upper_number=ticket.number).first()
    if known is not None:
        here = Case.objects.filter(pk=known.pk).first()
        if here is None:
            raise Conflict("这个上级单号已在其他社区登记。", field="number", code="elsewhere")
        repeat(here, by=by, reason=reason, words=ticket.words, now=now)
        return Taken.AGAIN, here
    category = catalogue().guess(f"{ticket.title}{ticket.words}") or "other"
    someone = Stranger(ticket.name, ticket.phone) if ticket.name or ticket.phone else None
    case = open_case(
        category=category, place=place, title=ticket.title, words=ticket.words, door=ticket.door, reporter=someone,
        channel=Channel.HOTLINE, upper=Upper(platform, ticket.number, ticket.due, ticket.line), by=by, reason=reason,
        now=now,
    )  # fmt: skip
    return Taken.NEW, case


def answer_of(case: Case) -> dict[str, str]:
    """The reply to a ticket in the platform's own columns. Its line is opened for this and nothing else."""
    try:
        line = json.loads(vault.open_field(case.uid, UPPER, bytes(case.upper_row))) if case.upper_row else {}
    except CannotOpen:
        line = {}
    last = CaseEvent.objects.filter(case=case, kind=EventKind.HANDLED).order_by("-seq").first()
    done = case.handled_at or case.closed_at
    told = {
        "state": str(CaseState(case.state).label),
        "outcome": str(Outcome(case.outcome).label) if case.outcome else "",
        "text": last.text if last is not None else "",
        "done": f"{timezone.localtime(done):%Y-%m-%d %H:%M}" if done else "",
    }
    return reply(line or {"工单编号": case.upper_number}, told)
