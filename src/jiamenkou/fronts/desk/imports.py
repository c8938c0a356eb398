"""导入花名册: choose a file, see what it would do and mend its cells, write. Nothing is written before the last step."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.importing import CommunityRegister, looking, request_transfer, runs
from jiamenkou.foundation.people.importing.results import Result, result_of
from jiamenkou.foundation.people.models import ImportRun, ImportState
from jiamenkou.foundation.people.roster.template import write_template
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.sheets.uploads import kept
from jiamenkou.foundation.sheets.writing import Column, Watermark, WorkbookWriter
from jiamenkou.fronts import tasks
from jiamenkou.fronts.desk import import_rows

START = "/desk/residents/import/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 50
PAIRS_SHOWN = 8


class FileForm(forms.Form):
    """Step 1."""

    file = forms.FileField(
        label=gettext_lazy("花名册"),
        help_text=gettext_lazy("Excel（xlsx、xls）或 CSV，最多 20 万行。列名照模板，次序不限。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": gettext_lazy("请选一个文件。"), "empty": gettext_lazy("文件是空的。")},
    )
    keep_extra = forms.BooleanField(label=gettext_lazy("不认识的列也留作其他信息"), required=False)


def _trail() -> list[dict[str, str]]:
    return [
        {"label": _("人与家"), "href": ""},
        {"label": _("居民"), "href": "/desk/residents/"},
        {"label": _("导入花名册"), "href": ""},
    ]


def _steps() -> list[str]:
    return [_("选文件"), _("看结果，改错"), _("写入")]


# --- step 1 --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@for_staff(Permission.RESIDENTS_IMPORT)
def choose(request: Visit) -> HttpResponse:
    """Take a file. One that cannot be read comes back with its line beside the field."""
    community = looking.community_of(request.actor)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            run = _receive(request, form.cleaned_data["file"], keep_extra=form.cleaned_data["keep_extra"])
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            return HttpResponseRedirect(f"{START}{run.pk}/")
    left = [
        {"title": run.file_name, "href": f"{START}{run.pk}/", "sub": _left_words(run)}
        for run in looking.open_runs(request.actor)
    ]
    context = {"form": form, "steps": _steps(), "left": left, "place": community.name, "trail": _trail()}
    return render(request, "desk/import_file.html", context, status=422 if form.errors else 200)


def _left_words(run: ImportRun) -> str:
    when = timezone.localtime(run.created_at).strftime("%-m月%-d日 %H:%M")
    rows = run.counts.get("rows")
    return _("%(when)s 上传，%(rows)s 行，还没写入") % {"when": when, "rows": rows if rows else "?"}


def _receive(request: Visit, upload: UploadedFile[Any], *, keep_extra: bool) -> ImportRun:
    with kept(upload) as path:
        run = looking.receive(
            looking.community_of(request.actor),
            path,
            upload.name or "",
            today=timezone.localdate(),
            by=request.actor,
            reason="上传花名册",
            keep_extra=keep_extra,
        )
    if not looking.is_short(run):
        _check_later(run)
    return run


def _check_later(run: ImportRun) -> None:
    """Have the worker look; a look that waits already will see everything."""
    looking.tell(run, looking.Progress("check"))
    try:
        with transaction.atomic():
            tasks.check_import.configure(queueing_lock=f"check-import-{run.pk}").defer(run=run.pk)
    except AlreadyEnqueued:
        return


@require_GET
@for_staff(Permission.RESIDENTS_IMPORT)
def template(request: Visit) -> HttpResponse:
    """The empty form with this community's grids in its lists."""
    grids = list(CommunityRegister(looking.community_of(request.actor)).grids())
    file = BytesIO()
    if grids:
        write_template(file, grids)
    else:
        write_template(file)
    return _download(file, "residents-template.xlsx")


def _download(file: BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(file.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- step 2 --------------------------------------------------------------------------------------------------------


@require_GET
@for_staff(Permission.RESIDENTS_IMPORT)
def look(request: Visit, pk: int) -> HttpResponse:
    """The run wherever it stands: being looked at, to be mended, being written, done."""
    return _page(request, looking.access_run(request.actor, pk))


def _page(request: Visit, run: ImportRun, problem: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    base: dict[str, Any] = {"run": run, "here": f"{START}{run.pk}/", "steps": _steps(), "trail": _trail()}
    if run.state == ImportState.APPLIED:
        return render(request, "desk/import_done.html", base | {"figures": import_rows.done_figures(run.counts)})
    if run.state == ImportState.ABANDONED:
        return HttpResponseRedirect(START)
    progress = looking.progress_of(run)
    result = result_of(run)
    if progress.doing == "write" or result is None:
        return render(request, "desk/import_wait.html", base | {"progress": progress, "step": _step(progress)})
    return render(request, "desk/import.html", base | _shown(request, run, result, progress, problem), status=status)


def _step(progress: looking.Progress) -> int:
    return 3 if progress.doing == "write" else 2


def _shown(
    request: Visit, run: ImportRun, result: Result, progress: looking.Progress, problem: dict[str, Any] | None
) -> dict[str, Any]:
    errors = result.counts["error"]
    only = request.GET.get("only", "")
    if only not in import_rows.FILTERS:
        only = "error" if errors else "all"
    skip = request.GET.get("skip") == "1"
    chosen = [row for row in result.rows if import_rows.FILTERS[only](row)]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    on_page = list(page.object_list)
    good = result.counts["create"] + result.counts["update"]
    return {
        "result": result,
        "progress": progress,
        "only": only,
        "skip": skip,
        "query": f"?only={only}" + ("&skip=1" if skip else "") + (f"&page={page.number}" if page.number > 1 else ""),
        "counters": import_rows.counters(result, only, skip),
        "spans": import_rows.spans(result),
        "views": import_rows.views(result, only, skip),
        "columns": import_rows.columns_of(on_page),
        "rows": import_rows.table(on_page, result, problem),
        "page": page,
        "pairs": import_rows.pairs(result, PAIRS_SHOWN),
        "missing": _missing(errors, good, skip, progress),
        "write_words": _write_words(good, errors if skip else 0),
    }


def _missing(errors: int, good: int, skip: bool, progress: looking.Progress) -> str:
    """What stands between the page and 写入; "" where nothing does."""
    if progress.doing:
        return _("正在复查，查完才能写入")
    if errors and not skip:
        return _("还差 %(n)s 行才能写入") % {"n": errors}
    return "" if good else _("没有要写入的行")


def _write_words(good: int, skipped: int) -> str:
    if skipped:
        return _("写入 %(good)s 行，跳过 %(skipped)s 行") % {"good": good, "skipped": skipped}
    return _("写入 %(good)s 行") % {"good": good}


def _answer(request: Visit, run: ImportRun, problem: dict[str, Any] | None = None) -> HttpResponse:
    """After a press on the page: the page again for htmx, else the way back to it."""
    if request.headers.get("HX-Request") or problem:
        return _page(request, run, problem)
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{START}{run.pk}/" + (f"?{query}" if query else ""))


@require_POST
@for_staff(Permission.RESIDENTS_IMPORT)
def cell(request: Visit, pk: int) -> HttpResponse:
    """Correct one cell, or all that are wrong in the same spelling; ``undo`` takes a correction back."""
    run = looking.access_run(request.actor, pk)
    row, column = _row_of(request), request.POST.get("column", "")
    text = None if request.POST.get("undo") else request.POST.get("text", "").strip()
    result = result_of(run)
    rows = [row, *(result.alike_cells(row, column) if result and request.POST.get("same") else ())]
    try:
        if text == "":
            raise Refused(_("请填上正确的内容。"), field="text")
        run = runs.correct_cells(
            run.pk, dict.fromkeys(((n, column) for n in rows), text), by=request.actor, reason="改花名册的格子"
        )
    except Conflict:
        return HttpResponseRedirect(f"{START}{run.pk}/")
    except Refused as refused:
        return _answer(request, run, {"row": row, "column": column, "text": text, "says": refused.message})
    if looking.is_short(run):
        looking.look_again(run, today=timezone.localdate())
    else:
        _check_later(run)
    return _answer(request, run)


def _row_of(request: Visit) -> int:
    raw = request.POST.get("row", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


@require_POST
@for_staff(Permission.RESIDENTS_IMPORT)
def transfer(request: Visit, pk: int) -> HttpResponse:
    """Ask the community that holds the number of a row. Nothing of the person is shown, before or after."""
    run = looking.access_run(request.actor, pk)
    number = (
        runs.number_at(run, _row_of(request), today=timezone.localdate()) if run.state == ImportState.OPEN else None
    )
    try:
        if number is None:
            raise Refused(_("这一行没有能用的身份证号。"))
        request_transfer(number, run.community, by=request.actor, reason="导入花名册时申请转入")
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("已申请转入；对方社区答复前，这一行先跳过。"))
    return HttpResponseRedirect(f"{START}{pk}/")


@require_GET
@for_staff(Permission.RESIDENTS_IMPORT)
def errors(request: Visit, pk: int) -> HttpResponse:
    """The list of errors as a workbook, values masked as on the page."""
    run = looking.access_run(request.actor, pk)
    result = result_of(run)
    who = request.actor.account.display_name if request.actor.account else ""
    writer = WorkbookWriter(Watermark(who, timezone.localtime(), f"D{run.pk}"))
    columns = [
        Column(_("行"), 8),
        Column(_("姓名"), 14),
        Column(_("列"), 14),
        Column(_("内容"), 28),
        Column(_("问题"), 44),
    ]
    lines = [
        (row.row, row.cells.get("姓名", ""), column, value, problem)
        for row in (result.rows if result else ())
        for column, (value, problem) in row.bad.items()
    ]
    writer.sheet(_("错误清单"), columns, lines)
    file = BytesIO()
    writer.save(file)
    return _download(file, f"import-{run.pk}-errors.xlsx")


# --- step 3 --------------------------------------------------------------------------------------------------------


@require_POST
@for_staff(Permission.RESIDENTS_IMPORT)
def write(request: Visit, pk: int) -> HttpResponse:
    """Write: at once where the file is short, else in the worker. A second press finds the first one's result."""
    run = looking.access_run(request.actor, pk)
    skip = request.POST.get("skip") == "1"
    here = HttpResponseRedirect(f"{START}{pk}/")
    if run.state != ImportState.OPEN:
        return here
    if not looking.is_short(run):
        return _write_later(request, run, skip, here)
    try:
        looking.write(run, now=timezone.now(), by=request.actor, reason="导入花名册", skip_errors=skip)
    except Conflict:
        return here
    except Refused as refused:
        messages.error(request, refused.message)
    return here


def _write_later(request: Visit, run: ImportRun, skip: bool, here: HttpResponse) -> HttpResponse:
    account = request.actor.account
    assert account is not None
    if looking.progress_of(run).doing:
        return here
    try:
        with transaction.atomic():
            job = tasks.write_import.configure(queueing_lock=f"write-import-{run.pk}")
            job.defer(run=run.pk, account=account.pk, skip_errors=skip)
    except AlreadyEnqueued:
        return here
    looking.tell(run, looking.Progress("write", total=run.counts.get("rows", 0)))
    return here


@require_POST
@for_staff(Permission.RESIDENTS_IMPORT)
def stop(request: Visit, pk: int) -> HttpResponse:
    """Ask the worker to stop; whatever it had begun goes back whole."""
    run = looking.access_run(request.actor, pk)
    if run.state == ImportState.OPEN:
        looking.ask_to_stop(run)
    return HttpResponseRedirect(f"{START}{pk}/")


@require_POST
@for_staff(Permission.RESIDENTS_IMPORT)
def abandon(request: Visit, pk: int) -> HttpResponse:
    """Forget the file: another one is wanted."""
    run = looking.access_run(request.actor, pk)
    if looking.progress_of(run).doing == "write":
        messages.error(request, _("正在写入，先停下再换文件。"))
        return HttpResponseRedirect(f"{START}{pk}/")
    with suppress(Conflict):  # it has ended already
        runs.abandon_run(run.pk, now=timezone.now(), by=request.actor, reason="换个文件导入")
    return HttpResponseRedirect(START)
