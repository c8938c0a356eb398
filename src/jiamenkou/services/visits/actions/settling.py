"""What waits for somebody on the desk: a fact said at the door, and two visits at one door."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.people.actions.register import Numbers, change_resident, set_numbers
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.visits.actions.recording import recorded
from jiamenkou.services.visits.comparing import FIELDS, both, value_of
from jiamenkou.services.visits.models import ProposedFact, Visit, VisitConflict, VisitNeed
from jiamenkou.services.visits.sealing import open_words
from jiamenkou.services.visits.states import Fact, FactState


@transaction.atomic  # what is refused half-way was not decided
def decide_fact(fact: ProposedFact, accepted: bool, *, by: Actor, now: datetime, today: date, reason: str) -> None:
    """Once only: of two who decide at the same time the second is told. Raises :class:`Conflict`, :class:`Refused`."""
    state = FactState.ACCEPTED if accepted else FactState.REFUSED
    if not ProposedFact.objects.filter(pk=fact.pk, state=FactState.OPEN).update(
        state=state, decided_by=by.account, decided_at=now
    ):
        raise Conflict("别人已经确认过这一条了。", code="decided")
    if not accepted:
        return
    visit = fact.visit
    value = open_words(visit.sealed_for, visit.uid, f"fact.{fact.fact}", fact.value_sealed, "")
    if not value:
        raise Refused("这一条的内容已经删除了。", code="gone")
    if fact.fact == Fact.PHONE:
        set_numbers(fact.resident, Numbers(phones=(value,)), by=by, reason=reason)
    elif fact.fact == Fact.EMPLOYMENT:
        change_resident(fact.resident, {"employment": value}, by=by, reason=reason)
    # who lives there is changed on the household's page: words from a door are no register


@transaction.atomic
def settle(conflict: VisitConflict, chosen: dict[str, str], *, by: Actor, now: datetime, reason: str) -> None:
    """``chosen``: for every field that differs, ``first`` or ``second`` (needs also ``both``).

    Both visits stay as they were told. What was held back goes out now: needs of the second that hold and that the
    first did not say already; facts of the one that does not hold are refused.
    """
    differing = {row.key for row in both(conflict) if row.differs}
    missing = differing - chosen.keys()
    if missing:
        raise Refused("还有没选的：" + "、".join(FIELDS[key] for key in FIELDS if key in missing), code="open")
    known = {key: value for key, value in chosen.items() if key in differing}
    for key, value in known.items():
        if value not in ({"first", "second", "both"} if key == "needs" else {"first", "second"}):
            raise Refused("请在两份里选一份。", field=key, code="choice")
    if not VisitConflict.objects.filter(pk=conflict.pk, settled_at__isnull=True).update(
        chosen=known, settled_by=by.account, settled_at=now
    ):
        raise Conflict("别人已经定好了这两份。", code="settled")
    _refuse_facts(conflict, known.get("facts", "second"), by, now)
    second = conflict.second
    Visit.objects.filter(pk=second.pk).update(told=True)
    needs = _needs_to_tell(conflict, known.get("needs", "first"))
    answers = value_of(second, "answers") if known.get("answers") == "second" else {}
    publish(recorded(second, needs, answers))


def _refuse_facts(conflict: VisitConflict, holds: str, by: Actor, now: datetime) -> None:
    loser = conflict.first if holds == "second" else conflict.second
    ProposedFact.objects.filter(visit=loser, state=FactState.OPEN).update(
        state=FactState.REFUSED, decided_by=by.account, decided_at=now
    )


def _needs_to_tell(conflict: VisitConflict, holds: str) -> list[tuple[str, str]]:
    if holds == "first":
        return []
    said = set(VisitNeed.objects.filter(visit=conflict.first).order_by("id").values_list("kind", "words"))
    told = VisitNeed.objects.filter(visit=conflict.second).order_by("id").values_list("kind", "words")
    return [need for need in told if need not in said]
