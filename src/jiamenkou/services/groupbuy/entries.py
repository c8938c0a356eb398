"""What this room puts on 我的事, on the home page and on 今天."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import MONTH, NOW, Ask, Counted, told
from jiamenkou.foundation.events.contributions import Due, Reader, TimelineEntry, Told
from jiamenkou.foundation.ledger.models import ErrandState, IntentState
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.models import Complaint, Cycle, Leader, Order, OrderLine, Supplier
from jiamenkou.services.groupbuy.models.cycle import CycleQuerySet
from jiamenkou.services.groupbuy.models.order import OrderQuerySet
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission
from jiamenkou.services.groupbuy.states import LIVE, CycleState, OrderState

KIND, ICON, TONE = "团购", "shopping-basket", "red"
SHOWN = 20
EDIT, MONEY = GroupbuyPermission.EDIT, GroupbuyPermission.MONEY


def _orders(residents: list[int]) -> OrderQuerySet:
    """Orders of these people, the newest twenty."""
    return _newest(residents).select_related("cycle__leader", "point")


def _lines(residents: list[int]) -> QuerySet[OrderLine]:
    """What is in these orders."""
    lines = OrderLine.objects.filter(order__in=_newest(residents).values("pk"))
    return lines.select_related("offer__product").order_by("order_id", "id")


def _newest(residents: list[int]) -> OrderQuerySet:
    rows = Order.objects.of_residents(residents).exclude(state=OrderState.MERGED)
    return rows.order_by("-placed_at", "-id")[:SHOWN]


def _said_of(residents: Sequence[int], orders: list[Order], lines: list[OrderLine]) -> list[TimelineEntry]:
    of_order = {order: list(some) for order, some in groupby(lines, key=lambda line: line.order_id)}
    return [_entry(order, of_order.get(order.pk, [])) for order in orders]


ORDERS = Ask((_orders, _lines), _said_of)


def timeline(resident: int) -> list[TimelineEntry]:
    """The same on the resident's file."""
    return told([resident], [ORDERS])


TIMELINE = [Told(ORDERS, (("groupbuy_order", "resident_id"),))]


def _entry(order: Order, lines: list[OrderLine]) -> TimelineEntry:
    cycle = order.cycle
    state = OrderState(order.state)
    following = ""
    if state == OrderState.PENDING:
        following = f"{words.when(order.hold_until)}前付款"
    elif state == OrderState.PAID:
        following = f"{words.when(cycle.arrives_at)}到货，到了告诉您"
    elif state == OrderState.READY:
        following = f"{words.when(cycle.pickup_until)}前来取，取货码 {words.code(order.code)}"
    ready = state == OrderState.READY
    return TimelineEntry(
        at=cycle.pickup_until if ready else order.hold_until if state == OrderState.PENDING else order.placed_at,
        icon=ICON,
        tone=TONE,
        title=words.items_of(lines) or cycle.title,
        state=words.order_state(order, cycle),
        place=order.point.name,
        next=following,
        href=f"/groups/orders/{order.pk}/code/" if ready else f"/groups/orders/{order.pk}/",
        waits_for_me=state in {OrderState.PENDING, OrderState.READY},
        done=state not in LIVE,
    )


def taking_orders(community: int | None) -> CycleQuerySet:
    """Group-buys in which one can order now."""
    return Cycle.objects.shown_in(community).taking_orders(NOW)


def said(count: int) -> str:
    """The door's second line."""
    return f"{count} 期正在订" if count else "按期订，楼下取"


def _closing_next(reader: Reader) -> CycleQuerySet:
    """The group that closes next."""
    return taking_orders(reader.here).as_shown().order_by("closes_at", "id")[:1]


def _home(request: HttpRequest, cycles: list[Cycle]) -> list[str]:
    if not cycles:
        return []
    from jiamenkou.services.groupbuy.phone.cycles import card
    from jiamenkou.services.groupbuy.phone.showing import offers_shown

    cycle = cycles[0]
    context = {"card": card(cycle, offers_shown([cycle.pk])[cycle.pk], timezone.now())}
    return [render_to_string("groupbuy/phone/_home.html", context, request)]


CARD = Ask((_closing_next,), _home)


def _suppliers(by: Actor) -> QuerySet[Supplier]:
    looked_at = Q(pay_code__isnull=True) | Q(pay_code_checked_by__isnull=False)
    suppliers = access.suppliers_for(by, EDIT).filter(Q(state="applied") | ~looked_at)
    return suppliers.select_related("organisation").order_by("id")[:SHOWN]


def _to_review(by: Actor, suppliers: list[Supplier]) -> Iterable[Due]:
    for supplier in suppliers:
        name, applied = supplier.organisation.name, supplier.state == "applied"
        yield _due(
            f"{name} 申请供货" if applied else f"{name} 的收款码要核对",
            supplier.about if applied else "扫一扫，看名字对不对，邻居才付得到",
            f"/desk/groupbuy/suppliers/{supplier.pk}/",
            "看证照" if applied else "去核对",
            name,
        )


def _leaders(by: Actor) -> QuerySet[Leader]:
    return access.leaders_for(by, EDIT).filter(state="applied").order_by("id")[:SHOWN]


def _to_train(by: Actor, leaders: list[Leader]) -> Iterable[Due]:
    for leader in leaders:
        yield _due(
            f"{leader.name} 申请做主理人", leader.about, f"/desk/groupbuy/leaders/{leader.pk}/", "约培训", leader.name
        )


def _complaints(by: Actor) -> QuerySet[Complaint]:
    waiting = access.complaints_for(by, MONEY).filter(state="open")
    return waiting.select_related("line__order", "line__offer__product").order_by("id")[:SHOWN]


def _after_sales(by: Actor, complaints: list[Complaint]) -> Iterable[Due]:
    for one in complaints:
        yield _due(
            f"{one.line.offer.product.name} 有售后", one.words, f"/desk/groupbuy/complaints/{one.pk}/", "看照片",
            one.line.order.name, one.at + timedelta(days=1),
        )  # fmt: skip


def _declared(by: Actor) -> Counted:
    return Counted(access.intents_for(by, MONEY).filter(state=IntentState.DECLARED))


def _unpaid_back(by: Actor) -> Counted:
    open_ones = [ErrandState.FAILED, ErrandState.REQUESTED, ErrandState.DECLARED]
    by_hand = Q(state__in=open_ones, intent__way="recorded")
    return Counted(access.refunds_for(by, MONEY).filter(by_hand | Q(state=ErrandState.FAILED, intent__way="wechat")))


def _differing(by: Actor) -> Counted:
    return Counted(access.bill_lines_for(by, MONEY).exclude(verdict="match").filter(handled_at__isnull=True))


def _money(by: Actor, declared: int, failed: int, differing: int) -> Iterable[Due]:
    if declared:
        yield _due(
            f"{declared} 笔线下付款等确认",
            "一个人记了，要另一个人看到钱",
            "/desk/groupbuy/payments/?state=declared",
            "去确认",
            "",
            group=True,
        )
    if failed:
        yield _due(f"{failed} 笔退款要人办", "退给邻居，两个人记", "/desk/groupbuy/refunds/", "去退款", "", group=True)
    if differing:
        yield _due(
            f"对账有 {differing} 行不一致",
            "微信账单和我们的账",
            "/desk/groupbuy/reconciliation/",
            "查一查",
            "",
            group=True,
        )


# applications, after-sales, money that two must see, refunds that failed, bills that do not agree
DUE = [
    Ask((_suppliers,), _to_review),
    Ask((_leaders,), _to_train),
    Ask((_complaints,), _after_sales),
    Ask((_declared, _unpaid_back, _differing), _money),
]


def _due(title: str, why: str, href: str, act: str, who: str, at: object = None, *, group: bool = False) -> Due:
    return Due(
        kind=KIND, icon=ICON, tone=TONE, title=title, why=why, who=who, where="", href=href, act=act,
        due=at, group=group,  # type: ignore[arg-type]
    )  # fmt: skip


def sold_this_month(by: Actor) -> OrderQuerySet:
    return access.orders_for(by).bought().filter(paid_at__gte=MONTH)


def running(by: Actor) -> CycleQuerySet:
    return access.cycles_for(by).exclude(state__in=[CycleState.DRAFT, CycleState.DONE, CycleState.FAILED])
