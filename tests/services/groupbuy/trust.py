"""Who may open what in community choice, and the objects those rows name."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from tests.people import make_account, make_resident, make_signed_up
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, PAINTED, RESIDENTS, Row, get, post

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import BillLine, Way
from jiamenkou.services.groupbuy.actions.cycles import Draft, Wanted, draft_cycle, publish_cycle
from jiamenkou.services.groupbuy.actions.orders import Buyer, place_order
from jiamenkou.services.groupbuy.models import (
    Complaint,
    Leader,
    Lot,
    OrderLine,
    PickupPoint,
    Product,
    Settlement,
    Supplier,
    SupplierPaper,
)

OPEN_TABLES = {
    "groupbuy_supplier": "a firm before the public",
    "groupbuy_cycle": "published; drafts hold no buyer",
    "groupbuy_pickuppoint": "a place",
}
READ_BY_ALL = {"groupbuy_leader": "a leader stands before the public with a name of her choice"}
_serial = count(1)
PHONE = [
    get("groups/", EVERYONE, OPEN),
    get("groups/<int:pk>/", EVERYONE, OPEN, "cycle"),
    post("groups/<int:pk>/order/", RESIDENTS, "in go go go 422 422 go", "cycle"),
    get("groups/<int:pk>/account/", EVERYONE, OPEN, "cycle"),
    get("groups/<int:pk>/share/", EVERYONE, OPEN, "cycle"),
    get("groups/<int:pk>/poster.svg", EVERYONE, OPEN, "cycle"),
    get("groups/<int:pk>/poster.png", EVERYONE, PAINTED, "cycle"),
    get("groups/leaders/<slug:code>/", EVERYONE, OPEN, "leader code"),
    get("groups/leaders/<slug:code>/share/", EVERYONE, OPEN, "leader code"),
    get("groups/leaders/<slug:code>/poster.svg", EVERYONE, OPEN, "leader code"),
    get("groups/leaders/<slug:code>/poster.png", EVERYONE, PAINTED, "leader code"),
    get("groups/lots/<slug:code>/", EVERYONE, OPEN, "lot code"),
    get("groups/orders/", RESIDENTS, "in 200 200 200 200 200 200"),
    get("groups/orders/<int:pk>/", RESIDENTS, "in 404 404 404 200 404 404", "order"),
    post("groups/orders/<int:pk>/pay/", RESIDENTS, "in 404 404 404 go 404 404", "order", method="cash"),
    get("groups/orders/<int:pk>/paying/", RESIDENTS, "in 404 404 404 404 404 404", "order"),
    post("groups/orders/<int:pk>/cancel/", RESIDENTS, "in 404 404 404 go 404 404", "order"),
    get("groups/orders/<int:pk>/code/", RESIDENTS, "in 404 404 404 200 404 404", "ready order"),
    get("groups/orders/lines/<int:pk>/complain/", RESIDENTS, "in 404 404 404 200 404 404", "picked line"),
    post("groups/orders/lines/<int:pk>/complain/", RESIDENTS, "in 404 404 404 422 404 404", "picked line"),
]
# the resident of the row leads the cycle and supplies it; everybody else finds nothing
MINE = "in 404 404 404 200 404 404"
MINE_DONE = "in 404 404 404 go 404 404"
MINE_WRONG = "in 404 404 404 422 404 404"
# another leader or supplier has a page of their own under the same address
HOME = "in 404 404 404 200 200 404"
LEAD = [
    get("groups/lead/", RESIDENTS, HOME),
    get("groups/lead/offline/", EVERYONE, OPEN),
    get("groups/lead/worker.js", EVERYONE, OPEN),
    get("groups/lead/apply/", RESIDENTS, "in go go go go go go"),
    post("groups/lead/apply/", RESIDENTS, "in go go go go go go"),
    get("groups/lead/new/", RESIDENTS, HOME),
    post("groups/lead/new/", RESIDENTS, "in 404 404 404 422 422 404"),
    get("groups/lead/<int:pk>/", RESIDENTS, MINE, "cycle"),
    post("groups/lead/<int:pk>/act/", RESIDENTS, MINE_DONE, "cycle", do="copy"),
    post("groups/lead/<int:pk>/orders/<int:order>/money/", RESIDENTS, MINE_DONE, "cycle", "order"),
    get("groups/lead/<int:pk>/arrival/", RESIDENTS, MINE, "cycle"),
    post("groups/lead/<int:pk>/arrival/", RESIDENTS, MINE_WRONG, "cycle"),
    post("groups/lead/<int:pk>/settlements/<int:settlement>/", RESIDENTS, "in 404 404 404 409 404 404", "cycle", "settlement"),
    post("groups/lead/<int:pk>/export/", RESIDENTS, MINE, "cycle"),
    get("groups/lead/<int:pk>/paste/", RESIDENTS, MINE, "cycle"),
    post("groups/lead/<int:pk>/paste/", RESIDENTS, MINE_WRONG, "cycle"),
    get("groups/lead/<int:pk>/points/<int:point>/", RESIDENTS, MINE, "cycle", "point"),
    post("groups/lead/<int:pk>/points/<int:point>/look/", RESIDENTS, MINE_WRONG, "cycle", "point"),
    post("groups/lead/<int:pk>/points/<int:point>/hand/", RESIDENTS, "in 404 404 404 409 404 404", "cycle", "point"),
    post("groups/lead/<int:pk>/points/<int:point>/sync/", RESIDENTS, MINE_WRONG, "cycle", "point"),
]  # fmt: skip
SUPPLY = [
    get("groups/supply/", RESIDENTS, HOME),
    get("groups/supply/apply/", RESIDENTS, "in 200 200 200 200 200 200"),
    post("groups/supply/apply/", RESIDENTS, "in 422 422 422 200 200 422"),
    post("groups/supply/papers/", RESIDENTS, "in 404 404 404 422 422 404"),
    post("groups/supply/pay-code/", RESIDENTS, "in 404 404 404 422 422 404"),
    get("groups/supply/products/new/", RESIDENTS, HOME),
    post("groups/supply/products/new/", RESIDENTS, "in 404 404 404 422 422 404"),
    get("groups/supply/products/<int:pk>/", RESIDENTS, MINE, "product"),
    post("groups/supply/products/<int:pk>/", RESIDENTS, MINE_WRONG, "product"),
    get("groups/supply/products/<int:pk>/lots/new/", RESIDENTS, MINE, "product"),
    post("groups/supply/products/<int:pk>/lots/new/", RESIDENTS, MINE_WRONG, "product"),
    get("groups/supply/products/<int:pk>/lots/<int:lot>/", RESIDENTS, MINE, "product", "lot"),
    post("groups/supply/products/<int:pk>/lots/<int:lot>/", RESIDENTS, MINE_WRONG, "product", "lot"),
    get("groups/supply/cycles/<int:pk>/", RESIDENTS, MINE, "cycle"),
    post("groups/supply/cycles/<int:pk>/export/", RESIDENTS, MINE, "cycle"),
    post("groups/supply/settlements/<int:pk>/", RESIDENTS, "in 404 404 404 409 404 404", "supplier settlement"),
]
VIEW, EDIT, MONEY, EXPORT = "groupbuy.view", "groupbuy.edit", "groupbuy.money", "residents.export"
LISTS = {
    **dict.fromkeys(("cycles", "orders", "suppliers", "leaders", "products", "lots", "complaints", "points"), VIEW),
    **dict.fromkeys(("settlements", "payments", "refunds", "reconciliation"), MONEY),
}
DESK = [
    *(get(f"desk/groupbuy/{slug}/", permission, LIST) for slug, permission in LISTS.items()),
    *(post(f"desk/groupbuy/{slug}/export/", EXPORT, LIST) for slug in LISTS),
    get("desk/groupbuy/points/new/", EDIT, LIST),
    post("desk/groupbuy/points/new/", EDIT, "in 422 404 422 in in in", do="save"),
    get("desk/groupbuy/points/<int:pk>/", EDIT, ONE, "point"),
    post("desk/groupbuy/points/<int:pk>/", EDIT, "in 404 404 422 in in in", "point", do="save"),
    get("desk/groupbuy/cycles/<int:pk>/", VIEW, ONE, "cycle"),
    post("desk/groupbuy/cycles/<int:pk>/", VIEW, "in 404 404 409 in in in", "cycle", do="nothing"),
    get("desk/groupbuy/orders/<int:pk>/", VIEW, ONE, "order"),
    post("desk/groupbuy/orders/<int:pk>/", VIEW, "in 404 404 409 in in in", "order", do="nothing"),
    get("desk/groupbuy/suppliers/<int:pk>/", VIEW, ONE, "supplier"),
    post("desk/groupbuy/suppliers/<int:pk>/", VIEW, "in 404 404 409 in in in", "supplier", do="nothing"),
    get("desk/groupbuy/leaders/<int:pk>/", VIEW, ONE, "leader"),
    post("desk/groupbuy/leaders/<int:pk>/", VIEW, "in 404 404 409 in in in", "leader", do="nothing"),
    get("desk/groupbuy/lots/<int:pk>/", VIEW, ONE, "lot"),
    post("desk/groupbuy/lots/<int:pk>/", VIEW, "in 404 404 409 in in in", "lot", do="nothing"),
    get("desk/groupbuy/complaints/<int:pk>/", VIEW, ONE, "complaint"),
    post("desk/groupbuy/complaints/<int:pk>/", VIEW, "in 404 404 409 in in in", "complaint", do="nothing"),
    get("desk/groupbuy/settlements/<int:pk>/", MONEY, ONE, "settlement"),
    post("desk/groupbuy/settlements/<int:pk>/", MONEY, DONE, "settlement", do="declare"),
    get("desk/groupbuy/reconciliation/<int:pk>/", MONEY, ONE, "bill line"),
    post("desk/groupbuy/reconciliation/<int:pk>/", MONEY, "in 404 404 422 in in in", "bill line", do="handle"),
]
ROWS: list[Row] = [*PHONE, *LEAD, *SUPPLY, *DESK]


def furnish(where: Where) -> dict[str, Any]:
    """The resident's own account leads a cycle, supplies it, and orders from it."""
    number, now, by = next(_serial), timezone.now(), Actor(where.account)
    from tests.people import make_employer

    organisation = make_employer(f"晴川果蔬{number}", community=where.community, kinds=["supplier"])
    organisation.members.create(account=where.account)
    supplier = Supplier.objects.create(
        organisation=organisation, community=where.community, applied_by=where.account, state="approved"
    )
    SupplierPaper.objects.create(supplier=supplier, kind="licence", number="9132")
    leader = Leader.objects.create(
        account=where.account, resident=where.resident, community=where.community, name="王姐", code=f"lead{number:04d}",
        state="approved", trained_on=timezone.localdate(),
    )  # fmt: skip
    product = Product.objects.create(
        supplier=supplier, name="富硒大米", spec="5kg 袋", unit="袋", price_fen=3980, by_lot=True
    )
    lot = Lot.objects.create(product=product, number="2026-1", code=f"lot{number:05d}", field="北坡", report_no="R1")
    point = PickupPoint.objects.create(community=where.community, name="3 栋门厅")
    draft = Draft(
        "大米", now - timedelta(hours=1), now + timedelta(days=1), now + timedelta(days=2), now + timedelta(days=3),
        [Wanted(product, 3980, 20, 0, lot)], [point], {"way": Way.RECORDED},
    )  # fmt: skip
    cycle = draft_cycle(leader, supplier, draft, by=by, reason="测试")
    publish_cycle(cycle, by=by, now=now, reason="测试")
    offer = cycle.offers.get()

    def bought(state: str) -> Any:
        order = place_order(
            cycle, Buyer(where.resident.name, "", where.resident), {offer.pk: 1}, point, by=by, now=now, reason="测试"
        )
        if state != "pending":
            order.state, order.picked_at = state, now if state == "picked" else None
            order.save()
        return order

    order, ready, picked = (bought(state) for state in ("pending", "ready", "picked"))
    line = OrderLine.objects.get(order=picked)
    another = make_signed_up(make_resident(where.community))
    make_account()
    complaint = Complaint.objects.create(
        line=OrderLine.objects.get(order=ready),
        resident=where.resident,
        community=where.community,
        quantity=1,
        words="坏了",
    )
    return {
        "cycle": cycle.pk,
        "order": order.pk,
        "ready order": ready.pk,
        "picked line": line.pk,
        "point": point.pk,
        "leader": leader.pk,
        "leader code": leader.code,
        "supplier": supplier.pk,
        "product": product.pk,
        "lot": lot.pk,
        "lot code": lot.code,
        "complaint": complaint.pk,
        "settlement": Settlement.objects.create(cycle=cycle, party="leader", amount_fen=10).pk,
        "supplier settlement": Settlement.objects.create(cycle=cycle, party="supplier", amount_fen=10).pk,
        "bill line": BillLine.objects.create(
            day=timezone.localdate(), way="wechat", kind="payment", number=f"x{number}{another.pk}", theirs=1,
            verdict="not_here", community=where.community,
        ).pk,
    }  # fmt: skip
