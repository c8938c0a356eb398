"""How an account wants its pages."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor


def set_care(on: bool, *, by: Actor, reason: str) -> None:
    """长辈版, on every device this account signs in on."""
    account = by.account
    if account is not None and account.care != on:
        account.care = on
        account.save(update_fields=["care"])
