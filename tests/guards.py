"""What the fixtures of conftest.py do."""

from __future__ import annotations

import re
import sys
from typing import Any

from django.db import connection
from django.test import Client

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access import sessions

LEFTOVER = re.compile(r"\{\{|\{%|\{#")
INLINE_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
BARE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE)


def first_caller_outside(part: str) -> str:
    """The file of the nearest frame, two above this one, whose path does not contain ``part``."""
    frame = sys._getframe(2)
    while frame.f_back is not None and part in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename


def caller() -> str:
    """The name of the function two frames above."""
    return sys._getframe(2).f_code.co_name


class Undefined(str):
    """Stands for an undefined template variable and cannot be rendered."""

    def __contains__(self, key: object) -> bool:
        # Django asks for "%s" before it formats
        return key == "%s"

    def __mod__(self, missing: Any) -> str:
        if str(missing).startswith(("block.", "form.", "field.")):
            return ""
        raise AssertionError(f"undefined template variable: {missing}")


def check_answer(response: Any) -> None:
    """Template leftovers, inline handlers, inline styles and scripts without a nonce are mistakes in any page."""
    if getattr(response, "streaming", False) or "text/html" not in response.get("Content-Type", ""):
        return
    text = response.content.decode()
    for name, pattern in (
        ("a template tag that was not rendered", LEFTOVER),
        ("an inline handler", INLINE_HANDLER),
        ("a script without a nonce", BARE_SCRIPT),
        ("an inline style", INLINE_STYLE),
    ):
        found = pattern.search(text)
        assert found is None, f"{name} in {response.request['PATH_INFO']}: {text[found.start() : found.start() + 120]}"


def see_everything() -> None:
    """The test's own scope: a request inside a test's transaction leaves its scope behind."""
    if connection.in_atomic_block and not connection.needs_rollback:
        scopes.apply(scopes.EVERYTHING)
        scopes.declare("test", "test")


def sign_in(browser: Client, account: Any, *, strong: bool = True) -> None:
    """A session as after password and second factor; not ``strong``: as after a resident's phone code."""
    browser.force_login(account)
    session = browser.session
    sessions.mark(session, account, way="password" if strong else "phone", strong=strong)
    session.save()
