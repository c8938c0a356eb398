"""What the sign-in views share: where a request comes from, and where it may go on to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.links import is_loopback

BROWSER_COOKIE = "__Host-signin" if settings.BEHIND_TLS else "signin"


def client_address(request: HttpRequest) -> str:
    """The address that asked; behind our own proxy the last one it reports."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return address


def on_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made on the machine that serves it, with no proxy between."""
    return is_loopback(str(request.META.get("REMOTE_ADDR", ""))) and not was_forwarded(request)


def was_forwarded(request: HttpRequest) -> bool:
    return bool({"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} & set(request.headers))


def next_page(request: HttpRequest, otherwise: str = "/") -> str:
    """``next`` if it is a page of ours, never another site's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else otherwise


def with_next(name: str, target: str) -> str:
    """The address of the view ``name`` that goes on to ``target`` afterwards."""
    return reverse(name) + (f"?{urlencode({'next': target})}" if target != "/" else "")


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, refused: TooMany | None = None
) -> HttpResponse:
    """A sign-in page; with ``refused`` a 429 that says when to try again."""
    answer = render(request, f"signin/{template}", context, status=429 if refused else status)
    if refused:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def wait_words(refused: TooMany) -> str:
    """How long to wait, as one says it."""
    seconds = refused.retry_after
    if seconds < 100:
        return f"{seconds} 秒"
    if seconds < 5400:
        return f"{(seconds + 59) // 60} 分钟"
    return f"{(seconds + 3599) // 3600} 小时"
