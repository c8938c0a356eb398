"""What this room puts on 我的事: loans, repairs, bookings, offers, couplets, and what waits for a yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.asking import NOW, Ask, told
from jiamenkou.foundation.bookings.models import Booking, Waiting
from jiamenkou.foundation.events.contributions import TimelineEntry, Told
from jiamenkou.services.stations import words
from jiamenkou.services.stations.models import Couplet, Help, Loan, Repair, Work
from jiamenkou.services.stations.states import HoursState

SHOWN = 30
TONE = "violet"
KEPT_DAYS = 90


def _loans(ids: list[int], since: datetime) -> QuerySet[Any]:
    return Loan.objects.of_residents(ids).filter(lent_at__gt=since).select_related("thing__kind", "station")


def _repairs(ids: list[int], since: datetime) -> QuerySet[Any]:
    return Repair.objects.of_residents(ids).filter(moved_at__gt=since).select_related("station")


def _bookings(ids: list[int], since: datetime) -> QuerySet[Any]:
    ours = Booking.objects.of_residents(ids).filter(
        during__endswith__gt=since, resource__about__startswith="stations."
    )
    return ours.exclude(state="lapsed").select_related("resource", "session")


def _waits(ids: list[int], since: datetime) -> QuerySet[Any]:
    waits = Waiting.objects.active().filter(
        resident_id__in=ids, booking__isnull=True, resource__about__startswith="stations."
    )
    return waits.select_related("resource", "session", "booking")


def _couplets(ids: list[int], since: datetime) -> QuerySet[Any]:
    asked = Couplet.objects.filter(resident_id__in=ids, asked_at__gt=since)
    return asked.exclude(state="cancelled").select_related("station")


def _help_given(ids: list[int], since: datetime) -> QuerySet[Any]:
    return Help.objects.waiting_for(ids).select_related("station")


def _works(ids: list[int], since: datetime) -> QuerySet[Any]:
    return Work.objects.filter(author_id__in=ids, consented_at__isnull=True).select_related("station")


# kind → its rows, and where they stand
_LISTS: dict[str, tuple[Callable[[list[int], datetime], QuerySet[Any]], str, str]] = {
    "loan": (_loans, "stations_loan", "resident_id"),
    "repair": (_repairs, "stations_repair", "resident_id"),
    "booking": (_bookings, "bookings_booking", "resident_id"),
    "waiting": (_waits, "bookings_waiting", "resident_id"),
    "couplet": (_couplets, "stations_couplet", "resident_id"),
    "help": (_help_given, "stations_help", "helped_id"),
    "work": (_works, "stations_work", "author_id"),
}


def _newest(kind: str, residents: list[int]) -> QuerySet[Any]:
    """The newest of one kind; what ended longer than ninety days ago is left out."""
    return _LISTS[kind][0](residents, NOW - timedelta(days=KEPT_DAYS)).order_by("-id")[:SHOWN]


def _entries(kind: str, residents: Sequence[int], rows: list[Any]) -> list[TimelineEntry]:
    return [entry_of(kind, one) for one in rows]


_ASKS = {kind: Ask((partial(_newest, kind),), partial(_entries, kind)) for kind in _LISTS}
TIMELINE = [Told(_ASKS[kind], ((table, column),)) for kind, (_, table, column) in _LISTS.items()]


def timeline(residents: Iterable[int]) -> list[TimelineEntry]:
    """Everything of these people. One query."""
    return told(list(residents), list(_ASKS.values()))


def entry_of(kind: str, found: Any) -> TimelineEntry:
    """A sentence, and what happens next and by when."""
    return _MAKE[kind](found, timezone.localdate())


def _end(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(18)))


def _entry(
    kind: str, found: Any, at: datetime, icon: str, title: str, state: str, place: str, following: str, **more: Any
) -> TimelineEntry:
    return TimelineEntry(at, icon, TONE, title, state, place, following, f"/stations/mine/{kind}/{found.pk}/", **more)


def _loan(one: Loan, today: date) -> TimelineEntry:
    back = one.returned_at is not None
    if back:
        state, following = "还了", ""
    elif one.due_on < today:
        state, following = words.late(one.due_on, today), f"请还到{one.station.name}，有人等着用"
    else:
        state, following = "借着", f"{words.day(one.due_on, today)}前还到{one.station.name}"
    waits = not back and one.due_on <= today
    return _entry(
        "loan",
        one,
        one.returned_at or _end(one.due_on),
        "package",
        f"借的{one.thing.kind.name}",
        state,
        one.station.name,
        following,
        waits_for_me=waits,
        done=back,
    )


def _repair(one: Repair, today: date) -> TimelineEntry:
    said = {
        "registered": (
            "登记了",
            f"把{one.what}送到{one.station.name}" if one.brought_at is None else "站长修好告诉您",
        ),
        "mending": ("在修", "修好告诉您"),
        "ready": ("修好了", f"来取，取件码 {one.code}"),
        "beyond": ("修不了", f"来取回，取件码 {one.code}"),
        "collected": ("取走了", ""),
        "returned": ("取回了", ""),
    }[one.state]
    done = one.state in {"collected", "returned"}
    waits = one.state in {"ready", "beyond"} or (one.state == "registered" and one.brought_at is None)
    return _entry(
        "repair",
        one,
        one.moved_at,
        one.icon,
        f"修{one.what}",
        said[0],
        one.station.name,
        said[1],
        waits_for_me=waits,
        done=done,
    )


def _booking(one: Booking, today: date) -> TimelineEntry:
    title = one.session.title if one.session else one.resource.name
    place = "上门" if one.at_home else ""
    state = one.get_state_display()
    over = one.state not in {"booked", "offered"} or one.end <= timezone.now()
    if one.state == "offered":
        following = f"给您留到 {words.when(one.offered_until)}，点开说要不要" if one.offered_until else ""
    elif one.state == "booked":
        following = words.span(one.start, one.end)
    else:
        following = ""
    waits = one.state == "offered" or (one.state == "booked" and not over and one.start.date() == today)
    return _entry(
        "booking", one, one.start, "calendar-clock", title, state, place, following, waits_for_me=waits, done=over
    )


def _waiting(one: Waiting, today: date) -> TimelineEntry:
    title = one.session.title if one.session else one.resource.name
    if one.state == "offered":
        until = words.when(one.offered_until) if one.offered_until else ""
        return _entry(
            "waiting",
            one,
            one.joined_at,
            "bell-ring",
            title,
            "轮到您了",
            "",
            f"给您留到 {until}，来站里取",
            waits_for_me=True,
        )
    return _entry("waiting", one, one.joined_at, "hourglass", title, "排队", "", "轮到您就告诉您")


def _couplet(one: Couplet, today: date) -> TimelineEntry:
    state, following = {"asked": ("等着写", "写好告诉您"), "written": ("写好了", f"到{one.station.name}取")}.get(
        one.state, (one.get_state_display(), "")
    )
    return _entry(
        "couplet",
        one,
        one.written_at or one.asked_at,
        "scroll-text",
        "春联",
        state,
        one.station.name,
        following,
        waits_for_me=one.state == "written",
        done=one.state in {"collected", "cancelled"},
    )


def _help(one: Help, today: date) -> TimelineEntry:
    waits = one.state == HoursState.WAITING
    return _entry(
        "help",
        one,
        one.claimed_at,
        "heart-handshake",
        f"{one.giver_called}帮您{one.what.removeprefix('帮')}",
        one.get_state_display() if not waits else "等您点一下",
        "",
        f"{words.minutes(one.minutes)}，对吗？" if waits else "",
        waits_for_me=waits,
        done=not waits,
    )


def _work(one: Work, today: date) -> TimelineEntry:
    state = "在展" if one.on_show else ("您收回了" if one.withdrawn_at else "等您同意")
    waits = one.consented_at is None
    return _entry(
        "work",
        one,
        one.asked_at,
        "image",
        f"《{one.title}》",
        state,
        one.station.name,
        "您同意了才展" if waits else "",
        waits_for_me=waits,
        done=not waits,
    )


_MAKE: dict[str, Callable[[Any, date], TimelineEntry]] = {
    "loan": _loan,
    "repair": _repair,
    "booking": _booking,
    "waiting": _waiting,
    "couplet": _couplet,
    "help": _help,
    "work": _work,
}
