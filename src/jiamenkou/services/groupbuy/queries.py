"""Reading a cycle: its lists for buying, sorting and handing over, and the account that any buyer may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.ledger.queries import book
from jiamenkou.services.groupbuy.models import Cycle, Order, OrderLine
from jiamenkou.services.groupbuy.states import BOUGHT, CycleState


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of the public account. ``fen``: what it adds to (positive) or takes from what buyers paid."""

    label: str
    fen: int


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """``lines`` together are zero: every fen that came in is with somebody."""

    lines: list[PublicLine]
    joined: int
    closed: bool

    @property
    def total(self) -> int:
        return sum(line.fen for line in self.lines)


def public_account(cycle: Cycle) -> PublicAccount:
    """One query over the cycle's own book; no name is in it."""
    rows = book(cycle.subject)

    def of(purpose: str, *kinds: str) -> int:
        return sum(fen for (kind, where), fen in rows.items() if where == purpose and (not kinds or kind in kinds))

    came = of("money", "paid")
    back = of("money", "refunded")
    supplier, commission = of("money", "settled"), 0
    for (kind, where), fen in rows.items():
        if kind == "settled" and where == "commission":
            commission -= fen
    supplier -= commission
    waiting = of("refund_due")
    lines = [
        PublicLine("邻居们付的", came),
        PublicLine("退给邻居的", back),
        PublicLine("等着退的", waiting),
        PublicLine("付给供货商", supplier),
        PublicLine("主理人佣金", commission),
        PublicLine("该付供货商，还没付", of("supplier")),
        PublicLine("该付主理人，还没付", of("commission")),
        PublicLine("货还没交到邻居手上", of("orders") + of("receivable")),
    ]
    # what was ordered and not paid yet stands on both sides of the last line
    return PublicAccount([line for line in lines if line.fen], cycle.joined, cycle.state == CycleState.DONE)


@dataclass(frozen=True, slots=True)
class SumRow:
    """Boxes of one product at one point; ``given`` after arrival."""

    point: str
    product: str
    spec: str
    lot: str
    boxes: int
    given: int | None
    fen: int


def sums(cycle: Cycle) -> list[SumRow]:
    """What is bought and where it goes; totals only, so that the supplier may see it too."""
    with scope(EVERYTHING):
        rows = (
            OrderLine.objects.filter(order__cycle=cycle, order__state__in=BOUGHT)
            .values("order__point__name", "offer__product__name", "offer__product__spec", "lot__number", "price_fen")
            .annotate(boxes=Sum("quantity"), arrived=Sum("given"))
            .order_by("order__point__name", "offer__product__name", "lot__number")
        )
        return [
            SumRow(
                row["order__point__name"],
                row["offer__product__name"],
                row["offer__product__spec"],
                row["lot__number"] or "",
                row["boxes"],
                row["arrived"],
                row["boxes"] * row["price_fen"],
            )
            for row in rows
        ]


def delivery(cycle: Cycle) -> Iterable[Order]:
    """Every order, by point, building and name: the list one hands over by."""
    return cycle.orders.bought().with_lines().order_by("point__name", "room", "name", "id")
