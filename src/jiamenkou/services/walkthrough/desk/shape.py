"""The lists of this room: one shape for all, on the page and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.listing import Listing, paged, searched_word, sorted_rows
from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.walkthrough.permissions import WalksPermission

Words = str | Promise
TABS: tuple[tuple[str, Words], ...] = (
    ("", gettext_lazy("期")),
    ("findings/", gettext_lazy("问题")),
    ("visits/", gettext_lazy("趟次")),
    ("officers/", gettext_lazy("体验员")),
    ("errands/", gettext_lazy("事项")),
    ("points/", gettext_lazy("窗口")),
)
ROOT = "/desk/walks/"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: the title with its link and a line below it, a cell for each further column, the state at the end."""

    title: str
    texts: Sequence[Value]
    href: str = ""
    sub: str = ""
    state: Words = ""
    tone: str = "grey"
    icon: str = ""
    review: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its label, the name it is sorted by, whether it holds figures."""

    label: Words
    sort: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is on: what it is called, the value in words, its name in the address."""

    label: Words
    value: Words
    name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A workbook with columns of its own, where the list's are not enough."""

    columns: Sequence[Column]
    row: Callable[[Any], Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """A list: ``rows`` of the visit, how they look, what the page says where there are none."""

    path: str
    title: Words
    heads: Sequence[Head]
    rows: Callable[[Visit], QuerySet[Any]]
    cells: Callable[[Any], Cells]
    sorts: Mapping[str, str]
    default: str
    nothing: Words
    hint: Words
    unit: Words
    new: str = ""
    new_words: Words = ""
    views: Sequence[tuple[str, Words]] = ()
    sheet: Sheet | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def tabs(path: str) -> list[dict[str, Any]]:
    return [{"label": label, "href": f"{ROOT}{end}", "on": end == path} for end, label in TABS]


def show(request: Visit, table: Table, *, view: str = "", chosen: Sequence[Chosen] = (), **extra: Any) -> HttpResponse:
    """The page of a list; ``view`` is the state that is chosen."""
    ordered = sorted_rows(table.rows(request), request, table.sorts, table.default)
    listing = Listing(paged(ordered, request), searched_word(request), {})
    may_edit = request.actor.may(WalksPermission.EDIT)
    may_export = request.actor.may(Permission.RESIDENTS_EXPORT)
    context = {
        "table": table,
        "tabs": tabs(table.path),
        "listing": listing,
        "rows": [_row(table, table.cells(row)) for row in listing.page],
        "views": [{"label": label, "href": f"?state={key}", "on": key == view} for key, label in table.views],
        "chosen": chosen,
        "new": table.new if may_edit else "",
        "export": f"{ROOT}{table.path or 'rounds/'}export/" if may_export and listing.total else "",
        "query": request.GET.urlencode(),
        "may_edit": may_edit,
        "trail": [{"label": _("走流程"), "href": ROOT}, {"label": table.title, "href": ""}],
    }
    return render(request, "walkthrough/desk/list.html", context | dict(table.extra) | extra)


def _row(table: Table, cells: Cells) -> dict[str, Any]:
    aligned = [{"text": text, "number": head.number} for head, text in zip(table.heads[1:], cells.texts, strict=False)]
    names = ("title", "href", "sub", "state", "tone", "icon", "review")
    return {name: getattr(cells, name) for name in names} | {"aligned": aligned}


def export(request: Visit, table: Table) -> HttpResponse:
    """What the list shows as a workbook; logged, with its mark."""
    ordered = sorted_rows(table.rows(request), request, table.sorts, table.default)
    if table.sheet is not None:
        columns, cells = table.sheet.columns, map(table.sheet.row, ordered)
    else:
        columns = [Column(str(head.label), 20) for head in table.heads]
        cells = map(_plain, map(table.cells, ordered))
    title = f"走流程{table.title}"
    return export_rows(title, columns, cells, by=request.actor, reason=f"导出{title}")


def _plain(cells: Cells) -> list[Value]:
    return [cells.title, *cells.texts, *([str(cells.state)] if cells.state else [])]


def moment(at: datetime | None) -> str:
    if at is None:
        return "—"
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


def minutes_between(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else round((end - start).total_seconds() / 60)
