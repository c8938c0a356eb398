"""A leader's telephone: sealed under her account's own key and opened for the neighbours it was given for."""

from __future__ import annotations

from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.vault.crypto import CannotOpen
from jiamenkou.foundation.vault.service import ensure_keys, open_field, seal_field
from jiamenkou.services.groupbuy.models import Leader

FIELD = "groupbuy.leader.phone"


def sealed_phone(account: Account, phone: str) -> bytes | None:
    """As it is kept; None for no number."""
    if not phone:
        return None
    return seal_field(ensure_keys([account.uid])[account.uid], account.uid, FIELD, phone)


def phone_of(leader: Leader) -> str:
    """The number she gave for her neighbours; "" where there is none, or it was forgotten with her account."""
    if leader.phone_sealed is None:
        return ""
    try:
        return open_field(leader.account.uid, FIELD, bytes(leader.phone_sealed))
    except CannotOpen:
        return ""
