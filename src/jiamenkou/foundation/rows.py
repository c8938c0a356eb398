"""Rows whose question is written once, in SQL.

Composing a query costs more than asking it. What every page and every order of a rush asks for is therefore written
down as text, by the columns of the model, and read into the model itself; and a fresh row is written the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

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


@cache
def _insertion(model: type[models.Model], unless_there: bool) -> tuple[str, list[models.Field[Any, Any]]]:
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if field is not key]
    if not isinstance(key, models.AutoField) or model._meta.parents or any(field.generated for field in fields):
        raise TypeError(f"{model.__name__} is not a plain row numbered by the database")
    named = ", ".join(f'"{field.column}"' for field in fields)
    asked = ", ".join(["%s"] * len(fields))
    otherwise = "on conflict do nothing" if unless_there else ""
    table = model._meta.db_table
    return f'insert into "{table}" ({named}) values ({asked}) {otherwise} returning "{key.column}"', fields  # noqa: S608 - our own columns


def insert(fresh: Row, *, unless_there: bool = False) -> bool:
    """Write a fresh row and give it its number, as ``save(force_insert=True)`` does, without its signals.

    With ``unless_there`` a row that breaks a unique index is not written, and False is returned: no savepoint is needed.
    """
    statement, fields = _insertion(type(fresh), unless_there)
    values = [field.get_db_prep_save(field.pre_save(fresh, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        written = cursor.fetchone()
    if written is None:
        return False
    fresh.pk = written[0]
    fresh._state.adding, fresh._state.db = False, DEFAULT_DB_ALIAS
    return True
