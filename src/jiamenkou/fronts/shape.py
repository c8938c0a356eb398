"""Small helpers of the template tags: optional keys, HTML attributes, addresses that keep the filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from jiamenkou.fronts.markup import markup_each


def filled(item: object, /, **defaults: object) -> dict[str, Any]:
    """The named values of a mapping or an object, each with its default where it is absent.

    Rooms hand over plain dictionaries or their own dataclasses; a template must never meet a missing name.
    """
    if isinstance(item, Mapping):
        return {name: item.get(name, default) for name, default in defaults.items()}
    return {name: getattr(item, name, default) for name, default in defaults.items()}


def all_filled(items: Iterable[object] | None, /, **defaults: object) -> list[dict[str, Any]]:
    """``filled`` for each of several items; none for ``None`` and for a variable that the page does not have."""
    return [filled(item, **defaults) for item in items or ()]


def attributes(given: Mapping[str, object]) -> SafeString:
    """HTML attributes from keyword arguments: ``data_open="x"`` → `` data-open="x"``; ``True`` alone, ``None`` not."""
    kept = [(name.rstrip("_").replace("_", "-"), value) for name, value in given.items() if value not in (None, False)]
    bare = markup_each(" {}", ((name,) for name, value in kept if value is True))
    return bare + markup_each(' {}="{}"', ((name, value) for name, value in kept if value is not True))


def address(request: HttpRequest, **changes: str | int | None) -> str:
    """This page's query with some parameters changed (``None`` drops one); begins with ``?``."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()
