"""Suppliers, leaders and a cycle in each state, in every community, through the room's own actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import segno
from django.utils import timezone

from jiamenkou.foundation.access.accounts import make_account
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.ledger.models import Method, Refund, Way
from jiamenkou.foundation.ledger.paying import confirm_paid, declare_paid
from jiamenkou.foundation.ledger.refunding import confirm_refunded, declare_refunded
from jiamenkou.foundation.people.models import Account, AccountResident, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.groupbuy.actions import cycles as acts
from jiamenkou.services.groupbuy.actions import parties
from jiamenkou.services.groupbuy.actions.orders import Buyer, intents_of, merge_all, place_order
from jiamenkou.services.groupbuy.actions.paycodes import check_pay_code, upload_pay_code
from jiamenkou.services.groupbuy.actions.pickup import hand_over
from jiamenkou.services.groupbuy.actions.settlements import confirm_settled, declare_settled
from jiamenkou.services.groupbuy.demo.catalogue import FARM, GOODS, LEADERS, SUPPLIERS
from jiamenkou.services.groupbuy.models import Cycle, Leader, Lot, Order, PickupPoint, Product, Supplier
from jiamenkou.services.groupbuy.states import CycleState, OrderState, PickedHow, ReviewState

REASON = "示范数据"
# state → days since it opened
STAGES: tuple[tuple[CycleState, int], ...] = (
    (CycleState.DRAFT, -3),
    (CycleState.ANNOUNCED, -1),
    (CycleState.OPEN, 1),
    (CycleState.CLOSED, 3),
    (CycleState.PREPARING, 4),
    (CycleState.DELIVERING, 5),
    (CycleState.ARRIVED, 6),
    (CycleState.DONE, 14),
    (CycleState.FAILED, 10),
)


def load(say: Any) -> None:
    """Everything of this room. ``say`` takes one sentence about what is being done."""
    for number, plan in enumerate(COMMUNITIES, 1):
        say(f"{plan.name}的团购")
        _Community(number, Place.objects.get(code=plan.code)).fill()


class _Community:
    """One community's shops. The worker and her lead are the two who see the money."""

    def __init__(self, number: int, place: Place) -> None:
        self.number, self.place = number, place
        self.random = Random(20261100 + number)  # noqa: S311 - invented people
        self.worker = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-{number}"))
        self.lead = Actor(Account.objects.get(username=f"{DEMO_PREFIX}lead-{number}"))
        self.now = timezone.now()
        named = AccountResident.objects.filter(account__username__startswith=DEMO_PREFIX).values("resident")
        adults = Resident.objects.present().filter(community=place, birth_date__lt=date(2004, 1, 1))
        self.people = list(adults.exclude(pk__in=named).select_related("household").order_by("id")[:60])

    def fill(self) -> None:
        points = [
            PickupPoint.objects.create(community=self.place, name=name, where=where, hours="16:00–20:00")
            for name, where in (
                ("3 栋 1 单元门厅", "红色帐篷旁边"),
                ("社区门口", "岗亭对面"),
                ("12 栋架空层", "电动车棚旁"),
            )
        ]
        suppliers = [self._supplier(order) for order in range(len(SUPPLIERS))]
        leader = self._leader(0, trained=True)
        self._leader(1, trained=False)
        products = [self._product(suppliers[0], fields) for fields in GOODS]
        farm, lot = self._farm(suppliers[1])
        resident = Account.objects.filter(username=f"{DEMO_PREFIX}resident-{self.number}").first()
        for order, (state, days) in enumerate(STAGES):
            direct = state in {CycleState.OPEN, CycleState.ARRIVED}
            product = farm if direct else products[order % len(products)]
            cycle = self._cycle(leader, product, lot if direct else None, points, state, days)
            if state not in {CycleState.DRAFT, CycleState.ANNOUNCED}:
                self._run(cycle, state, days, resident)
        self._cycle_running(leader, products, points)

    def _supplier(self, order: int) -> Supplier:
        firm = SUPPLIERS[order]
        name = f"{firm.name}{'' if self.number == 1 else '一二三'[self.number - 1] + '分店'}"
        user = f"{DEMO_PREFIX}supplier-{self.number}" if order == 0 else f"{DEMO_PREFIX}supplier-{self.number}{order}"
        account = make_account(user, display_name=firm.contact)
        supplier = parties.apply_as_supplier(
            name,
            self.place,
            {"about": firm.about, "contact": firm.contact, "phone": f"0519-8801{self.number}{order:03d}"},
            {
                "kind": "licence",
                "number": f"92320400MA{self.number}{order}DEMO{order}X",
                "valid_until": date(2031, 12, 31),
            },
            by=Actor(account),
            reason=REASON,
        )
        parties.add_paper(
            supplier,
            {
                "kind": "food",
                "number": f"JY13204{self.number}{order:05d}",
                "valid_until": timezone.localdate() + timedelta(days=70),
            },
            by=Actor(account),
            reason=REASON,
        )
        if order < 2:
            parties.review_supplier(
                supplier, ReviewState.APPROVED, "证照齐，去仓库看过", by=self.worker, now=self.now, reason=REASON
            )
            picture = BytesIO()
            segno.make(f"示范收款码：{name}", micro=False).save(picture, kind="png", scale=8, border=3)
            upload_pay_code(supplier, picture.getvalue(), by=Actor(account), reason=REASON)
            if order == 0:
                check_pay_code(supplier, True, by=self.worker, reason=REASON)
        return supplier

    def _leader(self, order: int, *, trained: bool) -> Leader:
        resident = self.people.pop(0)
        user = f"{DEMO_PREFIX}leader-{self.number}" if trained else f"{DEMO_PREFIX}leader-{self.number}{order}"
        account = make_account(user, display_name=resident.name)
        AccountResident.objects.create(account=account, resident=resident, relation="self", proof="示范")
        about = LEADERS[order]
        leader = parties.apply_as_leader(
            resident,
            {
                "name": f"{resident.name[:1]}姐",
                "where": f"{3 + order} 栋",
                "about": about,
            },
            phone=f"0519-8802{self.number}{order:03d}",
            by=Actor(account),
            reason=REASON,
        )
        if trained:
            parties.review_leader(
                leader, ReviewState.APPROVED, "", rate_bp=800, trained_on=timezone.localdate() - timedelta(days=40),
                by=self.worker, now=self.now, reason=REASON,
            )  # fmt: skip
        return leader

    def _product(self, supplier: Supplier, fields: dict[str, Any]) -> Product:
        return parties.save_product(supplier, None, fields, by=Actor(supplier.applied_by), reason=REASON)

    def _farm(self, supplier: Supplier) -> tuple[Product, Lot]:
        product = self._product(supplier, FARM)
        today = timezone.localdate()
        # trial field last year, the bigger field this year
        year = today.year if today.month > 10 else today.year - 1
        lots = [
            parties.save_lot(
                product,
                None,
                {
                    "number": f"{season}-{order}",
                    "field": field,
                    "mu": mu,
                    "sown_on": date(season, 6, 8),
                    "treatments": [
                        {"on": f"{season}-05-20", "what": "施有机肥，每亩 300 公斤"},
                        {"on": f"{season}-07-15", "what": "叶面喷富硒肥一次"},
                        {"on": f"{season}-08-02", "what": "人工除草，灯光诱虫"},
                    ],
                    "harvested_on": date(season, 10, 18),
                    "tested_by": "云溪区农产品质量检测中心",
                    "report_no": f"NJ{season}-{1000 + order}",
                    "tested_on": date(season, 10, 26),
                    "finding": "硒 0.21 mg/kg，农残、重金属未超标",
                    **certificate,
                },
                by=Actor(supplier.applied_by),
                reason=REASON,
            )
            for order, (season, field, mu, certificate) in enumerate(
                [
                    (year - 1, "北坡试验田", 3, {}),
                    (
                        year,
                        "北坡一至五号田",
                        46,
                        {
                            "certificate": "绿色食品",
                            "certificate_no": f"LB-03-{year % 100}10120001",
                            "certificate_until": date(year + 3, 10, 31),
                        },
                    ),
                ],
                1,
            )
        ]
        return product, lots[-1]

    def _cycle(
        self,
        leader: Leader,
        product: Product,
        lot: Lot | None,
        points: list[PickupPoint],
        state: CycleState,
        days: int,
    ) -> Cycle:
        opened = (self.now - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        closes = (
            max(opened + timedelta(days=2), self.now + timedelta(hours=5))
            if state == CycleState.OPEN
            else opened + timedelta(days=2)
        )
        draft = acts.Draft(
            f"{product.name} {opened:%-m} 月" if lot is None else f"{product.name} {lot.number[:4]} 新米",
            opened,
            closes,
            closes + timedelta(days=2, hours=3),
            closes + timedelta(days=4),
            [acts.Wanted(product, product.price_fen, 60, 6, lot)],
            points,
            {
                "minimum": 50 if state == CycleState.FAILED else 10,
                "way": Way.RECORDED,
                "note": "下班路过就能拿，不用等快递。",
            },
        )
        cycle = acts.draft_cycle(leader, product.supplier, draft, by=Actor(leader.account), reason=REASON)
        if state != CycleState.DRAFT:
            acts.publish_cycle(
                cycle, by=Actor(leader.account), now=min(self.now, opened + timedelta(minutes=1)), reason=REASON
            )
        return cycle

    def _cycle_running(self, leader: Leader, products: list[Product], points: list[PickupPoint]) -> None:
        """One more that is open, with several products."""
        opened = self.now - timedelta(hours=20)
        draft = acts.Draft(
            "周末菜篮子",
            opened,
            self.now + timedelta(hours=28),
            self.now + timedelta(hours=52),
            self.now + timedelta(hours=80),
            [acts.Wanted(one, one.price_fen, 40) for one in products[:3]],
            points,
            {"way": Way.RECORDED},
        )
        cycle = acts.draft_cycle(leader, products[0].supplier, draft, by=Actor(leader.account), reason=REASON)
        acts.publish_cycle(cycle, by=Actor(leader.account), now=self.now, reason=REASON)
        self._order(cycle, self.people[0], self.now - timedelta(hours=2), paid=True)

    def _run(self, cycle: Cycle, state: CycleState, days: int, resident: Account | None) -> None:
        """Buyers come; then time passes up to ``state``."""
        by = Actor(cycle.leader.account)
        at = cycle.opens_at + timedelta(hours=3)
        count = 9 if state in {CycleState.OPEN, CycleState.FAILED} else 13
        for person in self.random.sample(self.people, count):
            self._order(cycle, person, at, paid=True)
        if state in {CycleState.OPEN, CycleState.ARRIVED, CycleState.DONE} and resident is not None:
            link = resident.links.select_related("resident__household").order_by("id").first()
            if link is not None:
                self._order(cycle, link.resident, at, paid=state != CycleState.OPEN, account=resident)
        if state == CycleState.OPEN:
            return
        closing = cycle.closes_at + timedelta(minutes=1)
        if state == CycleState.FAILED:
            acts.close_cycle(cycle, by=by, now=closing, reason=REASON)
            self._refund()
            return
        acts._step(cycle, CycleState.CLOSED, closing)
        merge_all(cycle, by=by, now=closing, reason=REASON)
        for step in (CycleState.PREPARING, CycleState.DELIVERING):
            if state == CycleState.CLOSED or cycle.state == state:
                return
            acts.step_cycle(cycle, step, by=by, now=closing, reason=REASON)
        if state == CycleState.DELIVERING:
            return
        offer = cycle.offers.get()
        acts.arrive(cycle, {offer.pk: offer.sold - 1}, by=by, now=cycle.arrives_at, reason=REASON)
        self._refund()
        self._pickup(cycle, by, leave=1 if state == CycleState.DONE else 6)
        if state == CycleState.DONE:
            acts.finish_cycle(cycle, by=by, now=max(cycle.pickup_until, self.now), reason=REASON)
            for settlement in cycle.settlements.order_by("id"):
                declare_settled(settlement, by=self.worker, reason=REASON)
                if settlement.party == "supplier":
                    confirm_settled(settlement, by=self.lead, now=self.now, reason=REASON)

    def _order(
        self, cycle: Cycle, person: Resident, at: datetime, *, paid: bool, account: Account | None = None
    ) -> Order | None:
        offer = cycle.offers.order_by("id")[0]
        order = place_order(
            Cycle.objects.with_parties().get(pk=cycle.pk),
            Buyer(person.name, str(person.household.door) if person.household else "", person),
            {offer.pk: self.random.randint(1, 2)},
            cycle.points.order_by("id")[self.random.randint(0, 2)],
            by=Actor(account) if account else self.worker,
            now=at,
            reason=REASON,
            proxy=account is None,
        )
        if paid:
            intent = intents_of(order)[0]
            declare_paid(intent, Method.CODE, by=self.worker, reason=REASON)
            confirm_paid(intent, by=self.lead, now=at, reason=REASON)
        return order

    def _refund(self) -> None:
        for refund in (
            Refund.objects.filter(state="requested", intent__community=self.place)
            .select_related("intent")
            .order_by("id")
        ):
            declare_refunded(refund, by=self.worker, reason=REASON)
            confirm_refunded(refund, by=self.lead, now=self.now, reason=REASON)

    def _pickup(self, cycle: Cycle, by: Actor, *, leave: int) -> None:
        ready = cycle.orders.filter(state=OrderState.READY).select_related("point", "account").order_by("id")
        waiting = [
            one for one in ready if not (one.account and one.account.username.startswith(f"{DEMO_PREFIX}resident"))
        ]
        for order in waiting[: len(waiting) - leave]:
            at = cycle.arrives_at + timedelta(hours=2)
            hand_over(cycle, order.point, [order.pk], how=PickedHow.DIGITS, by=by, at=at, reason=REASON)
