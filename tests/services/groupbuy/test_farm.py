"""Farm direct: what is sold by lot, and what a lot stops or tells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.people import Town
from tests.services.groupbuy.make import (
    REASON,
    Shop,
    bought,
    make_buyer,
    make_cycle,
    make_shop,
    pay,
)

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.groupbuy.actions.cycles import (
    Wanted,
    open_due,
    publish_cycle,
)
from jiamenkou.services.groupbuy.actions.orders import (
    Buyer,
    cancel_order,
    place_order,
)
from jiamenkou.services.groupbuy.actions.parties import save_lot, save_product, withdraw_lot


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def by(shop: Shop) -> Actor:
    return Actor(shop.leader.account)


def told(resident: Any) -> list[str]:
    return list(Message.objects.filter(resident=resident).order_by("id").values_list("notice", flat=True))


class TestFarm:
    @pytest.fixture
    def offers(self, shop: Shop, by: Actor) -> list[Wanted]:
        product = save_product(
            shop.supplier, None,
            {"name": "富硒新米", "spec": "5kg 袋", "unit": "袋", "price_fen": 4980, "by_lot": True}, by=by, reason=REASON,
        )  # fmt: skip
        lots = [
            save_lot(
                product, None,
                {"number": number, "field": "北坡三号田", "report_no": f"R{number}", "certificate": "绿色食品",
                 "certificate_no": "LB-01-26", "certificate_until": timezone.localdate() + timedelta(days=30)},
                by=by, reason=REASON,
            )
            for number in ("2026-01", "2026-02")
        ]  # fmt: skip
        return [Wanted(product, 4980, 5, 0, lot) for lot in lots]

    def test_a_withdrawn_lot_tells_exactly_its_buyers(self, shop: Shop, offers: list[Wanted], by: Actor) -> None:
        cycle = make_cycle(shop, offers=offers)
        first, second = cycle.offers.order_by("id")
        people = [make_buyer(shop.town) for _ in range(4)]
        for (resident, buyer), offer in zip(people, (first, first, second, first), strict=True):
            made = place_order(
                cycle, Buyer(resident.name, "", resident), {offer.pk: 1}, shop.points[0], by=buyer, now=timezone.now(),
                reason=REASON,
            )  # fmt: skip
            if resident != people[3][0]:
                pay(made, shop)
            else:
                cancel_order(made, by=buyer, now=timezone.now(), reason=REASON)
        lot = first.lot
        assert lot is not None
        with pytest.raises(Refused):
            withdraw_lot(lot, "", by=shop.worker, now=timezone.now(), reason=REASON)
        assert withdraw_lot(lot, "复检镉超标", by=shop.worker, now=timezone.now(), reason=REASON) == 2
        warned = {r.pk for r, _ in people if "groupbuy.withdrawn" in told(r)}
        assert warned == {people[0][0].pk, people[1][0].pk}
        with pytest.raises(Conflict):
            withdraw_lot(lot, "再来", by=shop.worker, now=timezone.now(), reason=REASON)

    def test_a_certificate_that_ran_out_stops_new_cycles(self, shop: Shop, offers: list[Wanted], by: Actor) -> None:
        now = timezone.now()
        cycle = make_cycle(
            shop, offers=offers, opened=False, opens_at=now + timedelta(days=31), closes_at=now + timedelta(days=32)
        )
        with time_machine.travel(now + timedelta(days=31, minutes=1)), pytest.raises(Refused, match="已过期"):
            publish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)
        publish_cycle(cycle, by=by, now=now, reason=REASON)
        assert open_due(cycle.opens_at, by=by, reason=REASON) == 0

    def test_without_a_report_or_a_licence_nothing_opens(self, shop: Shop, offers: list[Wanted], by: Actor) -> None:
        cycle = make_cycle(shop, offers=offers, opened=False)
        lot = offers[0].lot
        assert lot is not None
        lot.report_no = ""
        lot.save()
        with pytest.raises(Refused, match="检测报告"):
            publish_cycle(cycle, by=by, now=timezone.now(), reason=REASON)
        shop.supplier.papers.update(valid_until=date(2020, 1, 1))
        with pytest.raises(Refused, match="营业执照已过期"):
            publish_cycle(make_cycle(shop, opened=False), by=by, now=timezone.now(), reason=REASON)

    def test_a_sold_lot_keeps_its_number(self, shop: Shop, offers: list[Wanted], by: Actor) -> None:
        cycle = make_cycle(shop, offers=offers)
        bought(cycle, shop)
        lot = offers[0].lot
        assert lot is not None
        with pytest.raises(Refused):
            save_lot(lot.product, lot, {"number": "2026-09"}, by=by, reason=REASON)
        with pytest.raises(Refused):
            save_lot(lot.product, None, {"number": "2026-02", "field": "x"}, by=by, reason=REASON)
