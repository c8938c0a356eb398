"""How things are said: money, dates, states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from jiamenkou.services.groupbuy.models import Cycle, Order, OrderLine
from jiamenkou.services.groupbuy.states import CycleState, OrderState

_DAYS = "一二三四五六日"


def yuan(fen: int) -> str:
    """¥39.8, ¥40, ¥-3.05: no trailing zeros."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    text = f"{whole // 100}.{whole % 100:02d}".rstrip("0").rstrip(".")
    return f"¥{sign}{text}"


def yuan_full(fen: int) -> str:
    """79.60 元"""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d} 元"


def when(moment: datetime, now: datetime | None = None) -> str:
    """今天 20:00, 明天 15:00, 周四 15:00, 12月3日 15:00."""
    there, here = timezone.localtime(moment), timezone.localtime(now or timezone.now())
    days = (there.date() - here.date()).days
    if 0 <= days <= 1:
        day = "今天" if days == 0 else "明天"
    elif 2 <= days <= 6:
        day = f"周{_DAYS[there.weekday()]}"
    else:
        day = f"{there.month}月{there.day}日"
    return f"{day} {there:%H:%M}"


def dated(moment: datetime) -> str:
    """12月3日（周四）15:00: for messages, posters and chats, which are read on another day than they were written."""
    there = timezone.localtime(moment)
    return f"{there.month}月{there.day}日（周{_DAYS[there.weekday()]}）{there:%H:%M}"


def day_of(moment: datetime) -> str:
    """12月3日: where a line has no room for the hour."""
    there = timezone.localtime(moment)
    return f"{there.month}月{there.day}日"


def order_state(order: Order, cycle: Cycle) -> str:
    """What the buyer is told: a paid order follows its cycle."""
    if order.state == OrderState.PAID:
        return {
            CycleState.OPEN: "已付款，等截单",
            CycleState.CLOSED: "已截单，等供货商备货",
            CycleState.PREPARING: "供货商在备货",
            CycleState.DELIVERING: "在送来的路上",
        }.get(CycleState(cycle.state), "已付款")
    return str(OrderState(order.state).label)


def items(order: Order) -> str:
    """富硒大米 5kg 袋 × 2、菜籽油 × 1; lines already fetched."""
    return items_of(order.lines.all())


def items_of(lines: Iterable[OrderLine]) -> str:
    """The same, of lines with their products."""
    return "、".join(
        f"{line.offer.product.name} {line.offer.product.spec} × {line.quantity if line.given is None else line.given}"
        for line in lines
        if (line.quantity if line.given is None else line.given)
    )


def code(digits: str) -> str:
    """472 916"""
    return f"{digits[:3]} {digits[3:]}"
