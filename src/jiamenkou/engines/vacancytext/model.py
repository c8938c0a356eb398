"""What a reading of a message is made of: values that know where in the text they came from.

Offsets count characters of the text as it was given, end exclusive, so ``text[start:end]`` is the words themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar

T = TypeVar("T", covariant=True)

PayUnit: TypeAlias = Literal["hour", "day", "month", "year", "piece"]
Kind: TypeAlias = Literal["full_time", "part_time", "gig", "public_welfare", "home_based"]
Settlement: TypeAlias = Literal["daily", "weekly", "monthly"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the original text, ``[start, end)``."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One value with the words it was read from.

    ``inferred`` is true where the words do not say it outright (a wage without a unit, a kind of work guessed from
    the hours): the screen asks for a second look there. ``reason`` says why in a few words of Chinese.
    """

    value: T
    spans: tuple[Span, ...]
    inferred: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unlawful:
    """A condition the law does not allow, as it stands in the text, with the rule that forbids it."""

    words: str
    ground: str  # 性别 年龄 身高 相貌 民族 地域 婚育
    law: str


@dataclass(frozen=True, slots=True)
class Post:
    """One vacancy read from a message. Absent scalar fields are ``None``, absent lists are empty.

    ``pay_min`` and ``pay_max`` are fen per ``pay_unit``; times are ``HH:MM`` of the first (or day) shift.
    """

    title: Found[str] | None = None
    headcount: Found[int] | None = None
    pay_min: Found[int] | None = None
    pay_max: Found[int] | None = None
    pay_unit: Found[PayUnit] | None = None
    negotiable: Found[bool] | None = None
    hours: Found[str] | None = None
    start_time: Found[str] | None = None
    end_time: Found[str] | None = None
    rest: Found[str] | None = None
    place: Found[str] | None = None
    employer: Found[str] | None = None
    contact: Found[str] | None = None
    phones: tuple[Found[str], ...] = ()
    requirements: tuple[Found[str], ...] = ()
    benefits: tuple[Found[str], ...] = ()
    discriminatory: tuple[Found[Unlawful], ...] = ()
    leftover: tuple[Found[str], ...] = ()
    # beyond the drafts of the command line
    duties: tuple[Found[str], ...] = ()
    deadline: Found[str] | None = None
    kind: Found[Kind] | None = None
    settlement: Found[Settlement] | None = None
    days: Found[int] | None = None  # worked, as a mask: Monday is bit 0
    days_open: Found[str] | None = None  # the words that say how many days are free, where none says which

    def to_json(self) -> dict[str, object]:
        """The draft of contracts.md: pay in yuan as a JSON number, absent scalars ``None``."""
        return {
            "title": _value(self.title),
            "headcount": _value(self.headcount),
            "pay_min": yuan(_value(self.pay_min)),
            "pay_max": yuan(_value(self.pay_max)),
            "pay_unit": _value(self.pay_unit),
            "negotiable": bool(_value(self.negotiable)),
            "hours": _value(self.hours),
            "start_time": _value(self.start_time),
            "end_time": _value(self.end_time),
            "rest": _value(self.rest),
            "place": _value(self.place),
            "employer": _value(self.employer),
            "contact": _value(self.contact),
            "phones": [one.value for one in self.phones],
            "requirements": [one.value for one in self.requirements],
            "benefits": [one.value for one in self.benefits],
            "discriminatory": [one.value.words for one in self.discriminatory],
            "leftover": [one.value for one in self.leftover],
        }


@dataclass(frozen=True, slots=True)
class Message:
    """All that was read from one text. ``unread`` is the tail beyond the length limit, if there is one."""

    text: str
    posts: tuple[Post, ...] = ()
    unread: Span | None = None

    def to_json(self) -> dict[str, object]:
        return {"posts": [post.to_json() for post in self.posts]}


@dataclass(frozen=True, slots=True)
class Region:
    """Stretches of the text that belong together, in order."""

    spans: tuple[Span, ...] = field(default=())

    def holds(self, span: Span) -> bool:
        return any(span.start >= own.start and span.start < own.end for own in self.spans)


def yuan(fen: int | None) -> int | float | None:
    """Fen as a JSON number of yuan: 550 → 5.5, 450000 → 4500."""
    if fen is None:
        return None
    return fen // 100 if fen % 100 == 0 else float(Decimal(fen) / 100)


def _value(found: Found[T] | None) -> T | None:
    return None if found is None else found.value
