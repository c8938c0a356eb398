"""What every page's template knows. Whatever costs a query is asked for only by the templates that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access import where
from jiamenkou.fronts import shells
from jiamenkou.fronts.phone.offline import tag_of


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "care": wants_care(request),
        "dark": request.COOKIES.get("dark") == "1",
        "light": request.COOKIES.get("dark") == "0",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "LANGUAGE_CODE": get_language(),
        "demo": settings.DEMO,
        "phone_tag": _lazy(lambda: tag_of(request) if hasattr(request, "session") else ""),
        "actor": actor,
        "community": _lazy(lambda: where.community_of(request) if actor is not None else where.NOWHERE),
        "doors": _lazy(lambda: shells.doors(request)),
        "tabs": _lazy(lambda: shells.tabs(request)),
        "menu": _lazy(lambda: shells.menu(request)),
        "staff": _lazy(lambda: shells.staff(request)),
        "unread": _lazy(lambda: shells.unread(request)),
        "change_place": "/community/",
        "trail": [],
        "alive": "",
        "search_href": "",
        "messages_href": "",
        "site_title": _("家门口"),
    }


def wants_care(request: HttpRequest) -> bool:
    """长辈版: the cookie decides, else the profile."""
    if "care" in request.COOKIES:
        return request.COOKIES["care"] == "1"
    actor = getattr(request, "actor", None)
    return bool(actor is not None and actor.account is not None and actor.account.care)


def _lazy(value: Callable[[], Any]) -> Any:
    return SimpleLazyObject(value)
