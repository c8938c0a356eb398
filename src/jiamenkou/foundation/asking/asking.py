"""Many lists of a page in one statement that is written once and kept.

A room says what it asks (:class:`Ask`) and what it makes of the answer; the house asks everything of a page at once. Writing
a list as SQL costs more than running it, so what was written for an actor of certain powers is kept in the process and
used for everybody of these powers, with their own ids and the visit's own moment: a list may depend on nothing else.
One that does (a moment not from :mod:`.moments`, a question asked while it is made) is written anew for each visit, and
:func:`kept` says so to the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, cast

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking.askers import DIGITS, Asker, asker, is_path, position
from jiamenkou.foundation.asking.lists import Column, NotOneColumn, Wanted, column
from jiamenkou.foundation.asking.moments import Moment, Moments, writing

Who = Actor | Sequence[int]
Rows = Callable[[Any], Wanted]
# what is kept for one process; a house has a dozen kinds of actor and a few pages
MOST = 3_000


@dataclass(frozen=True, slots=True)
class Ask:
    """Lists of a room, each a function of the asker alone, and what the answers become.

    ``tell`` gets the asker and one answer for each list: rows, or the number of a Counted or Total.
    """

    rows: tuple[Rows, ...]
    tell: Callable[..., Iterable[Any]]


class _Passing(Exception):
    """What cannot be kept."""


@dataclass(frozen=True, slots=True)
class _Id:
    """The place of an id among those of the asker, and the driver's type of it."""

    number: int
    kind: type[int]


@dataclass(frozen=True, slots=True)
class _Path:
    """A text with the paths of the stand-in."""

    template: str


class _Unwritten:
    """Nobody has asked yet; None stands for what cannot be kept."""


_UNWRITTEN = _Unwritten()
_written: dict[Hashable, Column | None] = {}


def answers(who: Who, asks: Sequence[Ask], to: Any = None) -> list[Iterable[Any]]:
    """What each ask becomes, told ``to`` somebody else or to who asks. One query, and those of what lists read ahead."""
    return _answers([(who, asks, to)])[0]


def told(who: Who, asks: Sequence[Ask], to: Any = None) -> list[Any]:
    """Everything that these asks become, one after the other."""
    return told_together((who, asks, to))[0]


def told_together(*parts: tuple[Who, Sequence[Ask], Any]) -> list[list[Any]]:
    """:func:`told` for several askers of one page, in one query."""
    return [[one for said in some for one in said] for some in _answers(parts)]


def _answers(parts: Sequence[tuple[Who, Sequence[Ask], Any]]) -> list[list[Iterable[Any]]]:
    lists = [list(dict.fromkeys(rows for ask in asks for rows in ask.rows)) for _, asks, _ in parts]
    asked = [columns(who, some) for (who, _, _), some in zip(parts, lists, strict=True)]
    every = [column for some in asked for column in some]
    row = iter(read(every) if every else ())
    found = []
    for (who, asks, to), some in zip(parts, lists, strict=True):
        said = dict(zip(some, islice(row, len(some)), strict=True))
        found.append([ask.tell(who if to is None else to, *(said[rows] for rows in ask.rows)) for ask in asks])
    return found


def values(who: Who, lists: Sequence[Rows]) -> list[Any]:
    """The answer to each list."""
    return read(columns(who, lists)) if lists else []


def columns(who: Who, lists: Sequence[Rows]) -> list[Column]:
    """Each list as a column with the asker's own values, for a statement that asks more than lists."""
    one, moments = asker(who), Moments()
    found = [_column(rows, who, one) for rows in lists]
    return [Column(part.sql, tuple(_real(value, one, moments) for value in part.values), part.read) for part in found]


def read(parts: Sequence[Column]) -> list[Any]:
    """What the columns say, in one query; what two of them ask alike is asked once."""
    places: dict[Hashable, int] = {}
    distinct: list[Column] = []
    at = []
    for part in parts:
        place = places.setdefault((part.sql, _hashable(part.values)), len(distinct))
        if place == len(distinct):
            distinct.append(part)
        at.append(place)
    row = one_row(
        "select " + ", ".join(part.sql for part in distinct), [value for part in distinct for value in part.values]
    )
    return [part.read(row[place]) for part, place in zip(parts, at, strict=True)]


def _hashable(value: Any) -> Hashable:
    """Equal for values that say the same to PostgreSQL: ``1`` and ``True`` do not."""
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, value))
    return type(value), value


def one_row(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
    """The row of a large statement whose plan is kept with it.

    PostgreSQL would plan it anew each time because the plan for these very values looks a little cheaper; planning thirty
    lists under row-level security takes three times as long as running them.
    """
    with connection.cursor() as cursor:
        if not connection.in_atomic_block:
            cursor.execute(statement, parameters)
            return tuple(cursor.fetchone())
        with connection.connection.cursor() as plans:
            # a statement that fails ends the transaction, and with it what is set here
            plans.execute("set local plan_cache_mode = force_generic_plan")
            cursor.execute(statement, parameters)
            plans.execute("set local plan_cache_mode = auto")
        return tuple(cursor.fetchone())


def kept(who: Who, rows: Rows) -> bool:
    """Whether the statement of this list is written only once for askers of this kind."""
    return _write(rows, asker(who).twin) is not None


def _column(rows: Rows, who: Who, one: Asker) -> Column:
    written = _written.get((rows, one.key), _UNWRITTEN)
    if isinstance(written, _Unwritten):
        if len(_written) >= MOST:
            _written.clear()  # threads that hold one go on with it
        written = _written[rows, one.key] = _write(rows, one.twin)
    if written is not None:
        return written
    wanted = rows(who)
    try:
        return column(wanted)
    except NotOneColumn:
        alone = cast("QuerySet[Any]", wanted)
        return Column("null", (), lambda _: list(alone))  # asked by itself


def _write(rows: Rows, twin: Any) -> Column | None:
    try:
        with writing(), connection.execute_wrapper(_refuse):
            found = column(rows(twin))
        return _with_constants(Column(found.sql, tuple(_slot(value) for value in found.values), found.read))
    except (_Passing, NotOneColumn, AttributeError):
        return None


def _with_constants(found: Column) -> Column:
    """What is the same for every asker is said in the statement itself: ``state in ('open', …)`` must be seen to be the
    condition of a partial index, or the plan that is kept cannot use it."""
    values: list[Any] = []
    every = iter(found.values)

    def place(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return mark[0]
        value = next(every)
        if isinstance(value, str | int):
            return sql.Literal(value).as_string(connection.connection).replace("%", "%%")
        values.append(value)
        return mark[0]

    return Column(_MARK.sub(place, found.sql), tuple(values), found.read)


# a placeholder, or a percent sign that is none
_MARK = re.compile("%[%s]")


def _refuse(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
    raise _Passing("a list that asks while it is made")


def _slot(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_slot(one) for one in value)
    if isinstance(value, datetime | date):
        raise _Passing("a moment that would be kept")
    if isinstance(value, str):
        if DIGITS in value:
            raise _Passing("an id inside a text")
        return _Path(value) if is_path(value) else value
    number = position(value) if isinstance(value, int) else None
    return value if number is None else _Id(number, type(value))


def _real(value: Any, one: Asker, moments: Moments) -> Any:
    if isinstance(value, _Id):
        return value.kind(one.ids[value.number])
    if isinstance(value, _Path):
        return one.text(value.template)
    if isinstance(value, Moment):
        return moments.value(value)
    if isinstance(value, list | tuple):
        return type(value)(_real(part, one, moments) for part in value)
    return value
