"""Invented suppliers, leaders and cycles for tests, made through the room's own actions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.people import Town, make_account, make_resident, make_signed_up, make_staff
from tests.shared import ROOT

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.ledger.models import Method, Way
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid
from jiamenkou.foundation.ledger.queries import books
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.services.groupbuy.actions.cycles import Draft, Wanted, draft_cycle, publish_cycle
from jiamenkou.services.groupbuy.actions.orders import Buyer, intents_of, place_order
from jiamenkou.services.groupbuy.actions.parties import (
    apply_as_leader,
    apply_as_supplier,
    review_leader,
    review_supplier,
    save_product,
)
from jiamenkou.services.groupbuy.models import Cycle, Leader, Offer, Order, PickupPoint, Product, Supplier
from jiamenkou.services.groupbuy.states import ReviewState

_serial = itertools.count(1)
REASON = "测试"


@dataclass(frozen=True)
class Shop:
    """Everything there must be before a cycle opens. ``worker`` and ``second`` are two of the staff."""

    town: Town
    worker: Actor
    second: Actor
    supplier: Supplier
    supplier_account: Account
    leader: Leader
    product: Product
    points: list[PickupPoint]


def make_shop(town: Town, *, merchant: str = "") -> Shop:
    number = next(_serial)
    worker, second = (Actor(make_staff(Role.WORKER, town.community)) for _ in range(2))
    applicant = make_account()
    supplier = apply_as_supplier(
        f"青禾农场{number}",
        town.community,
        {"about": "大米、菜籽油", "phone": "0519-88880000"},
        {
            "kind": "licence",
            "number": f"9132040{number:011d}",
            "valid_until": timezone.localdate() + timedelta(days=900),
        },
        by=Actor(applicant),
        reason=REASON,
    )
    now = timezone.now()
    review_supplier(supplier, ReviewState.APPROVED, "", by=worker, now=now, reason=REASON, merchant=merchant)
    resident = make_resident(town.community, town.grids[0], name="王秀兰")
    account = make_signed_up(resident)
    leader = apply_as_leader(resident, {"name": "王姐", "where": "6 栋"}, by=Actor(account), reason=REASON)
    review_leader(
        leader,
        ReviewState.APPROVED,
        "",
        rate_bp=800,
        trained_on=timezone.localdate(),
        by=worker,
        now=now,
        reason=REASON,
    )
    fields = {"name": "富硒大米", "spec": "5kg 袋", "unit": "袋", "price_fen": 3980, "market_fen": 5200}
    product = save_product(supplier, None, fields, by=Actor(applicant), reason=REASON)
    points = [
        PickupPoint.objects.create(community=town.community, name=name, hours="16:00–18:00")
        for name in ("6 栋 1 单元门厅", "12 栋架空层")
    ]
    return Shop(town, worker, second, supplier, applicant, leader, product, points)


def make_cycle(
    shop: Shop, *, stock: int = 10, opened: bool = True, offers: list[Wanted] | None = None, **fields: Any
) -> Cycle:
    now = timezone.now()
    closes = fields.pop("closes_at", now + timedelta(hours=5))
    limit = fields.pop("limit", 0)
    draft = Draft(
        fields.pop("title", "富硒大米 2026 新米"),
        fields.pop("opens_at", now - timedelta(hours=1)),
        closes,
        fields.pop("arrives_at", closes + timedelta(days=2)),
        fields.pop("pickup_until", closes + timedelta(days=3)),
        offers or [Wanted(shop.product, 3980, stock, limit)],
        shop.points,
        {"way": Way.RECORDED} | fields,
    )
    cycle = draft_cycle(shop.leader, shop.supplier, draft, by=Actor(shop.leader.account), reason=REASON)
    if opened:
        publish_cycle(cycle, by=Actor(shop.leader.account), now=now, reason=REASON)
    return cycle


def make_buyer(town: Town, **fields: Any) -> tuple[Resident, Actor]:
    resident = make_resident(town.community, town.grids[0], **fields)
    return resident, Actor(make_signed_up(resident))


def order(
    cycle: Cycle, resident: Resident, by: Actor, boxes: int = 1, *, point: int = 0, now: datetime | None = None
) -> Order:
    offer = Offer.objects.filter(cycle=cycle).order_by("id")[0]
    return place_order(
        Cycle.objects.with_parties().get(pk=cycle.pk),
        Buyer(resident.name, "6-1-302", resident),
        {offer.pk: boxes},
        cycle.points.order_by("id")[point],
        by=by,
        now=now or timezone.now(),
        reason=REASON,
    )


def pay(placed: Order, shop: Shop) -> Order:
    """Cash, seen by two."""
    intent = intents_of(placed)[-1]
    declare_paid(intent, Method.CASH, by=shop.worker, reason=REASON)
    confirm_paid(intent, by=shop.second, now=timezone.now(), reason=REASON)
    placed.refresh_from_db()
    return placed


def bought(cycle: Cycle, shop: Shop, boxes: int = 1, **fields: Any) -> Order:
    resident, by = make_buyer(shop.town)
    return pay(order(cycle, resident, by, boxes, **fields), shop)


def left(cycle: Cycle) -> int:
    return Offer.objects.filter(cycle=cycle).order_by("id")[0].left


def book_of(cycle: Cycle) -> dict[str, int]:
    """Purpose → balance, without what is zero."""
    return {purpose: fen for purpose, fen in books([cycle.subject]).get(cycle.subject, {}).items() if fen}


def broken() -> list[Any]:
    """The rows of every invariant of money and boxes; none is right."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for name in ("ledger", "groupbuy_stock", "groupbuy_book"):
            cursor.execute((ROOT / "chaos" / "invariants" / f"{name}.sql").read_text(encoding="utf-8"))
            rows += cursor.fetchall()
    return rows
