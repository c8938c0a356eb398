"""Boxes: taken by a conditional update, given back exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Sum

from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.groupbuy.models import Offer, OrderLine
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
    for offer in sorted(wanted):
        # the condition decides, not what was read before; the constraint stands behind it
        if not Offer.objects.filter(pk=offer, left__gte=wanted[offer]).update(left=F("left") - wanted[offer]):
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
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [cycle % 2**31, resident % 2**31])
    held = dict(
        OrderLine.objects.filter(offer__in=limited, order__resident=resident, order__state__in=HOLDING)
        .values_list("offer")
        .annotate(boxes=Sum("quantity"))
        .order_by("offer")
    )
    for offer, limit in limited.items():
        if held.get(offer, 0) + wanted[offer] > limit:
            had = f"，您已经订了 {held[offer]} 份" if held.get(offer) else ""
            raise Refused(f"每人限 {limit} 份{had}。", field=f"offer-{offer}", code="limit")
