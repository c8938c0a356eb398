"""Reads about people that belong to no single model."""

from __future__ import annotations

from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.vault.service import blind_index


def account_of_phone(phone: str) -> Account | None:
    """The account that signs in with these eleven digits."""
    return Account.objects.filter(phone_index=blind_index("phone", phone)).first()
