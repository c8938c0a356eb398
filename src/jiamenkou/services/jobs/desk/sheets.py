"""Excel on the desk: vacancies in, lists out, the street's own form filled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets import Refused as FileRefused
from jiamenkou.foundation.sheets.tables import Plan
from jiamenkou.foundation.sheets.uploads import Import, SheetForm, import_page, kept, template_file
from jiamenkou.services.jobs.desk import applications, intentions, vacancies
from jiamenkou.services.jobs.forms.rows import Reading
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.showing import showing_for

# openpyxl is slow to load: what needs it is imported by the pages that do, not at the start of the web process


class FillForm(SheetForm):
    who = forms.ChoiceField(
        label=_("填哪些人"),
        choices=[("seekers", _("有求职意向的人")), ("all", _("所有居民"))],
        widget=forms.RadioSelect,
    )


@for_staff(JobsPermission.EDIT)
def vacancy_template(request: Visit) -> HttpResponse:
    from jiamenkou.services.jobs.sheets.importing import write_template

    showing = showing_for(request.actor)
    return template_file(lambda target: write_template(target, showing), "岗位导入模板.xlsx")


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.EDIT)
def vacancy_import(request: Visit) -> HttpResponse:
    """Rows that are there already are told, not made again."""
    from jiamenkou.services.jobs.sheets import importing

    publish, showing = request.POST.get("publish") == "1", showing_for(request.actor)

    def plan(path: Path) -> Plan[Reading]:
        return importing.plan_file(path, showing)

    def again(stored: Sequence[Sequence[Any]]) -> Plan[Reading]:
        return importing.plan_stored(stored, showing)

    def write(plan: Plan[Any], _skipping: bool) -> dict[str, int]:
        made, known, drafts = importing.apply_plan(
            plan, publish=publish, by=request.actor, now=timezone.localtime(), reason=importing.REASON
        )
        return {"made": made, "known": known, "drafts": drafts, "skipped": len(plan.bad)}

    sheet = Import("jobs.import", "jobs/desk/vacancy_import.html", plan, again, write)
    return import_page(request, sheet, {"trail": vacancies.trail("导入 Excel")})


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_vacancies(request: Visit) -> HttpResponse:
    from jiamenkou.services.jobs.sheets.exporting import VACANCY_COLUMNS, vacancy_rows

    rows, _word, chosen = vacancies.filtered(request)
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    return _export(request, "岗位", VACANCY_COLUMNS, vacancy_rows(rows.newest()))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_applications(request: Visit) -> HttpResponse:
    from jiamenkou.services.jobs.sheets.exporting import APPLICATION_COLUMNS, application_rows

    rows, _word, _chosen = applications.filtered(request, Permission.RESIDENTS_EXPORT)
    return _export(request, "投递", APPLICATION_COLUMNS, application_rows(rows.order_by("-moved_at", "-id")))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_intentions(request: Visit) -> HttpResponse:
    from jiamenkou.services.jobs.sheets.exporting import INTENTION_COLUMNS, intention_rows

    rows, _word, chosen = intentions.filtered(request, Permission.RESIDENTS_EXPORT)
    rows = intentions.narrowed(rows, chosen, timezone.localdate())
    return _export(request, "求职意向", INTENTION_COLUMNS, intention_rows(rows.order_by("renew_on", "id")))


def _export(request: Visit, what: str, columns: Any, rows: Any) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows

    # the word is left out: it may be somebody's name
    conditions = "&".join(f"{name}={'…' if name == 'q' else value}" for name, value in sorted(request.GET.items()))
    try:
        return export_rows(what, columns, rows, by=request.actor, reason=f"导出{what}", conditions=conditions)
    except Refused as refused:
        return render(request, "jobs/desk/refused.html", {"refused": refused, "back": "/desk/"}, status=409)


@require_http_methods(["GET", "POST"])
@for_staff(Permission.RESIDENTS_EXPORT)
def fill_form(request: Visit) -> HttpResponse:
    """An empty form from above comes back filled with the people in scope; numbers are masked."""
    form = FillForm(initial={"who": "seekers"}) if request.method == "GET" else FillForm(request.POST, request.FILES)
    if request.method == "POST" and form.is_valid():
        try:
            with kept(form.cleaned_data["file"]) as path:
                return _filled(request, path, only_seekers=form.cleaned_data["who"] == "seekers")
        except FileRefused as refused:
            form.add_error("file", refused.message)
    trail = [{"label": "供需", "href": ""}, {"label": "填上面的表", "href": ""}]
    return render(request, "jobs/desk/fill.html", {"form": form, "trail": trail}, status=422 if form.errors else 200)


def _filled(request: Visit, path: Path, *, only_seekers: bool) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_file
    from jiamenkou.services.jobs.sheets.filling import fill_form as fill
    from jiamenkou.services.jobs.sheets.filling import match_form

    match = match_form(path)
    return export_file(
        "上级表格",
        lambda mark: fill(path, match, by=request.actor, only_seekers=only_seekers, mark=mark),
        by=request.actor,
        reason="填报上级表格",
        conditions="、".join(match.columns.values()),
    )
