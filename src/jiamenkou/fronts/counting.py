"""Counts of a page in one statement: the sidebar and the figures of 今天 ask for a dozen, each a list of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor

Source = Callable[[Actor], Any]


def counted(actor: Actor, sources: Sequence[Source]) -> list[Any]:
    """What each source says of the actor; a source that answers with a queryset is counted, all of them at once.

    Nothing is counted twice in a visit: the sidebar and the figures share what they both show.
    """
    known: dict[Source, Any] = vars(actor).setdefault("_counted", {})
    fresh = {source: source(actor) for source in dict.fromkeys(sources) if source not in known}
    lists = {source: said for source, said in fresh.items() if isinstance(said, QuerySet)}
    known.update(fresh)
    known.update(zip(lists, count_all(list(lists.values())), strict=True))
    return [known[source] for source in sources]


def count_all(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each has, in one query; lists of the same statement are counted once."""
    statements = [statement(rows) for rows in querysets]
    # parameters may be arrays, which no dictionary takes as a key
    keys = [repr(one) for one in statements]
    wanted = {key: one for key, one in zip(keys, statements, strict=True) if one is not None}
    counts: dict[str, int] = {}
    if wanted:
        columns = ", ".join(f"(select count(*) from ({sql}) as list)" for sql, _ in wanted.values())  # noqa: S608 - ours
        with connection.cursor() as cursor:
            cursor.execute(f"select {columns}", [value for _, values in wanted.values() for value in values])
            counts.update(zip(wanted, cursor.fetchone(), strict=True))
    return [counts.get(key, 0) for key in keys]


def statement(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a list's keys and its values; None for a list that cannot hold anything."""
    try:
        sql, values = rows.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, tuple(values)
