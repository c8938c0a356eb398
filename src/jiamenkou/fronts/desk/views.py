"""今天: what is late, due, waiting; every figure opens its list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.fronts import shells


@for_staff(Permission.DESK)
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/today.html", {"rows": shells.due(request.actor)})  # type: ignore[attr-defined]
