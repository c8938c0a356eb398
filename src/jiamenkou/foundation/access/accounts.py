"""Accounts: made after a code has proved the phone, and tied to people by proof, never by the phone alone."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from uuid import uuid4

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.limits import Rate, hit
from jiamenkou.foundation.access.phones import masked
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import Account, AccountResident, Identity, Relation
from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.service import blind_index, ensure_keys, open_field, seal_field

PHONE_FIELD = "account.phone"
IDENTITY_FIELD = "identity.number"
LINK_TRIES = (Rate(5, 3600), Rate(10, 86400))
# people of one name whose numbers are compared; a rarer name than this many people share does not exist in a city
_NAMESAKES = 2000


class NotAllowed(Exception):
    """The actor may not do this here. Views answer 404."""


def account_for_phone(phone: str) -> Account:
    """The account of a proved number (eleven digits), made where there is none. Two first sign-ins at once make one."""
    index = blind_index("phone", phone)
    found = Account.objects.filter(phone_index=index).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make_account(f"r-{secrets.token_hex(8)}", phone=phone)
    except IntegrityError:
        return Account.objects.get(phone_index=index)


def make_account(
    username: str, *, phone: str | None = None, display_name: str = "", password: str | None = None
) -> Account:
    """A new account, its number sealed under its own key. Without ``password`` it signs in by phone only."""
    account = Account(username=username, display_name=display_name, uid=uuid4())
    if phone is not None:
        key = ensure_keys([account.uid])[account.uid]
        account.phone_sealed = seal_field(key, account.uid, PHONE_FIELD, phone)
        account.phone_index = blind_index("phone", phone)
        account.phone_masked = masked(phone)
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save(force_insert=True)
    return account


def plain_phone(account: Account) -> str | None:
    """The account's own number, for senders and the demo list."""
    if account.phone_sealed is None:
        return None
    return open_field(account.uid, PHONE_FIELD, bytes(account.phone_sealed))


def link_by_number(account: Account, name: str, last_six: str) -> bool:
    """Tie the account to the person of this name whose number of identity ends so. False says nothing about why.

    Looks across the whole installation, because a person does not know which community registered them; nothing
    of anyone is returned. More than one match, or a person who already has an account, is a case for the desk.
    Raises ``TooMany``.
    """
    hit("link", account.pk, *LINK_TRIES)
    name = unicodedata.normalize("NFKC", name).strip()
    wanted = unicodedata.normalize("NFKC", last_six).strip().upper()
    with scopes.scope(scopes.EVERYTHING, actor=account.actor, reason="按姓名和证件号后六位找本人"):
        rows = list(
            Identity.objects.filter(
                resident__name=name, resident__merged_into__isnull=True, resident__deceased_on__isnull=True
            )
            .select_related("resident")
            .order_by("id")[:_NAMESAKES]
        )
        matches = [row.resident_id for row in rows if _ends_with(row, wanted)]
        if (
            len(matches) != 1
            or AccountResident.objects.current().filter(resident_id=matches[0], relation=Relation.SELF).exists()
        ):
            return False
        try:
            with transaction.atomic():
                AccountResident.objects.create(
                    account=account, resident_id=matches[0], relation=Relation.SELF, proof="姓名与证件号后六位"
                )
        except IntegrityError:
            return False
    return True


def _ends_with(row: Identity, wanted: str) -> bool:
    try:
        number = open_field(row.resident.uid, IDENTITY_FIELD, bytes(row.sealed))
    except CannotOpen:
        return False
    return hmac.compare_digest(number[-6:].upper().encode(), wanted.encode())


def link_by_worker(
    account: Account, resident_id: int, relation: Relation, *, community: int, grid: int | None, by: Actor, reason: str
) -> AccountResident:
    """A worker who has seen the papers ties an account to a resident of ``community`` (and ``grid``)."""
    if not by.may(Permission.RESIDENTS_EDIT, community, grid):
        raise NotAllowed
    scopes.declare(by.audit_name, reason)
    return AccountResident.objects.create(
        account=account, resident_id=resident_id, relation=relation, proof=reason[:200]
    )
