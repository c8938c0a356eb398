"""Every file that leaves the house is logged before it is written, and carries the number of its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.refusals import NotAllowed, Refused
from jiamenkou.foundation.sheets.writing import Column, Value, Watermark, WorkbookWriter

MOST_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def log_export(what: str, *, by: Actor, reason: str, conditions: str = "") -> tuple[ExportLog, Watermark]:
    """The log of an export that begins, and the mark its pages carry."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    log = ExportLog.objects.create(
        what=what,
        by=by.account,
        community=by.home,
        conditions=conditions[:300],
        reason=reason.strip()[:200],
        at=timezone.now(),
    )
    who = by.account.display_name or by.account.username
    return log, Watermark(who, timezone.localtime(log.at), log.number)


def export_rows(
    what: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    by: Actor,
    reason: str,
    conditions: str = "",
) -> HttpResponse:
    """A workbook of ``rows`` as a download. Refused beyond :data:`MOST_ROWS`."""

    def write(mark: Watermark) -> tuple[bytes, int]:
        writer, target = WorkbookWriter(mark), BytesIO()
        count = writer.sheet(what, columns, _bounded(rows))
        writer.save(target)
        return target.getvalue(), count

    return export_file(what, write, by=by, reason=reason, conditions=conditions)


def export_file(
    what: str,
    write: Callable[[Watermark], tuple[bytes, int]],
    *,
    by: Actor,
    reason: str,
    conditions: str = "",
) -> HttpResponse:
    """As :func:`export_rows`, written by ``write``, which returns the file and how many rows are in it."""
    with transaction.atomic():  # an export that is refused half-way leaves no log of a file that nobody got
        log, mark = log_export(what, by=by, reason=reason, conditions=conditions)
        content, log.rows = write(mark)
        log.save()
    return attachment(content, f"{what}-{mark.when:%Y%m%d-%H%M}-{log.number}.xlsx")


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook that is only downloaded, never shown or kept by a cache."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _bounded(rows: Iterable[Sequence[Value]]) -> Iterable[Sequence[Value]]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise Refused(f"超过 {MOST_ROWS:,} 行，请先用条件缩小范围再导出。")
        yield row
