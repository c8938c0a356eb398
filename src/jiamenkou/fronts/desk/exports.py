"""导出记录: which files left the house, who took them and why. The number stands on every page of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.listing import Listing, paged, searched_word, sorted_rows

SORTS = {"at": "at", "rows": "rows", "what": "what"}


def logs_for(by: Actor) -> QuerySet[ExportLog]:
    """The files of the communities whose traces ``by`` may read, and their own."""
    places = set(by.scope(Permission.AUDIT_VIEW).communities)
    own = Q(by=by.account) if by.account is not None else Q(pk__in=[])
    return ExportLog.objects.filter(Q(community__in=places) | own).select_related("by", "community")


def found(request: Visit) -> tuple[QuerySet[ExportLog], str]:
    rows, word = logs_for(request.actor), searched_word(request)
    if word:
        number = word.upper().removeprefix("E")
        one = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else Q(pk__in=[])
        rows = rows.filter(
            one | Q(what__icontains=word) | Q(by__display_name__icontains=word) | Q(reason__icontains=word)
        )
    return rows, word


@require_safe
@for_staff(Permission.AUDIT_VIEW)
def listing(request: Visit) -> HttpResponse:
    rows, word = found(request)
    context = {
        "listing": Listing(paged(sorted_rows(rows, request, SORTS, "-at"), request), word, {}),
        "query": request.GET.urlencode(),
        "trail": [{"label": _("人与家"), "href": ""}, {"label": _("导出记录"), "href": ""}],
    }
    return render(request, "desk/exports.html", context)


@require_POST
@for_staff(Permission.AUDIT_VIEW)
def export(request: Visit) -> HttpResponse:
    """The list as a file, which is a file that leaves the house itself."""
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    rows, word = found(request)
    heads = ("编号", "导出了什么", "谁", "社区", "多少行", "条件", "用途", "什么时候")
    columns = [Column(head, 16) for head in heads]
    conditions = "q=…" if word else ""
    cells = _cells(rows.order_by("-id"))
    return export_rows("导出记录", columns, cells, by=request.actor, reason="导出导出记录", conditions=conditions)


def _cells(rows: QuerySet[ExportLog]) -> Iterator[list[Any]]:
    for one in rows.iterator(500):
        at = timezone.localtime(one.at).replace(tzinfo=None, second=0, microsecond=0)
        place = one.community.name if one.community else ""
        who = one.by.display_name or one.by.username
        yield [one.number, one.what, who, place, one.rows, one.conditions, one.reason, at]
