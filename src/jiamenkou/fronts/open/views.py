"""``/readyz``, ``/metrics``, ``/q/<code>``, ``/favicon.ico``."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.fronts.open import readiness


@for_everyone
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, worker and (where wanted) the demo are there; 503 names what is missing."""
    state = readiness.state()
    return JsonResponse(state, status=200 if all(part["ok"] for part in state.values()) else 503)


@for_everyone
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; from loopback, or with the token of the operator."""
    token = settings.METRICS_TOKEN
    known = bool(token) and request.headers.get("Authorization") == f"Bearer {token}"
    if request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"} and not known:
        raise Http404
    return HttpResponse(readiness.metrics(), content_type="text/plain; version=0.0.4; charset=utf-8")


@for_everyone
def qr(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every QR code of the house: the room that knows the code says where it leads."""
    for room in rooms():
        for find in room.qr_targets.values():
            target = find(code)
            if target is not None:
                return HttpResponseRedirect(target)
    raise Http404


@for_everyone
def favicon(request: HttpRequest) -> HttpResponse:
    path = finders.find("icon.svg")
    if not isinstance(path, str):
        raise Http404
    with open(path, "rb") as file:
        answer = HttpResponse(file.read(), content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


favicon.no_database = True  # type: ignore[attr-defined]
