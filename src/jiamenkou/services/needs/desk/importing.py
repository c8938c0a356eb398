"""Needs from Excel: upload, dry run with every bad cell, apply. The dry run travels signed and is checked anew."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.sheets import Refused as FileRefused
from jiamenkou.services.needs.desk.needs import trail
from jiamenkou.services.needs.permissions import NeedsPermission

SALT, KEPT, MOST_BYTES = "needs.import", 3600, 5 * 1024 * 1024
# openpyxl is slow to load: what needs it is imported by the pages that do


class SheetForm(forms.Form):
    file = forms.FileField(label=_("Excel 或 CSV"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请拆成几个再上传。")
        return file


@require_safe
@for_staff(NeedsPermission.EDIT)
def template(request: Visit) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import attachment
    from jiamenkou.services.needs.importing import write_template

    target = BytesIO()
    write_template(target)
    return attachment(target.getvalue(), "需求导入模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(NeedsPermission.EDIT)
def import_needs(request: Visit) -> HttpResponse:
    """People of one's own scope only; counts without names are the whole community's."""
    from jiamenkou.services.needs import importing

    home, by, today = request.actor.home, request.actor, timezone.localdate()
    if home is None or not by.may(Permission.RESIDENTS_VIEW):
        raise Http404
    context: dict[str, Any] = {"plan": None, "done": None, "problem": "", "signed": "", "trail": trail("导入")}
    salt = f"{SALT}:{by.account.pk if by.account else 0}"
    form = SheetForm()
    if request.method == "POST" and "plan" in request.POST:
        try:
            plan = importing.plan_stored(signing.loads(request.POST["plan"], salt=salt, max_age=KEPT), by, today)
        except signing.BadSignature:
            context["problem"] = "这次检查已经过期，请重新上传文件。"
        else:
            if plan.bad and request.POST.get("skip") != "1":
                context |= {
                    "plan": plan,
                    "signed": request.POST["plan"],
                    "problem": "有错误的行，什么都没有导入。改好再传，或者勾选“跳过有错的行”。",
                }
            else:
                made = importing.apply_plan(plan, home, by=by, reason="导入需求")
                context["done"] = {"made": made, "skipped": len(plan.bad)}
    elif request.method == "POST":
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "upload"
                    path.write_bytes(form.cleaned_data["file"].read())
                    plan = importing.plan_file(path, by, today)
                context |= {"plan": plan, "signed": signing.dumps(plan.stored, salt=salt, compress=True)}
            except FileRefused as refused:
                form.add_error("file", refused.message)
    wrong = bool(form.errors or context["problem"])
    return render(request, "needs/desk/import.html", context | {"form": form}, status=422 if wrong else 200)
