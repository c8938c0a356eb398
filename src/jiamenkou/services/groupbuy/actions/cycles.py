"""A cycle from draft to done. Money moves with it: a cycle that fails pays everybody back, one that arrives short shares out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Way
from jiamenkou.foundation.ledger.providers import in_use
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.groupbuy import book, notices, words
from jiamenkou.services.groupbuy.actions.counting import recount
from jiamenkou.services.groupbuy.actions.orders import declared_orders, merge_all, move, release
from jiamenkou.services.groupbuy.actions.refunds import owe_back
from jiamenkou.services.groupbuy.allocating import Wish, allocate
from jiamenkou.services.groupbuy.codes import new_code
from jiamenkou.services.groupbuy.models import (
    Cycle,
    Leader,
    Lot,
    Offer,
    Order,
    OrderLine,
    PickupPoint,
    Product,
    Supplier,
)
from jiamenkou.services.groupbuy.states import (
    BOUGHT,
    MOVES,
    CycleState,
    OrderState,
    ReviewState,
    ShortageRule,
)

COPIED = (
    "leader", "supplier", "community", "title", "minimum", "commission_bp", "way", "shortage_rule", "late_rule",
    "hold_minutes", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One product of a draft."""

    product: Product
    price_fen: int
    stock: int
    limit: int = 0
    lot: Lot | None = None


@dataclass(slots=True)
class Draft:
    title: str
    opens_at: datetime
    closes_at: datetime
    arrives_at: datetime
    pickup_until: datetime
    offers: Sequence[Wanted]
    points: Sequence[PickupPoint]
    fields: Mapping[str, Any] = field(default_factory=dict)


def draft_cycle(leader: Leader, supplier: Supplier, draft: Draft, *, by: Actor, reason: str) -> Cycle:
    """Seen by nobody but its leader and the staff."""
    if not draft.offers or not draft.points:
        raise Refused("至少要有一样产品和一个自提点。", code="empty")
    cycle = Cycle(
        leader=leader,
        supplier=supplier,
        community_id=leader.community_id,
        code=new_code(),
        title=draft.title,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        arrives_at=draft.arrives_at,
        pickup_until=draft.pickup_until,
        commission_bp=leader.rate_bp,
        **draft.fields,
    )
    if not cycle.opens_at < cycle.closes_at <= cycle.arrives_at < cycle.pickup_until:
        raise Refused("开团、截单、到货、取货的时间要一个比一个晚。", field="closes_at", code="dates")
    cycle.save()
    cycle.points.set(draft.points)
    Offer.objects.bulk_create(
        Offer(
            cycle=cycle, product=one.product, lot=one.lot, price_fen=one.price_fen, stock=one.stock, left=one.stock,
            limit=one.limit,
        )
        for one in draft.offers
    )  # fmt: skip
    return cycle


def copy_cycle(old: Cycle, *, by: Actor, now: datetime, reason: str) -> Cycle:
    """The last one again, a week later or from today on; stock as it was, all to be looked at before it opens."""
    shift = max(timedelta(days=7), timezone.localdate(now) - timezone.localdate(old.opens_at))
    draft = Draft(
        old.title,
        old.opens_at + shift,
        old.closes_at + shift,
        old.arrives_at + shift,
        old.pickup_until + shift,
        [
            Wanted(one.product, one.price_fen, one.stock, one.limit, one.lot)
            for one in old.offers.select_related("product", "lot").order_by("id")
            if one.product.active
        ],
        list(old.points.filter(active=True).order_by("id")),
        {
            name: getattr(old, name)
            for name in COPIED
            if name not in {"leader", "supplier", "community", "title", "commission_bp"}
        }
        | {"copied_from": old},
    )
    return draft_cycle(old.leader, old.supplier, draft, by=by, reason=reason)


def wanting(cycle: Cycle, on: date) -> list[str]:
    """What stands in the way of opening: papers, certificates, approvals; empty where nothing does."""
    found = []
    if cycle.leader.state != ReviewState.APPROVED:
        found.append("主理人还没有通过审核")
    if cycle.supplier.state != ReviewState.APPROVED:
        found.append("供货商还没有通过审核")
    found += [f"供货商{word}" for word in cycle.supplier.papers_wanting(on)]
    if cycle.way == Way.WECHAT and not cycle.supplier.merchant:
        found.append("供货商还没有开通微信收款")
    if cycle.way == Way.WECHAT and in_use() is None:
        found.append("社区还没有接通微信支付，请改成线下付款")
    for offer in cycle.offers.select_related("product", "lot").order_by("id"):
        if offer.product.by_lot:
            word = offer.lot.wanting(on) if offer.lot is not None else "还没有选批次"
            if word:
                found.append(f"{offer.product.name}：{word}")
    return found


def publish_cycle(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> None:
    """Announced, or open where its hour has come. A certificate that has run out stops it."""
    lacking = wanting(cycle, timezone.localdate(now))
    if lacking:
        raise Refused("还不能开团：" + "；".join(lacking) + "。", code="wanting")
    if cycle.closes_at <= now:
        raise Refused("截单时间已经过了。", field="closes_at", code="past")
    _step(cycle, CycleState.OPEN if cycle.opens_at <= now else CycleState.ANNOUNCED, now)
    book.open_book(cycle)


def open_due(now: datetime, *, by: Actor, reason: str) -> int:
    """Announced ones whose hour has come. What ran out meanwhile keeps one closed."""
    opened = 0
    for cycle in Cycle.objects.filter(state=CycleState.ANNOUNCED, opens_at__lte=now).with_parties().order_by("id"):
        if not wanting(cycle, timezone.localdate(now)):
            _step(cycle, CycleState.OPEN, now)
            opened += 1
    return opened


def close_due(now: datetime, *, by: Actor, reason: str) -> int:
    """Past closing, once nobody is still paying: too few households and everybody is paid back."""
    closed = 0
    for cycle in Cycle.objects.filter(state=CycleState.OPEN, closes_at__lte=now).with_parties().order_by("id"):
        if cycle.orders.filter(state=OrderState.PENDING, hold_until__gt=now).exists():
            continue  # they had begun to pay before it closed
        close_cycle(cycle, by=by, now=now, reason=reason)
        closed += 1
    return closed


def close_early(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> None:
    """The leader closes before the hour, e.g. when all is sold. Who is paying in WeChat at this moment is waited for."""
    if not cycle.takes_orders(now):
        raise Conflict("这一期现在不在接单。", code="state")
    if cycle.way == Way.WECHAT and cycle.orders.filter(state=OrderState.PENDING, hold_until__gt=now).exists():
        raise Conflict("还有邻居正在付款，过几分钟再截。", code="paying")
    Cycle.objects.filter(pk=cycle.pk).update(closes_at=now)
    cycle.refresh_from_db()
    release(
        cycle.orders.exclude(pk__in=declared_orders()).filter(state=OrderState.PENDING), by=by, now=now, why="提前截单"
    )
    close_cycle(cycle, by=by, now=now, reason=reason)


def close_cycle(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> None:
    recount(cycle)
    if cycle.joined < max(cycle.minimum, 1):
        why = f"要 {cycle.minimum} 家，只有 {cycle.joined} 家" if cycle.minimum else "没有人参加"
        fail_cycle(cycle, why, by=by, now=now, reason=reason)
        return
    _step(cycle, CycleState.CLOSED, now)
    merge_all(cycle, by=by, now=now, reason=reason)


def fail_cycle(cycle: Cycle, why: str, *, by: Actor, now: datetime, reason: str) -> None:
    """流团: everybody gets everything back, and is told why."""
    if not why.strip():
        raise Refused("请写一句为什么，邻居们会看到。", field="why", code="why")
    _step(cycle, CycleState.FAILED, now, failed_why=why.strip()[:200])
    release(cycle.orders.filter(state=OrderState.PENDING), by=by, now=now, why="没成团")
    for order in cycle.orders.filter(state=OrderState.PAID).select_related("resident", "cycle").order_by("id"):
        move(order, (OrderState.PAID,), OrderState.REFUNDED, by, now, "没成团")
        owe_back(order, order.total_fen - order.refunded_fen, f"failed:{order.pk}", "failed", by=by, reason=reason)
        if order.resident is not None:
            href = f"/groups/orders/{order.pk}/"
            tell(notices.FAILED, order.resident, href=href, title=cycle.title, why=cycle.failed_why)
    recount(cycle)


def step_cycle(cycle: Cycle, to: CycleState, *, by: Actor, now: datetime, reason: str) -> None:
    """备货, 配送: nothing but the state changes."""
    if to not in {CycleState.PREPARING, CycleState.DELIVERING}:
        raise Refused("没有这个操作。", code="unknown")
    _step(cycle, to, now)


def arrive(cycle: Cycle, counted: Mapping[int, int], *, by: Actor, now: datetime, reason: str) -> int:
    """到货: what came is shared out by the cycle's rule, what is missing goes back, everybody is told.

    ``counted`` is offer → boxes that came. Returns how many orders are ready.
    """
    release(cycle.orders.filter(state=OrderState.PENDING), by=by, now=now, why="货到了还没付款")
    offers = list(cycle.offers.select_related("product").order_by("id"))
    wanted = _ordered(cycle)
    for offer in offers:
        came = counted.get(offer.pk, 0)
        if not 0 <= came <= wanted.get(offer.pk, 0):
            raise Refused(
                f"{offer.product.name} 订了 {wanted.get(offer.pk, 0)} 份，到货数要在 0 到它之间。",
                field=f"offer-{offer.pk}",
                code="count",
            )
    # from now on 到货 says when it came, no longer when it was promised
    came_at = {"arrives_at": now} if cycle.closes_at <= now < cycle.pickup_until else {}
    _step(cycle, CycleState.ARRIVED, now, **came_at)
    for offer in offers:
        _share_out(cycle, offer, counted.get(offer.pk, 0), by=by, reason=reason)
    ready = 0
    for order in cycle.orders.filter(state=OrderState.PAID).with_lines().select_related("resident").order_by("id"):
        ready += _ready(cycle, order, by, now)
    return ready


def finish_cycle(cycle: Cycle, *, by: Actor, now: datetime, reason: str) -> int:
    """Past the last hour of pickup: who did not come is told once more, the book is closed. Returns the no-shows."""
    if now < cycle.pickup_until:
        raise Refused("取货时间还没过，再等等邻居。", code="early")
    _step(cycle, CycleState.DONE, now)
    missing = 0
    for order in cycle.orders.filter(state=OrderState.READY).select_related("resident", "cycle").order_by("id"):
        move(order, (OrderState.READY,), OrderState.NO_SHOW, by, now, "没来取")
        book.write(cycle, book.unclaimed(order.pk, order.total_fen - order.refunded_fen), by=by, reason="没来取")
        missing += 1
        if order.resident is not None:
            href = f"/groups/orders/{order.pk}/"
            tell(notices.MISSED, order.resident, href=href, title=cycle.title, leader=cycle.leader.name)
    from jiamenkou.services.groupbuy.actions.settlements import make_settlements

    make_settlements(cycle, by=by, now=now, reason=reason)
    return missing


def _step(cycle: Cycle, to: CycleState, now: datetime, **fields: object) -> None:
    if to not in MOVES[CycleState(cycle.state)]:
        raise Conflict(f"现在是“{CycleState(cycle.state).label}”，不能改成“{to.label}”。", code="state")
    if not Cycle.objects.filter(pk=cycle.pk, state=cycle.state).update(state=to, moved_at=now, **fields):
        raise Conflict("这一期的状态刚刚变了，请刷新看看。", code="state")
    cycle.refresh_from_db()


def _ordered(cycle: Cycle) -> dict[int, int]:
    rows = OrderLine.objects.filter(order__cycle=cycle, order__state__in=BOUGHT).values("offer")
    return {row["offer"]: row["boxes"] for row in rows.annotate(boxes=Sum("quantity")).order_by("offer")}


def _share_out(cycle: Cycle, offer: Offer, came: int, *, by: Actor, reason: str) -> None:
    Offer.objects.filter(pk=offer.pk).update(arrived=came)
    lines = list(
        OrderLine.objects.filter(offer=offer, order__state=OrderState.PAID)
        .select_related("order__resident", "order__cycle")
        .order_by("order__paid_at", "order", "id")
    )
    wishes = [Wish(line.pk, line.quantity) for line in lines]
    given = allocate(came, wishes, ShortageRule(cycle.shortage_rule))
    for line in lines:
        line.given = given[line.pk]
        line.save()
        missing = line.quantity - line.given
        if not missing:
            continue
        fen = missing * line.price_fen
        owe_back(line.order, fen, f"shortage:{line.pk}", "shortage", by=by, reason=reason)
        if line.order.resident is not None:
            tell(
                notices.SHORT,
                line.order.resident,
                href=f"/groups/orders/{line.order_id}/",
                item=offer.product.name,
                count=missing,
                amount=words.yuan_full(fen),
            )


def _ready(cycle: Cycle, order: Order, by: Actor, now: datetime) -> bool:
    if not any(line.given for line in order.lines.all()):
        move(order, (OrderState.PAID,), OrderState.REFUNDED, by, now, "一份也没到")
        return False
    move(order, (OrderState.PAID,), OrderState.READY, by, now, "到货", told_at=now if order.resident else None)
    if order.resident is not None:
        tell(
            notices.ARRIVED,
            order.resident,
            href=f"/groups/orders/{order.pk}/code/",
            items=words.items(order),
            point=order.point.name,
            until=words.dated(cycle.pickup_until),
            code=words.code(order.code),
        )
    return True


def change_dates(
    cycle: Cycle, arrives_at: datetime, pickup_until: datetime, *, by: Actor, now: datetime, reason: str
) -> int:
    """The truck is late: everybody who waits is told the new hours. Returns how many."""
    if cycle.state in {CycleState.DONE, CycleState.FAILED}:
        raise Conflict("这一期已经结束了。", code="state")
    if not max(arrives_at, now) < pickup_until or arrives_at < cycle.closes_at:
        raise Refused("到货要在截单以后，取货要在到货以后、现在以后。", field="pickup_until", code="dates")
    Cycle.objects.filter(pk=cycle.pk).update(arrives_at=arrives_at, pickup_until=pickup_until)
    cycle.refresh_from_db()
    waiting = list(cycle.orders.live().filter(resident__isnull=False).select_related("resident").order_by("id"))
    for order in waiting:
        if order.resident is None:
            continue
        tell(
            notices.MOVED,
            order.resident,
            href=f"/groups/orders/{order.pk}/",
            title=cycle.title,
            arrives=words.dated(arrives_at),
            until=words.dated(pickup_until),
        )
    return len(waiting)


def change_stock(offer: Offer, more: int, *, by: Actor, reason: str) -> None:
    """The supplier has more, or fewer. What is sold cannot be taken away."""
    changed = Offer.objects.filter(pk=offer.pk, left__gte=-more).update(stock=F("stock") + more, left=F("left") + more)
    if not changed:
        raise Refused("已经卖出去的不能减。", field="more", code="sold")
