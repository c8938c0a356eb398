"""Showing a full number: by someone who may, for a reason, written down where the resident can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.accounts import IDENTITY_FIELD
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.limits import spend
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import Identity, Phone, Resident
from jiamenkou.foundation.vault.service import open_field

PHONE_FIELD = "phone.number"
SHOWN_FOR = timedelta(seconds=60)
FIELDS = {"phone": "手机号", "identity": "证件号"}


class NothingToShow(Exception):
    """No such resident for this actor, or no such number. Views answer 404."""


class NoReason(Exception):
    """A reason of at least two characters is asked for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The plain value, and until when the page may show it."""

    value: str
    until: datetime


def reveal(resident_id: int, field: str, *, by: Actor, reason: str) -> Shown:
    """The full ``phone`` or ``identity`` of a resident in the actor's scope.

    The look is logged before it is answered. Raises :class:`NothingToShow`, :class:`NoReason`, ``TooMany``.
    """
    reason = reason.replace("\0", "").strip()  # no text of the database can hold it
    resident = Resident.objects.filter(pk=resident_id).first()
    if (
        resident is None
        or by.account is None
        or field not in FIELDS
        or not by.may(Permission.RESIDENTS_REVEAL, resident.community_id, resident.grid_id)
    ):
        raise NothingToShow
    if len(reason) < 2:
        raise NoReason
    value = _value(resident, field)
    spend("reveal", by.account.pk, settings.REVEALS_PER_DAY)
    scopes.declare(by.audit_name, reason)
    Reveal.objects.create(resident=resident, by=by.account, field=FIELDS[field], reason=reason[:200])
    return Shown(value, timezone.now() + SHOWN_FOR)


def _value(resident: Resident, field: str) -> str:
    if field == "identity":
        identity = Identity.objects.filter(resident=resident).first()
        if identity is None:
            raise NothingToShow
        return open_field(resident.uid, IDENTITY_FIELD, bytes(identity.sealed))
    phone = Phone.objects.filter(resident=resident).first()
    if phone is None:
        raise NothingToShow
    return open_field(resident.uid, PHONE_FIELD, bytes(phone.sealed))
