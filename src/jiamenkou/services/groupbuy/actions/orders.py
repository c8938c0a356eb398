"""Orders: placed with boxes held, paid, cancelled, released, merged. Each move of a state happens once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import IntentState, PaymentIntent, Way
from jiamenkou.foundation.ledger.paying import give_up, open_intent
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.rows import columns, insert, made, width
from jiamenkou.services.groupbuy import book, notices, words
from jiamenkou.services.groupbuy.actions import stock
from jiamenkou.services.groupbuy.actions.counting import recount
from jiamenkou.services.groupbuy.models import Cycle, Offer, Order, OrderLine, OrderLog, PickupPoint, Product
from jiamenkou.services.groupbuy.models.order import ABOUT, OrderQuerySet
from jiamenkou.services.groupbuy.states import OrderState

MOST = 99


@dataclass(frozen=True, slots=True)
class Buyer:
    """For whom: a registered person, or a neighbour known by name and room alone (a pasted list)."""

    name: str
    room: str = ""
    resident: Resident | None = None


def place_order(
    cycle: Cycle,
    buyer: Buyer,
    wanted: Mapping[int, int],
    point: PickupPoint,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    proxy: bool = False,
    note: str = "",
    seen: int | None = None,
) -> Order:
    """Hold the boxes and ask for the money. ``wanted`` is offer → boxes; prices are the offers', never the form's.

    ``seen`` is the sum that the buyer saw, in fen: another one is said, not charged. Raises Refused (closed, limit,
    quantity, price), or SoldOut.
    """
    offers = offers_of(cycle, wanted, now)
    total = sum(offers[pk].price_fen * boxes for pk, boxes in wanted.items())
    if seen is not None and total != seen:
        raise Refused(f"价格对不上：现在一共 {words.yuan_full(total)}，请看过再下单。", code="price")
    if buyer.resident is not None:
        stock.within_limit(cycle.pk, buyer.resident.pk, {pk: one.limit for pk, one in offers.items()}, wanted)
    with transaction.atomic():
        return _place(cycle, buyer, offers, wanted, total, point, by, now, reason, proxy, note)


def _place(
    cycle: Cycle,
    buyer: Buyer,
    offers: Mapping[int, Offer],
    wanted: Mapping[int, int],
    total: int,
    point: PickupPoint,
    by: Actor,
    now: datetime,
    reason: str,
    proxy: bool,
    note: str,
) -> Order:
    """Everything is written first and the boxes are taken last: whoever holds the offer's row lets others wait, so it
    is held for as short as can be. Without boxes all of it is undone."""
    order = _insert(cycle, buyer, point, total, by, now, proxy, note)
    for pk, boxes in sorted(wanted.items()):
        lot, price = offers[pk].lot_id, offers[pk].price_fen
        insert(OrderLine(order=order, offer_id=pk, lot_id=lot, quantity=boxes, price_fen=price))
    log(order, "", by, now, "代下单" if proxy else "下单")
    book.write(cycle, book.placed(order.pk, total), by=by, reason=reason)
    open_intent(
        (ABOUT, order.pk),
        total,
        way=Way(cycle.way),
        merchant=cycle.supplier.merchant if cycle.way == Way.WECHAT else "",
        description=cycle.title,
        resident=buyer.resident,
        community=cycle.community_id,
        expires_at=order.hold_until,
        by=by,
        reason=reason,
        profit_sharing=cycle.commission_bp > 0,
        keeper=cycle.leader.account_id,
    )
    if buyer.resident is not None:
        _tell_placed(order, buyer.resident, offers, wanted, proxy, by)
    stock.take(wanted)
    return order


def cancel_order(order: Order, *, by: Actor, now: datetime, reason: str, why: str = "不要了") -> None:
    """Before closing: boxes go back, money too. Afterwards the goods are bought."""
    cycle = order.cycle
    if order.state == OrderState.PENDING:
        _release(order, OrderState.CANCELLED, by, now, why)
        return
    if order.state != OrderState.PAID or not cycle.takes_orders(now):
        raise Conflict("已经截单，货在备了，退不了。收到货有问题可以申请售后。", code="closed")
    move(order, (OrderState.PAID,), OrderState.CANCELLED, by, now, why)
    stock.give_back(_boxes(order))
    from jiamenkou.services.groupbuy.actions.refunds import owe_back

    owe_back(order, order.total_fen - order.refunded_fen, f"cancel:{order.pk}", "cancelled", by=by, reason=reason)
    recount(cycle)


def release_expired(now: datetime, *, by: Actor, reason: str) -> int:
    """Whoever did not pay in time lets the boxes go, exactly once. Returns how many orders."""
    late = Order.objects.filter(state=OrderState.PENDING, hold_until__lte=now).select_related("cycle")
    return release(late.exclude(pk__in=declared_orders()), by=by, now=now, why="超时没付")


def declared_orders() -> QuerySet[PaymentIntent, int]:
    """Somebody said these were paid and nobody has looked yet: their boxes stay until the goods are handed out."""
    return PaymentIntent.objects.filter(about_kind=ABOUT, state=IntentState.DECLARED).values_list(
        "about_id", flat=True
    )


def release(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str) -> int:
    """Pending orders that nobody waits for any more. Each on its own: one that was just paid stays."""
    released = 0
    for order in orders.order_by("id")[:500]:
        try:
            release_order(order, by=by, now=now, why=why)
        except Conflict:
            continue  # it was paid or cancelled in this very moment
        released += 1
    return released


def release_order(order: Order, *, by: Actor, now: datetime, why: str) -> None:
    """One pending order whose money will not come. Raises Conflict where it is pending no more."""
    with transaction.atomic():
        _release(order, OrderState.EXPIRED, by, now, why)


def merge_orders(kept: Order, gone: Order, *, by: Actor, now: datetime, reason: str) -> Order:
    """Two paid orders of one person become one parcel with one code."""
    same = kept.resident_id is not None and kept.resident_id == gone.resident_id
    if not same or kept.cycle_id != gone.cycle_id or kept.point_id != gone.point_id or kept.pk == gone.pk:
        raise Refused("只能合并同一个人、同一期、同一个自提点的订单。", code="different")
    move(gone, (OrderState.PAID,), OrderState.MERGED, by, now, "合并", merged_into=kept)
    locked = Order.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if locked.state != OrderState.PAID:
        raise Conflict("这一单现在不能合并。", code="state")
    OrderLine.objects.filter(order=gone).update(order=kept)
    locked.total_fen += gone.total_fen
    locked.save()
    return locked


def merge_all(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> int:
    """At closing: every person one parcel a point. Returns how many orders were merged away."""
    first: dict[tuple[int | None, int], Order] = {}
    merged = 0
    for order in cycle.orders.filter(state=OrderState.PAID, resident__isnull=False).order_by("placed_at", "id"):
        key = (order.resident_id, order.point_id)
        if key in first:
            merge_orders(first[key], order, by=by, now=now, reason=reason)
            merged += 1
        else:
            first[key] = order
    return merged


def move(
    order: Order, starts: tuple[OrderState, ...], end: OrderState, by: Actor, now: datetime, why: str, **fields: object
) -> None:
    """The conditional update decides who moves an order; the other one gets a Conflict."""
    start = order.state
    if not Order.objects.filter(pk=order.pk, state__in=starts).update(state=end, **fields):
        raise Conflict("这一单的状态刚刚变了，请刷新看看。", code="state")
    order.refresh_from_db()
    log(order, start, by, now, why)


def log(order: Order, start: str, by: Actor, now: datetime, why: str) -> None:
    insert(OrderLog(order=order, start=start, end=order.state, at=now, by=by.account, why=why[:120]))


def intents_of(order: Order) -> list[PaymentIntent]:
    """The payments of an order and of those merged into it, oldest first."""
    ids = [order.pk, *Order.objects.filter(merged_into=order).order_by("id").values_list("pk", flat=True)]
    return list(PaymentIntent.objects.about(ABOUT, ids))


def offers_of(cycle: Cycle, wanted: Mapping[int, int], now: datetime) -> dict[int, Offer]:
    """What is wanted, as it stands now; one query. Raises Refused (closed, quantity, unknown) or SoldOut."""
    if not cycle.takes_orders(now):
        raise Refused("这一期已经截单了。" if now >= cycle.closes_at else "这一期还没开始。", code="closed")
    if not wanted:
        raise Refused("请选要买几份。", code="nothing")
    for offer, boxes in wanted.items():
        if not 1 <= boxes <= MOST:
            raise Refused(f"一次买 1 到 {MOST} 份。", field=f"offer-{offer}", code="quantity")
    found = _offers(cycle, list(wanted))
    if len(found) != len(wanted):
        raise Refused("有一样东西不在这一期里，请刷新看看。", code="unknown")
    for offer, boxes in wanted.items():
        if found[offer].left < boxes:
            raise stock.sold_out(offer, found[offer].left)
    return found


def _offers(cycle: Cycle, ids: list[int]) -> dict[int, Offer]:
    """Offers of a cycle with their products, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {columns(Offer, "o")}, {columns(Product, "p")}
                  from groupbuy_offer o join groupbuy_product p on p.id = o.product_id
                 where o.cycle_id = %s and o.id = any(%s)""",  # noqa: S608 - our own columns
            [cycle.pk, ids],
        )
        rows = cursor.fetchall()
    found, own = {}, width(Offer)
    for row in rows:
        offer = made(Offer, row[:own])
        offer.product = made(Product, row[own:])
        found[offer.pk] = offer
    return found


def _insert(
    cycle: Cycle, buyer: Buyer, point: PickupPoint, total: int, by: Actor, now: datetime, proxy: bool, note: str
) -> Order:
    hold = cycle.closes_at if cycle.way == Way.RECORDED else now + timedelta(minutes=cycle.hold_minutes)
    person = buyer.resident
    for _ in range(20):
        order = Order(
            cycle=cycle,
            resident=person,
            community_id=cycle.community_id,
            grid_id=person.grid_id if person and person.community_id == cycle.community_id else None,
            account=by.account,
            proxy=proxy,
            name=buyer.name[:60],
            room=buyer.room[:40],
            last_four=_last_four(person),
            point=point,
            code=f"{secrets.randbelow(10**6):06d}",
            total_fen=total,
            note=note[:100],
            placed_at=now,
            hold_until=hold,
        )
        if insert(order, unless_there=True):
            return order
        # somebody in this cycle has the same six digits
    raise Conflict("这会儿太挤了，请再试一次。", code="code")


def _last_four(person: Resident | None) -> bytes | None:
    if person is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select last_four from people_phone where resident_id = %s and is_main limit 1", [person.pk])
        found = cursor.fetchone()
    return bytes(found[0]) if found and found[0] is not None else None


def _boxes(order: Order) -> dict[int, int]:
    return dict(OrderLine.objects.filter(order=order).order_by("offer").values_list("offer", "quantity"))


def _release(order: Order, end: OrderState, by: Actor, now: datetime, why: str) -> None:
    move(order, (OrderState.PENDING,), end, by, now, why)
    stock.give_back(_boxes(order))
    book.write(order.cycle, book.released(order.pk, order.total_fen), by=by, reason=why)
    give_up(intents_of(order), now=now, by=by, reason=why)


def _tell_placed(
    order: Order, person: Resident, offers: Mapping[int, Offer], wanted: Mapping[int, int], proxy: bool, by: Actor
) -> None:
    items = "、".join(f"{offers[pk].product.name} × {boxes}" for pk, boxes in sorted(wanted.items()))
    href = f"/groups/orders/{order.pk}/"
    if proxy:
        who = by.account.display_name if by.account else ""
        tell(notices.PROXY, person, href=href, items=items, by=who)
    else:
        tell(notices.PLACED, person, href=href, items=items, until=words.dated(order.hold_until))
