"""The page at the door as it is kept on a phone: a static shell, the same for everybody, and its service worker.

Neither holds a name or a number, so both are served to anybody and need no database: a phone whose sign-in is over
still opens the form.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from jiamenkou.foundation.access.guards import for_everyone

HOME = "/desk/visits/door/"
# no nonce: the shell is the same answer for ever, every script of it a file of ours
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SCRIPTS = ("door", "form", "page", "queue", "seal", "sending", "store")
FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/phone.css",
    "visits/door.css",
    *(f"visits/{name}.js" for name in SCRIPTS),
    *(f"js/{name}.js" for name in ("database", "locks", "shrink")),
    "visits/door.webmanifest",
    "icons.svg",
    "icon.svg",
)


@cache
def version() -> str:
    """Changes with any file of the shell, so that phones fetch the new one whole."""
    digest = hashlib.sha256(_shell().encode())
    for name in FILES:
        path = finders.find(name) or (settings.STATIC_ROOT and f"{settings.STATIC_ROOT}/{name}")
        with open(str(path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]


@cache
def _shell() -> str:
    return render_to_string("visits/door/shell.html")


@for_everyone
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_shell())
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "no-cache"  # kept by the service worker, by version
    return answer


@for_everyone
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scope is the folder it is served from: the rest of the desk is not touched."""
    files = [HOME, *(static(name) for name in FILES)]
    words = {"version": version(), "files": json.dumps(files), "home": HOME}
    answer = HttpResponse(
        render_to_string("visits/door/worker.js", words), content_type="text/javascript; charset=utf-8"
    )
    answer["Content-Security-Policy"] = POLICY
    answer["Service-Worker-Allowed"] = HOME
    answer["Cache-Control"] = "no-cache"
    return answer


page.no_database = True  # type: ignore[attr-defined]
worker.no_database = True  # type: ignore[attr-defined]
