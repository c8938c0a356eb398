"""What a room registers about itself in its ``apps.py``. The fronts only walk these registries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet, TextChoices
    from django.http import HttpResponseBase
    from django.urls import URLPattern

    from jiamenkou.foundation.access.actor import Actor
    from jiamenkou.foundation.access.roles import Role
    from jiamenkou.foundation.asking import Ask
    from jiamenkou.foundation.messages.models import Message

View = Callable[..., "HttpResponseBase"]


@dataclass(frozen=True, slots=True)
class Door:
    """A tile on the resident's home. All ``count`` are asked in one query; ``sub`` says the second line of it."""

    order: int
    label: str
    href: str
    icon: str
    tone: str
    sub: str | Callable[[int], str]
    # of the community that the page is about
    count: Callable[[int | None], QuerySet[Any] | None] | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the desk's sidebar. ``count`` may be None; ``permission`` hides the entry without it.

    A ``count`` that answers with a list (a queryset) is counted together with all the others, in one query.
    """

    group: str
    order: int
    label: str
    href: str
    icon: str
    permission: str
    count: Callable[[Actor], QuerySet[Any] | int | None] | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One row of 今天: what, for whom, by when, and the next act."""

    kind: str
    icon: str
    tone: str
    title: str
    why: str
    who: str
    where: str
    href: str
    act: str
    due: datetime | None
    mine: bool = True
    group: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One matter of a resident on 我的事: its state in a sentence and what happens next."""

    at: datetime
    icon: str
    tone: str
    title: str
    state: str
    place: str
    next: str
    href: str
    waits_for_me: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Entries of 我的事, and the (table, column) that hold them: not asked for where no row there has the person.

    An :class:`Ask` about the people's ids is asked together with all others; a callable asks by itself.
    """

    entries: Ask | Callable[[Iterable[int]], Iterable[TimelineEntry]]
    where: tuple[tuple[str, str], ...]


class Reader(NamedTuple):
    """Who reads the home page: for whom the visit is, the community it is about, the account; 0 for none."""

    person: int
    here: int
    account: int


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the column ``of`` over ``rows``, in whole ``per``; asked together with everything else that is counted."""

    rows: QuerySet[Any]
    of: str
    per: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``whole`` are ``part``, in whole percent; of nobody there is no share."""

    part: QuerySet[Any]
    whole: QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure: its value in a scope, and the list behind it.

    A ``value`` that is a queryset is counted, as in the menu, a :class:`Total` is summed, a tuple of them added up. Like
    the rows of 今天 it says its moments by :mod:`jiamenkou.foundation.asking`, or it is written anew for each visit.
    ``permission`` is the list's: whoever may not open it is not shown the figure.
    """

    key: str
    label: str
    unit: str
    value: Callable[[Actor], QuerySet[Any] | Total | Share | tuple[QuerySet[Any] | Total, ...] | int | None]
    href: str
    about: str
    permission: str


@dataclass(frozen=True, slots=True)
class Supply:
    """What a room has to give, counted in people it can serve now; needs with the same ``key`` are set against it."""

    key: str
    label: str
    people: Callable[[Actor], int]
    href: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the desk's search found."""

    title: str
    sub: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class ResidentAct:
    """Something staff may start from a resident's file or from their list; shown to those with ``permission``."""

    label: str
    href: str
    icon: str
    permission: str


@dataclass(frozen=True, slots=True)
class ResidentFilter:
    """A condition of the list of residents that this room knows; ``condition`` narrows a queryset of residents."""

    key: str
    label: str
    condition: Callable[[], Q]


@dataclass(slots=True)
class Room:
    """Everything a room contributes. Callables are called with ids or actors, never with requests."""

    name: str
    label: str
    phone_prefix: str = ""
    phone_urls: list[URLPattern] = field(default_factory=list)
    desk_urls: list[URLPattern] = field(default_factory=list)
    # what staff may be allowed to do here, and which role is: granted when the room is contributed
    permissions: type[TextChoices] | None = None
    grants: Mapping[Role, Collection[str]] = field(default_factory=dict)
    api: Callable[[Any], None] | None = None
    doors: list[Door] = field(default_factory=list)
    # rows of 办事帮助, for what has no door of its own on the home; they count nothing
    helps: list[Door] = field(default_factory=list)
    menu: list[MenuItem] = field(default_factory=list)
    # asks of a Reader that become [HTML] or nothing, told with the request. For everybody; not asked for while the
    # room's doors count nothing
    home_cards: list[Ask] = field(default_factory=list)
    # cards that only a person with something in this room can have
    own_cards: list[Ask] = field(default_factory=list)
    # the rows of 今天: lists, and what they become
    due: list[Ask] = field(default_factory=list)
    timeline: list[Told] = field(default_factory=list)
    # (table, column) of what file and own cards speak of beside the timeline: a person without a row there is not
    # asked about. A column that ends in account_id holds an account, any other a resident.
    matters: tuple[tuple[str, str], ...] = ()
    resident_tabs: list[Callable[[int], Iterable[TimelineEntry]]] = field(default_factory=list)
    resident_acts: list[Callable[[int], ResidentAct]] = field(default_factory=list)
    people_acts: list[ResidentAct] = field(default_factory=list)
    resident_filters: list[ResidentFilter] = field(default_factory=list)
    desk_search: list[Callable[[Actor, str], Iterable[Hit]]] = field(default_factory=list)
    # writes the room's search rows anew, returns how many
    reindex: list[Callable[[], int]] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    supply: list[Supply] = field(default_factory=list)
    qr_targets: dict[str, Callable[[str], str | None]] = field(default_factory=dict)
    # by the key of a notice: does what an answer to such a message means
    answers: dict[str, Callable[[Actor, Message, str], None]] = field(default_factory=dict)
    retention: list[tuple[str, str, str]] = field(default_factory=list)
    demo: Callable[[Any], None] | None = None
    demo_order: int = 100

    def __post_init__(self) -> None:
        self.matters = tuple(dict.fromkeys([*(place for one in self.timeline for place in one.where), *self.matters]))


_rooms: dict[str, Room] = {}


def contribute(room: Room) -> None:
    """Register a room; called from ``AppConfig.ready``, so it must be harmless to call twice."""
    from jiamenkou.foundation.access.roles import grant

    if room.permissions is not None:
        grant(room.permissions, room.grants)
    _rooms[room.name] = room


def rooms() -> list[Room]:
    """All rooms by name."""
    return [_rooms[name] for name in sorted(_rooms)]
