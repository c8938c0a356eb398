"""Moments as expressions: a list that says ``due_at__lt=NOW + timedelta(days=3)`` means each visit's own now.

A list whose statement is kept must not hold the moment at which it was written. In any other list a moment is just its
value when the list is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import DateField, DateTimeField, Expression
from django.utils import timezone

# while a statement is written to be kept, moments stay moments among its parameters
_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Statements made inside are to be kept."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


class Moment(Expression):
    """A time or a day that is known only when the list is read, and so far from it."""

    def __init__(
        self, name: str, at: Callable[[], datetime | date], away: timedelta = timedelta(), *, day: bool
    ) -> None:
        super().__init__(output_field=DateField() if day else DateTimeField())
        self.name, self.at, self.away, self.day = name, at, away, day

    def __add__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return Moment(self.name, self.at, self.away + other, day=self.day)
        return super().__add__(other)

    def __sub__(self, other: Any) -> Any:
        return self + -other if isinstance(other, timedelta) else super().__sub__(other)

    @property
    def value(self) -> datetime | date:
        return self.at() + self.away

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self if _writing.get() else self.value,)

    def __repr__(self) -> str:
        return f"{self.name}{self.away.total_seconds():+.0f}s" if self.away else self.name


class Moments:
    """The moments of one question: whatever is compared with now is compared with the same now."""

    def __init__(self) -> None:
        self._said: dict[str, datetime | date] = {}

    def value(self, moment: Moment) -> datetime | date:
        at = self._said.get(moment.name)
        if at is None:
            at = self._said[moment.name] = moment.at()
        return at + moment.away


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def _moment(name: str, at: Callable[[], datetime]) -> datetime:
    # lists take them where they take a time: filters do not look at what they compare with
    return cast(datetime, Moment(name, at, day=False))


def _day(name: str, at: Callable[[], date]) -> date:
    return cast(date, Moment(name, at, day=True))


NOW = _moment("now", timezone.now)
TODAY = _day("today", timezone.localdate)
# of this week; the local midnight that began this day; the one that began this month
MONDAY = _day("monday", _monday)
MIDNIGHT = _moment("midnight", _midnight)
MONTH = _moment("month", lambda: _midnight().replace(day=1))
