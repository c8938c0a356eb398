"""Rooms are found, not listed: adding one touches no other file."""

from __future__ import annotations

import importlib.util
import pkgutil

import jiamenkou.services


def room_apps() -> list[str]:
    """Dotted names of all rooms (packages under ``services/`` that have an ``apps`` module), by name."""
    names = (
        f"{jiamenkou.services.__name__}.{found.name}" for found in pkgutil.iter_modules(jiamenkou.services.__path__)
    )
    return sorted(name for name in names if importlib.util.find_spec(f"{name}.apps") is not None)
