"""Filters that lead from a figure to its list: a round, an errand, a window, a walk, by number in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.walkthrough.access import errands_for, points_for, rounds_for, walks_for
from jiamenkou.services.walkthrough.desk.shape import Chosen

Row = TypeVar("Row", bound=Model)


def _number(request: Visit, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def narrowed(rows: QuerySet[Row, Row], request: Visit, columns: Mapping[str, str]) -> QuerySet[Row, Row]:
    """``columns``: name in the address → column."""
    wanted = {column: number for name, column in columns.items() if (number := _number(request, name)) is not None}
    return rows.filter(**wanted)


def chosen_of(request: Visit) -> list[Chosen]:
    """The filters that are on, in words; what lies outside the scope is not named."""
    by = request.actor
    known: dict[str, tuple[str, QuerySet[Any]]] = {
        "round": (_("期"), rounds_for(by)),
        "errand": (_("事项"), errands_for(by)),
        "point": (_("窗口"), points_for(by)),
        "walk": (_("趟次"), walks_for(by)),
    }
    found = []
    for name, (label, rows) in known.items():
        number = _number(request, name)
        row = rows.filter(pk=number).first() if number is not None else None
        if row is not None:
            found.append(Chosen(label, str(row), name))
    return found
