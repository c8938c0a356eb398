"""Counts of a page in one statement: the sidebar and the figures of 今天 ask for a dozen, each a list of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import Ask, Counted, values
from jiamenkou.foundation.asking.lists import Known, Wanted
from jiamenkou.foundation.events.contributions import Share, Total

Source = Callable[[Any], Any]


def counted(actor: Actor, sources: Sequence[Source]) -> list[Any]:
    """What each source says of the actor; what is to be counted or summed is asked all at once.

    Nothing is counted twice in a visit: the sidebar and the figures share what they both show.
    """
    known: dict[Source, Any] = vars(actor).setdefault("_counted", {})
    fresh = [source for source in dict.fromkeys(sources) if source not in known]
    known.update(zip(fresh, values(actor, [counting(source) for source in fresh]), strict=True))
    return [known[source] for source in sources]


def beside(actor: Actor, sources: Sequence[Source]) -> Ask:
    """The same as a part of what a page asks: :func:`counted` knows the answers afterwards."""
    known: dict[Source, Any] = vars(actor).setdefault("_counted", {})
    fresh = [source for source in dict.fromkeys(sources) if source not in known]

    def tell(_: Actor, *counts: Any) -> Iterable[Any]:
        known.update(zip(fresh, counts, strict=True))
        return ()

    return Ask(tuple(counting(source) for source in fresh), tell)


def remember(actor: Actor, source: Source, count: int) -> None:
    """A page has counted this already."""
    vars(actor).setdefault("_counted", {})[source] = count


@lru_cache(maxsize=1_000)
def counting(source: Source) -> Callable[[Any], Wanted]:
    """The source with its lists to be counted; always the same function, so that its statement is kept."""

    def wanted(who: Any) -> Wanted:
        said = source(who)
        if isinstance(said, tuple):
            return tuple(_count(one) for one in said)
        return _count(said) if isinstance(said, QuerySet | Total) else said if isinstance(said, Share) else Known(said)

    return wanted


def _count(said: QuerySet[Any] | Total) -> Counted | Total:
    return said if isinstance(said, Total) else Counted(said)
