"""Boxes: taken by a conditional update, given back exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.groupbuy.models import Offer
from jiamenkou.services.groupbuy.states import HOLDING, CycleState


class SoldOut(Conflict):
    """The last box is gone."""


class Standing(NamedTuple):
    """How many boxes of an offer are left, and how many one person may have (0: as many as there are)."""

    left: int
    limit: int


def glance(cycle: int, wanted: Mapping[int, int], now: datetime, answered: bytes | None) -> dict[int, Standing]:
    """What is left of ``wanted``, by one small read outside of any transaction.

    Nothing is told of what is not so simple and has to be looked at in full: a cycle that takes no orders, an order that
    was answered before (under the key ``answered``) and only has to be answered again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select o.id, o.left, o.limit from groupbuy_offer o join groupbuy_cycle c on c.id = o.cycle_id
               where c.id = %s and c.state = %s and c.opens_at <= %s and c.closes_at > %s and o.id = any(%s)
                 and not exists (select 1 from access_storedanswer a where a.key_hash = %s)
               order by o.id""",
            [cycle, CycleState.OPEN.value, now, now, list(wanted), answered],
        )
        return {offer: Standing(left, limit) for offer, left, limit in cursor.fetchall()}


def sold_out(offer: int, left: int) -> SoldOut:
    """In the buyer's words, at the offer's field."""
    return SoldOut(f"只剩 {left} 份了。" if left else "已抢光。", field=f"offer-{offer}", code="sold_out")


def take(wanted: Mapping[int, int]) -> None:
    """Take boxes, all or nothing; ``wanted`` is offer → boxes. Locked in order of ids. Raises :class:`SoldOut`."""
    with connection.cursor() as cursor:
        for offer, boxes in sorted(wanted.items()):
            # the condition decides, not what was read before; the constraint stands behind it
            cursor.execute(
                """update groupbuy_offer set "left" = "left" - %s where id = %s and "left" >= %s""",
                [boxes, offer, boxes],
            )
            if not cursor.rowcount:
                raise SoldOut("已抢光。", field=f"offer-{offer}", code="sold_out")


def give_back(boxes: Mapping[int, int]) -> None:
    """Only by whoever moved the order out of a state that holds them: that move happens once."""
    for offer in sorted(boxes):
        Offer.objects.filter(pk=offer).update(left=F("left") + boxes[offer])


def within_limit(cycle: int, resident: int, limits: Mapping[int, int], wanted: Mapping[int, int]) -> None:
    """Raises Refused where this person would hold more than an offer's limit.

    Two orders of one person at once wait for each other, so that both cannot be the first.
    """
    limited = {offer: limits[offer] for offer in wanted if limits[offer]}
    if not limited:
        return
    one_at_a_time(cycle, resident)
    with connection.cursor() as cursor:
        cursor.execute(
            """select l.offer_id, sum(l.quantity) from groupbuy_orderline l join groupbuy_order o on o.id = l.order_id
                where l.offer_id = any(%s) and o.resident_id = %s and o.state = any(%s) group by l.offer_id""",
            [list(limited), resident, [state.value for state in HOLDING]],
        )
        held: dict[int, int] = dict(cursor.fetchall())
    for offer, limit in limited.items():
        if held.get(offer, 0) + wanted[offer] > limit:
            had = f"，您已经订了 {held[offer]} 份" if held.get(offer) else ""
            raise Refused(f"每人限 {limit} 份{had}。", field=f"offer-{offer}", code="limit")


def one_at_a_time(cycle: int, resident: int) -> None:
    """Until the end of the transaction nobody else orders for this person in this cycle."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [cycle % 2**31, resident % 2**31])
