"""Writing a plan: everything in the caller's transaction, in bulk, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.people.actions.register import IDENTITY_FIELD, PHONE_FIELD
from jiamenkou.foundation.people.events import ResidentsChanged
from jiamenkou.foundation.people.importing.bulk import insert_many, update_many
from jiamenkou.foundation.people.importing.doors import Places
from jiamenkou.foundation.people.importing.households import house, join
from jiamenkou.foundation.people.masking import mask_id, mask_phone
from jiamenkou.foundation.people.models import (
    ArchiveItem,
    ArchiveKind,
    EmploymentStatus,
    Evidence,
    Identity,
    Phone,
    Resident,
)
from jiamenkou.foundation.people.models.resident import DisabilityLevel, Sex
from jiamenkou.foundation.people.naming import name_key
from jiamenkou.foundation.people.roster import Action, Facts, Plan, Step
from jiamenkou.foundation.people.roster.identity import ID_CARD
from jiamenkou.foundation.people.roster.values import is_mobile
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.vault.service import blind_index, ensure_keys, seal_field

_EMPLOYMENT = {str(label): value for value, label in EmploymentStatus.choices}
_LEVELS = {str(label): value for value, label in DisabilityLevel.choices}
_SEXES = {str(label): value for value, label in Sex.choices}
_ARCHIVE = {
    "skills": ArchiveKind.SKILL,
    "interests": ArchiveKind.INTEREST,
    "training_needs": ArchiveKind.TRAINING_NEED,
}
_COLUMNS = (
    *("name", "name_key", "sex", "birth_date", "grid", "household", "address", "hukou", "employment", "note"),
    *("disability_kinds", "disability_level", "categories", "extra", "identity_masked", "phone_masked", "updated_at"),
)


def apply_plan(plan: Plan, community: Place, *, today: date, now: datetime) -> int:
    """Create and update what the plan says; rows with errors are left out. Returns how many people were written.

    Runs inside a transaction whose scope reaches ``community`` and whose actor and reason are declared. The plan
    must have been made in the same transaction.
    """
    steps = [step for step in plan.steps if step.action in (Action.CREATE, Action.UPDATE)]
    if not steps:
        return 0
    places = Places(community)
    for name in plan.new_grids:
        places.grid(name)
    residents = _residents(steps, community, places, now)
    places.flush()
    for resident in residents:  # grids that were new have their ids now
        resident.grid = resident.grid
    moves = house(residents, steps, community, places)
    fresh = [resident for resident, step in zip(residents, steps, strict=True) if step.action is Action.CREATE]
    changed = [resident for resident, step in zip(residents, steps, strict=True) if step.action is Action.UPDATE]
    insert_many(fresh)
    update_many(changed, _COLUMNS)
    _write_numbers(residents, steps)
    join(moves, community, today)  # heads are found by their numbers
    _write_archive(residents, steps, now)
    publish(ResidentsChanged(tuple(resident.pk for resident in residents)))
    return len(residents)


def _residents(steps: Sequence[Step], community: Place, places: Places, now: datetime) -> list[Resident]:
    """A resident for each step with the plain facts set; new ones are not stored yet."""
    stored = Resident.objects.in_bulk([step.known.ref for step in steps if step.known])
    residents = []
    for step in steps:
        resident = stored[step.known.ref] if step.known else Resident(community=community, extra={}, created_at=now)
        _set_facts(resident, step.row.facts, places)
        resident.extra = {**resident.extra, **(step.row.extra or {})}
        resident.updated_at = now
        residents.append(resident)
    return residents


def _set_facts(resident: Resident, facts: Facts, places: Places) -> None:
    if facts.name:
        resident.name, resident.name_key = facts.name, name_key(facts.name)
    for name in ("birth_date", "hukou", "address", "note"):
        if getattr(facts, name):
            setattr(resident, name, getattr(facts, name))
    if facts.sex:
        resident.sex = _SEXES[facts.sex]
    if facts.employment:
        resident.employment = _EMPLOYMENT[facts.employment]
    if facts.disability_level:
        resident.disability_level = _LEVELS[facts.disability_level]
    if facts.disability_kinds:
        resident.disability_kinds = list(facts.disability_kinds)
    if facts.categories:
        resident.categories = list(facts.categories)
    if facts.grid:
        resident.grid = places.grid(facts.grid)
    if facts.number:
        resident.identity_masked = mask_id(facts.number)
    if facts.phones:
        resident.phone_masked = mask_phone(facts.phones[0])


def _write_numbers(residents: Sequence[Resident], steps: Sequence[Step]) -> None:
    """Seal the numbers that are new or changed."""
    pairs = [
        (resident, step)
        for resident, step in zip(residents, steps, strict=True)
        if step.action is Action.CREATE or {"number", "phones"} & set(step.changed)
    ]
    keys = ensure_keys([resident.uid for resident, _ in pairs])
    identities, phones, rephoned = [], [], []
    for resident, step in pairs:
        facts, key = step.row.facts, keys[resident.uid]
        new = step.action is Action.CREATE
        if facts.number and (new or "number" in step.changed):
            identities.append(
                Identity(
                    resident=resident,
                    kind=step.row.kind or ID_CARD,
                    sealed=seal_field(key, resident.uid, IDENTITY_FIELD, facts.number),
                    index=blind_index("identity", facts.number),
                )
            )
        if facts.phones and (new or "phones" in step.changed):
            if not new:
                rephoned.append(resident.pk)
            phones += _phones(resident, key, facts.phones)
    Identity.objects.filter(resident__in=[identity.resident_id for identity in identities]).delete()
    insert_many(identities)
    Phone.objects.filter(resident__in=rephoned).delete()
    insert_many(phones)


def _phones(resident: Resident, key: bytes, numbers: Sequence[str]) -> list[Phone]:
    return [
        Phone(
            resident=resident,
            sealed=seal_field(key, resident.uid, PHONE_FIELD, number),
            index=blind_index("phone", number),
            last_four=blind_index("phone4", number[-4:]),
            masked=mask_phone(number),
            is_main=place == 0,
            is_mobile=is_mobile(number),
        )
        for place, number in enumerate(numbers)
    ]


def _write_archive(residents: Sequence[Resident], steps: Sequence[Step], now: datetime) -> None:
    """Sets are replaced by the sets of the sheet; what was seen or certified stays."""
    items = []
    for resident, step in zip(residents, steps, strict=True):
        for name, kind in _ARCHIVE.items():
            texts = getattr(step.row.facts, name)
            if texts and (step.action is Action.CREATE or name in step.changed):
                if step.action is Action.UPDATE:
                    said = ArchiveItem.objects.filter(resident=resident, kind=kind, evidence=Evidence.SELF_SAID)
                    said.exclude(text__in=texts).delete()
                items += [ArchiveItem(resident=resident, kind=kind, text=text, noted_at=now) for text in texts]
    insert_many(items, ignore_conflicts=True)
