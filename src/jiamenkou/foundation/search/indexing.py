"""The public index: one row per findable thing, found by words of any length, newest first.

Full recall for words of one and two characters, which trigrams and dictionaries lose. A page is looked for among the
newest rows first, where a common word fills it at once, and only then through the grams, where a rare one is quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.search.folding import MARK, entry_grams, first_letters, fold, is_letters, pairs
from jiamenkou.foundation.search.models import PublicEntry

NEWEST = 1_000  # rows that are read before the grams are asked
COUNTED = 1_000  # more than this is said as 1000+
MOST_WORDS = 6
# what is shown in a community: its own, its street's (the path without its last step), everybody's
SHOWN = f"""(community_id is null or community_id = any(array(
    select s.id from places_place c join places_place s on s.path in (c.path, left(c.path, -{Place.steplen}))
    where c.id = %s)))"""  # noqa: S608 - a number of ours

_COLUMNS = ["community", "title", "text", "initials", "grams", "rank_at"]


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to be found in a ``community``, in every one of a street, or everywhere (None). ``parts``: title, employer, place … each is searched on its own, none runs into the next."""

    object_id: int
    community: int | None
    title: str
    parts: tuple[str, ...]
    rank_at: datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended; the next one starts behind it."""

    rank_at: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of one page, newest first; ``next`` is None where nothing is left."""

    ids: tuple[int, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, counted up to :data:`COUNTED`."""

    value: int

    @property
    def words(self) -> str:
        return f"{COUNTED}+" if self.value > COUNTED else str(self.value)


def index_public(
    kind: str, object_id: int, community: int | None, title: str, text: Sequence[str], rank_at: datetime
) -> None:
    """Put one thing into the index, or replace what stands there. ``community`` None: shown everywhere."""
    index_many(kind, [Item(object_id, community, title, tuple(text), rank_at)])


def index_many(kind: str, items: Iterable[Item]) -> int:
    """As :func:`index_public`, in batches. Returns how many."""
    rows = [_entry(kind, item) for item in items]
    PublicEntry.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        update_fields=_COLUMNS,
        unique_fields=["kind", "object_id"],
    )
    return len(rows)


def _entry(kind: str, item: Item) -> PublicEntry:
    parts = [item.title, *(part for part in item.parts if part)]
    text = "\n".join(fold(part) for part in parts)
    letters = first_letters(text.split("\n"))
    return PublicEntry(
        kind=kind,
        object_id=item.object_id,
        community_id=item.community,
        title=item.title[:120],
        text=text,
        initials=letters,
        grams=entry_grams(text, letters),
        rank_at=item.rank_at,
    )


def forget(kind: str, *object_ids: int) -> None:
    """Take things out of the index; those that are not there are no error."""
    PublicEntry.objects.filter(kind=kind, object_id__in=object_ids).delete()


def find_public(kind: str, word: str, community: int | None, limit: int, before: Cursor | None = None) -> Found:
    """Things of ``kind`` shown in ``community`` (or everywhere) that hold every word, newest first.

    Two ASCII letters or more also match pinyin initials. One or two statements.
    """
    terms = _terms(word)
    rows, complete = _among_newest(kind, terms, community, limit, before)
    if len(rows) <= limit and not complete:
        rows = _by_grams(kind, terms, community, limit, before)
    shown = rows[:limit]
    last = Cursor(shown[-1][2], shown[-1][0]) if len(rows) > limit else None
    return Found(tuple(row[1] for row in shown), last)


def count_public(kind: str, word: str, community: int | None) -> Count:
    """How many :func:`find_public` would find, counted no further than needed.

    A word of three letters or more may be initials, and is found in two ways. Each is asked by itself, the second without
    what the first has: the index alone then answers for the grams, while with an ``or`` between them every row
    would be compared with them again.
    """
    terms = _terms(word)
    asked = [_where(kind, terms, community, None)]
    if len(terms) == 1 and is_letters(terms[0]) and len(terms[0]) > 2:
        (plain, told), (letters, said) = (_where(kind, terms, community, None, only=way) for way in range(2))
        asked = [(plain, told), (f"{letters} and strpos(text, %s) = 0", [*said, terms[0]])]
    both = " union all ".join(f"(select 1 from search_publicentry where {where})" for where, _ in asked)  # noqa: S608 - our own words; values apart
    values = [value for _, values in asked for value in values]
    found = _rows(f"select count(*) from ({both} limit %s) found", [*values, COUNTED + 1])[0][0]  # noqa: S608 - as above
    return Count(int(found))


def _terms(word: str) -> list[str]:
    return list(dict.fromkeys(fold(word).split()))[:MOST_WORDS]


def _among_newest(
    kind: str, terms: list[str], community: int | None, limit: int, before: Cursor | None
) -> tuple[list[tuple[Any, ...]], bool]:
    """Hits among the newest rows, one more than ``limit`` at most, and whether there are no other rows."""
    behind = "and (rank_at, id) < (%s, %s)" if before is not None else ""
    start = [before.rank_at, before.entry] if before is not None else []
    test, values = _tests(terms, by_grams=False)
    sql = f"""with newest as materialized (
        select id, object_id, rank_at, community_id, text, initials from search_publicentry
        where kind = %s {behind} order by rank_at desc, id desc limit %s)
        select id, object_id, rank_at, (select count(*) from newest) from newest
        where {SHOWN} and {test} order by rank_at desc, id desc limit %s"""  # noqa: S608 - our own words; values apart
    rows = _rows(sql, [kind, *start, NEWEST, community, *values, limit + 1])
    return rows, bool(rows) and rows[0][3] < NEWEST


def _by_grams(
    kind: str, terms: list[str], community: int | None, limit: int, before: Cursor | None
) -> list[tuple[Any, ...]]:
    """Hits wherever they stand. Materialised: the planner would otherwise walk the whole index by date."""
    where, values = _where(kind, terms, community, before)
    sql = f"""with hits as materialized (select id, object_id, rank_at from search_publicentry where {where})
        select id, object_id, rank_at from hits order by rank_at desc, id desc limit %s"""  # noqa: S608 - our own words; values apart
    return _rows(sql, [*values, limit + 1])


def _where(
    kind: str, terms: list[str], community: int | None, before: Cursor | None, *, only: int | None = None
) -> tuple[str, list[Any]]:
    """``only``: the one of the ways in which a word is found (see :func:`_ways`)."""
    test, tested = _tests(terms, by_grams=True, only=only)
    parts = ["kind = %s", SHOWN]
    values: list[Any] = [kind, community]
    if before is not None:
        parts.append("(rank_at, id) < (%s, %s)")
        values += [before.rank_at, before.entry]
    return " and ".join([*parts, test]), [*values, *tested]


def _ways(term: str) -> list[tuple[str, str, list[str]]]:
    """In which column a word is looked for, as what, by which grams: the text, and the initials where it may be some."""
    ways = [("text", term, pairs(term))]
    return [*ways, ("initials", term, pairs(term, MARK))] if is_letters(term) else ways


def _tests(terms: list[str], *, by_grams: bool, only: int | None = None) -> tuple[str, list[Any]]:
    """One test a word. The grams of a longer word only narrow down; the text decides."""
    parts: list[str] = []
    values: list[Any] = []
    for term in terms:
        tests = []
        ways = _ways(term)
        for column, part, wanted in ways if only is None else ways[only : only + 1]:
            if by_grams and len(part) <= 2:
                # the gram is the word itself: nothing is left to be checked
                tests.append("grams @> %s::varchar[]")
                values.append(wanted)
            elif by_grams:
                tests.append(f"(grams @> %s::varchar[] and strpos({column}, %s) > 0)")
                values += [wanted, part]
            else:
                tests.append(f"strpos({column}, %s) > 0")
                values.append(part)
        parts.append("(" + " or ".join(tests) + ")")
    return " and ".join(parts) or "true", values


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    # never prepared: a rare word and a common one want different plans, and a kept one knows neither
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.cursor.execute(sql, values, prepare=False)
        return list(cursor.fetchall())
