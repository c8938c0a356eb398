"""Every address of the house, read from the URL conf itself: no list of routes is kept by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern with its view. ``methods`` are those the view names itself; none where it takes any."""

    path: str
    view: Callable[..., Any]
    methods: frozenset[str]

    @property
    def audience(self) -> str | None:
        owner = getattr(self.view, "__self__", None)
        if isinstance(owner, PathView):
            return "residents" if any(operation.auth_callbacks for operation in owner.operations) else "everyone"
        return getattr(self.view, "audience", None)

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
    operations = getattr(getattr(view, "__self__", None), "operations", None)
    if isinstance(getattr(view, "__self__", None), PathView) and operations:
        return frozenset(method for operation in operations for method in operation.methods)
    while view is not None:
        for name, cell in zip(
            getattr(view, "__code__", _none).co_freevars, getattr(view, "__closure__", None) or (), strict=False
        ):
            if name == "request_method_list":
                return frozenset(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return frozenset()


_none = (lambda: None).__code__
