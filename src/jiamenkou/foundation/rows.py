"""Rows whose question is written once, in SQL.

Composing a query costs more than asking it. What every page and every order of a rush asks for is therefore written
down here as text, by the columns of the model, and read into the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models

Row = TypeVar("Row", bound=models.Model)


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """Every column of ``model`` for a select list, e.g. ``s."id", s."name"``."""
    changed = [field.name for field in model._meta.concrete_fields if hasattr(field, "from_db_value")]
    if changed:
        raise TypeError(f"{model.__name__} has fields that are not as the database gives them: {changed}")
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def width(model: type[models.Model]) -> int:
    """How many columns :func:`columns` named."""
    return len(_names(model))


def made(model: type[Row], values: Sequence[Any]) -> Row:
    """The object of a row that was asked for with :func:`columns`."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), values)
