"""Who stands behind a station's counter: an account that is its host now. Nobody else finds the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase

from jiamenkou.foundation.access.guards import View
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.stations.access import station_kept_by


def for_hosts(view: Callable[..., HttpResponseBase]) -> View:
    """``view(request, station, host, …)``; the address names the station. Row-level security knows the host as well."""

    @wraps(view)
    def guarded(request: Visit, station: int, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_anonymous:
            return HttpResponseRedirect(f"/signin/?next={quote(request.get_full_path())}")
        found, host = station_kept_by(request.actor, station)
        return view(request, found, host, **kwargs)

    guarded.audience = "hosts"  # type: ignore[attr-defined]
    return guarded
