"""Repairs: every change is told. And what is collected, mended and given away."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.stations.codes import fetch_code
from jiamenkou.services.stations.models import Gift, Repair, RepairLog, Station
from jiamenkou.services.stations.notices import (
    GIFT,
    REPAIR_BEYOND,
    REPAIR_FETCHED,
    REPAIR_MENDING,
    REPAIR_READY,
    say,
)
from jiamenkou.services.stations.states import GiftState, RepairState, check_move

ICONS = {"伞": "umbrella", "灯": "lightbulb", "锁": "lock", "箱": "package", "刀": "scissors", "剪": "scissors"}


def register(
    station: Station,
    party: Party,
    what: str,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    fault: str = "",
    brought: bool = False,
    photo: StoredFile | None = None,
) -> Repair:
    """A ticket with a code. ``brought``: the thing is already at the station."""
    what = what.strip()[:30]
    if not what:
        raise Refused("请写什么东西坏了。", field="what", code="required")
    if not station.repairs or station.closed_on is not None:
        raise Refused("这里眼下不收东西来修。", code="closed")
    for last in (False, True):
        with scopes.scope(scopes.EVERYTHING):
            live = Repair.objects.filter(station=station).live().order_by("id")
            code = fetch_code(set(live.values_list("code", flat=True)))
        try:
            with transaction.atomic():
                repair = Repair.objects.create(
                    station=station,
                    community_id=station.community_id,
                    resident_id=party.resident,
                    called=party.called,
                    building=party.building,
                    by=by.account,
                    what=what,
                    icon=next((icon for word, icon in ICONS.items() if word in what), "wrench"),
                    fault=fault.strip()[:100],
                    photo=photo,
                    code=code,
                    brought_at=now if brought else None,
                    registered_at=now,
                    moved_at=now,
                )
                break
        except IntegrityError:
            if last:
                raise
    RepairLog.objects.create(repair=repair, state=repair.state, by=by.account, at=now)
    return repair


def move(
    repair: Repair, to: RepairState, *, by: Actor, now: datetime, reason: str, done: str = "", price_fen: int = 0
) -> Repair:
    """One arrow of the table; the update names the state it came from, so that two taps count once."""
    check_move(RepairState, repair.state, to)
    if to == RepairState.BEYOND and not done.strip():
        raise Refused("请写为什么修不了，对方会看到。", field="done", code="required")
    fields: dict[str, object] = {"state": to, "moved_at": now}
    if done.strip():
        fields["done"] = done.strip()[:100]
    if to in {RepairState.MENDING, RepairState.READY} and repair.brought_at is None:
        fields["brought_at"] = now
    if to == RepairState.READY:
        fields |= {"mended_at": now, "price_fen": price_fen}
    elif to == RepairState.MENDING:
        fields["mended_at"] = None
    elif to in {RepairState.COLLECTED, RepairState.RETURNED}:
        fields["fetched_at"] = now
    if not Repair.objects.filter(pk=repair.pk, state=repair.state).update(**fields):
        raise Conflict("这一单刚才已经改过了，刷新看看。", code="moved")
    repair.refresh_from_db()
    RepairLog.objects.create(repair=repair, state=to, text=done.strip()[:100], by=by.account, at=now)
    notice = {
        RepairState.MENDING: REPAIR_MENDING,
        RepairState.READY: REPAIR_READY,
        RepairState.BEYOND: REPAIR_BEYOND,
    }.get(to, REPAIR_FETCHED)
    say(
        notice,
        repair.resident_id,
        href=f"/stations/mine/repair/{repair.pk}/",
        what=repair.what,
        station=repair.station.name,
        done=f"{repair.done}。" if repair.done else "",
        code=repair.code,
    )
    return repair


def fetch(station: Station, code: str, *, by: Actor, now: datetime, reason: str) -> Repair:
    """Somebody stands there with a code."""
    waiting = [RepairState.READY, RepairState.BEYOND]
    found = Repair.objects.filter(station=station, code=code.strip(), state__in=waiting).first()
    if found is None:
        raise Refused("没有这个取件码，或者还没修好。", field="code", code="unknown")
    to = RepairState.COLLECTED if found.state == RepairState.READY else RepairState.RETURNED
    return move(found, to, by=by, now=now, reason=reason)


def collect(station: Station, what: str, count: int, from_whom: str, *, by: Actor, now: datetime, reason: str) -> Gift:
    """Thrown away or brought by a neighbour; to be mended and given away."""
    if not what.strip():
        raise Refused("请写收来什么。", field="what", code="required")
    if not 1 <= count <= 500:
        raise Refused("件数在 1 到 500 之间。", field="count", code="range")
    return Gift.objects.create(
        station=station,
        community_id=station.community_id,
        what=what.strip()[:30],
        count=count,
        from_whom=from_whom.strip()[:60],
        collected_at=now,
        by=by.account,
    )


def move_gift(
    gift: Gift, to: GiftState, *, by: Actor, now: datetime, reason: str, party: Party | None = None, need: str = ""
) -> Gift:
    """Mended, given. A pile of several is split as it is given: one goes, the rest stays."""
    check_move(GiftState, gift.state, to)
    if to in {GiftState.PROMISED, GiftState.GIVEN} and party is None and not gift.called:
        raise Refused("请写送给谁。", field="name", code="required")
    held = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if held.state != gift.state:
        raise Conflict("刚才已经改过了，刷新看看。", code="moved")
    if party is not None and held.count > 1:
        Gift.objects.filter(pk=held.pk).update(count=held.count - 1)
        held = Gift.objects.create(
            station_id=held.station_id,
            community_id=held.community_id,
            what=held.what,
            from_whom=held.from_whom,
            collected_at=held.collected_at,
            mended_at=held.mended_at,
            state=held.state,
            by=by.account,
        )
    held.state = to
    if to == GiftState.MENDED and held.mended_at is None:
        held.mended_at = now
    if party is not None:
        held.resident_id, held.called, held.building, held.need = (
            party.resident,
            party.called,
            party.building,
            need.strip()[:60],
        )
    if to == GiftState.GIVEN:
        held.given_at = now
    held.save()
    if to in {GiftState.PROMISED, GiftState.GIVEN}:
        what, station = held.what, Station.objects.get(pk=held.station_id)
        say(GIFT, held.resident_id, href=f"/stations/{station.pk}/", what=what, station=station.name)
    return held
