"""The second factor of staff: an authenticator app (TOTP) or a passkey (WebAuthn), with allauth's mathematics.

The secret of the app is sealed under the account's own key, which allauth's hooks cannot do (they are not told
whose secret it is); so the rows are allauth's and the sealing is ours.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError

from jiamenkou.foundation.access.limits import Rate, TooMany, hit
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.vault.service import ensure_keys, open_field, seal_field

TOTP = Authenticator.Type.TOTP
PASSKEY = Authenticator.Type.WEBAUTHN
TRIES = (Rate(5, 300), Rate(30, 86400))
_SECRET_FIELD = "account.totp"  # noqa: S105 - the name of a field
# longer than a code can be valid, one step of tolerance either side included
_USED_UP = Rate(1, 120)


def enrolled(account: Account) -> set[str]:
    """The kinds of second factor that the account has."""
    return set(
        Authenticator.objects.filter(user=account, type__in=[TOTP, PASSKEY])
        .order_by("id")
        .values_list("type", flat=True)
    )


def fresh_secret(account: Account) -> str:
    """A new secret for an authenticator app, sealed for the session between showing and confirming it."""
    key = ensure_keys([account.uid])[account.uid]
    return b64encode(seal_field(key, account.uid, _SECRET_FIELD, generate_totp_secret())).decode()


def plain_secret(account: Account, sealed: str) -> str:
    """What :func:`fresh_secret` sealed, for the page that shows it once."""
    return open_field(account.uid, _SECRET_FIELD, b64decode(sealed))


def enrol_app(account: Account, sealed: str, typed: str) -> bool:
    """Keep the app's secret if ``typed`` proves that the app has it."""
    if not _right(account, plain_secret(account, sealed), typed):
        return False
    Authenticator.objects.create(user=account, type=TOTP, data={"secret": sealed})
    return True


def check_app(account: Account, typed: str) -> bool:
    """Whether ``typed`` is the app's code now and was not used before. Raises ``TooMany``."""
    hit("second", account.pk, *TRIES)
    row = Authenticator.objects.filter(user=account, type=TOTP).first()
    if row is None or not _right(account, plain_secret(account, row.data["secret"]), typed):
        return False
    row.record_usage()
    return True


def _right(account: Account, secret: str, typed: str) -> bool:
    code = "".join(ch for ch in typed if ch.isdecimal())
    if len(code) != 6 or not validate_totp_code(secret, code):
        return False
    try:
        hit("totp", f"{account.pk}:{code}", _USED_UP)
    except TooMany:
        return False
    return True


def passkey_request(account: Account) -> str:
    """Options, as JSON, for ``navigator.credentials.get``; the challenge is kept in the session."""
    return json.dumps(webauthn.begin_authentication(account))


def passkey_creation(account: Account) -> str:
    """Options, as JSON, for ``navigator.credentials.create``; the challenge is kept in the session."""
    return json.dumps(webauthn.begin_registration(account, False))


def check_passkey(account: Account, answer: str) -> bool:
    """Whether the browser's answer was signed by a passkey of this account. Raises ``TooMany``."""
    hit("second", account.pk, *TRIES)
    parsed = _parsed(answer)
    if parsed is None:
        return False
    try:
        webauthn.complete_authentication(account, parsed).record_usage()
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    return True


def enrol_passkey(account: Account, answer: str, name: str) -> bool:
    """Keep the passkey that the browser has just made."""
    parsed = _parsed(answer)
    if parsed is None:
        return False
    try:
        webauthn.parse_registration_response(parsed)
        webauthn.complete_registration(parsed)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    webauthn.WebAuthn.add(account, name, parsed)
    return True


def _parsed(answer: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(answer)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
