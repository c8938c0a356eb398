"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    account = getattr(getattr(request, "actor", None), "account", None)
    care = request.COOKIES.get("care") == "1" if "care" in request.COOKIES else bool(account and account.care)
    return {
        "care": care,
        "dark": request.COOKIES.get("dark") == "1",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", None),
    }
