"""Many rows in few statements: the values travel as one JSON document that PostgreSQL takes apart by the columns' types.

Django's ``bulk_update`` builds a CASE of one branch per row and its ``bulk_create`` one placeholder per value; for a
roster of twenty thousand people the building took longer than the writing. Triggers, constraints and row-level
security work as for any other statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

AT_ONCE = 1_000  # every row is audited: a statement stays well below the time limit of the web role


def insert_many(rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Insert rows of one model without a primary key; each has its id afterwards."""
    if not rows:
        return
    table, fields = rows[0]._meta.db_table, list(rows[0]._meta.concrete_fields)
    names, types = _columns(fields)
    ending = " on conflict do nothing" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        for some in _portions(rows):
            cursor.execute(
                f'insert into "{table}" ({names}) select {names} from jsonb_to_recordset(%s) as n({types}){ending}',  # noqa: S608 - our own names, quoted
                [_document(some, fields)],
            )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update_many(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the fields ``names`` of rows that are stored."""
    if not rows:
        return
    meta = rows[0]._meta
    fields: list[Any] = [meta.get_field(name) for name in names]
    _, types = _columns([meta.pk, *fields])
    changes = ", ".join(f'"{field.column}" = n."{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        for some in _portions(rows):
            cursor.execute(
                f'update "{meta.db_table}" t set {changes} from jsonb_to_recordset(%s) as n({types}) where t.id = n.id',  # noqa: S608 - our own names, quoted
                [_document(some, [meta.pk, *fields])],
            )


def _columns(fields: Sequence[Any]) -> tuple[str, str]:
    """Their names, and their names with types, for SQL."""
    names = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {field.rel_db_type(connection)}' for field in fields if field.primary_key)
    plain = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields if not field.primary_key)
    return names, ", ".join(part for part in (types, plain) if part)


def _portions(rows: Sequence[models.Model]) -> Iterator[Sequence[models.Model]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _document(rows: Sequence[models.Model], fields: Sequence[Any]) -> str:
    return json.dumps(
        [{field.column: _plain(getattr(row, field.attname)) for field in fields} for row in rows], ensure_ascii=False
    )


def _plain(value: Any) -> Any:
    """As PostgreSQL's input functions read it."""
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
