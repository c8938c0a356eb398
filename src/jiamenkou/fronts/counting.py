"""Counts of a page in one statement: the sidebar and the figures of 今天 ask for a dozen, each a list of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Total

Source = Callable[[Actor], Any]


def counted(actor: Actor, sources: Sequence[Source]) -> list[Any]:
    """What each source says of the actor; what is to be counted or summed is asked all at once.

    Nothing is counted twice in a visit: the sidebar and the figures share what they both show.
    """
    known: dict[Source, Any] = vars(actor).setdefault("_counted", {})
    fresh = {source: source(actor) for source in dict.fromkeys(sources) if source not in known}
    parts = {source: said if isinstance(said, tuple) else (said,) for source, said in fresh.items() if _asks(said)}
    found = iter(count_all([part for some in parts.values() for part in some]))
    known.update(fresh)
    known.update({source: sum(next(found) for _ in some) for source, some in parts.items()})
    return [known[source] for source in sources]


def _asks(said: Any) -> bool:
    return isinstance(said, QuerySet | Total | tuple)


def count_all(lists: Sequence[QuerySet[Any] | Total]) -> list[int]:
    """How many rows each has, or their total, in one query; the same statement is asked once."""
    statements = [_column(rows) for rows in lists]
    # parameters may be arrays, which no dictionary takes as a key
    keys = [repr(one) for one in statements]
    wanted = {key: one for key, one in zip(keys, statements, strict=True) if one is not None}
    counts: dict[str, int] = {}
    if wanted:
        columns = ", ".join(sql for sql, _ in wanted.values())
        with connection.cursor() as cursor:
            cursor.execute(f"select {columns}", [value for _, values in wanted.values() for value in values])
            counts.update(zip(wanted, cursor.fetchone(), strict=True))
    return [counts.get(key, 0) for key in keys]


def _column(rows: QuerySet[Any] | Total) -> tuple[str, tuple[Any, ...]] | None:
    if isinstance(rows, Total):
        found = statement(rows.rows, rows.of)
        what = f"coalesce(sum(list.n), 0)::bigint / {rows.per:d}"
    else:
        found, what = statement(rows), "count(*)"
    return (f"(select {what} from ({found[0]}) as list)", found[1]) if found is not None else None  # noqa: S608 - ours


def statement(rows: QuerySet[Any], of: str = "") -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a list's keys, or of one column as ``n``, and its values; None for a list that cannot hold anything."""
    listed = rows.order_by()
    if of:
        listed = listed.values(n=F(of))
    elif not rows.query.distinct:  # a list of distinct values is counted as it stands
        listed = listed.values("pk")
    try:
        sql, values = listed.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(values)
