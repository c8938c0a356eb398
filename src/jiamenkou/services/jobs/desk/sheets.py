"""Excel on the desk: vacancies in, lists out, the street's own form filled."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
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
from jiamenkou.services.jobs.desk import applications, intentions, vacancies
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.showing import showing_for

# openpyxl is slow to load: what needs it is imported by the pages that do, not at the start of the web process

MOST_BYTES = 5 * 1024 * 1024
SHOWN_FAULTS = 200
SALT = "jobs.import"
KEPT = 3600  # seconds in which a dry run may be applied


class SheetForm(forms.Form):
    """A file. Content decides what it is; the name is never used."""

    file = forms.FileField(label=_("Excel 或 CSV"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}))

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请拆成几个再上传。")
        return file


class FillForm(SheetForm):
    who = forms.ChoiceField(
        label=_("填哪些人"),
        choices=[("seekers", _("有求职意向的人")), ("all", _("所有居民"))],
        widget=forms.RadioSelect,
    )


@contextmanager
def _stored(file: UploadedFile[bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path


@for_staff(JobsPermission.EDIT)
def vacancy_template(request: Visit) -> HttpResponse:
    """The blank form; nobody's data is in it."""
    from jiamenkou.foundation.audit.exports import attachment
    from jiamenkou.services.jobs.sheets.importing import write_template

    target = BytesIO()
    write_template(target, showing_for(request.actor))
    return attachment(target.getvalue(), "岗位导入模板.xlsx")


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.EDIT)
def vacancy_import(request: Visit) -> HttpResponse:
    """Upload → dry run with every bad cell → apply. The dry run travels with the page, signed, and is checked anew."""
    if request.method == "POST" and "plan" in request.POST:
        return _apply(request)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    context: dict[str, Any] = {"plan": None}
    if request.method == "POST" and form.is_valid():
        from jiamenkou.services.jobs.sheets.importing import plan_file

        try:
            with _stored(form.cleaned_data["file"]) as path:
                plan = plan_file(path, showing_for(request.actor))
        except FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            context = _plan_context(plan) | {"signed": signing.dumps(plan.stored, salt=_salt(request), compress=True)}
    return _import_page(request, context | {"form": form}, 422 if form.errors else 200)


def _import_page(request: Visit, context: dict[str, Any], status: int = 200) -> HttpResponse:
    known = {"plan": None, "done": None, "problem": "", "trail": vacancies.trail("导入 Excel")}
    return render(request, "jobs/desk/vacancy_import.html", known | context, status=status)


def _plan_context(plan: Any) -> dict[str, Any]:
    faults = [{"row": row.number, "fault": fault} for row in plan.bad for fault in row.faults]
    return {
        "plan": plan,
        "good": len(plan.good),
        "bad": len(plan.bad),
        "faults": faults[:SHOWN_FAULTS],
        "more_faults": max(len(faults) - SHOWN_FAULTS, 0),
        "ignored": "、".join(plan.ignored[:20]),
    }


def _salt(request: Visit) -> str:
    account = request.actor.account
    return f"{SALT}:{account.pk if account else 0}"


def _apply(request: Visit) -> HttpResponse:
    from jiamenkou.services.jobs.sheets.importing import REASON, apply_plan, plan_stored

    try:
        stored = signing.loads(request.POST["plan"], salt=_salt(request), max_age=KEPT)
    except signing.BadSignature:
        problem = "这次检查已经过期，请重新上传文件。"
        return _import_page(request, {"form": SheetForm(), "problem": problem}, 422)
    plan = plan_stored(stored, showing_for(request.actor))
    context = _plan_context(plan) | {"form": SheetForm(), "signed": request.POST["plan"]}
    if plan.bad and request.POST.get("skip") != "1":
        problem = "有错误的行，什么都没有导入。改好再传，或者勾选“跳过有错的行”。"
        return _import_page(request, context | {"problem": problem}, 422)
    made, known, drafts = apply_plan(
        plan,
        publish=request.POST.get("publish") == "1",
        by=request.actor,
        now=timezone.localtime(),
        reason=REASON,
    )
    done = {"made": made, "known": known, "drafts": drafts, "skipped": len(plan.bad)}
    return _import_page(request, {"form": SheetForm(), "done": done})


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
            with _stored(form.cleaned_data["file"]) as path:
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
