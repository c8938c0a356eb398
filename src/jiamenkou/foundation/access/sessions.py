"""When a sign-in holds: idle and absolute limits, the second factor, and ending it from elsewhere.

ASVS 5.0 7.3.1, 7.3.2, 7.4.2, 7.4.5, 7.5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.models import Session, StaffRole
from jiamenkou.foundation.access.session_store import MARKS
from jiamenkou.foundation.people.models import Account

STAFF_IDLE = timedelta(minutes=30)
STAFF_ABSOLUTE = timedelta(hours=12)
RESIDENT_ABSOLUTE = timedelta(days=30)
PROOF_HOLDS = timedelta(minutes=10)
# a session row is written at most this often only to say that it was used; a resident's holds whether used or not, and
# the minute is shown to nobody but its owner
TOUCH_EVERY = timedelta(minutes=1)
RESIDENT_TOUCH_EVERY = timedelta(minutes=10)

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Device:
    """One sign-in as its owner sees it."""

    key: str
    device: str
    way: str
    started_at: datetime | None
    seen_at: datetime | None
    this: bool


def begin(request: HttpRequest, account: Account, *, way: str, strong: bool) -> None:
    """Sign ``account`` in on this browser under a new session key.

    ``strong``: a second factor was proved. Without one an account that holds roles acts as a resident only.
    """
    scopes.declare(account.actor, "登录")
    login(request, account, backend=_BACKEND)
    mark(request.session, account, way=way, strong=strong, device=device_name(request.headers.get("User-Agent", "")))


def mark(session: SessionBase, account: Account, *, way: str, strong: bool, device: str = "") -> None:
    """Write into a session that has just begun what :func:`still_good` reads on every visit."""
    now = timezone.now()
    staff = strong and holds_roles(account)
    session[MARKS] = {
        "at": now.timestamp(),
        "seen": now.timestamp(),
        "proved": now.timestamp() if strong else 0,
        "strong": strong,
        "staff": staff,
        "way": way,
        "device": device,
    }
    session.set_expiry(now + (STAFF_ABSOLUTE if staff else RESIDENT_ABSOLUTE))


def holds_roles(account: Account) -> bool:
    """Whether the account is staff anywhere."""
    return account.is_superuser or StaffRole.objects.current().filter(account=account).exists()


def still_good(marks: dict[str, Any], account: Account, now: datetime) -> bool:
    """Whether a session with these marks may go on at ``now``."""
    if not account.is_active:
        return False
    begun = datetime.fromtimestamp(marks["at"], now.tzinfo)
    seen = datetime.fromtimestamp(marks["seen"], now.tzinfo)
    if begun < account.sessions_valid_from:
        return False
    if marks["staff"]:
        return now - begun < STAFF_ABSOLUTE and now - seen < STAFF_IDLE
    return now - begun < RESIDENT_ABSOLUTE


def wants_touch(marks: dict[str, Any], now: datetime) -> bool:
    often = TOUCH_EVERY if marks["staff"] else RESIDENT_TOUCH_EVERY
    return now.timestamp() - float(marks["seen"]) >= often.total_seconds()


def touch(request: HttpRequest, now: datetime) -> None:
    """Note that the session is in use; saved after the answer."""
    request.session[MARKS] = {**request.session[MARKS], "seen": now.timestamp()}


def is_strong(request: HttpRequest) -> bool:
    """Whether this session went through a second factor."""
    marks = request.session.get(MARKS)
    return bool(marks and marks["strong"])


def has_proved(request: HttpRequest) -> bool:
    """Whether the second factor was shown within the last ten minutes."""
    marks = request.session.get(MARKS)
    return bool(marks and timezone.now().timestamp() - float(marks["proved"]) < PROOF_HOLDS.total_seconds())


def proved(request: HttpRequest) -> None:
    """The second factor was shown just now."""
    request.session[MARKS] = {**request.session[MARKS], "proved": timezone.now().timestamp()}


def devices(account: Account, this: str | None) -> list[Device]:
    """Where the account is signed in, most recent first."""
    now = timezone.now()
    rows = Session.objects.filter(account=account, expire_date__gt=now).order_by("-seen_at", "session_key")
    return [
        Device(row.session_key[-12:], row.device, row.way, row.started_at, row.seen_at, row.session_key == this)
        for row in rows
        if row.started_at is not None and row.started_at >= account.sessions_valid_from
    ]


def end_one(account: Account, key: str) -> bool:
    """End one of the account's own sign-ins, named by the last twelve characters of its key."""
    gone, _ = (
        Session.objects.filter(account=account, session_key__endswith=key[-12:]).delete()
        if len(key) == 12
        else (0, {})
    )
    return gone > 0


def end_others(account: Account, this: str | None) -> int:
    """End every sign-in of the account but this one."""
    gone, _ = Session.objects.filter(account=account).exclude(session_key=this).delete()
    return gone


def end_all(account: Account) -> None:
    """Nothing signed in before now holds any more. Runs under the caller's actor and reason."""
    account.sessions_valid_from = timezone.now()
    account.save(update_fields=["sessions_valid_from"])
    Session.objects.filter(account=account).delete()


_SYSTEMS = (
    ("MicroMessenger", "微信"),
    ("HarmonyOS", "华为手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "Mac 电脑"),
    ("Linux", "Linux 电脑"),
)


def device_name(agent: str) -> str:
    """A few plain words for a browser's self-description; the description itself is not kept."""
    return next((name for mark, name in _SYSTEMS if mark in agent), "其他设备")
