"""Every list of the desk: search, filters, sort and pages from the URL, whatever somebody typed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
PER_PAGE = 20
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of rows. ``word`` is what was searched for, ``chosen`` the filters that are on."""

    page: Page[Row]
    word: str
    chosen: Mapping[str, str]

    @property
    def total(self) -> int:
        return self.page.paginator.count


def searched_word(request: HttpRequest) -> str:
    """``?q=`` without control characters, cut to a length no name exceeds."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in request.GET.get("q", "")).split())[:LONGEST_WORD]


def chosen_filters(request: HttpRequest, allowed: Mapping[str, Any]) -> dict[str, str]:
    """Filters of the URL with a value that is known; anything else is as if it were not there."""
    return {
        name: value for name, values in allowed.items() if (value := request.GET.get(name, "")) and value in values
    }


def sorted_rows(rows: QuerySet[Row], request: HttpRequest, allowed: Mapping[str, str], default: str) -> QuerySet[Row]:
    """Sorted by ``?sort=name`` or ``?sort=-name`` where the name is allowed; ties by id."""
    asked = request.GET.get("sort", default)
    down, name = asked.startswith("-"), asked.removeprefix("-")
    if name not in allowed:
        down, name = default.startswith("-"), default.removeprefix("-")
    column = allowed[name]
    return rows.order_by(("-" if down else "") + column, "-id" if down else "id")


def paged(rows: QuerySet[Row], request: HttpRequest, per_page: int = PER_PAGE) -> Page[Row]:
    """The page of ``?page=``; the first for garbage, the last beyond the end."""
    return Paginator(rows, per_page).get_page(request.GET.get("page", "1")[:9])
