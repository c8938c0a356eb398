"""The hours account. Minutes are in the ledger as double entry; a mistake is reversed, never rubbed out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.bookings.people import called
from jiamenkou.foundation.ledger.models import Unit
from jiamenkou.foundation.ledger.owners import account_for, resident_owner
from jiamenkou.foundation.ledger.posting import Line, Posting, post, reverse
from jiamenkou.foundation.ledger.queries import StatementLine, balance_of, statement
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.codes import new_code
from jiamenkou.services.stations.models import MOST_MINUTES, Certificate, Help, Station
from jiamenkou.services.stations.notices import HELP_ASKED, HELP_COUNTED, HELP_REVERSED, HOURS_RECEIVED, say
from jiamenkou.services.stations.states import HoursState, HoursWay

# the other side of each line is an account of the same person: an account of nobody is in everybody's sight
PURPOSE, ISSUED, SPENT = "hours", "hours.issued", "hours.spent"
OLDEST_CLAIM = timedelta(days=60)


def claim(
    giver: Resident,
    helped: Resident | None,
    what: str,
    minutes: int,
    on: date,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    station: Station | None = None,
    helped_called: str = "",
) -> Help:
    """Minutes given, waiting for the yes of the person helped. They count for nothing before it."""
    today = timezone.localdate(now)
    if not what.strip():
        raise Refused("请写做了什么。", field="what", code="required")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("一次在 1 分钟到 12 小时之间。", field="minutes", code="range")
    if on > today or on < today - OLDEST_CLAIM:
        raise Refused("只能记最近两个月的，不能记以后的。", field="on", code="range")
    if helped is not None and helped.pk == giver.pk:
        raise Refused("帮自己不算，请写帮了谁。", field="helped", code="self")
    help_ = Help.objects.create(
        station=station,
        community_id=giver.community_id,
        giver=giver,
        giver_called=called(giver),
        helped=helped,
        helped_called=called(helped) if helped else helped_called[:20],
        what=what.strip()[:40],
        minutes=minutes,
        on=on,
        way=HoursWay.HELPED if helped else HoursWay.STAFF,
        claimed_at=now,
    )
    if helped is not None:
        say(
            HELP_ASKED,
            helped.pk,
            href=f"/stations/mine/help/{help_.pk}/",
            name=help_.giver_called,
            what=help_.what.removeprefix("帮"),
            minutes=minutes,
        )
    return help_


def signed(
    booking: Booking, what: str, minutes: int, station: Station, *, by: Actor, now: datetime, reason: str
) -> Help | None:
    """What sign-in and sign-out say; no yes is needed. Once a booking. None for somebody not in the register."""
    if booking.resident_id is None or minutes < 1:
        return None
    with scopes.scope(scopes.EVERYTHING):
        found = Help.objects.filter(booking=booking).first()
        if found is not None:
            return found
        giver = Resident.objects.get(pk=booking.resident_id)
        help_ = Help.objects.create(
            station=station,
            community_id=giver.community_id,
            giver=giver,
            giver_called=called(giver),
            booking=booking,
            what=what[:40],
            minutes=min(minutes, MOST_MINUTES),
            on=booking.start.date(),
            way=HoursWay.SIGNED,
            claimed_at=now,
        )
        return _count(help_, by, now, reason)


def confirm(help_: Help, *, by: Actor, now: datetime, reason: str) -> Help:
    """Yes by the person helped (or by staff for one without a phone). A second yes changes nothing."""
    if help_.state == HoursState.CONFIRMED:
        return help_
    if help_.state != HoursState.WAITING:
        raise Conflict("这一条已经定了。", code="decided")
    with scopes.scope(scopes.EVERYTHING):
        held = Help.objects.select_for_update(of=("self",)).get(pk=help_.pk)
        return held if held.state == HoursState.CONFIRMED else _count(held, by, now, reason)


def _count(help_: Help, by: Actor, now: datetime, reason: str) -> Help:
    giver = account_for(resident_owner(help_.giver), PURPOSE, Unit.MINUTES)
    issued = account_for(resident_owner(help_.giver), ISSUED, Unit.MINUTES)
    lines = [Line(giver, help_.minutes), Line(issued, -help_.minutes)]
    posting = Posting(f"stations.help:{help_.pk}", "hours.earned", lines, f"stations.hours:{help_.giver_id}")
    help_.transaction = post(posting, by=by, reason=help_.what, at=now)
    help_.state, help_.decided_at, help_.decided_by = HoursState.CONFIRMED, now, by.account
    help_.save()
    say(HELP_COUNTED, help_.giver_id, href="/stations/hours/", minutes=help_.minutes, what=help_.what)
    return help_


def refuse(help_: Help, why: str, *, by: Actor, now: datetime, reason: str) -> Help:
    done = Help.objects.filter(pk=help_.pk, state=HoursState.WAITING).update(
        state=HoursState.REFUSED, decided_at=now, decided_by=by.account, why=why[:100]
    )
    if not done:
        raise Conflict("这一条已经定了。", code="decided")
    help_.refresh_from_db()
    return help_


def correct(help_: Help, minutes: int, why: str, *, by: Actor, now: datetime, reason: str) -> Help | None:
    """The entry is reversed; with ``minutes`` the right ones are written beside it. The balance may fall below zero."""
    if help_.state != HoursState.CONFIRMED or help_.transaction is None:
        raise Conflict("只能改已经记上的。", code="state")
    if not why.strip():
        raise Refused("请写为什么改，对方会看到。", field="why", code="required")
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refused("一次在 1 分钟到 12 小时之间，0 表示不算。", field="minutes", code="range")
    with scopes.scope(scopes.EVERYTHING):
        done = Help.objects.filter(pk=help_.pk, state=HoursState.CONFIRMED).update(
            state=HoursState.REVERSED, why=why.strip()[:100], decided_at=now, decided_by=by.account, booking=None
        )
        if not done:
            raise Conflict("刚才已经改过了，刷新看看。", code="moved")
        reverse(help_.transaction, by=by, reason=why, at=now)
        say(HELP_REVERSED, help_.giver_id, href="/stations/hours/", minutes=help_.minutes, why=why.strip()[:100])
        if not minutes:
            return None
        right = Help.objects.create(
            station_id=help_.station_id,
            community_id=help_.community_id,
            giver_id=help_.giver_id,
            giver_called=help_.giver_called,
            helped_id=help_.helped_id,
            helped_called=help_.helped_called,
            what=help_.what,
            minutes=minutes,
            on=help_.on,
            way=HoursWay.STAFF,
            claimed_at=now,
        )
        return _count(right, by, now, reason)


def give(giver: Resident, to: Resident, minutes: int, key: str, *, by: Actor, now: datetime, reason: str) -> None:
    """From one account to another, never below zero. ``key`` names the deed: sent twice it is done once."""
    _check_amount(minutes)
    if giver.pk == to.pk:
        raise Refused("不能送给自己。", field="to", code="self")
    with scopes.scope(scopes.EVERYTHING):
        lines = [
            Line(account_for(resident_owner(giver), PURPOSE, Unit.MINUTES), -minutes, floor=0),
            Line(account_for(resident_owner(to), PURPOSE, Unit.MINUTES), minutes),
        ]
        post(Posting(f"stations.give:{key}", "hours.given", lines), by=by, reason=reason, at=now)
    say(HOURS_RECEIVED, to.pk, href="/stations/hours/", name=called(giver), minutes=minutes)


def spend(person: Resident, minutes: int, on_what: str, key: str, *, by: Actor, now: datetime, reason: str) -> None:
    """Used for help received, never below zero."""
    _check_amount(minutes)
    with scopes.scope(scopes.EVERYTHING):
        lines = [
            Line(account_for(resident_owner(person), PURPOSE, Unit.MINUTES), -minutes, floor=0),
            Line(account_for(resident_owner(person), SPENT, Unit.MINUTES), minutes),
        ]
        posting = Posting(f"stations.spend:{key}", "hours.spent", lines, f"stations.hours:{person.pk}")
        post(posting, by=by, reason=on_what[:200], at=now)


def _check_amount(minutes: int) -> None:
    if not 1 <= minutes <= 6000:
        raise Refused("请写 1 到 6000 之间的分钟数。", field="minutes", code="range")


def balance(person: Resident) -> int:
    """Minutes; the sum of the entries."""
    with scopes.scope(scopes.EVERYTHING):
        return balance_of(resident_owner(person), PURPOSE, Unit.MINUTES)


def book_of(person: Resident) -> list[StatementLine]:
    with scopes.scope(scopes.EVERYTHING):
        return statement(resident_owner(person), PURPOSE, Unit.MINUTES)


def certify(person: Resident, *, by: Actor, now: datetime, reason: str) -> Certificate:
    """What may be printed: confirmed minutes to this day. The same figures the same day are the same certificate."""
    today = timezone.localdate(now)
    counted = Help.objects.filter(giver=person).confirmed()
    total = int(counted.aggregate(total=Sum("minutes"))["total"] or 0)
    if not total:
        raise Refused("还没有记上的时长。", code="nothing")
    times = counted.count()
    same = Certificate.objects.filter(resident=person, until=today, minutes=total, times=times, void_at__isnull=True)
    found = same.order_by("id").first()
    if found is not None:
        return found
    return Certificate.objects.create(
        code=f"{today:%y}{new_code()}",
        community_id=person.community_id,
        resident=person,
        named=person.name[:1] + "＊" * (len(person.name) - 1),
        minutes=total,
        times=times,
        until=today,
        made_at=now,
    )
