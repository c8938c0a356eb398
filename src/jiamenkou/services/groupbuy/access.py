"""The only way to load an object of this room for someone. Outside their scope it does not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.http import Http404

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import BillLine, PaymentIntent, Refund
from jiamenkou.services.groupbuy.models import (
    Complaint,
    Cycle,
    Leader,
    Lot,
    Order,
    OrderLine,
    PickupPoint,
    Product,
    Settlement,
    Supplier,
)
from jiamenkou.services.groupbuy.models.cycle import CycleQuerySet, ordered_cycle, shown_cycle
from jiamenkou.services.groupbuy.models.order import OrderQuerySet
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission
from jiamenkou.services.groupbuy.states import PUBLIC, ReviewState

Row = TypeVar("Row", bound=models.Model)
VIEW = GroupbuyPermission.VIEW


# for anybody


def access_public_cycle(pk: int) -> Cycle:
    """Whatever was published once; a draft is nobody's business."""
    return one(Cycle.objects.filter(state__in=PUBLIC).with_parties(), pk)


def access_ordered_cycle(pk: int) -> Cycle:
    """The same with what an order needs of it."""
    cycle = ordered_cycle(pk)
    if cycle is None:
        raise Http404
    return cycle


def access_shown_cycle(pk: int) -> Cycle:
    """The same with what its page shows alone; the page is asked for by everybody at once."""
    cycle = shown_cycle(pk)
    if cycle is None:
        raise Http404
    return cycle


def access_lot(code: str) -> Lot:
    lot = Lot.objects.select_related("product__supplier__organisation").filter(code=code).first()
    if lot is None:
        raise Http404
    return lot


def access_leader_page(code: str) -> Leader:
    leader = (
        Leader.objects.filter(code=code, state=ReviewState.APPROVED).select_related("community", "account").first()
    )
    if leader is None:
        raise Http404
    return leader


# for buyers


def own_orders(by: Actor) -> OrderQuerySet:
    """Those of the people this account may act for."""
    return Order.objects.of_residents([link.resident_id for link in by.residents])


def access_own_order(by: Actor, pk: int) -> Order:
    return one(
        own_orders(by)
        .with_lines()
        .select_related(
            "resident", "cycle__supplier__organisation", "cycle__supplier__pay_code", "cycle__leader__account"
        ),
        pk,
    )


def access_own_line(by: Actor, pk: int) -> OrderLine:
    lines = OrderLine.objects.filter(order__in=own_orders(by))
    return one(lines.select_related("order__cycle", "order__resident", "offer__product"), pk)


# for leaders and suppliers: their own


def leader_of(by: Actor) -> Leader:
    """The leader this account is, whatever became of the application."""
    leader = Leader.objects.select_related("community").filter(account=by.account).first() if by.account else None
    if leader is None:
        raise Http404
    return leader


def approved_leader(by: Actor) -> Leader:
    leader = leader_of(by)
    if leader.state != ReviewState.APPROVED:
        raise Http404
    return leader


def access_led_cycle(by: Actor, pk: int) -> Cycle:
    """Hers; for the rest of the visit her scope grows by exactly the people who ordered in it, whom she must tell."""
    cycle = one(Cycle.objects.filter(leader=approved_leader(by)).with_parties(), pk)
    buyers = cycle.orders.filter(resident__isnull=False).order_by("id").values_list("resident_id", flat=True)
    scopes.apply(by.scope().plus(residents=list(buyers)))
    return cycle


def supplier_of(by: Actor) -> Supplier:
    """The supplier this account acts for; the one approved last where there are several."""
    found = Supplier.objects.of_account(by.account.pk).order_by("-reviewed_at", "-id").first() if by.account else None
    if found is None:
        raise Http404
    return found


def access_supplied_cycle(by: Actor, pk: int) -> Cycle:
    return one(Cycle.objects.filter(supplier=supplier_of(by), state__in=PUBLIC).with_parties(), pk)


def access_own_product(by: Actor, pk: int) -> Product:
    return one(Product.objects.filter(supplier=supplier_of(by)), pk)


# for staff


def cycles_for(by: Actor, permission: str = VIEW) -> CycleQuerySet:
    return Cycle.objects.filter(community_id__in=by.scope(permission).communities)


def access_cycle(by: Actor, pk: int, permission: str = VIEW) -> Cycle:
    return one(cycles_for(by, permission).with_parties(), pk)


def orders_for(by: Actor, permission: str = VIEW) -> OrderQuerySet:
    scope = by.scope(permission)
    return Order.objects.filter(community_id__in=scope.communities) | Order.objects.filter(grid_id__in=scope.grids)


def suppliers_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Supplier]:
    return Supplier.objects.filter(community_id__in=by.scope(permission).communities)


def leaders_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Leader]:
    return Leader.objects.filter(community_id__in=by.scope(permission).communities)


def products_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Product]:
    return Product.objects.filter(supplier__in=suppliers_for(by, permission))


def lots_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Lot]:
    return Lot.objects.filter(product__in=products_for(by, permission))


def points_for(by: Actor, permission: str = VIEW) -> models.QuerySet[PickupPoint]:
    return PickupPoint.objects.filter(community_id__in=by.scope(permission).communities)


def complaints_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Complaint]:
    scope = by.scope(permission)
    here = Complaint.objects.filter(community_id__in=scope.communities)
    return here | Complaint.objects.filter(grid_id__in=scope.grids)


def settlements_for(by: Actor, permission: str = VIEW) -> models.QuerySet[Settlement]:
    return Settlement.objects.filter(cycle__community_id__in=by.scope(permission).communities)


def intents_for(by: Actor, permission: str = GroupbuyPermission.MONEY) -> models.QuerySet[PaymentIntent]:
    return PaymentIntent.objects.filter(community_id__in=by.scope(permission).communities, about_kind="groupbuy.order")


def refunds_for(by: Actor, permission: str = GroupbuyPermission.MONEY) -> models.QuerySet[Refund]:
    return Refund.objects.filter(intent__in=intents_for(by, permission))


def bill_lines_for(by: Actor, permission: str = GroupbuyPermission.MONEY) -> models.QuerySet[BillLine]:
    """Those of the actor's communities, and those that are nobody's yet."""
    if not by.may(permission):
        return BillLine.objects.none()
    here = BillLine.objects.filter(community_id__in=by.scope(permission).communities)
    return here | BillLine.objects.filter(community__isnull=True)


def one(found: models.QuerySet[Row], pk: int) -> Row:
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
