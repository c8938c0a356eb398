"""Roles given and taken, and the lost second factor. Whoever's powers change is signed out everywhere."""

from __future__ import annotations

import itertools
import re
import secrets

from allauth.mfa.models import Authenticator
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.accounts import NotAllowed, make_account
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Permission, Role, granted
from jiamenkou.foundation.access.sessions import end_all
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.people.naming import name_key
from jiamenkou.foundation.places.models import Place

# roles as they are declared, lowest first
_RANK = {role: rank for rank, role in enumerate(Role)}


def is_above(by: Actor, role: Role, place: Place) -> bool:
    """Whether the actor may appoint to ``role`` at ``place``: a higher role that appoints, at a place around it."""
    return any(
        Permission.ROLES_GRANT in granted(held.role)
        and held.place.contains(place)
        and (_RANK[held.role] > _RANK[role] or held.role == Role.ADMIN)
        for held in by.roles
    )


def grant_role(account: Account, role: Role, place: Place, *, by: Actor, reason: str) -> StaffRole:
    """Give a role. Raises :class:`NotAllowed`."""
    if not is_above(by, role, place):
        raise NotAllowed
    scopes.declare(by.audit_name, reason)
    row = StaffRole.objects.create(account=account, role=role, place=place)
    end_all(account)
    return row


def appoint(name: str, role: Role, place: Place, *, by: Actor, reason: str) -> tuple[Account, str]:
    """A new account with this role, and its first password, which is shown once. Raises :class:`NotAllowed`."""
    if not is_above(by, role, place):
        raise NotAllowed
    scopes.declare(by.audit_name, reason)
    return first_account(name, role, place)


def first_account(name: str, role: Role, place: Place) -> tuple[Account, str]:
    """As :func:`appoint` without anybody above: whoever sits at the machine makes the first one of a house."""
    password = _fresh_password()
    account = make_account(_free_username(name), display_name=name, password=password)
    StaffRole.objects.create(account=account, role=role, place=place)
    return account, password


def _free_username(name: str) -> str:
    """``林知夏`` → ``linzhixia``, with a number where somebody has it already."""
    plain = re.sub(r"[^a-z0-9]", "", name_key(name).rpartition(" ")[0].lower())[:24] or "staff"
    taken = set(Account.objects.filter(username__startswith=plain).order_by("id").values_list("username", flat=True))
    words = itertools.chain([plain], (f"{plain}{n}" for n in itertools.count(2)))
    return next(word for word in words if word not in taken)


def _fresh_password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))


def end_role(row: StaffRole, *, by: Actor, reason: str) -> None:
    """Take a role away from now on. Raises :class:`NotAllowed`."""
    if not is_above(by, Role(row.role), row.place):
        raise NotAllowed
    scopes.declare(by.audit_name, reason)
    row.until = timezone.now()
    row.save(update_fields=["until"])
    end_all(row.account)


def may_reset(account: Account, by: Actor) -> bool:
    """Whether ``by`` stands above every role the account holds, and is someone else."""
    roles = list(StaffRole.objects.current().filter(account=account).select_related("place").order_by("id"))
    if not roles or by.account is None or by.account.pk == account.pk:
        return False
    return all(is_above(by, Role(row.role), row.place) for row in roles)


def reset_factor(account: Account, *, by: Actor, reason: str) -> str:
    """Recovery in person: factors go, sessions end, and a fresh password is handed over face to face.

    Returns that password, which is shown once: the old one alone would let a thief enrol a phone of their own.
    Raises :class:`NotAllowed`.
    """
    if not may_reset(account, by):
        raise NotAllowed
    scopes.declare(by.audit_name, reason)
    Authenticator.objects.filter(user=account).delete()
    password = _fresh_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    end_all(account)
    return password
