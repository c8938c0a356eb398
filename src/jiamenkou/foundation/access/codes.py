"""Phone codes: six digits, five minutes, five tries, one use, bound to the browser that asked.

ASVS 5.0 6.5.1–6.5.5, 6.6.2, 6.6.3. Nothing here looks at accounts: a number that nobody has ever used gets the
same answer by the same queries as one that is known (6.3.8).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiamenkou.foundation.access.limits import Rate, TooMany, hit, spend
from jiamenkou.foundation.access.models import PhoneCode
from jiamenkou.foundation.access.sender import deliver_code, sender
from jiamenkou.foundation.vault.crypto import CannotOpen, seal, unseal
from jiamenkou.foundation.vault.service import blind_index

LENGTH = 6
LIFETIME = timedelta(minutes=5)
TRIES = 5
PER_PHONE = (Rate(1, 60), Rate(5, 3600), Rate(10, 86400))
PER_ADDRESS = (Rate(60, 3600), Rate(300, 86400))
TRIES_PER_ADDRESS = (Rate(30, 60), Rate(300, 3600))

log = structlog.get_logger("jiamenkou.signin")


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way. ``browser`` is the secret for the cookie; ``screen`` the code itself, in the demo only."""

    browser: str
    screen: str | None


class Refused(Enum):
    """Why a typed code was not taken."""

    WRONG = "wrong"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the code page says: the number the code went to, and seconds until another may be sent."""

    phone: str
    again_in: int


def request_code(phone: str, address: str, *, spoken: bool = False) -> Sent:
    """Make a code for ``phone`` (eleven digits) and send it after commit.

    Raises :class:`TooMany`, and ``NoSender`` where nothing could send it.
    """
    channel = sender()
    hit("code.address", address, *PER_ADDRESS)
    hit("code.phone", phone, *PER_PHONE)
    try:
        spend("sms", "all", settings.SMS_PER_DAY)
    except TooMany:
        log.error("the day's budget of messages is spent", budget=settings.SMS_PER_DAY)
        raise
    code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
    browser = secrets.token_urlsafe(32)
    row = PhoneCode(
        phone_index=blind_index("phone", phone),
        browser_hash=blind_index("code.browser", browser),
        sent_at=timezone.now(),
    )
    row.code_hash = _digest(row, code)
    row.phone_sealed = seal(_browser_key(browser), phone.encode(), f"phone_code:{row.uid}")
    row.save()
    transaction.on_commit(partial(deliver_code, phone, code, spoken), robust=True)
    return Sent(browser, code if channel.on_screen else None)


def check_code(browser: str, typed: str, address: str) -> str | Refused:
    """The phone number that ``typed`` proves, or why not. A try is counted before anything is compared.

    Raises :class:`TooMany` for an address that guesses in bulk.
    """
    hit("code.try", address, *TRIES_PER_ADDRESS)
    row = _current(browser, lock=True)
    if row is None or row.tries >= TRIES:
        return Refused.STALE
    row.tries += 1
    right = hmac.compare_digest(bytes(row.code_hash), _digest(row, typed))
    if right:
        row.used_at = timezone.now()
    row.save(update_fields=["tries", "used_at"])
    if right:
        return _phone(row, browser)
    return Refused.WRONG if row.tries < TRIES else Refused.STALE


def waiting(browser: str) -> Waiting | None:
    """What to show this browser, or None where no code of its own is good any more."""
    row = _current(browser, lock=False)
    if row is None:
        return None
    passed = (timezone.now() - row.sent_at).total_seconds()
    try:
        return Waiting(_phone(row, browser), max(0, PER_PHONE[0].seconds - int(passed)))
    except CannotOpen:
        return None


def _current(browser: str, *, lock: bool) -> PhoneCode | None:
    rows = PhoneCode.objects.select_for_update(of=("self",)) if lock else PhoneCode.objects.all()
    return rows.filter(
        browser_hash=blind_index("code.browser", browser),
        used_at__isnull=True,
        sent_at__gt=timezone.now() - LIFETIME,
    ).first()


def _digest(row: PhoneCode, code: str) -> bytes:
    return blind_index("code", f"{row.uid}:{code}")


def _browser_key(browser: str) -> bytes:
    """The number is sealed under a key that only the asking browser can name."""
    return blind_index("code.seal", browser)


def _phone(row: PhoneCode, browser: str) -> str:
    return unseal(_browser_key(browser), bytes(row.phone_sealed), f"phone_code:{row.uid}").decode()
