"""Codes: of a QR sticker, of a fetch, and the one of a session that changes every half minute."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import quote

from django.core import signing

from jiamenkou.foundation.refusals import Conflict, Refused

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
SALT = "stations.sign-in"
STEP = 30  # seconds a code is shown
GOOD_FOR = 90  # seconds it is taken: the walk from the wall to the thumb


def new_code() -> str:
    """Ten signs without look-alikes: about 50 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def fetch_code(taken: set[str]) -> str:
    """Four digits that no open ticket of the station has. Raises Conflict where all are in use."""
    if len(taken) >= 9_000:
        raise Conflict("取件码用完了，先把修好的还出去。")
    while True:
        code = f"{secrets.randbelow(10_000):04d}"
        if code not in taken:
            return code


def rotating(session: int, now: datetime, *, out: bool = False) -> str:
    """The token of this half minute. It says the session, in or out, and its time; it is signed."""
    return signing.dumps([session, int(out), int(now.timestamp()) // STEP * STEP], salt=SALT)


def read_rotating(token: str, now: datetime) -> tuple[int, bool]:
    """Session and whether it signs out. Raises Refused for one that is forged or older than its time."""
    try:
        session, out, at = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused("这个码不对，请扫现场屏幕上的码。", code="forged") from error
    if not -STEP <= now.timestamp() - at <= GOOD_FOR:
        raise Refused("这个码过时了，请再扫一次现场屏幕上的码。", code="old")
    return int(session), bool(out)


def address(token: str) -> str:
    return f"/stations/in/{quote(token, safe='')}/"
