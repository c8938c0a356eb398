"""The resident's phone without signal: the static page of the store, its service worker, and the keys of a sign-in.

A page that says so is kept on the phone as last seen, sealed under a key of this sign-in; a form that says so waits
there, sealed under a key of the account, until there is signal. Both keys are given once, to the page that asks with
its session: they stand in no page, address or log.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.session_store import MARKS
from jiamenkou.foundation.offline import Shell
from jiamenkou.foundation.vault.service import blind_index

# what is kept opens so long after the house last answered this sign-in
HOLDS = timedelta(hours=12)
# pages that the worker leaves alone: other people's desks, machines, what is not a page, and rooms with a worker of their own
UNTOUCHED = (
    "/desk/",
    "/admin/",
    "/api/",
    "/files/",
    "/static/",
    "/hooks/",
    "/groups/lead/",
    "/groups/supply/",
    "/jobs/employer/",
    "/signin/once/",
    "/signin/wechat/",
)
# changed only together with the worker: answered from the phone without asking
OWN = tuple(f"js/phone/{name}.js" for name in ("forms", "keeping", "page", "sending", "shell", "strip", "waiting"))
SHELL = Shell(
    name="phone",
    scope="/",
    home="/offline/",
    template="phone/offline.html",
    worker_template="phone/worker.js",
    files=(
        *OWN,
        "js/database.js",
        "js/locks.js",
        "js/app.js",
        "js/photos.js",
        "js/shrink.js",
        "css/tokens.css",
        "css/base.css",
        "css/phone.css",
        "css/groups.css",
        "icons.svg",
        "icon.svg",
    ),
    words={"untouched": UNTOUCHED},
    fresh_for=timedelta(minutes=10),
)


@for_everyone
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What waits and what is kept, drawn on the phone from its own store; the page of every address without signal."""
    return SHELL.page(request)


@for_everyone
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    return SHELL.worker(request)


@for_residents
@require_POST
def key(request: HttpRequest) -> HttpResponse:
    """Asked once a sign-in: ``tag`` and ``pages`` (the key) change with it, ``owner`` and ``waiting`` with the account."""
    return JsonResponse(
        {
            "tag": tag_of(request),
            "pages": _text(blind_index("phone.pages", _sign_in(request))),
            "owner": _owner(request),
            "waiting": _text(blind_index("phone.waiting", str(request.user.pk))),
            "holds": int(HOLDS.total_seconds() * 1000),
        }
    )


for _view in (page, worker, key):
    _view.no_database = True  # type: ignore[attr-defined]


def tag_of(request: HttpRequest) -> str:
    """Names this sign-in, and for whom it acts, to the phone: where it differs, what was kept is another's. '': nobody."""
    name = _sign_in(request)
    return blind_index("phone.tag", name).hex()[:24] if name else ""


def _sign_in(request: HttpRequest) -> str:
    marks = request.session.get(MARKS)
    if marks is None or not request.user.is_authenticated:
        return ""
    return f"{request.user.pk}:{marks['at']}:{request.session.get('acting_for', '')}"


def _owner(request: HttpRequest) -> str:
    return blind_index("phone.owner", str(request.user.pk)).hex()[:24]


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
