"""Things from Excel on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.sheets.tables import Plan
from jiamenkou.foundation.sheets.uploads import Import, import_page, template_file
from jiamenkou.services.stations.access import rows_for
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.models import Station
from jiamenkou.services.stations.permissions import StationsPermission

# openpyxl is slow to load: what needs it is imported by the pages that do


@require_safe
@for_staff(StationsPermission.EDIT)
def template(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets.things import write_template

    return template_file(write_template, "驿站东西导入模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(StationsPermission.EDIT)
def import_things(request: Visit) -> HttpResponse:
    from jiamenkou.services.stations.sheets import things

    stations = rows_for(request.actor, Station.objects.open(), StationsPermission.EDIT)

    def plan(path: Path) -> Plan[None]:
        return things.plan_file(path, stations)

    def again(stored: Any) -> Plan[None]:
        return things.plan_stored(stored, stations)

    def write(plan: Plan[None], skipping: bool) -> dict[str, int]:
        made = things.apply_plan(plan, stations, skipping, by=request.actor, now=timezone.now(), reason="导入东西")
        return {"made": made, "skipped": len(plan.rows) - made}

    sheet = Import("stations.import", "stations/desk/import.html", plan, again, write)
    return import_page(request, sheet, {"trail": trail("东西", "/desk/stations/things/", "导入")})
