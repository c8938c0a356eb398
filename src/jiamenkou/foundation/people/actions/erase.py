"""One person: everything the house holds about them as one document, and forgetting them.

Erasing destroys the person's key first, so that sealed fields are unreadable in old backups too; then what was written
about them in the trail is emptied, its digests stay and the chain holds. Figures keep counting: rows of services
stay without a word in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, models
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.people.actions.merging import SEALED
from jiamenkou.foundation.people.events import ResidentChanged
from jiamenkou.foundation.people.models import Account, AccountResident, Household, Identity, Resident
from jiamenkou.foundation.people.relations import pointers
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.service import destroy, open_field

ERASED = "已注销居民"
# rows of these rooms are the person and go; rows of the services stay, emptied, for the figures
OURS = {"people", "inbox", "access"}
_KEPT_PLAIN = {"id", "uid", "community", "grid", "created_at", "updated_at", "merged_into", "deceased_on"}


def export_person(resident: Resident, *, by: Actor, reason: str) -> dict[str, Any]:
    """Everything that points at the person, by model; sealed numbers opened, indexes left out. Ready for JSON."""
    return {
        "made": timezone.now().isoformat(timespec="seconds"),
        "resident": _plain(resident, resident),
        "records": {
            str(pointer): [_plain(row, resident) for row in rows]
            for pointer in pointers()
            if (rows := list(pointer.rows(resident)))
        },
        "merged": [export_person(gone, by=by, reason=reason) for gone in _merged(resident)],
    }


def erase_person(resident: Resident, *, by: Actor, reason: str) -> int:
    """Forget the person. Returns how many entries of the trail were emptied. Cannot be taken back.

    Raises :class:`Conflict` for a row that was merged away: the person is the row it went into.
    """
    if resident.merged_into_id:
        raise Conflict("这一位已经并入另一位居民，请在那一位上办理。", code="merged")
    emptied = sum(_erase(gone) for gone in _merged(resident))
    return emptied + _erase(resident)


def _merged(resident: Resident) -> list[Resident]:
    return list(Resident.objects.filter(merged_into=resident).order_by("pk"))


def _erase(resident: Resident) -> int:
    accounts = list(Account.objects.filter(links__resident=resident, links__relation="self").distinct().order_by("pk"))
    publish(ResidentErased(resident.pk))
    numbers = list(Identity.objects.filter(resident=resident).order_by("pk").values_list("index", flat=True))
    Household.objects.filter(head_index__in=numbers).update(head_index=None)
    for pointer in pointers():
        if pointer.lets_go:
            pointer.rows(resident).update(**{pointer.field: None})
        elif pointer.model._meta.app_label in OURS:
            pointer.rows(resident).delete()
        else:
            _empty(pointer.rows(resident), pointer.model)
    _anonymise(resident)
    destroy(resident.uid)
    emptied = _forget("people_resident", resident.pk) + _forget_head(resident.pk, numbers)
    return emptied + sum(_erase_account(account) for account in accounts)


def _empty(rows: models.QuerySet[Any], model: type[models.Model]) -> None:
    """Free text goes, choices and dates stay."""
    texts = {
        field.name: None if field.null else ""
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
    }
    if texts:
        rows.update(**texts)


def _anonymise(resident: Resident) -> None:
    """The row stays for the figures, with the year of birth and the community alone."""
    born = resident.birth_date
    for field in Resident._meta.concrete_fields:
        if field.name not in _KEPT_PLAIN:
            setattr(resident, field.name, None if field.null else field.get_default() or _nothing(field))
    resident.name = resident.name_key = ERASED
    resident.birth_date = date(born.year, 1, 1) if born else None
    resident.save()
    publish(ResidentChanged(resident.pk))


def _nothing(field: Any) -> Any:
    return [] if field.get_internal_type() == "ArrayField" else {} if isinstance(field, models.JSONField) else ""


def _erase_account(account: Account) -> int:
    """The person's own account goes too, unless it acts for somebody else or holds a role."""
    others = AccountResident.objects.current().filter(account=account).exists()
    if others or account.roles.exists() or account.memberships.exists():
        return 0
    account.phone_sealed = account.phone_index = None
    account.phone_masked, account.display_name, account.username = "", "", f"erased-{account.pk}"
    account.is_active = False
    account.set_unusable_password()
    account.save()
    account.sessions.all().delete()
    destroy(account.uid)
    return _forget("people_account", account.pk)


def _forget(table: str, row: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select audit_erase(%s, %s)", [table, row])
        return int((cursor.fetchone() or [0])[0])


def _forget_head(resident: int, numbers: Sequence[bytes | memoryview]) -> int:
    """What the trail says of households by the person's number."""
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("select audit_erase_head(%s, %s::bytea[])", [resident, [bytes(number) for number in numbers]])
        return int((cursor.fetchone() or [0])[0])


def _plain(row: models.Model, resident: Resident) -> dict[str, Any]:
    """One row as plain values."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if isinstance(field, models.BinaryField):
            if field.name == "sealed" and type(row) in SEALED:
                found["number"] = _opened(resident, SEALED[type(row)], bytes(value))
            continue
        found[field.name] = value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
    return found


def _opened(resident: Resident, name: str, sealed: bytes) -> str:
    try:
        return open_field(resident.uid, name, sealed)
    except CannotOpen:
        return ""
