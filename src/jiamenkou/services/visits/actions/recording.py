"""A visit is received: once, whatever the phone does; a second one from another phone is kept beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import VisitRecorded
from jiamenkou.foundation.files.storing import store_photo, store_voice
from jiamenkou.foundation.people.models import Household, Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.visits.access import KEEPER
from jiamenkou.services.visits.models import (
    Plan,
    ProposedFact,
    Visit,
    VisitConflict,
    VisitFile,
    VisitNeed,
    VisitPerson,
)
from jiamenkou.services.visits.models.visit import SKEW_MINUTES
from jiamenkou.services.visits.reading import MOST_PHOTOS, Told
from jiamenkou.services.visits.sealing import seal_words
from jiamenkou.services.visits.states import Attached, Outcome, PlanState

# answers that say that something is wrong; they travel with the event as ``key.code``
FINDINGS = frozenset({"living.alone", "body.bed", "body.slow", "money.short", "money.tight"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """``fresh``: written now; a repeat finds what is there. ``conflict``: another phone was at this door too."""

    visit: Visit
    fresh: bool
    conflict: bool


@transaction.atomic  # a photo that is refused leaves nothing of its visit
def record_visit(
    told: Told,
    resident: Resident,
    *,
    photos: Sequence[bytes] = (),
    voices: Sequence[bytes] = (),
    by: Actor,
    now: datetime,
    reason: str,
) -> Recorded:
    """Write a visit to ``resident`` down. Raises :class:`Refused`.

    Repeats are told by ``told.uid`` alone, so a lost answer, a killed tab and a second sending end at the same row.
    """
    before = _already(told, resident, by)
    if before is not None:
        return before
    if len(photos) > MOST_PHOTOS:
        raise Refused(f"一次走访最多 {MOST_PHOTOS} 张照片。", field="photo", code="many")
    if resident.household_id is not None:
        # two phones at one door come one after the other, so that the second finds the first
        Household.objects.select_for_update(of=("self",)).get(pk=resident.household_id)
    else:
        Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    other = _unknown_to_the_phone(told, resident)
    try:
        with transaction.atomic():
            visit = _row(told, resident, by, now, held=other is not None)
    except IntegrityError:
        again = _already(told, resident, by)  # the same one, sent twice at once
        if again is None:
            raise
        return again
    _details(visit, told, resident)
    _attach(visit, photos, voices, by)
    _end_plan(visit, now)
    if visit.outcome == Outcome.MET:
        Resident.objects.filter(pk=resident.pk).update(last_contact_on=timezone.localdate(now))
    if other is not None:
        VisitConflict.objects.create(
            first=other, second=visit, resident=resident, community_id=visit.community_id, grid_id=visit.grid_id,
            opened_at=now,
        )  # fmt: skip
    else:
        publish(recorded(visit, told.needs, told.answers))
    return Recorded(visit, True, other is not None)


def recorded(visit: Visit, needs: Sequence[tuple[str, str]], answers: dict[str, object]) -> VisitRecorded:
    """What the other rooms are told of a visit."""
    codes = {
        f"{key}.{code}" for key, value in answers.items() for code in (value if isinstance(value, list) else [value])
    }
    findings = sorted(
        code for code in codes if code in FINDINGS or (code.startswith("safety.") and code != "safety.fine")
    )
    return VisitRecorded(
        visit=visit.pk,
        resident=visit.resident_id,
        household=visit.household_id,
        community=visit.community_id,
        needs=tuple((str(kind), words) for kind, words in needs),
        findings=tuple(findings),
    )


def _already(told: Told, resident: Resident, by: Actor) -> Recorded | None:
    visit = Visit.objects.filter(uid=told.uid).first()
    if visit is None:
        return None
    if visit.resident_id != resident.pk or visit.by_id != (by.account.pk if by.account else None):
        raise Conflict("这个编号已经用于另一次走访。", field="uid", code="taken")
    return Recorded(visit, False, VisitConflict.objects.filter(second=visit).exists())


def _unknown_to_the_phone(told: Told, resident: Resident) -> Visit | None:
    """The newest visit at this door that the phone did not know of and another phone recorded."""
    if told.device is None:
        return None
    same = Visit.objects.filter(pk__gt=told.seen, device__isnull=False).exclude(device=told.device)
    if resident.household_id is not None:
        same = same.filter(household_id=resident.household_id)
    else:
        same = same.filter(resident=resident)
    return same.newest_first().first()


def _row(told: Told, resident: Resident, by: Actor, now: datetime, *, held: bool) -> Visit:
    plan = Plan.objects.filter(pk=told.plan, resident=resident).first() if told.plan else None
    if plan is None:
        plan = Plan.objects.filter(resident=resident).open().first()
    return Visit.objects.create(
        uid=told.uid,
        plan=plan,
        resident=resident,
        household_id=resident.household_id,
        community_id=resident.community_id,
        grid_id=resident.grid_id,
        by=by.account,
        device=told.device,
        device_at=told.clocks.device_at,
        received_at=now,
        skew_minutes=told.clocks.ahead,
        clock_wrong=told.clocks.wrong(now, SKEW_MINUTES),
        outcome=told.outcome,
        form_version=told.version,
        sealed_for=resident.uid,
        answers_sealed=seal_words(resident.uid, told.uid, "answers", told.answers),
        note_sealed=seal_words(resident.uid, told.uid, "note", told.note),
        told=not held,
    )


def _details(visit: Visit, told: Told, resident: Resident) -> None:
    VisitNeed.objects.bulk_create(VisitNeed(visit=visit, kind=kind, words=words) for kind, words in told.needs)
    if resident.household_id is not None:
        others = [pk for pk in told.people if pk != resident.pk]
        along = Resident.objects.filter(pk__in=others, household_id=resident.household_id).order_by("id")
        VisitPerson.objects.bulk_create(VisitPerson(visit=visit, resident=one) for one in along)
    ProposedFact.objects.bulk_create(
        ProposedFact(
            visit=visit,
            resident=resident,
            community_id=visit.community_id,
            grid_id=visit.grid_id,
            fact=fact,
            value_sealed=seal_words(resident.uid, visit.uid, f"fact.{fact}", value),
            masked=masked,
        )
        for fact, (value, masked) in told.facts.items()
    )


def _attach(visit: Visit, photos: Sequence[bytes], voices: Sequence[bytes], by: Actor) -> None:
    here = visit.community_id
    stored = [(store_photo(one, by=by, keeper=KEEPER, community=here), Attached.PHOTO) for one in photos]
    stored += [(store_voice(one, by=by, keeper=KEEPER, community=here), Attached.VOICE) for one in voices]
    VisitFile.objects.bulk_create(VisitFile(visit=visit, file=file, kind=kind) for file, kind in stored)


def _end_plan(visit: Visit, now: datetime) -> None:
    """Who was met needs no second visit; a closed door counts as a try and stays on the list."""
    if visit.plan is None:
        return
    open_plan = Plan.objects.filter(pk=visit.plan.pk, state=PlanState.OPEN)
    if Outcome(visit.outcome).reaches:
        open_plan.update(state=PlanState.DONE, ended_at=now)
    else:
        open_plan.update(tries=F("tries") + 1)
