"""The page that takes a list from Excel: upload, a look that writes nothing and names every bad cell, then the write.

The look travels with the page, signed for whoever made it, and is checked anew before the write. A room brings what
:class:`Import` names and a template that extends ``layouts/sheet.html``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Generic

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets.cells import Refused as FileRefused
from jiamenkou.foundation.sheets.tables import Checked, Meant, Plan

MOST_BYTES = 5 * 1024 * 1024
KEPT = 3600  # seconds in which a look may be written
SHOWN_FAULTS = 200


class SheetForm(forms.Form):
    """A file. Content decides what it is; the name is never used."""

    file = forms.FileField(
        label=gettext_lazy("Excel 或 CSV"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"})
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 5 MB，请拆成几个再上传。"))
        return file


@contextmanager
def kept(upload: UploadedFile[Any]) -> Iterator[Path]:
    """The upload as a file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jiamenkou-upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        yield path


@dataclass(frozen=True, slots=True)
class Import(Generic[Meant]):
    """``write(plan, skipping)`` returns the figures the page tells; it may raise the house's ``Refused``."""

    salt: str
    page: str  # the template
    plan: Callable[[Path], Plan[Meant]]
    again: Callable[[Sequence[Sequence[Any]]], Plan[Meant]]
    write: Callable[[Plan[Meant], bool], Mapping[str, int]]


def import_page(request: Visit, sheet: Import[Meant], context: Mapping[str, Any]) -> HttpResponse:
    """The whole exchange: 200 with the look or what was written, 422 with what is wrong and nothing written."""
    salt = f"{sheet.salt}:{request.actor.account.pk if request.actor.account else 0}"
    form, found = SheetForm(), dict[str, Any]()
    if request.method == "POST" and "plan" in request.POST:
        found = _write(request, sheet, salt)
    elif request.method == "POST":
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                with kept(form.cleaned_data["file"]) as path:
                    plan = sheet.plan(path)
                found = _shown(plan, signing.dumps(plan.stored, salt=salt, compress=True))
            except FileRefused as refused:
                form.add_error("file", refused.message)
    known = {"plan": None, "done": None, "problem": "", "form": form}
    wrong = bool(form.errors or found.get("problem"))
    return render(request, sheet.page, {**context, **known, **found}, status=422 if wrong else 200)


def _write(request: Visit, sheet: Import[Meant], salt: str) -> dict[str, Any]:
    signed, skipping = request.POST["plan"], request.POST.get("skip") == "1"
    try:
        plan = sheet.again(signing.loads(signed, salt=salt, max_age=KEPT))
    except signing.BadSignature:
        return {"problem": _("这次检查已经过期，请重新上传文件。")}
    if plan.bad and not skipping:
        problem = _("有错误的行，什么都没有导入。改好再传，或者勾选“跳过有错的行”。")
        return _shown(plan, signed) | {"problem": problem}
    try:
        with transaction.atomic():
            return {"done": sheet.write(plan, skipping)}
    except Refused as refused:
        return _shown(plan, signed) | {"problem": refused.message, "may_skip": True}


def _shown(plan: Plan[Meant], signed: str) -> dict[str, Any]:
    faults = [{"row": row.number, "fault": fault} for row in plan.bad for fault in row.faults]
    return {
        "plan": plan,
        "signed": signed,
        "good": len(plan.good),
        "bad": len(plan.bad),
        "faults": faults[:SHOWN_FAULTS],
        "more_faults": max(len(faults) - SHOWN_FAULTS, 0),
        "ignored": "、".join(plan.ignored[:20]),
        "may_skip": bool(plan.bad),
    }


def write_rows(plan: Plan[Meant], write: Callable[[Checked[Meant]], object], skipping: bool) -> int:
    """Write the good rows one by one. Returns how many.

    A row that the room refuses only now leaves nothing behind; unless bad rows are skipped it is named and ends the
    whole import (Refused).
    """
    written = 0
    for row in plan.good:
        try:
            with transaction.atomic():
                write(row)
        except Refused as refused:
            if skipping:
                continue
            raise Refused(
                _("第 %(row)s 行：%(problem)s什么都没有导入。改好再传，或者勾选“跳过有错的行”。")
                % {"row": row.number, "problem": refused.message}
            ) from refused
        written += 1
    return written


def template_file(write: Callable[[BytesIO], None], name: str) -> HttpResponse:
    """The blank form as a download; nobody's data is in it."""
    from jiamenkou.foundation.audit.exports import attachment

    target = BytesIO()
    write(target)
    return attachment(target.getvalue(), name)
