"""The nouns of matching: who seeks, what is open, and what is said about a pair.

Everything a pair is judged on stands here. Age, sex and height do not: they
must not decide about work, so no field can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

MINUTES_A_DAY = 1440
EVERY_DAY = 0b111_1111
MONDAY_TO_FRIDAY = 0b001_1111


class Kind(StrEnum):
    """How a post is worked."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    CASUAL = "casual"
    PUBLIC_POST = "public_post"
    HOME = "home"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.FULL_TIME: "全职",
    Kind.PART_TIME: "兼职",
    Kind.CASUAL: "零工",
    Kind.PUBLIC_POST: "公益岗",
    Kind.HOME: "在家做",
}


class PayUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    PIECE = "piece"


class Education(IntEnum):
    """Levels of schooling, ordered; the label is what people say."""

    PRIMARY = 1
    JUNIOR = 2
    SENIOR = 3
    COLLEGE = 4
    BACHELOR = 5
    MASTER = 6

    @property
    def label(self) -> str:
        return ("小学", "初中", "高中", "大专", "本科", "研究生")[self - 1]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in metres east (x) and north (y) of a common origin; see ``walking.spot``."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Window:
    """A time of the week in which a person can be at work.

    ``days`` is a mask (bit 0 = Monday), ``start`` and ``end`` are minutes after
    midnight; an end at or before the start is on the next day. ``since`` and
    ``until`` name what stands at the edges (送孩子, 接孩子) and are used in the
    words that explain a match.
    """

    days: int
    start: int
    end: int
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        check_days(self.days)
        check_minute(self.start)
        check_minute(self.end)


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person looking for work. ``None`` and empty mean: not known, or no limit.

    Limits are hard (``max_walk_min``, ``min_hourly_fen``, ``windows``,
    ``limits``, ``accepts``), wishes only order (``wish_*``, ``wanted_*``).
    Certificates are those valid today; the caller leaves expired ones out.
    """

    id: str
    spot: Spot | None = None
    windows: tuple[Window, ...] = ()
    max_walk_min: int | None = None
    wish_walk_min: int | None = None
    min_hourly_fen: int | None = None
    wish_monthly_fen: int | None = None
    certificates: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    education: Education | None = None
    hard_to_employ: bool = False
    wanted_codes: frozenset[str] = frozenset()
    wanted_words: frozenset[str] = frozenset()
    accepts: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """A vacancy that takes people. ``None`` means: not stated.

    ``days`` is a mask (bit 0 = Monday); ``end`` at or before ``start`` is the
    next morning. ``break_min`` is unpaid rest inside the shift. ``reserved``:
    only for people registered as hard to employ (公益性岗位).
    """

    id: str
    title: str
    kind: Kind = Kind.FULL_TIME
    code: str = ""
    spot: Spot | None = None
    days: int | None = None
    start: int | None = None
    end: int | None = None
    break_min: int = 0
    pay_min_fen: int | None = None
    pay_max_fen: int | None = None
    pay_unit: PayUnit = PayUnit.MONTH
    certificates: frozenset[str] = frozenset()
    demands: frozenset[str] = frozenset()
    education: Education | None = None
    reserved: bool = False
    places_left: int | None = None

    def __post_init__(self) -> None:
        if self.days is not None:
            check_days(self.days)
        for minute in (self.start, self.end):
            if minute is not None:
                check_minute(minute)
        if self.pay_min_fen is not None and self.pay_max_fen is not None and self.pay_min_fen > self.pay_max_fen:
            raise ValueError(f"pay from {self.pay_min_fen} to {self.pay_max_fen} fen runs backwards")


class RefusalCode(StrEnum):
    FULL = "full"
    HOURS = "hours"
    CERTIFICATE = "certificate"
    DEMAND = "demand"
    EDUCATION = "education"
    RESERVED = "reserved"
    KIND = "kind"
    WALK = "walk"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a pair cannot be. ``curable``: a trip to the community mends it within days."""

    code: RefusalCode
    text: str
    curable: bool = False


class Mark(StrEnum):
    """How a reason is shown: for the post, against it, or not known."""

    FOR = "✓"
    AGAINST = "⚠"
    UNKNOWN = "?"


class ReasonCode(StrEnum):
    OCCUPATION = "occupation"
    WALK = "walk"
    HOURS = "hours"
    PAY = "pay"
    CERTIFICATE = "certificate"
    EDUCATION = "education"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing said about a pair; the points of all reasons add up to the score.

    ``hard`` marks what is a condition rather than a preference.
    """

    code: ReasonCode
    text: str
    mark: Mark
    points: int = 0
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A pair worth showing; ``cures`` counts the curable refusals that still stand (0 = feasible today)."""

    seeker_id: str
    opening_id: str
    score: int
    walk_min: int | None
    cures: int = 0


def check_days(days: int) -> None:
    if not 0 < days <= EVERY_DAY:
        raise ValueError(f"a mask of weekdays is 1 to 127, not {days}")


def check_minute(minute: int) -> None:
    if not 0 <= minute <= MINUTES_A_DAY:
        raise ValueError(f"a minute of the day is 0 to 1440, not {minute}")
