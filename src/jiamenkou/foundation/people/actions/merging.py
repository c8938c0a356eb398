"""Two rows that are one person become one, and can be two again.

Everything that points at the one is pointed at the other. What both have and may be had only once (the same archive
entry, a live application for the same post, a consent) stays with the row that goes: nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentsMerged
from jiamenkou.foundation.people.actions.register import IDENTITY_FIELD, PHONE_FIELD
from jiamenkou.foundation.people.events import ResidentChanged
from jiamenkou.foundation.people.models import Identity, MergeRecord, Phone, Resident
from jiamenkou.foundation.people.relations import Pointer, pointers
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.foundation.vault.service import ensure_keys, open_field, seal_field

# sealed under the key of the person they belong to: they are sealed again when they change hands
SEALED: dict[type[Model], str] = {Identity: IDENTITY_FIELD, Phone: PHONE_FIELD}


def merge(kept: Resident, gone: Resident, *, by: Actor, now: datetime, reason: str) -> MergeRecord:
    """``gone`` becomes part of ``kept``. Raises :class:`Refused`, :class:`Conflict`, :class:`NotAllowed`."""
    kept, gone = _locked(kept, gone)
    _check(by, kept, gone)
    if kept.merged_into_id or gone.merged_into_id:
        raise Conflict("其中一位已经合并过了。", code="merged")
    moved = []
    for pointer in pointers():
        ids = _repoint(pointer, list(pointer.rows(gone).values_list("pk", flat=True)), gone, kept)
        if ids:
            moved.append([pointer.model._meta.label, pointer.field, ids])
    gone.merged_into = kept
    gone.save()
    _show_numbers(kept)
    record = MergeRecord.objects.create(kept=kept, gone=gone, moved=moved, at=now)
    _tell(kept, gone)
    return record


def unmerge(record: MergeRecord, *, by: Actor, now: datetime, reason: str) -> MergeRecord:
    """Take a merge back: what was moved and is still there goes home. What came after stays with ``kept``."""
    record = MergeRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.undone_at is not None:
        raise Conflict("这次合并已经撤销了。", code="undone")
    kept, gone = _locked(record.kept, record.gone)
    _check(by, kept, gone)
    if kept.merged_into_id:
        raise Conflict("保留的那一位后来又并入了别人，请先撤销那一次。", code="merged")
    for label, field, ids in record.moved:
        pointer = Pointer(apps.get_model(label), field)
        still = pointer.rows(kept).filter(pk__in=ids).values_list("pk", flat=True)
        _repoint(pointer, list(still), kept, gone)
    gone.merged_into = None
    gone.save()
    for resident in (kept, gone):
        _show_numbers(resident)
    record.undone_at = now
    record.save()
    _tell(kept, gone)
    return record


def _locked(*residents: Resident) -> tuple[Resident, Resident]:
    """Both rows under a lock, taken in order of their numbers, in the order they were asked for."""
    ids = [resident.pk for resident in residents]
    rows = {row.pk: row for row in Resident.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    if len(rows) != 2:
        raise Refused("请选两位不同的居民。", code="same")
    return rows[ids[0]], rows[ids[1]]


def _check(by: Actor, *residents: Resident) -> None:
    for resident in residents:
        if not by.may(Permission.RESIDENTS_MERGE, resident.community_id, resident.grid_id):
            raise NotAllowed("两位居民都要在您负责的范围内。")


def _repoint(pointer: Pointer, ids: list[int], start: Resident, end: Resident) -> list[int]:
    """Point rows from one resident at the other; those that collide stay. Returns the ids that moved."""
    if not ids:
        return []
    if pointer.model in SEALED:
        return [pk for pk in ids if _move_sealed(pointer, pk, start, end)]
    rows = pointer.model._base_manager
    try:
        with transaction.atomic():
            rows.filter(pk__in=ids).update(**{pointer.field: end})
        return ids
    except IntegrityError:
        return [pk for pk in ids if _move_one(pointer, pk, end)]


def _move_one(pointer: Pointer, pk: int, end: Resident) -> bool:
    try:
        with transaction.atomic():
            pointer.model._base_manager.filter(pk=pk).update(**{pointer.field: end})
    except IntegrityError:
        return False
    return True


def _move_sealed(pointer: Pointer, pk: int, start: Resident, end: Resident) -> bool:
    row: Any = pointer.model._base_manager.get(pk=pk)
    name = SEALED[pointer.model]
    plain = open_field(start.uid, name, bytes(row.sealed))
    row.sealed = seal_field(ensure_keys([end.uid])[end.uid], end.uid, name, plain)
    setattr(row, pointer.field, end)
    if isinstance(row, Phone):
        row.is_main = not Phone.objects.filter(resident=end, is_main=True).exists()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True


def _show_numbers(resident: Resident) -> None:
    """The masked texts on the row follow the numbers that are there."""
    phones = list(Phone.objects.filter(resident=resident).order_by("-is_main", "id"))
    if phones and not phones[0].is_main:
        phones[0].is_main = True
        phones[0].save()
    if not Identity.objects.filter(resident=resident).exists():
        resident.identity_masked = ""
    elif not resident.identity_masked:
        resident.identity_masked = _masked_identity(resident)
    resident.phone_masked = phones[0].masked if phones else ""
    resident.save()


def _masked_identity(resident: Resident) -> str:
    from jiamenkou.foundation.people.masking import mask_id

    sealed = Identity.objects.get(resident=resident).sealed
    return mask_id(open_field(resident.uid, IDENTITY_FIELD, bytes(sealed)))


def _tell(kept: Resident, gone: Resident) -> None:
    publish(ResidentsMerged(kept=kept.pk, gone=gone.pk))
    for changed in _ids(kept, gone):
        publish(ResidentChanged(changed))


def _ids(*residents: Resident) -> Iterable[int]:
    return (resident.pk for resident in residents)
