"""What this room puts on 我的事, on the home page and on 今天."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import community_of
from jiamenkou.foundation.events.contributions import Due, TimelineEntry
from jiamenkou.foundation.ledger.models import ErrandState, IntentState
from jiamenkou.services.groupbuy import access, words
from jiamenkou.services.groupbuy.models import Cycle, Order
from jiamenkou.services.groupbuy.models.cycle import CycleQuerySet
from jiamenkou.services.groupbuy.models.order import OrderQuerySet
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission
from jiamenkou.services.groupbuy.states import LIVE, CycleState, OrderState

KIND, ICON, TONE = "团购", "shopping-basket", "red"
SHOWN = 20


def timeline(residents: Iterable[int]) -> list[TimelineEntry]:
    """Orders of these people, the newest twenty. Three queries."""
    rows = Order.objects.of_residents(list(residents)).with_lines().exclude(state=OrderState.MERGED)
    return [_entry(order) for order in rows.order_by("-placed_at", "-id")[:SHOWN]]


def _entry(order: Order) -> TimelineEntry:
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
        title=words.items(order) or cycle.title,
        state=words.order_state(order, cycle),
        place=order.point.name,
        next=following,
        href=f"/groups/orders/{order.pk}/code/" if ready else f"/groups/orders/{order.pk}/",
        waits_for_me=state in {OrderState.PENDING, OrderState.READY},
        done=state not in LIVE,
    )


def taking_orders(community: int | None) -> CycleQuerySet:
    """Group-buys in which one can order now."""
    return Cycle.objects.shown_in(community).taking_orders(timezone.now())


def said(count: int) -> str:
    """The door's second line."""
    return f"{count} 期正在订" if count else "按期订，楼下取"


def home_card(request: HttpRequest) -> str | None:
    """The group that closes next."""
    visit, now = cast(Visit, request), timezone.now()
    here = community_of(visit).id
    cycle = taking_orders(here).as_shown().order_by("closes_at", "id").first()
    if cycle is None:
        return None
    from jiamenkou.services.groupbuy.phone.cycles import card
    from jiamenkou.services.groupbuy.phone.showing import offers_shown

    context = {"card": card(cycle, offers_shown([cycle.pk])[cycle.pk], now)}
    return render_to_string("groupbuy/phone/_home.html", context, visit)


def due(by: Actor) -> Iterable[Due]:
    """Applications, after-sales, money that two must see, refunds that failed, papers running out. Six queries."""
    if not by.may(GroupbuyPermission.VIEW):
        return
    edit, money = GroupbuyPermission.EDIT, GroupbuyPermission.MONEY
    looked_at = Q(pay_code__isnull=True) | Q(pay_code_checked_by__isnull=False)
    suppliers = access.suppliers_for(by, edit).filter(Q(state="applied") | ~looked_at)
    for supplier in suppliers.select_related("organisation").order_by("id")[:SHOWN]:
        name, applied = supplier.organisation.name, supplier.state == "applied"
        yield _due(
            f"{name} 申请供货" if applied else f"{name} 的收款码要核对",
            supplier.about if applied else "扫一扫，看名字对不对，邻居才付得到",
            f"/desk/groupbuy/suppliers/{supplier.pk}/",
            "看证照" if applied else "去核对",
            name,
        )
    for leader in access.leaders_for(by, edit).filter(state="applied").order_by("id")[:SHOWN]:
        yield _due(
            f"{leader.name} 申请做主理人", leader.about, f"/desk/groupbuy/leaders/{leader.pk}/", "约培训", leader.name
        )
    complaints = (
        access.complaints_for(by, money).filter(state="open").select_related("line__order", "line__offer__product")
    )
    for one in complaints.order_by("id")[:SHOWN]:
        yield _due(
            f"{one.line.offer.product.name} 有售后", one.words, f"/desk/groupbuy/complaints/{one.pk}/", "看照片",
            one.line.order.name, one.at + timedelta(days=1),
        )  # fmt: skip
    declared = access.intents_for(by, money).filter(state=IntentState.DECLARED).count()
    if declared:
        yield _due(
            f"{declared} 笔线下付款等确认",
            "一个人记了，要另一个人看到钱",
            "/desk/groupbuy/payments/?state=declared",
            "去确认",
            "",
            group=True,
        )
    failed = (
        access.refunds_for(by, money)
        .filter(state__in=[ErrandState.FAILED, ErrandState.REQUESTED, ErrandState.DECLARED], intent__way="recorded")
        .count()
    )
    failed += access.refunds_for(by, money).filter(state=ErrandState.FAILED, intent__way="wechat").count()
    if failed:
        yield _due(f"{failed} 笔退款要人办", "退给邻居，两个人记", "/desk/groupbuy/refunds/", "去退款", "", group=True)
    differing = access.bill_lines_for(by, money).exclude(verdict="match").filter(handled_at__isnull=True).count()
    if differing:
        yield _due(
            f"对账有 {differing} 行不一致",
            "微信账单和我们的账",
            "/desk/groupbuy/reconciliation/",
            "查一查",
            "",
            group=True,
        )


def _due(title: str, why: str, href: str, act: str, who: str, at: object = None, *, group: bool = False) -> Due:
    return Due(
        kind=KIND, icon=ICON, tone=TONE, title=title, why=why, who=who, where="", href=href, act=act,
        due=at, group=group,  # type: ignore[arg-type]
    )  # fmt: skip


def sold_this_month(by: Actor) -> OrderQuerySet:
    start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return access.orders_for(by).bought().filter(paid_at__gte=start)


def running(by: Actor) -> CycleQuerySet:
    return access.cycles_for(by).exclude(state__in=[CycleState.DRAFT, CycleState.DONE, CycleState.FAILED])
