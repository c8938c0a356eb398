"""Every list of this room on the desk is described once: columns, search, filters, sorting, Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import View, for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission

GROUP = "社区优选"


@dataclass(frozen=True, slots=True)
class Col:
    """``show`` gives what stands in the cell and in Excel. ``sort``: a field of the rows. ``tone``: draws a tag."""

    label: str
    show: Callable[[Any], Any]
    sort: str = ""
    number: bool = False
    tone: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list. ``filters``: parameter → (label, field, choices); ``views`` names the filter that stands above the list."""

    slug: str
    title: str
    unit: str
    rows: Callable[[Actor], QuerySet[Any]]
    search: Sequence[str]
    columns: Sequence[Col]
    default: str
    href: Callable[[Any], str]
    filters: Mapping[str, tuple[str, str, Sequence[tuple[str, Any]]]] = field(default_factory=dict)
    views: str = ""
    empty: str = ""
    acts: Sequence[Mapping[str, str]] = ()
    permission: str = GroupbuyPermission.VIEW
    opens: str = ""  # the permission of a row's page and of ``acts``; none: the list's own

    @property
    def address(self) -> str:
        return f"/desk/groupbuy/{self.slug}/"


def found(sheet: Sheet, request: Visit) -> tuple[QuerySet[Any], QuerySet[Any], str, dict[str, str]]:
    """The rows of the address; the same without the view's own filter; the word and the filters."""
    rows = sheet.rows(request.actor)
    word = searched_word(request)
    chosen = chosen_filters(
        request, {name: {value for value, _label in choices} for name, (_l, _f, choices) in sheet.filters.items()}
    )
    if word and sheet.search:
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in sheet.search)))
    before = rows
    for name, value in chosen.items():
        rows = rows.filter(**{sheet.filters[name][1]: value})
        if name != sheet.views:
            before = before.filter(**{sheet.filters[name][1]: value})
    sorts = {column.sort: column.sort for column in sheet.columns if column.sort}
    sorts.setdefault(sheet.default.removeprefix("-"), sheet.default.removeprefix("-"))
    return sorted_rows(rows, request, sorts, sheet.default), before, word, chosen


def list_view(sheet: Sheet) -> View:
    @for_staff(sheet.permission)
    @require_safe
    def listing(request: Visit) -> HttpResponse:
        rows, before, word, chosen = found(sheet, request)
        opens = request.actor.may(sheet.opens or sheet.permission)
        shown: Listing[Model] = Listing(paged(rows, request), word, chosen)
        return render(
            request,
            "groupbuy/desk/list.html",
            {
                "sheet": sheet,
                "listing": shown,
                "rows": [_row(sheet, row, opens=opens) for row in shown.page],
                "acts": sheet.acts if opens else (),
                "columns": sheet.columns,
                "views": _views(sheet, before, chosen),
                "filters": _filters(request, sheet, chosen),
                "query": request.GET.urlencode(),
                "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
                "empty_actions": [{"label": "看全部", "href": "?", "kind": "line", "icon": "list"}],
                "trail": trail(sheet.title),
            },
        )

    return listing


def export_view(sheet: Sheet) -> View:
    @require_POST
    @for_staff(Permission.RESIDENTS_EXPORT)
    def export(request: Visit) -> HttpResponse:
        from jiamenkou.foundation.audit.exports import export_rows
        from jiamenkou.foundation.sheets.writing import Column

        rows, _before, word, chosen = found(sheet, request)
        # the word is left out: it may be somebody's name
        conditions = "&".join(
            f"{name}={value}" for name, value in {"q": "…" if word else "", **chosen}.items() if value
        )
        return export_rows(
            sheet.title,
            [Column(column.label, 16) for column in sheet.columns],
            ([_plain(column.show(row)) for column in sheet.columns] for row in rows),
            by=request.actor,
            reason=f"导出{sheet.title}",
            conditions=conditions,
        )

    return export


def trail(*pages: str) -> list[dict[str, str]]:
    return [{"label": GROUP, "href": ""}, *({"label": page, "href": ""} for page in pages)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
    return value if isinstance(value, int | float) or value is None else str(value)


def _row(sheet: Sheet, row: Any, *, opens: bool) -> dict[str, Any]:
    cells = [
        {"text": _shown(column.show(row)), "number": column.number, "tone": column.tone(row) if column.tone else ""}
        for column in sheet.columns
    ]
    return {"href": sheet.href(row) if opens else "", "first": cells[0], "cells": cells[1:]}


def _shown(value: Any) -> Any:
    """Yuan on the page as on a bill, a moment as one says it; Excel gets the number and the moment."""
    if isinstance(value, datetime):
        return words.when(value)
    return f"{value:,.2f}" if isinstance(value, float) else value


def _views(sheet: Sheet, rows: QuerySet[Any], chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """One view a value that has rows, with how many; counted in one query."""
    if not sheet.views:
        return []
    from django.db.models import Count

    _label, column, choices = sheet.filters[sheet.views]
    counted = rows.order_by().values_list(column).annotate(n=Count("pk", distinct=True)).order_by(column)
    counts = {str(value): n for value, n in counted}
    now = chosen.get(sheet.views, "")
    views: list[dict[str, Any]] = [{"label": "全部", "href": "?", "on": not now, "count": sum(counts.values())}]
    return views + [
        {"label": str(label), "href": f"?{sheet.views}={value}", "on": now == value, "count": counts[str(value)]}
        for value, label in choices
        if counts.get(str(value))
    ]


def _with(request: Visit, name: str, value: Any) -> str:
    """This page's address with one more condition; the page starts anew."""
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = str(value)
    return f"?{query.urlencode()}"


def _filters(request: Visit, sheet: Sheet, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "choices": [{"href": _with(request, name, value), "label": str(word)} for value, word in choices],
            "chosen": next((str(word) for value, word in choices if chosen.get(name) == value), ""),
        }
        for name, (label, _field, choices) in sheet.filters.items()
        if name != sheet.views
    ]
