"""One list as a column of a larger statement, and its rows out of the answer again.

The rows come as JSON, in their order, and become what the list itself would have given: objects with what
``select_related`` names, or the dictionaries of ``values()``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Model, QuerySet, Value, prefetch_related_objects
from django.db.models.query import ModelIterable, ValuesIterable, get_related_populators
from psycopg.types.range import Range

from jiamenkou.foundation.asking.making import Quick, maker
from jiamenkou.foundation.events.contributions import Share, Total

Decoder = Callable[[Any], Any]
# PostgreSQL calls a function with so many at most
ARGUMENTS = 100


class NotOneColumn(TypeError):
    """A list that this module cannot carry: an unusual type of column, or a shape other than rows or dictionaries."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a list has."""

    rows: QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """SQL of one value with its parameters, and what to make of the value."""

    sql: str
    values: tuple[Any, ...]
    read: Decoder


@dataclass(frozen=True, slots=True)
class Known:
    """What needs no question."""

    value: Any


Wanted = QuerySet[Any] | Counted | Total | Share | Known | tuple[Counted | Total, ...] | None


def together(rows: QuerySet[Any], **aggregates: Any) -> QuerySet[Any]:
    """``aggregate`` as a list of one dictionary; over no rows its counts are 0 and the rest is None."""
    listed: QuerySet[Any] = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them").annotate(**aggregates)
    return listed


def column(wanted: Wanted) -> Column:
    """Raises :class:`NotOneColumn`."""
    if isinstance(wanted, Counted):
        return _number(_keys(wanted.rows), "count(*)")
    if isinstance(wanted, Total):
        listed = wanted.rows.order_by().values(n=F(wanted.of))
        return _number(listed, f"coalesce(sum(list.n), 0)::bigint / {wanted.per:d}")
    if isinstance(wanted, Share):
        part, whole = column(Counted(wanted.part)), column(Counted(wanted.whole))
        return Column(f"array[{part.sql}, {whole.sql}]", part.values + whole.values, _percent)
    if isinstance(wanted, tuple):
        parts = [column(one) for one in wanted]
        return Column(" + ".join(one.sql for one in parts), tuple(v for one in parts for v in one.values), int)
    if isinstance(wanted, Known):
        value = wanted.value
        return Column("null", (), lambda _: value)
    if wanted is None:
        return Column("null", (), _nothing)
    try:
        return _rows(wanted)
    except EmptyResultSet:
        return Column("null", (), _nothing)


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    # a list of distinct values is counted as it stands
    return rows.order_by() if rows.query.distinct else rows.order_by().values("pk")


def _number(rows: QuerySet[Any], what: str) -> Column:
    try:
        sql, values = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return Column("0", (), int)
    return Column(f"(select {what} from ({sql}) as list)", tuple(values), int)  # noqa: S608 - ours


def _rows(rows: QuerySet[Any]) -> Column:
    compiler = rows.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    iterable = rows._iterable_class
    names = [f"c{number}" for number in range(len(compiler.select))]
    parts = ["json_build_array(" + ", ".join(some) + ")" for some in _batches(names)]
    row = parts[0] if len(parts) == 1 else "json_build_array(" + ", ".join(parts) + ")"
    whole = f"(select json_agg({row})::text from ({sql}) as list ({', '.join(names)}))"  # noqa: S608 - ours
    decoders = [_decoder(select[0], compiler) for select in compiler.select]
    decoded = [(place, decode) for place, decode in enumerate(decoders) if decode is not None]
    make: Callable[[list[Any]], Any]
    if iterable is ModelIterable:
        make = _objects(compiler)
    elif iterable is ValuesIterable:
        make = _dictionaries(_named(rows.query))
    else:
        raise NotOneColumn(iterable.__name__)
    ahead = rows._prefetch_related_lookups  # type: ignore[attr-defined]

    def read(said: Any) -> list[Any]:
        if said is None:
            return []
        found: list[Any] = []
        for row in json.loads(said, parse_float=Decimal):
            cells = row if len(parts) == 1 else [*chain.from_iterable(row)]
            for place, decode in decoded:
                if cells[place] is not None:
                    cells[place] = decode(cells[place])
            found.append(make(cells))
        if ahead:
            prefetch_related_objects(found, *ahead)
        return found

    return Column(whole, tuple(values), read)


def _batches(names: list[str]) -> list[list[str]]:
    return [names[first : first + ARGUMENTS] for first in range(0, len(names), ARGUMENTS)]


def _percent(said: list[int]) -> int | None:
    part, whole = said
    return round(100 * part / whole) if whole else None


def _nothing(_: Any) -> list[Any]:
    return []


def _objects(compiler: Any) -> Callable[[list[Any]], Model]:
    """As Django's own ``ModelIterable`` makes them."""
    info, select, using = compiler.klass_info, compiler.select, connection.alias
    model, fields = info["model"], info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [one[0].target.attname for one in select[start:end]]
    related = get_related_populators(info, select, using)  # type: ignore[call-arg]  # fetch modes come with Django 6
    _quicken(related)
    made = maker(model)
    annotations = list(compiler.annotation_col_map.items())

    def make(cells: list[Any]) -> Model:
        found = made(using, names, cells[start:end])
        for one in related:
            one.populate(cells, found)
        for name, position in annotations:
            setattr(found, name, cells[position])
        return found

    return make


def _quicken(related: list[Any]) -> None:
    for one in related:
        one.model_cls = Quick(one.model_cls)
        _quicken(one.related_populators)


def _named(query: Any) -> list[str]:
    """In the order of the columns: as they were listed, if they were."""
    return list(query.selected or (*query.extra_select, *query.values_select, *query.annotation_select))


def _dictionaries(names: list[str]) -> Callable[[list[Any]], dict[str, Any]]:
    return lambda cells: dict(zip(names, cells, strict=True))


_AS_THEY_ARE = {
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField", "PositiveIntegerField",
    "PositiveSmallIntegerField", "PositiveBigIntegerField", "BooleanField", "CharField", "TextField", "SlugField", "EmailField",
    "URLField", "JSONField", "GenericIPAddressField", "FileField",
}  # fmt: skip


def _span(cell: str) -> Range[datetime]:
    """``["2026-11-28 08:00:00+00","2026-11-28 09:00:00+00")``; an open end is empty."""
    if cell == "empty":
        return Range(empty=True)
    first, last = (datetime.fromisoformat(end.strip('"')) if end else None for end in cell[1:-1].split(","))
    return Range(first, last, cell[0] + cell[-1])


_READ: dict[str, Decoder] = {
    "DateTimeRangeField": _span,
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
    "FloatField": float,
    "DecimalField": lambda cell: Decimal(str(cell)),
    "BinaryField": lambda cell: bytes.fromhex(cell.removeprefix("\\x")),
}


def _decoder(expression: Any, compiler: Any) -> Decoder | None:
    """What makes of a JSON value what the driver and the field's own converters would have given; None for nothing."""
    field = expression.output_field
    kind = _kind(field)
    converters = [] if kind == "JSONField" else field.get_db_converters(connection)
    plain = _READ.get(kind)
    if plain is None and kind not in _AS_THEY_ARE and not _of_plain(field):
        raise NotOneColumn(f"{field} of the kind {kind}")
    if not converters:
        return plain

    def decode(cell: Any) -> Any:
        value = plain(cell) if plain is not None else cell
        for convert in converters:
            value = convert(value, expression, connection)
        return value

    return decode


def _kind(field: Any) -> str:
    """A foreign key is what it points at."""
    while getattr(field, "remote_field", None) is not None and getattr(field, "target_field", None) is not None:
        field = field.target_field
    return str(field.get_internal_type())


def _of_plain(field: Any) -> bool:
    """An array of what JSON can say."""
    base = getattr(field, "base_field", None)
    return base is not None and _kind(base) in _AS_THEY_ARE
