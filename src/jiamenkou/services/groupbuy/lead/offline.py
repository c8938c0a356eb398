"""Handing over without signal: the shell of the page at the pickup point, and its service worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.offline import Shell

SHELL = Shell(
    name="pickup",
    scope="/groups/lead/",
    home="/groups/lead/offline/",
    template="groupbuy/lead/offline.html",
    worker_template="groupbuy/lead/worker.js",
    files=(
        "css/tokens.css",
        "css/base.css",
        "css/phone.css",
        "css/groups.css",
        "groupbuy/pickup.js",
        "groupbuy/keeping.js",
        "icons.svg",
        "icon.svg",
    ),
)


@for_everyone
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return SHELL.page(request)


@for_everyone
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Its scope is the leaders' folder: the rest of the house is not touched."""
    return SHELL.worker(request)


page.no_database = True  # type: ignore[attr-defined]
worker.no_database = True  # type: ignore[attr-defined]
