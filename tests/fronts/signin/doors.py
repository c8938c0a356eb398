"""Ways through the door that the tests of signing in share."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

PHONE = "13800001234"
AGREED = {"phone": PHONE, "agree": "on"}


def ask(browser: Any, phone: str = PHONE, **more: str) -> Any:
    return browser.post("/signin/", {"phone": phone, "agree": "on", **more})


def read_code(browser: Any) -> str:
    """The code as the demo's screen shows it."""
    text = browser.get("/signin/code/").content.decode()
    return str(text.split('id="screen-code">')[1][:6])


def come_in(browser: Any, phone: str = PHONE, **more: str) -> Any:
    """Phone and code; the answer after the code."""
    assert ask(browser, phone, **more).status_code == 302
    return browser.post("/signin/code/", {"code": read_code(browser), **more})


def app_code(secret: str) -> str:
    """What an authenticator app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def is_in(browser: Any) -> bool:
    return "_auth_user_id" in browser.session
