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
def columns(model: type[models.Model], alias: str, only: tuple[str, ...] = ()) -> str:
    """Every column of ``model`` for a select list, or those of the attributes ``only``: ``s."id", s."account_id"``."""
    return ", ".join(f'{alias}."{field.column}"' for field in _fields(model, only))


@cache
def _fields(model: type[models.Model], only: tuple[str, ...]) -> list[models.Field[Any, Any]]:
    fields = [field for field in model._meta.concrete_fields if not only or field.attname in only]
    changed = [field.name for field in fields if hasattr(field, "from_db_value")]
    if changed or len(fields) < len(only):
        raise TypeError(f"{model.__name__}: {changed or only} cannot be read as the database gives them")
    return fields


@cache
def _names(model: type[models.Model], only: tuple[str, ...]) -> list[str]:
    return [field.attname for field in _fields(model, only)]


def width(model: type[models.Model]) -> int:
    """How many columns :func:`columns` named."""
    return len(_names(model, ()))


def made(model: type[Row], values: Sequence[Any], only: tuple[str, ...] = ()) -> Row:
    """The object of a row that was asked for with :func:`columns`; what is not in ``only`` is read when it is needed."""
    return model.from_db(DEFAULT_DB_ALIAS, _names(model, only), values)
