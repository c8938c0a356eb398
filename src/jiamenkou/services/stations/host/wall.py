"""The code on the wall: drawn anew by the page every twenty seconds."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.stations import codes
from jiamenkou.services.stations.access import at_station
from jiamenkou.services.stations.host.door import for_hosts
from jiamenkou.services.stations.models import Activity, Host, Station


def wall_context(request: HttpRequest, station: Station, activity: Activity) -> dict[str, Any]:
    out = request.GET.get("out") == "1"
    where = codes.address(codes.rotating(activity.pk, timezone.now(), out=out))
    return {
        "wall": f"{settings.PUBLIC_URL}{where}",
        "wall_path": where,
        "out": out,
        "again": f"/stations/host/{station.pk}/sessions/{activity.pk}/wall/{'?out=1' if out else ''}",
    }


@for_hosts
@require_safe
def wall(request: Visit, station: Station, host: Host, pk: int) -> HttpResponse:
    activity = at_station(station, Activity.objects.select_related("session"), pk)
    return render(request, "stations/host/_wall.html", wall_context(request, station, activity))
