"""How often: counted in PostgreSQL, shared by every process, one conditional upsert each.

Two shapes. :func:`hit` holds in *any* span of the given length (a fixed window would let twice as many through
around its edge). :func:`spend` counts against a budget per calendar day. Keys are HMACs: the tables tell nobody
whose number or address was counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.utils import timezone

from jiamenkou.foundation.vault.service import blind_index

# a hit further in the future than this comes from a clock that was wrong and does not count
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``times`` in any ``seconds``."""

    times: int
    seconds: int


class TooMany(Exception):
    """Refused for now. ``retry_after`` is in seconds, at least 1."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = max(1, retry_after)


def hit(kind: str, value: object, *rates: Rate) -> None:
    """Count one ``kind`` for ``value``, or raise :class:`TooMany` and count nothing.

    The row is locked by the upsert, so parallel callers cannot both take the last place. Refusals are to be
    answered, not raised through the view: an exception would undo what was counted before.
    """
    now = timezone.now()
    key = blind_index(f"limit.{kind}", str(value))
    longest = timedelta(seconds=max(rate.seconds for rate in rates))
    fits = " and ".join("(select count(*) from unnest(r.hits) h where h > %s and h <= %s) < %s" for _ in rates)
    params: list[Any] = [key, [now], now + longest, now - longest, now + _SKEW, now]
    for rate in rates:
        params += [now - timedelta(seconds=rate.seconds), now + _SKEW, rate.times]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into access_recent as r (key, hits, until) values (%s, %s, %s)
            on conflict (key) do update
               set hits = array(select h from unnest(r.hits) h where h > %s and h <= %s order by h) || %s::timestamptz,
                   until = excluded.until
             where {fits}
            returning 1""",  # noqa: S608 - the text is built from the number of rates alone
            params,
        )
        if cursor.fetchone() is None:
            raise TooMany(_until_free(key, rates, now))


def _until_free(key: bytes, rates: tuple[Rate, ...], now: datetime) -> int:
    """Seconds until every rate has room again."""
    with connection.cursor() as cursor:
        cursor.execute("select hits from access_recent where key = %s", [key])
        row = cursor.fetchone()
    hits = sorted(moment for moment in (row[0] if row else []) if moment <= now + _SKEW)
    waits = [0.0]
    for rate in rates:
        inside = [moment for moment in hits if moment > now - timedelta(seconds=rate.seconds)]
        if rate.times and len(inside) >= rate.times:
            waits.append((inside[-rate.times] - now).total_seconds() + rate.seconds)
    return ceil(max(waits))


def spend(kind: str, value: object, per_day: int) -> None:
    """Take one from today's budget, or raise :class:`TooMany` until midnight."""
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    taken = None
    if per_day > 0:
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into access_counter as c (key, "window", count) values (%s, %s, 1)
                on conflict (key, "window") do update set count = c.count + 1 where c.count < %s
                returning count""",
                [blind_index(f"limit.{kind}", str(value)), today, per_day],
            )
            taken = cursor.fetchone()
    if taken is None:
        raise TooMany(ceil((today + timedelta(days=1) - now).total_seconds()))
