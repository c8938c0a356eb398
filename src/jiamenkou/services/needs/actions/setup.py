"""What the community sets: kinds of need, and the supply that no room knows of."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs.models import Category, LocalSupply


def note_supply(
    category: Category, community: Place, words: str, people: int, until: date | None, *, by: Actor, today: date,
    reason: str,
) -> LocalSupply:  # fmt: skip
    """So many people at a time, until a day or until it is taken off."""
    if until is not None and until < today:
        raise Refused("这一天已经过了。", field="until", code="past")
    try:
        with transaction.atomic():
            return LocalSupply.objects.create(
                category=category, community=community, words=words, people=people, until=until
            )
    except IntegrityError as error:
        raise Conflict("这一条已经记过了。", field="words", code="exists") from error


def drop_supply(supply: LocalSupply, *, by: Actor, reason: str) -> None:
    supply.delete()
