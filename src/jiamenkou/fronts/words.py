"""Times as people say them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def greeting(now: datetime, name: str) -> str:
    """``知夏，早上好``: the given name where there is one."""
    part = (
        "夜里好"
        if now.hour < 5
        else "早上好"
        if now.hour < 11
        else "中午好"
        if now.hour < 13
        else "下午好"
        if now.hour < 18
        else "晚上好"
    )
    given = name[1:] if len(name) == 3 else name
    return f"{given}，{part}" if given else part


def clock_words(due: datetime, now: datetime) -> str:
    """``超 1 天 4 小时``, ``18:00``, ``周四`` or a date."""
    if due < now:
        minutes = max(1, int((now - due).total_seconds() // 60))
        days, rest = divmod(minutes, 1440)
        hours, left = divmod(rest, 60)
        parts = [
            f"{days} 天" if days else "",
            f"{hours} 小时" if hours else "",
            f"{left} 分钟" if not days and not hours else "",
        ]
        return "超 " + " ".join(part for part in parts if part)
    local = timezone.localtime(due)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if (local.date() - now.date()).days < 7:
        return f"周{WEEKDAYS[local.weekday()]}"
    return f"{local.month}月{local.day}日"


def how_long(start: datetime, now: datetime) -> str:
    """``3 天``, ``5 小时``, ``12 分钟``: the largest unit that says something."""
    minutes = max(1, int((now - start).total_seconds() // 60))
    if minutes >= 1440:
        return f"{minutes // 1440} 天"
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{minutes} 分钟"
