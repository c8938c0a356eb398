"""Needs from Excel on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.sheets.tables import Plan
from jiamenkou.foundation.sheets.uploads import Import, import_page, template_file
from jiamenkou.services.needs.desk.needs import trail
from jiamenkou.services.needs.permissions import NeedsPermission

# openpyxl is slow to load: what needs it is imported by the pages that do


@require_safe
@for_staff(NeedsPermission.EDIT)
def template(request: Visit) -> HttpResponse:
    from jiamenkou.services.needs.importing import write_template

    return template_file(write_template, "需求导入模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(NeedsPermission.EDIT)
def import_needs(request: Visit) -> HttpResponse:
    """People of one's own scope only; counts without names are the whole community's."""
    from jiamenkou.services.needs import importing

    home, by, today = request.actor.home, request.actor, timezone.localdate()
    if home is None or not by.may(Permission.RESIDENTS_VIEW):
        raise Http404

    def plan(path: Path) -> Plan[importing.Meaning]:
        return importing.plan_file(path, by, today)

    def again(stored: Any) -> Plan[importing.Meaning]:
        return importing.plan_stored(stored, by, today)

    def write(plan: Plan[importing.Meaning], skipping: bool) -> dict[str, int]:
        made = importing.apply_plan(plan, home, skipping, by=by, reason="导入需求")
        return {"made": made, "skipped": len(plan.rows) - made}

    sheet = Import("needs.import", "needs/desk/import.html", plan, again, write)
    return import_page(request, sheet, {"trail": trail("导入")})
