"""Every address of the house, read from the URL conf itself: no list of routes is kept by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

SUPERUSERS = "superusers"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern with its view. ``methods`` are those the view names itself; none where it takes any."""

    path: str
    view: Callable[..., Any]
    methods: frozenset[str]

    @property
    def audience(self) -> str | None:
        if self.is_back_office:
            return SUPERUSERS
        owner = _path_view(self.view)
        if owner is not None:
            return "residents" if any(operation.auth_callbacks for operation in owner.operations) else "everyone"
        return getattr(self.view, "audience", None)

    @property
    def is_back_office(self) -> bool:
        """Django's admin wraps its views in its site's guard at each call."""
        marks = (hasattr(self.view, "admin_site"), hasattr(self.view, "model_admin"))
        return any(marks) or getattr(self.view, "audience", None) == SUPERUSERS

    @property
    def asked(self) -> frozenset[str]:
        """The methods that need a row: what the view names, else GET; HEAD and OPTIONS follow GET."""
        return (self.methods - {"HEAD", "OPTIONS"}) or frozenset({"GET"})


def all_routes() -> list[Route]:
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda route: route.path)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(path, pattern.callback, _methods(pattern.callback))


def _methods(view: Any) -> frozenset[str]:
    """What ``require_POST`` and its like were given: they keep it in their closure; ninja keeps operations."""
    owner = _path_view(view)
    if owner is not None:
        return frozenset(method for operation in owner.operations for method in operation.methods)
    while view is not None:
        for name, cell in zip(
            getattr(view, "__code__", _none).co_freevars, getattr(view, "__closure__", None) or (), strict=False
        ):
            if name == "request_method_list":
                return frozenset(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return frozenset()


def _path_view(view: Any) -> PathView | None:
    """The operations of ninja behind a view: it keeps them in the closure of the function it hands to Django."""
    held = (cell.cell_contents for cell in getattr(view, "__closure__", None) or ())
    return next((one for one in held if isinstance(one, PathView)), None)


_none = (lambda: None).__code__
