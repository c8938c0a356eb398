"""Intentions: filed, renewed, called about, closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.services.jobs.models import Call, Intention
from jiamenkou.services.jobs.models.intention import RENEW_AFTER_DAYS
from jiamenkou.services.jobs.states import CallOutcome, FiledBy, IntentionState

# after a call that reached nobody: try again the day after tomorrow
TRY_AGAIN_DAYS = 2


def file_intention(
    resident: Resident, fields: dict[str, Any], *, by: Actor, filed_by: FiledBy, today: date, reason: str
) -> Intention:
    """A resident's intention; there is at most one that is open or paused."""
    try:
        with transaction.atomic():
            return Intention.objects.create(
                resident=resident,
                community_id=resident.community_id,
                grid_id=resident.grid_id,
                filed_by=filed_by,
                filed_account=by.account,
                confirmed_on=today,
                renew_on=today + timedelta(days=RENEW_AFTER_DAYS),
                **fields,
            )
    except IntegrityError as error:
        raise Conflict("这位居民已经有一份求职意向，请直接修改。", code="exists") from error


def change_intention(
    intention: Intention, fields: dict[str, Any], *, by: Actor, today: date, reason: str
) -> Intention:
    """New wishes count as a renewal: the resident was asked."""
    for name, value in fields.items():
        setattr(intention, name, value)
    intention.state = IntentionState.OPEN
    _renew(intention, today)
    intention.save()
    return intention


def renew_intention(intention: Intention, *, by: Actor, today: date, reason: str) -> Intention:
    """Still looking, nothing changed."""
    intention.state = IntentionState.OPEN
    _renew(intention, today)
    intention.save()
    return intention


def close_intention(intention: Intention, *, by: Actor, why: str, reason: str, placed: bool = False) -> Intention:
    intention.state = IntentionState.PLACED if placed else IntentionState.CLOSED
    intention.closed_why = why
    intention.save()
    return intention


def record_call(
    intention: Intention,
    outcome: CallOutcome,
    *,
    by: Actor,
    today: date,
    reason: str,
    note: str = "",
    call_again_on: date | None = None,
) -> Call:
    """One call of the round; what came of it decides when this intention is next in line."""
    call = Call.objects.create(
        intention=intention, resident_id=intention.resident_id, outcome=outcome, note=note, by=by.account
    )
    if outcome == CallOutcome.RENEWED:
        renew_intention(intention, by=by, today=today, reason=reason)
    elif outcome == CallOutcome.STOPPED:
        close_intention(intention, by=by, why=note or "电话里说不找了", reason=reason)
    elif outcome == CallOutcome.FOUND:
        close_intention(intention, by=by, why=note or "电话里说已经上班", reason=reason, placed=True)
    else:
        later = (
            call_again_on if outcome == CallOutcome.LATER and call_again_on else today + timedelta(days=TRY_AGAIN_DAYS)
        )
        intention.next_call_on = later
        intention.save()
    if outcome in {CallOutcome.RENEWED, CallOutcome.STOPPED, CallOutcome.FOUND, CallOutcome.LATER}:
        Resident.objects.filter(pk=intention.resident_id).update(last_contact_on=today)
    return call


def _renew(intention: Intention, today: date) -> None:
    intention.confirmed_on = today
    intention.renew_on = today + timedelta(days=RENEW_AFTER_DAYS)
    intention.next_call_on = None
